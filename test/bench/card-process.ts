import type { SimulatedCard } from '../../hardware/card/simulated.ts';
import { type DrawerCard, makeCard } from '../../hardware/rig/drawer.ts';
import type { CardMemory } from '../../hardware/rig/simulated-family.ts';
import { type InsertedCard, insertCard } from '../../hardware/rig/virtual/vpcd-card.ts';
import {
  type CardOrder,
  type CardReport,
  type Exchange,
  type MeasuredCard,
  measuredCards,
} from './card-order.ts';

/*
 * A card in the virtual reader's slot, in a process of its own: what it computes costs the kiosk nothing. It can be rewound
 * to the moment before a conversation, so that the same commands are answered with the same bytes as often as wanted.
 */

function usedCard(which: MeasuredCard, memory?: CardMemory): DrawerCard {
  let drawn = 0;
  return makeCard(measuredCards[which], {
    // The same after each rewind: a conversation is to be repeated byte for byte.
    randomBytes: (length) =>
      Uint8Array.from({ length }, () => {
        drawn += 1;
        return 7 * drawn;
      }),
    wallMs: Date.UTC(2026, 1, 21),
    onWritten: () => {},
    memory,
  });
}

class RewindableCard implements SimulatedCard {
  readonly label = 'card for measuring';
  readonly #which: MeasuredCard;
  readonly #answersAfterMs: number;
  readonly #before: CardMemory;
  #card: SimulatedCard;
  #powered = false;
  #heard: { readonly command: Uint8Array; readonly response: Uint8Array | null }[] = [];

  constructor(which: MeasuredCard, answersAfterMs: number) {
    const { card, memory } = usedCard(which);
    const before = memory();
    if (before === null) throw new Error(`the ${which} card remembers nothing`);
    this.#which = which;
    this.#answersAfterMs = answersAfterMs;
    this.#card = card;
    this.#before = before;
  }

  get exchanges(): readonly Exchange[] {
    return this.#heard.map(({ command, response }) => ({
      command: Buffer.from(command).toString('hex'),
      response: Buffer.from(response ?? []).toString('hex'),
    }));
  }

  /** As it was in the first place, freshly reset if it has power. */
  rewind(): void {
    this.#heard = [];
    this.#card = usedCard(this.#which, this.#before).card;
    if (this.#powered) this.#card.powerOn();
  }

  powerOn(): Uint8Array | null {
    this.#powered = true;
    return this.#card.powerOn();
  }

  powerOff(): void {
    this.#powered = false;
    this.#card.powerOff();
  }

  exchange(command: Uint8Array): Uint8Array | null {
    const since = performance.now();
    const response = this.#card.exchange(command);
    this.#heard.push({ command: command.slice(), response });
    sleepUntil(since + this.#answersAfterMs);
    return response;
  }
}

const nobodyWakes = new Int32Array(new SharedArrayBuffer(4));

/** Nothing else is to be done in this process meanwhile. */
function sleepUntil(atMs: number): void {
  const restMs = atMs - performance.now();
  if (restMs > 0) Atomics.wait(nobodyWakes, 0, 0, restMs);
}

let card: RewindableCard | null = null;
let inserted: InsertedCard | null = null;

async function carryOut(order: CardOrder): Promise<void> {
  switch (order.kind) {
    case 'insert':
      card = new RewindableCard(order.card, order.answersAfterMs);
      inserted = await insertCard(card);
      break;
    case 'pull':
      await inserted?.pull();
      inserted = null;
      break;
    case 'rewind':
      card?.rewind();
  }
}

process.on('message', (order: CardOrder) => {
  const exchanges = card?.exchanges ?? [];
  void carryOut(order).then(() => process.send?.({ exchanges } satisfies CardReport));
});
