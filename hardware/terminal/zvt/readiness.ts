import type { Clock } from '../../../main/contract/clock.ts';
import { type DeviceFault, down, type Health, up } from '../../../main/contract/device.ts';
import type { Ending, ZvtConversation } from './conversation.ts';
import type { Read, ZvtReads } from './reads.ts';
import { isBusy, notRegistered } from './result-code.ts';

/**
 * Whether the terminal can be talked to: line open, kiosk registered, status asked every now and then. Also whose turn it
 * is, because a poll must never come between the messages of a payment.
 */
export class ZvtReadiness {
  readonly #clock: Clock;
  readonly #pollMs: number;
  readonly #conversation: ZvtConversation;
  readonly #reads: ZvtReads;
  readonly #watchers = new Set<(health: Health) => void>();
  #health: Health = down('unplugged');
  #registered = false;
  #closed = false;
  #turn: Promise<unknown> = Promise.resolve();
  #wake: () => void = () => {};
  #heardMs = Number.NEGATIVE_INFINITY;
  #cancelPoll: () => void = () => {};

  constructor(options: {
    readonly clock: Clock;
    readonly pollMs: number;
    readonly conversation: ZvtConversation;
    readonly reads: ZvtReads;
  }) {
    this.#clock = options.clock;
    this.#pollMs = options.pollMs;
    this.#conversation = options.conversation;
    this.#reads = options.reads;
    this.#pollLater(options.pollMs);
  }

  watch(onHealth: (health: Health) => void): () => void {
    this.#watchers.add(onHealth);
    onHealth(this.#health);
    return () => {
      this.#watchers.delete(onHealth);
    };
  }

  /** One job at a time, in the order in which they were asked for. */
  exclusive<Answer>(job: () => Promise<Answer>): Promise<Answer> {
    const answer = this.#turn.then(job);
    this.#turn = answer.catch(() => {});
    return answer;
  }

  /** The line opened or was lost: whoever is behind it has to be greeted anew. */
  onLine(open: boolean): void {
    this.#registered = false;
    if (open) {
      this.#wake();
      void this.exclusive(() => this.check());
    } else {
      this.#tell(down('unplugged'));
    }
  }

  /** Ask the terminal how it is, and tell the watchers. Null when it is well. Only within a turn. */
  async check(): Promise<DeviceFault | null> {
    let fault = await this.ready(0);
    if (fault === null) {
      const status = await this.#reads.status();
      this.note(status);
      fault = status.kind === 'done' ? faultOfStatus(status.value) : faultOf(status);
    }
    this.#tell(fault === null ? up : down(fault));
    return fault;
  }

  /** Wait for an open line and a registered kiosk. Null when both are there, else what is in the way at `untilMs`. */
  async ready(untilMs: number): Promise<DeviceFault | null> {
    for (;;) {
      let fault: DeviceFault = 'unplugged';
      if (this.#conversation.open) {
        if (this.#registered) return null;
        const answer = await this.#reads.register();
        this.#registered = answer.kind === 'done';
        if (answer.kind === 'done') return null;
        fault = faultOf(answer);
      }
      if (!(await this.pause(untilMs))) return fault;
    }
  }

  /** Let a moment pass, shorter where the line opens meanwhile. False when `untilMs` is past. */
  async pause(untilMs: number): Promise<boolean> {
    const leftMs = untilMs - this.#clock.nowMs();
    if (leftMs <= 0 || this.#closed) return false;
    await new Promise<void>((resolve) => {
      const cancel = this.#clock.after(Math.min(leftMs, this.#pollMs), resolve);
      this.#wake = () => {
        cancel();
        resolve();
      };
    });
    return !this.#closed;
  }

  /** A terminal that fell silent may have restarted, and one that says so has forgotten the kiosk. */
  note(read: Read<unknown>): void {
    if (read.kind === 'done') this.#heardMs = this.#clock.nowMs();
    else if (read.kind === 'failed' || read.code === notRegistered) this.#registered = false;
  }

  /** As `note`, for the end of a payment, booking or reversal. */
  noteEnding(ending: Ending): void {
    if (ending.kind === 'silent' || ending.kind === 'lost') this.#registered = false;
    else if ('code' in ending && ending.code === notRegistered) this.#registered = false;
    else if (ending.kind !== 'unsent') this.#heardMs = this.#clock.nowMs();
  }

  close(): void {
    this.#closed = true;
    this.#cancelPoll();
    this.#watchers.clear();
    this.#wake();
  }

  #pollLater(delayMs: number): void {
    if (this.#closed) return;
    this.#cancelPoll = this.#clock.after(delayMs, () => {
      const restMs = this.#heardMs + this.#pollMs - this.#clock.nowMs();
      if (restMs > 0) {
        this.#pollLater(restMs);
      } else {
        void this.exclusive(() => this.check()).then(() => this.#pollLater(this.#pollMs));
      }
    });
  }

  #tell(health: Health): void {
    if (this.#closed || faultIn(this.#health) === faultIn(health)) return;
    this.#health = health;
    for (const watcher of [...this.#watchers]) watcher(health);
  }
}

/** What a failed or refused read says about the terminal. */
export function faultOf(read: Exclude<Read<never>, { kind: 'done' }>): DeviceFault {
  if (read.kind === 'failed') return read.fault;
  return isBusy(read.code) ? 'busy' : 'not-ready';
}

/** Any status byte but 00 means that no payment can be made now. */
function faultOfStatus(status: number): DeviceFault | null {
  if (status === 0) return null;
  return isBusy(status) ? 'busy' : 'not-ready';
}

function faultIn(health: Health): DeviceFault | null {
  return health.kind === 'down' ? health.fault : null;
}
