import type { Line } from '../../hardware/line/port.ts';
import type { CardReader } from '../../hardware/reader/port.ts';
import type { Sam } from '../../hardware/sam/port.ts';

type Subscription<Part> = (part: Part) => () => void;

/** Where a part is plugged in, and can be exchanged for another one while the kiosk runs. */
export class Socket<Part> {
  #part: Part;
  readonly #held = new Map<Subscription<Part>, () => void>();

  constructor(part: Part) {
    this.#part = part;
  }

  get part(): Part {
    return this.#part;
  }

  /** From now on this part is in use. Whoever watched the old one watches this one. */
  fit(part: Part): void {
    for (const end of this.#held.values()) end();
    this.#part = part;
    for (const subscribe of this.#held.keys()) this.#held.set(subscribe, subscribe(part));
  }

  hold(subscribe: Subscription<Part>): () => void {
    this.#held.set(subscribe, subscribe(this.#part));
    return () => {
      this.#held.get(subscribe)?.();
      this.#held.delete(subscribe);
    };
  }
}

export function lineAt(socket: Socket<Line>): Line {
  return {
    watch: (handlers) => socket.hold((line) => line.watch(handlers)),
    write: (bytes, deadlineMs) => socket.part.write(bytes, deadlineMs),
    close: async () => {},
  };
}

export function readerAt(socket: Socket<CardReader>): CardReader {
  return {
    watch: (onPresence, onHealth) => socket.hold((reader) => reader.watch(onPresence, onHealth)),
    connect: () => socket.part.connect(),
    close: async () => {},
  };
}

export function samAt(socket: Socket<Sam>): Sam {
  return {
    families: socket.part.families,
    watch: (onHealth, family) => socket.hold((sam) => sam.watch(onHealth, family)),
    ask: (question) => socket.part.ask(question),
    close: async () => {},
  };
}
