/** A plug whose moves take time: they are made one after the other, and what was wished for last is where it ends. */
export class Plug {
  readonly #putIn: () => Promise<void>;
  readonly #pull: () => Promise<void>;
  readonly #onTrouble: (trouble: string) => void;
  #isIn = true;
  #wanted = true;
  #moves: Promise<void> = Promise.resolve();

  /** It is in. `onTrouble` is told of a move that failed: it is made again when it is wished for again. */
  constructor(parts: {
    readonly putIn: () => Promise<void>;
    readonly pull: () => Promise<void>;
    readonly onTrouble: (trouble: string) => void;
  }) {
    this.#putIn = parts.putIn;
    this.#pull = parts.pull;
    this.#onTrouble = parts.onTrouble;
  }

  set(isIn: boolean): void {
    this.#wanted = isIn;
    this.#moves = this.#moves.then(() => this.#move());
  }

  /** Pull it for good; resolves when it is out. */
  async close(): Promise<void> {
    this.set(false);
    await this.#moves;
  }

  async #move(): Promise<void> {
    if (this.#isIn === this.#wanted) return;
    this.#isIn = this.#wanted;
    try {
      await (this.#isIn ? this.#putIn() : this.#pull());
    } catch (error) {
      this.#onTrouble(error instanceof Error ? error.message : String(error));
    }
  }
}
