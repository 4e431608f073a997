import type { StoredValueCards } from '../../hardware/card/port.ts';
import { createStoredValueCards } from '../../hardware/card/registry.ts';
import type { CardReader } from '../../hardware/reader/port.ts';
import { simulatedFamilies } from '../../hardware/rig/simulated-families.ts';
import type { Sam } from '../../hardware/sam/port.ts';
import { minorUnits } from '../../main/contract/money.ts';
import { systemClock } from '../../main/runtime/clock.ts';
import { type MeasuredCard, measuredCards } from './card-order.ts';
import { until } from './until.ts';

/** Our side of a card in a PC/SC reader. */
export class CardsAtWork {
  readonly #cards: StoredValueCards;
  readonly #card: MeasuredCard;
  #present = false;
  #readerUp = false;

  constructor(reader: CardReader, sam: Sam, card: MeasuredCard) {
    this.#card = card;
    this.#cards = createStoredValueCards({
      reader,
      sams: [sam],
      profiles: Object.fromEntries(simulatedFamilies.map(({ name, profiles }) => [name, profiles])),
      clock: systemClock,
    });
    this.#cards.watch({
      onPresence: (present) => {
        this.#present = present;
      },
      onReaderHealth: ({ kind }) => {
        this.#readerUp = kind === 'up';
      },
      onSamHealth: () => {},
    });
  }

  async untilCard(present: boolean): Promise<void> {
    await until(() => this.#readerUp && this.#present === present);
  }

  async read(): Promise<void> {
    const { kind } = await this.#cards.read();
    if (kind !== 'done') throw new Error(`the card cannot be read: ${kind}`);
  }

  async prepare(): Promise<void> {
    const { kind: profile, number } = measuredCards[this.#card];
    const { kind } = await this.#cards.prepare({
      // Always the same: it is written on the card, and each conversation is to be the same.
      reference: 'BENCH/1',
      cardNumber: number,
      profile,
      amountMinor: minorUnits(100),
      terminalId: '0000000000A1',
      dateTime: '20260302080000',
    });
    if (kind !== 'done') throw new Error(`the load cannot be prepared: ${kind}`);
  }

  async credit(): Promise<void> {
    const { kind } = await this.#cards.credit();
    if (kind !== 'done') throw new Error(`the load failed: ${kind}`);
  }

  async load(): Promise<void> {
    await this.prepare();
    await this.credit();
  }

  async close(): Promise<void> {
    await this.#cards.close();
  }
}
