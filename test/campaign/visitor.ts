import type { Rig } from '../../hardware/rig/rig.ts';
import type { Command } from '../../main/contract/command.ts';
import { minorUnits } from '../../main/contract/money.ts';
import type { Screen, Slip } from '../../main/contract/view.ts';
import type { TestScreen } from '../support/screen.ts';
import type { VirtualClock } from '../support/virtual-clock.ts';
import type { OtherCard } from './arms.ts';
import type { Drawer, Holder } from './station.ts';
import type { Visit } from './visit.ts';

/** After so many turns nobody has any patience left: they take their card and go. */
const tiredAfter = 40;

export type Surroundings = {
  readonly rig: Rig;
  readonly drawer: Drawer;
  readonly clock: VirtualClock;
  /** The screen of the kiosk's present life. */
  readonly page: () => TestScreen;
  /** Somebody who mends what is broken. */
  readonly callTechnician: () => void;
  /** The number on a slip or screen that this holder saw last. */
  readonly reference: (holder: Holder) => string | null;
};

/** Whoever stands before the kiosk: does what the screen asks for, in their own way. */
export class Visitor {
  readonly visit: Visit;
  readonly #at: Surroundings;
  readonly #amountMinor: number;
  readonly #putsBack: Visit['putsBack'][number][];
  #wantsTopUp: boolean;
  #askedAccount = false;
  #hasLeft = false;
  #taps: 'once' | 'next-twice' | 'twice' = 'once';
  #turns = 0;

  constructor(visit: Visit, amountMinor: number, at: Surroundings) {
    this.visit = visit;
    this.#at = at;
    this.#amountMinor = amountMinor;
    this.#putsBack = [...visit.putsBack];
    this.#wantsTopUp = visit.wants === 'top-up';
  }

  arrive(): void {
    const { wants, holder } = this.visit;
    if (wants === 'top-up' || wants === 'to-settle') this.#at.rig.insert(holder);
    else this.#tap({ kind: 'find-money' });
  }

  pull(): void {
    this.#at.rig.pull();
  }

  insertOther(afterMs: number, family: OtherCard): void {
    const other = this.#at.drawer.otherThan(this.visit.holder, family);
    if (afterMs === 0) this.#at.rig.insert(other);
    else this.#at.clock.after(afterMs, () => this.#at.rig.insert(other));
  }

  addOther(family: OtherCard): void {
    this.#at.rig.layOnTop(this.#at.drawer.otherThan(this.visit.holder, family));
  }

  tapTwice(always: boolean): void {
    this.#taps = always ? 'twice' : 'next-twice';
  }

  leave(): void {
    this.#hasLeft = true;
  }

  /** Whether there is something for them to do. */
  canAct(screen: Screen): boolean {
    switch (screen.kind) {
      case 'starting':
      case 'reading':
      case 'hold-card':
      case 'checking-payment':
      case 'slip-first':
        return false;
      case 'attract':
        // A card that was just put in is about to be read.
        return this.#at.rig.inserted === null;
      case 'out-of-service':
        return !screen.settling;
      // Whoever finds a card in the slot takes it out.
      case 'take-card':
        return true;
      case 'pay':
        return !this.#hasLeft && screen.step === 'present' && this.visit.tires !== 'never';
      case 'find-money':
        return !this.#hasLeft && screen.step === 'ask';
      case 'money-back':
        return !this.#hasLeft && screen.step !== 'under-way';
      case 'receipt':
        return !this.#hasLeft && screen.state !== 'printing';
      default:
        return !this.#hasLeft;
    }
  }

