import type {
  PcscEvents,
  PcscLibrary,
  PcscService,
  PcscSession,
  PcscSlot,
  SlotState,
} from '../../../hardware/reader/pcsc-binding.ts';
import { SharedPcsc } from '../../../hardware/reader/shared-pcsc.ts';

const codeOf = (code: string) => Object.assign(new Error(code), { code });

/** A PC/SC service in memory, and a library that speaks to it: it runs, stops, hangs, and has readers plugged in. */
export class SimulatedPcsc {
  running = true;
  /** Somebody else holds the card. */
  held = false;
  /** The library sees no readers. */
  blind = false;
  /** What it says of its readers can be asked for past the library. */
  open = true;
  /** How often somebody asked whether the service is there, began with it, and connected. */
  readonly tried = { asked: 0, begun: 0, connected: 0, stopped: 0 };
  /** Each that listens is told of slots of its own. */
  readonly #listeners = new Map<PcscEvents, Map<string, PcscSlot>>();
  readonly #readers = new Map<string, SlotState>();
  #hung = false;
  #wake: (() => void)[] = [];

  readonly #shared = new SharedPcsc({ begin: (events) => this.#begin(events) });

  readonly library: PcscLibrary = {
    remedy: 'Nothing can be done.',
    load: async () => this.#shared,
    ask: () => {
      this.tried.asked += 1;
      const settled = this.#answered().then(() => (this.running ? 'answers' : 'absent'));
      return { settled, drop: () => {} };
    },
    look: () => {
      const settled = this.#answered().then(() => (this.open ? new Map(this.#readers) : null));
      return { settled, drop: () => {} };
    },
  };

  stop(): void {
    this.running = false;
    const listeners = [...this.#listeners.keys()];
    this.#listeners.clear();
    for (const events of listeners) events.onLost('CommError');
  }

  /** The library has had too much to tell, and lives on. */
  overflow(): void {
    for (const events of [...this.#listeners.keys()]) events.onLost('StatusEventBufferOverflow');
  }

  start(): void {
    this.running = true;
  }

  hang(): void {
    this.#hung = true;
  }

  goOn(): void {
    this.#hung = false;
    for (const wake of this.#wake.splice(0)) wake();
  }

  /** A reader is plugged in. Here and below, not noticed: the library misses it. */
  plug(name: string, noticed = true): void {
    this.#readers.set(name, { present: false, atr: new Uint8Array(0), changes: 0 });
    if (!noticed) return;
    for (const events of this.#listeners.keys()) this.#introduce(events, name);
  }

  unplug(name: string, noticed = true): void {
    this.#readers.delete(name);
    if (!noticed) return;
    for (const [events, slots] of this.#listeners) {
      const slot = slots.get(name);
      if (slot !== undefined) events.onUnplugged(slot);
    }
  }

  putCard(name: string, present: boolean, noticed = true): void {
    const state = this.#readers.get(name);
    if (state === undefined) throw new Error(`there is no reader ${name}`);
    this.#readers.set(name, { ...state, present, changes: state.changes + 1 });
    if (noticed) this.tell(name);
  }

  /** The library tells how the reader is, late or once more. */
  tell(name: string): void {
    for (const events of this.#listeners.keys()) this.#tellState(events, name);
  }

  async #answered(): Promise<void> {
    if (this.#hung) await new Promise<void>((resolve) => this.#wake.push(resolve));
  }

  #begin(events: PcscEvents): PcscService {
    if (this.#hung) throw new Error('the whole process would hang here');
    this.tried.begun += 1;
    if (!this.running) throw codeOf('NoService');
    this.#listeners.set(events, new Map());
    queueMicrotask(() => {
      for (const name of this.#readers.keys()) this.#introduce(events, name);
    });
    return {
      stop: () => {
        if (this.#hung) throw new Error('the whole process would hang here');
        this.tried.stopped += 1;
        this.#listeners.delete(events);
      },
    };
  }

  #introduce(events: PcscEvents, name: string): void {
    if (this.blind) return;
    const slot: PcscSlot = { name, connect: async () => this.#connect(events, name) };
    this.#listeners.get(events)?.set(name, slot);
    events.onSlot(slot);
    this.#tellState(events, name);
  }

  #tellState(events: PcscEvents, name: string): void {
    const slot = this.#listeners.get(events)?.get(name);
    const state = this.#readers.get(name);
    if (slot !== undefined && state !== undefined) events.onState(slot, state);
  }

  #connect(events: PcscEvents, name: string): PcscSession {
    this.tried.connected += 1;
    this.#demandService(events);
    if (this.held) throw codeOf('SharingViolation');
    if (this.#readers.get(name)?.present !== true) throw codeOf('NoSmartCard');
    return {
      atr: Uint8Array.of(0x3b, 0x00),
      overT0: false,
      transmit: async () => {
        this.#demandService(events);
        return Uint8Array.of(0x90, 0x00);
      },
      disconnect: async () => this.#demandService(events),
    };
  }

  /** What began with a service ends with it: the next one does not know it. */
  #demandService(events: PcscEvents): void {
    if (!this.#listeners.has(events)) throw codeOf('NoService');
  }
}
