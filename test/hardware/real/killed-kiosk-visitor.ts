import { minorUnits } from '../../../main/contract/money.ts';
import type { Screen } from '../../../main/contract/view.ts';
import type { Life } from './killed-kiosk-life.ts';
import { type CardId, type Manners, peoplesCards } from './killed-kiosk-plan.ts';

/** How long somebody looks at a screen that does not change before they try again. */
const lookMs = 500;
/** A card that was put in is noticed by then. */
const noticedMs = 800;
/** Nobody's hands are faster. */
const handMs = 30;

/** Why somebody has come. */
export type Errand = {
  readonly card: CardId;
  readonly manners: Manners;
  /** The card lies in the reader since before the start. */
  readonly isIn: boolean;
  /** An amount that nobody else asks for; null: no top-up. */
  readonly amountMinor: number | null;
};

/** Somebody at the screen and the bench of a living kiosk: does what the screen asks, in their own manner. */
export class Visitor {
  /** They have been here, and the machine waits for the next one. */
  isDone = false;
  /** They have chosen a top-up, and how to pay for it. */
  hasChosen = false;
  readonly #life: Life;
  readonly #errand: Errand;
  readonly #onApproved: () => void;
  #held: CardId | null = null;
  #hasCome = false;
  #hasAsked = false;
  #hasPulled = false;
  #hasTriedOther = false;
  #actedSeq = -1;
  #actedMs = 0;
  #paidMs = 0;
  #putInMs = 0;

  /** `onApproved`: a payment has just been approved at its terminal. */
  constructor(life: Life, errand: Errand, onApproved: () => void) {
    this.#life = life;
    this.#errand = errand;
    this.#onApproved = onApproved;
  }

