import { SimulatedPbocCard, simulatedCityProgram } from '../../hardware/card/pboc/simulated.ts';
import { cardKeyFromMaster } from '../../hardware/card/pboc/simulated-mac.ts';
import type { PbocCardMemory } from '../../hardware/card/pboc/simulated-memory.ts';
import { testMasterKeys } from '../../hardware/card/pboc/test-keys.ts';
import type { SimulatedCard } from '../../hardware/card/simulated.ts';
import { type InsertedCard, insertCard } from '../../hardware/rig/virtual/vpcd-card.ts';
import { type CardOrder, type CardReport, cardNumber, type Exchange } from './card-order.ts';

/*
 * A card in the virtual reader's slot, in a process of its own: what it computes costs the kiosk nothing. It can be rewound
 * to the moment before a conversation, so that the same commands are answered with the same bytes as often as wanted.
 */

const past = 10;

/** A purse that has been in use: ten rows in its log, which is all that it holds. */
function usedCard(memory?: PbocCardMemory): SimulatedPbocCard {
  const card = new SimulatedPbocCard({
    program: simulatedCityProgram,
    number: cardNumber,
    loadKey: cardKeyFromMaster(testMasterKeys.load[0].key, cardNumber),
    tacKey: cardKeyFromMaster(testMasterKeys.tac, cardNumber),
    // Always the same: a conversation is to be repeated byte for byte.
    random: () => Uint8Array.of(0x3a, 0x91, 0x5c, 0x07),
    balance: 10_000,
    ...(memory === undefined ? {} : { memory }),
  });
  if (memory !== undefined) return card;
  for (let day = 1; day <= past; day += 1) card.purchase(400, `202602${10 + day}080000`);
  return card;
}

class RewindableCard implements SimulatedCard {
  readonly label = 'card for measuring';
  readonly #answersAfterMs: number;
  readonly #before: PbocCardMemory;
  #card: SimulatedPbocCard;
  #powered = false;
  #heard: { readonly command: Uint8Array; readonly response: Uint8Array }[] = [];

  constructor(answersAfterMs: number) {
    this.#answersAfterMs = answersAfterMs;
    this.#card = usedCard();
    this.#before = this.#card.memory;
  }

  get exchanges(): readonly Exchange[] {
    return this.#heard.map(({ command, response }) => ({
      command: Buffer.from(command).toString('hex'),
      response: Buffer.from(response).toString('hex'),
    }));
  }

  /** As it was in the first place, freshly reset if it has power. */
  rewind(): void {
    this.#heard = [];
    this.#card = usedCard(this.#before);
    if (this.#powered) this.#card.powerOn();
  }

  powerOn(): Uint8Array {
    this.#powered = true;
    return this.#card.powerOn();
  }

  powerOff(): void {
    this.#powered = false;
    this.#card.powerOff();
  }

  exchange(command: Uint8Array): Uint8Array {
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
      card = new RewindableCard(order.answersAfterMs);
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
