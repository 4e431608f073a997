import type { Clock } from '../../main/contract/clock.ts';
import type { DeviceFault } from '../../main/contract/device.ts';
import { within } from '../card/deadline.ts';
import type {
  PcscEvents,
  PcscHub,
  PcscLibrary,
  PcscShare,
  PcscSlot,
  SlotState,
} from './pcsc-binding.ts';
import { codeOf } from './pcsc-fault.ts';

/** To ask who is not there costs a system call. */
const retryMs = 500;

/** How often the service is asked whether it is well, and how long it may take to say so. */
const pulseMs = 1_000;
const answerDeadlineMs = 1_000;

/** The library's threads each learn by themselves that the service is gone: they have this long before they are let go of. */
const quietMs = 500;

/** How long the end of the link waits for a service that may hang. */
const closeDeadlineMs = 2_000;

type LinkHandlers = {
  /** `fault` has changed. */
  readonly onFault: () => void;
  readonly onSlot: (slot: PcscSlot) => void;
  readonly onState: (slot: PcscSlot, state: SlotState) => void;
  readonly onUnplugged: (slot: PcscSlot) => void;
  /** All readers are gone at once. */
  readonly onDropped: () => void;
  /** What the service says of its readers itself; null where only the library can be asked. */
  readonly onLook: (readers: ReadonlyMap<string, SlotState> | null) => void;
};

/** The way to the PC/SC service. It finds the service, and finds it again when it was restarted: no library does. */
export class PcscLink {
  readonly #library: PcscLibrary;
  readonly #clock: Clock;
  readonly #log: (line: string) => void;
  readonly #handlers: LinkHandlers;
  #hub: PcscHub | null = null;
  #service: PcscShare | null = null;
  #fault: DeviceFault | null = 'service-down';
  /** When the library's thread last had something to do. */
  #toldAtMs = Number.NEGATIVE_INFINITY;
  #cancelTimer: () => void = () => {};
  #dropQuestion: () => void = () => {};
  #loggedLoss: string | null = null;
  #closed = false;

  constructor(
    library: PcscLibrary,
    clock: Clock,
    log: (line: string) => void,
    handlers: LinkHandlers,
  ) {
    this.#library = library;
    this.#clock = clock;
    this.#log = log;
    this.#handlers = handlers;
    void this.#load();
  }

  /** What is wrong with the service; null: it is there, and answered when it was last asked. */
  get fault(): DeviceFault | null {
    return this.#fault;
  }

  /** The service is of no use any more, and a new beginning is made. */
  lost(code: string): void {
    if (this.#closed) return;
    if (this.#loggedLoss !== code)
      this.#log(`there is no PC/SC service: ${code}. Is pcscd running?`);
    this.#loggedLoss = code;
    this.#tell('service-down');
    this.#service?.distrust();
    void this.#drop();
    this.#later(retryMs, () => this.#begin());
  }

  /** Begin to listen anew: the service runs, but the library may have missed what it told. */
  renew(): void {
    if (this.#service === null) return;
    this.#service.distrust();
    void this.#drop();
    void this.#begin();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#cancelTimer();
    this.#dropQuestion();
    const stopped = this.#drop();
    await within(this.#clock, closeDeadlineMs, stopped, () => {});
  }

  async #load(): Promise<void> {
    try {
      this.#hub = await this.#library.load();
    } catch (error) {
      const [reason] = String(error).split('\n');
      this.#log(`PC/SC cannot be used on this computer: ${reason}. ${this.#library.remedy}`);
      return;
    }
    await this.#begin();
  }

  async #begin(): Promise<void> {
    const answer = await this.#ask();
    if (this.#hub === null || this.#closed) return;
    if (answer === 'absent') return this.lost('NoService');
    try {
      const service: PcscShare = this.#hub.join(this.#eventsOf(() => service));
      this.#service = service;
    } catch (error) {
      return this.lost(codeOf(error));
    }
    this.#toldAtMs = this.#clock.nowMs();
    this.#loggedLoss = null;
    this.#tell(null);
    this.#later(pulseMs, () => this.#feelPulse());
  }

  /** A service that hangs says nothing of cards either: nobody would know. One that is well is looked at. */
  async #feelPulse(): Promise<void> {
    const service = this.#service;
    await this.#ask();
    if (service === null || service !== this.#service) return;
    this.#tell(null);
    await this.#look(service);
    if (service === this.#service) this.#later(pulseMs, () => this.#feelPulse());
  }

  /** A look that takes long is given up: a reader that starts keeps pcscd from answering it, and is no fault. */
  async #look(service: PcscShare): Promise<void> {
    const look = this.#library.look();
    this.#dropQuestion = look.drop;
    const seen = look.settled.then((readers) => ({ readers }));
    const answer = await within<Awaited<typeof seen> | null>(
      this.#clock,
      answerDeadlineMs,
      seen,
      () => null,
    );
    look.drop();
    if (answer !== null && service === this.#service) this.#handlers.onLook(answer.readers);
  }

  async #ask(): Promise<'answers' | 'absent'> {
    const question = this.#library.ask();
    this.#dropQuestion = question.drop;
    let hung = false;
    const cancel = this.#clock.after(answerDeadlineMs, () => {
      hung = true;
      this.#log('the PC/SC service does not answer');
      this.#tell('silent');
    });
    const answer = await question.settled;
    cancel();
    if (hung && !this.#closed) this.#log('the PC/SC service answers again');
    return answer;
  }

  /** What a service tells counts as long as it is the one in use. */
  #eventsOf(serviceOf: () => PcscShare): PcscEvents {
    const ifInUse = (tell: () => void): void => {
      this.#toldAtMs = this.#clock.nowMs();
      if (this.#service !== null && this.#service === serviceOf()) tell();
    };
    return {
      onSlot: (slot) => ifInUse(() => this.#handlers.onSlot(slot)),
      onState: (slot, state) => ifInUse(() => this.#handlers.onState(slot, state)),
      onUnplugged: (slot) => ifInUse(() => this.#handlers.onUnplugged(slot)),
      onLost: (code) => ifInUse(() => this.lost(code)),
    };
  }

  /** Let go of the service. The answer tells when that is done. */
  async #drop(): Promise<void> {
    const service = this.#service;
    this.#service = null;
    this.#cancelTimer();
    if (service === null) return;
    this.#handlers.onDropped();
    await this.#untilQuiet();
    await this.#library.ask().settled;
    service.leave();
  }

  async #untilQuiet(): Promise<void> {
    for (;;) {
      const restMs = this.#toldAtMs + quietMs - this.#clock.nowMs();
      if (restMs <= 0) return;
      await new Promise<void>((resolve) => {
        this.#clock.after(restMs, resolve);
      });
    }
  }

  #later(delayMs: number, work: () => Promise<void>): void {
    this.#cancelTimer = this.#clock.after(delayMs, () => void work());
  }

  #tell(fault: DeviceFault | null): void {
    if (fault === this.#fault) return;
    this.#fault = fault;
    this.#handlers.onFault();
  }
}
