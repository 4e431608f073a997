import { setTimeout as sleep } from 'node:timers/promises';
import { minorUnits } from '../../../main/contract/money.ts';
import type { Screen } from '../../../main/contract/view.ts';
import type { RealKiosk } from './real-kiosk.ts';

/** What somebody does whose card came out in mid-load. */
export type Manner =
  /** Puts it back when the screen asks for it. */
  | 'when-asked'
  /** Pushes it back in at once. */
  | 'at-once'
  /** Puts another card in first. */
  | 'wrong-card-first'
  /** Asks for the money back where that is possible, else puts the card back. */
  | 'cancels'
  /** Goes away with it. */
  | 'leaves';

export type Errand = {
  readonly kiosk: RealKiosk;
  readonly cardId: string;
  readonly amountMinor: number;
  readonly means: string;
  readonly manner: Manner;
  readonly receiptWanted: boolean;
  /** They come to ask where their money is, and put the card in where they are asked for it. */
  readonly asksForMoney?: boolean;
  /** While true they do nothing, whatever is asked. */
  readonly looksAway?: () => boolean;
  /** At each look at the receipt's screen: whether they stay. Otherwise they go when it is no longer under way. */
  readonly onReceipt?: () => boolean;
};

/** No visit takes more taps and hands than this; one that does goes round in circles. */
const turnsMax = 60;
/** How long somebody looks at a screen before they look again. */
const lookMs = 700;
/** How long they leave a card in that nobody seems to notice. */
const patienceMs = 1_500;
/** How long they would look away. */
const awayMs = 25_000;

/** One visit: put the card in, do what the screen asks, take the card home. Each amount is asked for once in a kiosk's life. */
export async function visit(errand: Errand): Promise<void> {
  await new Person(errand).visit();
}

class Person {
  readonly #errand: Errand;
  readonly #kiosk: RealKiosk;
  #hasChosen = false;
  #hasTriedWrongCard = false;
  #hasLeft = false;
  #putInAtMs = 0;

  constructor(errand: Errand) {
    this.#errand = errand;
    this.#kiosk = errand.kiosk;
  }

  async visit(): Promise<void> {
    const { screen } = this.#kiosk;
    if (this.#errand.asksForMoney === true) screen.tap({ kind: 'find-money' });
    else await this.#putIn();
    for (let turn = 0; !this.#isOver(); turn += 1) {
      if (turn > turnsMax) throw new Error(this.#standstill());
      const { looksAway = () => false } = this.#errand;
      if (looksAway()) await this.#kiosk.until(() => !looksAway(), 'somebody who looks', awayMs);
      const { seq } = screen;
      const { kind } = screen.screen;
      await this.#act(screen.screen);
      let isTime = false;
      void sleep(lookMs).then(() => {
        isTime = true;
      });
      await this.#kiosk.until(
        () => screen.seq !== seq || isTime || this.#isOver() || this.#wantsToPushBack(),
        `an end of ${kind}`,
      );
    }
  }

  /** What those need who look for the cause. */
  #standstill(): string {
    const { slot, screen, session } = this.#kiosk;
    const lies = slot.held === null ? 'no card lies' : 'a card lies';
    const seen = session.cardPresent ? 'one is seen' : 'none is seen';
    return `a visit without end, ${lies} in the slot and ${seen}: ${screen.kinds.join(' ')}`;
  }

