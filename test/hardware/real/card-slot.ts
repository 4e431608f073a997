import { setTimeout as sleep } from 'node:timers/promises';
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

/** How soon a card that lies in the slot is found by a reader that has just begun to work. */
const nobodyMs = 20;

/** A slot of the virtual reader, and the hand that puts cards into it. */
export class CardSlot {
  readonly #number: VirtualSlot;
  #held: SimulatedCard | null = null;
  #inserted: InsertedCard | null = null;
  #blow: Blow = () => false;
  /** Counts the moves of the hand, so that one that takes time cannot undo a later one. */
  #moves = 0;
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

  /** Put a card in. Where nobody listens it lies there, until somebody does. */
  async insert(card: SimulatedCard): Promise<void> {
    await this.pull();
    this.commands = 0;
    await this.#lay(card);
  }

  /** Pull the card out: at once, and the reader notices within about 0.4 s. */
  async pull(): Promise<void> {
    this.#held = null;
    await this.losePower();
  }

  /** Its reader is switched off or unplugged: the card lies in it and says nothing. */
  async losePower(): Promise<void> {
    const inserted = this.#inserted;
    this.#inserted = null;
    this.#moves += 1;
    await inserted?.pull();
  }

  /** The reader was away and is back: the card has been lying in it, without power. */
  async reseat(): Promise<void> {
    const card = this.#held;
    if (card === null) return;
    await this.losePower();
    card.powerOff();
    if (this.#held === card) await this.#lay(card);
  }

  async #lay(card: SimulatedCard): Promise<void> {
    this.#held = card;
    this.#moves += 1;
    const move = this.#moves;
    if (!(await this.#offer(card, move))) void this.#keepOffering(card, move);
  }

  /** Whether that is all: the reader has it, or the hand has moved on. */
  async #offer(card: SimulatedCard, move: number): Promise<boolean> {
    const inserted = await insertCard(this.#struck(card), this.#number).catch(orNobody);
    if (move !== this.#moves) {
      await inserted?.pull();
      return true;
    }
    this.#inserted = inserted;
    return inserted !== null;
  }

  /** pcscd lists a reader before vpcd has opened it: a card that is put in then must not stay unseen. */
  async #keepOffering(card: SimulatedCard, move: number): Promise<void> {
    do await sleep(nobodyMs);
    while (!(await this.#offer(card, move)));
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
