import type {
  PcscBinding,
  PcscEvents,
  PcscHub,
  PcscService,
  PcscShare,
  PcscSlot,
  SlotState,
} from './pcsc-binding.ts';

type Beginning = {
  readonly service: PcscService;
  readonly listeners: Set<PcscEvents>;
  /** Each with the last that was told of it. */
  readonly slots: Map<PcscSlot, SlotState | null>;
  /** The library has lost its service, and its threads have ended or are about to. */
  isOver: boolean;
};

/** With these a library's threads end. With others they may live on: pcsc-mini's does when it had too much to tell (Client.zig). */
const ends: ReadonlySet<string> = new Set([
  ...['CommError', 'NoService', 'ServiceStopped', 'Shutdown', 'SystemCancelled'],
]);

/**
 * A library, begun once for all readers of the process. One that runs is never ended: its thread misses the order where pcscd
 * has just told it a change (SCardCancel does nothing then: pcsc-lite 1.9.9, winscard_clnt.c, `cancellable`), and the
 * whole process then waits for the next change (seen: for ever). A beginning that is distrusted is left as it is, a thread that
 * nobody listens to.
 */
export class SharedPcsc implements PcscHub {
  readonly #binding: PcscBinding;
  #trusted: Beginning | null = null;
  /** Libraries end what nobody holds any more, and that would be the end that is missed. */
  readonly #held = new Set<Beginning>();

  constructor(binding: PcscBinding) {
    this.#binding = binding;
  }

  join(events: PcscEvents): PcscShare {
    const isNew = this.#trusted === null;
    const beginning = this.#trusted ?? this.#begin();
    this.#trusted = beginning;
    const { listeners, slots } = beginning;
    listeners.add(events);
    if (!isNew) {
      queueMicrotask(() => {
        for (const [slot, state] of slots) {
          if (listeners.has(events)) events.onSlot(slot);
          if (listeners.has(events) && state !== null) events.onState(slot, state);
        }
      });
    }
    return {
      leave: () => {
        if (listeners.delete(events)) this.#letGo(beginning);
      },
      distrust: () => {
        if (this.#trusted === beginning) this.#trusted = null;
      },
    };
  }

  #begin(): Beginning {
    const listeners = new Set<PcscEvents>();
    const slots = new Map<PcscSlot, SlotState | null>();
    const each = (tell: (events: PcscEvents) => void): void => {
      for (const events of [...listeners]) tell(events);
    };
    const service = this.#binding.begin({
      onSlot(slot) {
        slots.set(slot, null);
        each((events) => events.onSlot(slot));
      },
      onState(slot, state) {
        slots.set(slot, state);
        each((events) => events.onState(slot, state));
      },
      onUnplugged(slot) {
        slots.delete(slot);
        each((events) => events.onUnplugged(slot));
      },
      onLost: (code) => {
        beginning.isOver ||= ends.has(code);
        if (this.#trusted === beginning) this.#trusted = null;
        each((events) => events.onLost(code));
        // The library may be in the middle of it when it tells this.
        setImmediate(() => this.#letGo(beginning));
      },
    });
    const beginning: Beginning = { service, listeners, slots, isOver: false };
    this.#held.add(beginning);
    return beginning;
  }

  #letGo(beginning: Beginning): void {
    if (!beginning.isOver || beginning.listeners.size > 0) return;
    if (this.#held.delete(beginning)) beginning.service.stop();
  }
}
