import type { SimulatedCard } from '../../../hardware/card/simulated.ts';
import {
  type InsertedCard,
  insertCard,
  type VirtualSlot,
} from '../../../hardware/rig/virtual/vpcd-card.ts';

/**
 * Looked at before and after each command that reaches the card. `true`: the card is struck: before, it never executes the
 * command; either way nobody hears an answer.
 */
export type Blow = (command: Uint8Array, when: 'before' | 'after') => boolean;

/** A slot of the virtual reader, and the hand that puts cards into it. */
export class CardSlot {
  readonly #number: VirtualSlot;
  #held: SimulatedCard | null = null;
  #inserted: InsertedCard | null = null;
  #blow: Blow = () => false;
  /** Commands that have reached the card that was put in last. */
  commands = 0;

  constructor(number: VirtualSlot) {
    this.#number = number;
  }

  /** The card that lies in the slot, whether or not anybody can talk to it. */
  get held(): SimulatedCard | null {
    return this.#held;
  }

  strike(blow: Blow): void {
    this.#blow = blow;
  }

  /** Put a card in. Where nobody listens it lies there, until it is reseated. */
  async insert(card: SimulatedCard): Promise<void> {
    await this.pull();
    this.#held = card;
    this.commands = 0;
    this.#inserted = await insertCard(this.#struck(card), this.#number).catch(orNobody);
  }

  /** Pull the card out: at once, and the reader notices within about 0.4 s. */
  async pull(): Promise<void> {
    const { pulled } = this.#takeOut();
    await pulled;
  }

  /** The reader was away and is back: the card has been lying in it, without power. */
  async reseat(): Promise<void> {
    const card = this.#held;
    if (card === null) return;
    await this.#takeOut().pulled;
    card.powerOff();
    this.#held = card;
    this.#inserted = await insertCard(this.#struck(card), this.#number);
  }

  #takeOut(): { readonly pulled: Promise<void> } {
    const inserted = this.#inserted;
    this.#inserted = null;
    this.#held = null;
    return { pulled: inserted?.pull() ?? Promise.resolve() };
  }

  #struck(card: SimulatedCard): SimulatedCard {
    return {
      label: card.label,
      powerOn: () => card.powerOn(),
      powerOff: () => card.powerOff(),
      exchange: (command) => {
        this.commands += 1;
        if (this.#blow(command, 'before')) return null;
        const response = card.exchange(command);
        return this.#blow(command, 'after') ? null : response;
      },
    };
  }
}

/** pcscd is not running, or knows no reader. */
function orNobody(error: unknown): null {
  if (error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED') return null;
  throw error;
}