  act(screen: Screen): void {
    this.#turns += 1;
    if (this.#turns === tiredAfter) this.#goAway();
    if (this.#hasLeft && screen.kind !== 'take-card' && screen.kind !== 'out-of-service') return;
    const { visit } = this;
    const { rig } = this.#at;
    switch (screen.kind) {
      case 'card':
        if (screen.topUpObstacle !== null || !this.#wantsTopUp) this.pull();
        else this.#tap({ kind: 'begin-top-up' });
        break;
      case 'amount':
        this.#tap({ kind: 'choose-amount', amountMinor: minorUnits(this.#amountMinor) });
        break;
      case 'confirm':
        if (screen.receiptWanted !== visit.wantsSlip) {
          this.#tap({ kind: 'want-receipt', wanted: visit.wantsSlip });
        }
        this.#tap({ kind: 'confirm' });
        break;
      case 'means':
        this.#choose(screen);
        break;
      case 'pay':
        if (visit.tires === 'cancels') this.#tap({ kind: 'cancel' });
        else this.pull();
        break;
      case 'put-card-back':
        this.#putBack(screen);
        break;
      case 'declined':
        if (visit.retries && screen.canRetry && this.#turns < 12) this.#tap({ kind: 'retry' });
        else this.#tap({ kind: 'cancel' });
        break;
      case 'unfinished':
        if (visit.unfinished === 'walk-away') this.#goAway();
        else if (visit.unfinished === 'pay-back' || screen.finishObstacle !== null) {
          this.#tap({ kind: 'pay-back' });
        } else this.#tap({ kind: 'finish-top-up' });
        break;
      case 'find-money':
        this.#ask();
        break;
      case 'account':
        this.#readAccount(screen);
        break;
      case 'done':
      case 'refused-card':
        this.#finish();
        break;
      case 'receipt':
        this.#endWith(screen);
        break;
      case 'see-staff':
      case 'money-back':
        this.#endWith(screen.slip);
        break;
      case 'take-card':
      case 'out-of-service':
        rig.pull();
        break;
      default:
        throw new Error(`nobody knows what to do at ${screen.kind}`);
    }
  }

  #tap(command: Command): void {
    const page = this.#at.page();
    const { seq } = page;
    page.tap(command, seq);
    if (this.#taps !== 'once') page.tap(command, seq);
    if (this.#taps === 'next-twice') this.#taps = 'once';
  }

  #goAway(): void {
    this.pull();
    this.leave();
  }

  #finish(): void {
    if (this.visit.pullsFirst) this.pull();
    this.#tap({ kind: 'finish' });
  }

  #choose({ choices }: Extract<Screen, { kind: 'means' }>): void {
    const open = choices.filter(({ obstacle }) => obstacle === null);
    const chosen = open.find(({ id }) => id === this.visit.means) ?? open[0];
    if (chosen === undefined) {
      this.#tap({ kind: 'cancel' });
      return;
    }
    this.#wantsTopUp = false;
    this.#tap({ kind: 'choose-means', means: chosen.id });
  }

  #putBack({ why, canCancel }: Extract<Screen, { kind: 'put-card-back' }>): void {
    // The card is left where it is, as the screen says.
    if (why === 'reader-down' && this.#at.rig.inserted !== null) return;
    const what = this.#putsBack.shift() ?? 'own';
    if (what === 'walks-away') this.#goAway();
    else if (what === 'cancels' && canCancel) this.#tap({ kind: 'cancel' });
    else {
      this.pull();
      if (what === 'other') this.insertOther(0, 'same');
      else if (what === 'other-family') this.insertOther(0, 'other');
      else this.#at.rig.insert(this.visit.holder);
    }
  }

  #ask(): void {
    const { wants, holder } = this.visit;
    const reference = this.#at.reference(holder);
    const isFirst = !this.#askedAccount;
    this.#askedAccount = true;
    if (isFirst && wants === 'card-account') this.#at.rig.insert(holder);
    else if (isFirst && wants === 'slip-account' && reference !== null) {
      this.#tap({ kind: 'look-up', reference });
    } else this.#tap({ kind: 'cancel' });
  }

  #readAccount({ rows }: Extract<Screen, { kind: 'account' }>): void {
    const due = rows.find(({ canSettle }) => canSettle);
    const printable = this.visit.wantsSlip ? rows.find(({ canPrint }) => canPrint) : undefined;
    if (this.#turns < 4 && due !== undefined) {
      this.#tap({ kind: 'settle', reference: due.reference });
    } else if (this.#turns < 4 && printable !== undefined) {
      this.#tap({ kind: 'print-slip', reference: printable.reference });
    } else this.#finish();
  }

  /** Have the slip that did not come, or do without. */
  #endWith(slip: Slip | null): void {
    const isMissing = slip !== null && slip.state !== 'printing' && slip.state !== 'printed';
    if (isMissing && this.visit.slip === 'mended') this.#at.callTechnician();
    if (isMissing && slip.canPrint && this.visit.slip !== 'without') {
      this.#tap({ kind: 'print-again' });
    } else this.#finish();
  }
}
