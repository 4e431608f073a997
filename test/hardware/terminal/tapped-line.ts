import type { Line, WriteAnswer } from '../../../hardware/line/port.ts';
import type { SimulatedLine } from '../../../hardware/line/simulated.ts';

/** What happens to one message on the cable. `to`: who would have had it. */
export type Passing = { readonly to: 'kiosk' | 'terminal'; readonly bytes: Uint8Array };
export type Fate = 'pass' | 'drop' | 'cut-before' | 'cut-after' | 'kill-before' | 'kill-after';

type Handlers = Parameters<Line['watch']>[0];

/** A cable with somebody listening in on it, who may drop a message, pull the cable, or kill the kiosk at it. */
export class TappedLine implements Line {
  readonly #cable: SimulatedLine;
  readonly heard: Passing[] = [];
  /** Decides the fate of each message; everything passes where nothing is said. */
  meddle: (passing: Passing, index: number) => Fate = () => 'pass';
  /** Called when a message's fate was to kill the kiosk. */
  onKill: () => void = () => {};
  #alive = true;

  constructor(cable: SimulatedLine) {
    this.#cable = cable;
  }

  watch(handlers: Handlers): () => void {
    return this.#cable.watch({
      onOpen: () => {
        if (this.#alive) handlers.onOpen();
      },
      onBytes: (bytes) => {
        if (!this.#alive) return;
        if (!this.#mayPass({ to: 'kiosk', bytes })) return;
        handlers.onBytes(bytes);
        this.#after();
      },
      onLost: () => {
        if (this.#alive) handlers.onLost();
      },
    });
  }

  write(bytes: Uint8Array, deadlineMs: number): Promise<WriteAnswer> {
    if (!this.#alive) return Promise.resolve({ kind: 'failed', fault: { kind: 'line-gone' } });
    // What is handed over before a fall is done as far as the kiosk knows.
    if (!this.#mayPass({ to: 'terminal', bytes: bytes.slice() })) {
      return Promise.resolve({ kind: 'done' });
    }
    const answer = this.#cable.write(bytes, deadlineMs);
    // The bytes have to arrive before the cable falls out.
    if (this.#pending !== null)
      void Promise.resolve().then(() => queueMicrotask(() => this.#after()));
    return answer;
  }

  async close(): Promise<void> {
    this.#alive = false;
    await this.#cable.close();
  }

  /** The kiosk behind this line is dead: it hears and says nothing any more. */
  kill(): void {
    this.#alive = false;
  }

  #pending: 'cut' | 'kill' | null = null;

  #mayPass(passing: Passing): boolean {
    const fate = this.meddle(passing, this.heard.length);
    this.heard.push(passing);
    if (fate === 'cut-before') this.#cable.unplug();
    if (fate === 'kill-before') this.#die();
    this.#pending = fate === 'cut-after' ? 'cut' : fate === 'kill-after' ? 'kill' : null;
    return fate === 'pass' || fate === 'cut-after' || fate === 'kill-after';
  }

  #after(): void {
    const pending = this.#pending;
    this.#pending = null;
    if (pending === 'cut') this.#cable.unplug();
    if (pending === 'kill') this.#die();
  }

  #die(): void {
    this.#alive = false;
    this.onKill();
  }
}