  /** Look at what there is and act. To be called at each news, and every now and then. */
  look(): void {
    const { shown, bench } = this.#life;
    if (shown === null || bench === null || this.isDone) return;
    if (this.#errand.isIn && !this.#hasCome) this.#putIn(this.#errand.card);
    const nowMs = performance.now();
    this.#seeToPayment(nowMs);
    const sinceMs = nowMs - this.#actedMs;
    if (sinceMs < (shown.seq === this.#actedSeq ? lookMs : handMs)) return;
    this.#actedSeq = shown.seq;
    this.#actedMs = nowMs;
    this.#act(shown.view.screen);
  }

  #act(screen: Screen) {
    const life = this.#life;
    const { manners, amountMinor } = this.#errand;
    switch (screen.kind) {
      case 'attract':
        return this.#atRest();
      case 'out-of-service':
        if (!screen.settling) this.#atRest();
        return;
      case 'card': {
        const isWilling = !this.hasChosen && amountMinor !== null;
        if (manners.asksForMoney && !this.#hasAsked) {
          this.#hasAsked = true;
          life.tap({ kind: 'find-money' });
        } else if (isWilling && screen.topUpObstacle === null) life.tap({ kind: 'begin-top-up' });
        else this.#pull();
        return;
      }
      case 'amount':
        if (amountMinor === null || amountMinor > screen.maximumMinor) this.#pull();
        else life.tap({ kind: 'choose-amount', amountMinor: minorUnits(amountMinor) });
        return;
      case 'confirm':
        if (screen.receiptWanted === manners.receiptWanted || screen.receiptObstacle !== null) {
          life.tap({ kind: 'confirm' });
        } else life.tap({ kind: 'want-receipt', wanted: manners.receiptWanted });
        return;
      case 'means': {
        const works = screen.choices.filter(({ obstacle }) => obstacle === null);
        const means = works.find(({ id }) => id === manners.means) ?? works[0];
        this.hasChosen = true;
        if (means === undefined) life.tap({ kind: 'cancel' });
        else life.tap({ kind: 'choose-means', means: means.id });
        return;
      }
      case 'pay':
        if (manners.pays === 'cancel' && screen.step === 'present') life.tap({ kind: 'cancel' });
        return;
      case 'hold-card':
        if (manners.terminalsFallSilent) this.#silenceTerminals();
        if (manners.pullsAfterMs === null || this.#hasPulled) return;
        this.#hasPulled = true;
        setTimeout(() => this.#pull(), manners.pullsAfterMs);
        return;
      case 'put-card-back':
        return this.#putBack(screen);
      case 'unfinished':
        if (manners.unfinished === 'pulls') this.#pull();
        else if (screen.finishObstacle !== null) life.tap({ kind: 'pay-back' });
        else life.tap({ kind: manners.unfinished });
        return;
      case 'money-back':
        if (screen.step !== 'under-way') life.tap({ kind: 'finish' });
        return;
      case 'receipt':
        if (screen.state !== 'printing') life.tap({ kind: 'finish' });
        return;
      case 'done':
      case 'see-staff':
        life.tap({ kind: 'finish' });
        return;
      case 'find-money':
      case 'account':
      case 'declined':
        life.tap({ kind: 'cancel' });
        return;
      case 'refused-card':
      case 'take-card':
        this.#pull();
        return;
      case 'starting':
      case 'reading':
      case 'checking-payment':
      case 'slip-first':
        return;
    }
  }

  /** Come, or go: the machine waits for somebody. */
  #atRest(): void {
    if (!this.#hasCome) this.#putIn(this.#errand.card);
    else if (!this.#isNews && this.#life.bench?.inserted === null) this.isDone = true;
    else if (!this.#isNews) this.#pull();
  }

  #putBack(screen: Extract<Screen, { kind: 'put-card-back' }>): void {
    const { whenAskedBack } = this.#errand.manners;
    if (whenAskedBack === 'leaves') {
      this.#pull();
      return;
    }
    if (whenAskedBack === 'cancels' && screen.canCancel) {
      this.#life.tap({ kind: 'cancel' });
      return;
    }
    if (this.#held !== null) {
      if (screen.why !== 'reader-down' && !this.#isNews) this.#pull();
      return;
    }
    // The card of whoever was cut off, in the hands of whoever is here.
    const own = this.#cardNamed(screen.maskedNumber);
    if (whenAskedBack === 'other-card-first' && !this.#hasTriedOther) {
      this.#hasTriedOther = true;
      this.#putIn(peoplesCards.find((card) => card !== own) ?? own);
    } else this.#putIn(own);
  }

  #seeToPayment(nowMs: number): void {
    const { manners } = this.#errand;
    const waiting = this.#life.bench?.terminals.find(({ waitingMinor }) => waitingMinor !== null);
    if (waiting === undefined || manners.pays === 'cancel' || nowMs - this.#paidMs < lookMs) return;
    this.#paidMs = nowMs;
    if (manners.pays === 'decline') {
      this.#life.hand({ kind: 'decline-payment', terminal: waiting.id });
      return;
    }
    this.#life.hand({ kind: 'approve-payment', terminal: waiting.id });
    this.#onApproved();
  }

  #silenceTerminals(): void {
    for (const { id, silenced } of this.#life.bench?.terminals ?? []) {
      if (!silenced) this.#life.hand({ kind: 'silence-terminal', terminal: id, silent: true });
    }
  }

  #cardNamed(maskedNumber: string): CardId {
    const named = this.#life.bench?.cards.find(({ purse }) => purse?.maskedNumber === maskedNumber);
    return peoplesCards.find((card) => card === named?.id) ?? this.#errand.card;
  }

  /** The kiosk may not have noticed yet that a card was put in. */
  get #isNews(): boolean {
    return performance.now() - this.#putInMs < noticedMs;
  }

  #putIn(card: CardId): void {
    this.#hasCome = true;
    this.#putInMs = performance.now();
    this.#held = card;
    this.#life.hand({ kind: 'insert-card', card });
  }

  #pull(): void {
    this.#held = null;
    this.#life.hand({ kind: 'pull-card' });
  }
}