  get #card() {
    return this.#kiosk.card(this.#errand.cardId);
  }

  async #putIn(): Promise<void> {
    this.#putInAtMs = performance.now();
    await this.#kiosk.slot.insert(this.#card);
  }

  #isOver(): boolean {
    const { slot, screen, session } = this.#kiosk;
    const isAtRest =
      screen.screen.kind === 'attract' ||
      (screen.screen.kind === 'out-of-service' && !screen.screen.settling);
    return isAtRest && slot.held === null && !session.cardPresent;
  }

  #wantsToPushBack(): boolean {
    const { slot } = this.#kiosk;
    return this.#errand.manner === 'at-once' && slot.held === null && this.#isWriting();
  }

  #isWriting(): boolean {
    const { kind } = this.#kiosk.screen.screen;
    return kind === 'hold-card' || kind === 'pay' || kind === 'reading';
  }

  async #act(asked: Screen): Promise<void> {
    const { screen, slot } = this.#kiosk;
    const { amountMinor, means, receiptWanted } = this.#errand;
    if (this.#wantsToPushBack()) {
      await this.#putIn();
      return;
    }
    switch (asked.kind) {
      case 'card':
        if (asked.topUpObstacle !== null || this.#hasChosen) await slot.pull();
        else screen.tap({ kind: 'begin-top-up' });
        return;
      case 'amount':
        screen.tap({ kind: 'choose-amount', amountMinor: minorUnits(amountMinor) });
        return;
      case 'confirm':
        if (asked.receiptWanted !== receiptWanted) {
          screen.tap({ kind: 'want-receipt', wanted: receiptWanted });
        }
        screen.tap({ kind: 'confirm' });
        return;
      case 'means':
        if (this.#hasChosen || asked.choices.every(({ obstacle }) => obstacle !== null)) {
          screen.tap({ kind: 'cancel' });
        } else {
          this.#hasChosen = true;
          screen.tap({ kind: 'choose-means', means });
        }
        return;
      case 'put-card-back':
        return this.#putBack(asked);
      case 'declined':
        screen.tap({ kind: 'cancel' });
        return;
      case 'money-back':
        if (asked.step === 'under-way') return;
        screen.tap({ kind: 'finish' });
        return;
      case 'receipt':
        if (this.#errand.onReceipt?.() === true) return;
        // Paper and cover are somebody else's matter: the slip comes when they have been seen to.
        if (['printing', 'paper-out', 'cover-open'].includes(asked.state)) return;
        screen.tap({ kind: 'finish' });
        return;
      case 'find-money':
        if (slot.held === null && asked.cardWorks) await this.#putIn();
        return;
      case 'unfinished': {
        const wantsBack = this.#errand.manner === 'cancels' || asked.finishObstacle !== null;
        screen.tap({ kind: wantsBack ? 'pay-back' : 'finish-top-up' });
        return;
      }
      case 'account':
      case 'done':
      case 'see-staff':
      case 'refused-card':
        screen.tap({ kind: 'finish' });
        return;
      case 'take-card':
        await slot.pull();
        return;
      default:
    }
  }

  async #putBack(asked: Extract<Screen, { kind: 'put-card-back' }>): Promise<void> {
    const { slot, screen, session } = this.#kiosk;
    const { manner } = this.#errand;
    if (this.#hasLeft || manner === 'leaves') {
      this.#hasLeft = true;
      await slot.pull();
      return;
    }
    if (manner === 'cancels' && asked.canCancel) {
      screen.tap({ kind: 'cancel' });
      return;
    }
    // It lies there, and the screen says that it goes on by itself.
    if (asked.why === 'reader-down' && slot.held === this.#card) return;
    const isWaiting = performance.now() - this.#putInAtMs < patienceMs;
    if (isWaiting && slot.held === this.#card) return;
    // A card that the reader still believes in would not be noticed.
    if (slot.held !== null) await slot.pull();
    if (session.cardPresent) {
      await this.#kiosk.until(() => !this.#kiosk.session.cardPresent, 'an empty reader');
    }
    if (screen.screen.kind !== 'put-card-back') return;
    if (manner === 'wrong-card-first' && !this.#hasTriedWrongCard) {
      this.#hasTriedWrongCard = true;
      await slot.insert(this.#kiosk.card(this.#errand.cardId === 'card-1' ? 'card-2' : 'card-1'));
    } else await this.#putIn();
  }
}
