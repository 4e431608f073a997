import { type Journal, JournalFault, type JournalRow } from '../../db/port.ts';
import { openJournal } from '../../db/sqlite-journal.ts';
import { cityCard } from '../../hardware/card/pboc/profiles.ts';
import type { CardSpec } from '../../hardware/rig/drawer.ts';
import { createRig, type Rig } from '../../hardware/rig/rig.ts';
import { minorUnits } from '../../main/contract/money.ts';
import type { PaymentMeans } from '../../main/contract/payment.ts';
import type { Screen, Slip } from '../../main/contract/view.ts';
import { attemptOf } from '../../main/runtime/attempt-record.ts';
import { type Kiosk, startKiosk } from '../../main/runtime/kiosk.ts';
import { createStage } from '../../main/runtime/stage.ts';
import type { Terms } from '../../main/session/session.ts';
import type { transition } from '../../main/session/transition.ts';
import { quietLog } from '../support/quiet-log.ts';
import { Random } from '../support/random.ts';
import { TestScreen } from '../support/screen.ts';
import { testTerms } from '../support/terms.ts';
import { VirtualClock } from '../support/virtual-clock.ts';
import { Fate, Killed } from './fate.ts';
import { type DayLedger, Ledger } from './ledger.ts';
import { arm, drawMishap, type Mishap, mend, noMishap } from './mishap.ts';

/** A bug planted on purpose, to see that it is found. */
export type Mutant = {
  readonly decide?: typeof transition;
  /** What a start gets to know of the unfinished attempts. */
  readonly forgetful?: boolean;
};

const means: readonly PaymentMeans[] = [
  { id: 'bank-card', kind: 'bank-card', phases: 'two' },
  { id: 'mobile', kind: 'mobile', phases: 'one' },
];
const terms: Terms = { ...testTerms, means };
const profile = { ...cityCard, balanceCapMinor: 100_000_000, loadCapMinor: 100_000 };
const people: readonly CardSpec[] = ['1', '2', '3', '4'].map((holder) => ({
  kind: 'city-card',
  id: `card-${holder}`,
  name: 'City card',
  note: 'Somebody’s card.',
  face: 'transit',
  number: `410000000000${holder}000`,
  balanceMinor: 50_000,
  validTo: '20381231',
}));

/** No visit takes more turns than this; one that does goes round in circles. */
const turnsMax = 120;
/** No day writes more than this. */
const rowsMax = 100_000;

/** One day at one station: visits one after the other, things going wrong, and in the end everybody back with their card. */
export class Day {
  readonly #clock = new VirtualClock();
  readonly #random: Random;
  readonly #rig: Rig;
  readonly #ledger: Ledger;
  readonly #journal: Journal;
  readonly #mutant: Mutant;
  readonly #fate: Fate;
  readonly #said: string[] = [];
  #screen = new TestScreen();
  #kiosk: Kiosk | null = null;
  #asked = 0;

  constructor(seed: number, mutant: Mutant = {}) {
    this.#random = new Random(seed);
    this.#mutant = mutant;
    this.#rig = createRig({
      clock: this.#clock,
      randomBytes: (length) => Uint8Array.from({ length }, () => this.#random.below(256)),
      speeds: 'instant',
      payments: 'at-once',
      currency: terms.currency,
      means,
      pbocProfiles: [profile],
      cards: people,
    });
    this.#journal = openJournal(':memory:');
    this.#ledger = new Ledger(this.#rig);
    this.#fate = new Fate(this.#rig, this.#clock, () => this.#die());
  }

  /** So many visits, each with a mishap of chance. */
  run(visits: number): Promise<DayLedger> {
    return this.runThrough(Array.from({ length: visits }, () => drawMishap(this.#random)));
  }

  /** One visit for each of these mishaps. */
  async runThrough(mishaps: readonly Mishap[]): Promise<DayLedger> {
    await this.#start();
    for (const mishap of mishaps) await this.#visit(this.#random.pick(people).id, mishap);
    await this.#evening();
    const ledger = this.#ledger.close(this.#saidPrinted());
    const chain = this.#journal.verify();
    this.#journal.close();
    const faults = [...ledger.faults, ...this.#said];
    if (chain.kind === 'broken') faults.push(`journal row ${chain.row}: ${chain.what}`);
    return { ...ledger, faults };
  }

  /** The attempts that the journal says a slip was printed of, by reference. */
  #saidPrinted(): readonly string[] {
    const last = new Map<string, JournalRow>();
    for (const row of this.#journal.rows(0, rowsMax)) last.set(row.attempt, row);
    last.delete('-');
    const attempts = [...last.values()].map(attemptOf);
    return attempts.filter(({ paper }) => paper === 'printed').map(({ reference }) => reference);
  }

  async #start(): Promise<void> {
    const { clock, ...ports } = this.#rig.openPorts();
    const log = quietLog();
    const stage = createStage(log);
    this.#screen = new TestScreen();
    stage.attach(this.#screen);
    const { decide } = this.#mutant;
    try {
      this.#kiosk = startKiosk({
        terms,
        ports,
        journal: this.#mortalJournal(),
        stage,
        clock,
        chance: () => this.#random.hex(10),
        log,
        onHalt: () => this.#die(),
        onFatal: (error) => {
          if (!(error instanceof Killed)) throw error;
          this.#die();
        },
        ...(decide === undefined ? {} : { decide }),
      });
    } catch (error) {
      if (!(error instanceof Killed || error instanceof JournalFault)) throw error;
      this.#die();
    }
    await this.#clock.settle();
  }

  #die(): void {
    this.#kiosk?.stop();
    this.#kiosk = null;
    this.#rig.killPorts();
  }

  #mortalJournal(): Journal {
    const journal = this.#fate.journal(this.#journal);
    return this.#mutant.forgetful === true ? { ...journal, unsettled: () => [] } : journal;
  }

  async #visit(cardId: string, mishap: Mishap): Promise<void> {
    // Every amount of a day is asked for once: it is the payment's and the load's name in the outside books.
    this.#asked += 1;
    const amountMinor = terms.minimumMinor + this.#asked * terms.stepMinor;
    if (this.#random.chance(0.2)) this.#spend(cardId);
    arm(mishap, this.#rig);
    this.#fate.decree(mishap);
    const plan = { cardId, amountMinor, mishap, onceMore: true };
    this.#rig.insert(cardId);
    for (let turn = 0; await this.#wait(); turn += 1) {
      if (turn > turnsMax) throw new Error(`a visit without end: ${this.#screen.kinds.join(' ')}`);
      await this.#actOn(plan);
    }
    this.#fate.decree(noMishap);
    mend(this.#rig);
    this.#ledger.look(cardId);
    // The next one comes a little later.
    await this.#clock.advance(this.#random.below(6_000));
  }

  /** Until a person can do something. False when the visit is over. A dead process is started again. */
  async #wait(): Promise<boolean> {
    for (let lives = 0; lives < 50; lives += 1) {
      await this.#clock
        .until(() => this.#kiosk === null || this.#isActionable(), 3_600_000)
        .catch((cause: unknown) => {
          throw new Error(this.#standstill(), { cause });
        });
      if (this.#kiosk !== null) return !this.#isOver();
      await this.#clock.advance(2_000);
      this.#fate.spareJournal();
      await this.#start();
    }
    throw new Error('the kiosk does not stay alive');
  }

  /** Where the kiosk stands when it does not go on. */
  #standstill(): string {
    const { state, open } = this.#kiosk?.session ?? { state: null, open: [] };
    const attempts = open.map(({ reference, money, card }) => ({ reference, money, card }));
    return `stuck at ${JSON.stringify({ screen: this.#screen.screen, state, attempts })}`;
  }

  #isOver(): boolean {
    const { kind } = this.#screen.screen;
    const atRest = kind === 'attract' || kind === 'out-of-service';
    return atRest && this.#rig.inserted === null;
  }

  #isActionable(): boolean {
    const { screen } = this.#screen;
    switch (screen.kind) {
      case 'starting':
      case 'reading':
      case 'hold-card':
      case 'checking-payment':
      case 'slip-first':
        return false;
      case 'pay':
        return screen.step === 'present' && this.#random.chance(0.05);
      case 'attract':
        // A card that was just put in is about to be read.
        return this.#rig.inserted === null;
      case 'out-of-service':
        return !screen.settling;
      case 'money-back':
        return screen.step !== 'under-way';
      case 'receipt':
        return screen.state !== 'printing';
      default:
        return true;
    }
  }

  /** Do what the screen asks for; where that changes nothing, give the kiosk a second. */
  async #actOn(plan: Plan): Promise<void> {
    const { seq } = this.#screen;
    this.#act(this.#screen.screen, plan);
    if (this.#screen.seq === seq) await this.#clock.advance(1_000);
  }

  #act(screen: Screen, plan: Plan): void {
    const random = this.#random;
    const page = this.#screen;
    if (random.chance(0.02)) page.tap({ kind: 'choose-language', language: 'en' });
    switch (screen.kind) {
      case 'card':
        if (screen.topUpObstacle !== null || !plan.onceMore) this.#rig.pull();
        else page.tap({ kind: 'begin-top-up' });
        break;
      case 'amount':
        page.tap({ kind: 'choose-amount', amountMinor: minorUnits(plan.amountMinor) });
        break;
      case 'confirm': {
        if (random.chance(0.2)) page.tap({ kind: 'want-receipt', wanted: false });
        const { seq } = page;
        page.tap({ kind: 'confirm' }, seq);
        page.tap({ kind: 'confirm' }, seq);
        break;
      }
      case 'means': {
        const open = screen.choices.filter(({ obstacle }) => obstacle === null);
        if (open.length === 0) {
          page.tap({ kind: 'cancel' });
          break;
        }
        plan.onceMore = false;
        const { seq } = page;
        const { id } = random.pick(open);
        page.tap({ kind: 'choose-means', means: id }, seq);
        page.tap({ kind: 'choose-means', means: id }, seq);
        if (plan.mishap.cable !== null) this.#pullCable(plan.mishap.cable);
        break;
      }
      case 'pay':
        if (random.chance(0.5)) page.tap({ kind: 'cancel' });
        else this.#rig.pull();
        break;
      case 'put-card-back':
        this.#putBack(screen, plan);
        break;
      case 'declined':
        page.tap({ kind: 'cancel' });
        break;
      case 'done':
        this.#checkDone(screen, plan.cardId);
        if (random.chance(0.3)) this.#rig.pull();
        page.tap({ kind: 'finish' });
        break;
      case 'refused-card':
        // Whoever reads it leaves the card in for a while.
        if (screen.reason === 'reader-fault' && random.chance(0.7)) break;
        if (random.chance(0.3)) this.#rig.pull();
        page.tap({ kind: 'finish' });
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
        this.#rig.pull();
        break;
      default:
        throw new Error(`nobody knows what to do at ${screen.kind}`);
    }
  }

  /** Have the slip that did not come, wait for it a little, or do without. */
  #endWith(slip: Slip | null): void {
    const random = this.#random;
    const isMissing = slip !== null && slip.state !== 'printing' && slip.state !== 'printed';
    if (isMissing && random.chance(0.1)) mend(this.#rig);
    if (slip?.canPrint === true && random.chance(0.8)) {
      this.#screen.tap({ kind: 'print-again' });
    } else if (!isMissing || random.chance(0.3)) {
      if (random.chance(0.3)) this.#rig.pull();
      this.#screen.tap({ kind: 'finish' });
    }
  }

  /** Pull a cable; the technician comes after a while. */
  #pullCable(cable: string): void {
    this.#rig.setCable(cable, false);
    this.#clock.after(this.#random.below(180_000), () => this.#rig.setCable(cable, true));
  }

  #putBack(screen: Extract<Screen, { kind: 'put-card-back' }>, plan: Plan): void {
    const random = this.#random;
    const roll = random.next();
    // The card is left where it is, as the screen says.
    if (screen.why === 'reader-down' && random.chance(0.8)) return;
    mend(this.#rig);
    if (screen.canCancel && roll < 0.15) this.#screen.tap({ kind: 'cancel' });
    else if (roll < 0.25) this.#rig.insert(random.pick(people).id);
    else if (roll < 0.4) this.#walkAway();
    else {
      this.#rig.pull();
      this.#rig.insert(plan.cardId);
    }
  }

  /** They take what is theirs and go; the screen's time runs out. */
  #walkAway(): void {
    this.#rig.pull();
    this.#clock.after(70_000, () => {});
  }

  /** "Done" is only ever said of a card that holds it. */
  #checkDone(screen: Extract<Screen, { kind: 'done' }>, cardId: string): void {
    const { amountMinor } = screen;
    const holder = people.find(({ id }) => this.#ledger.holds(id, amountMinor));
    if (holder === undefined) this.#said.push(`"done" was shown for ${amountMinor}, ${cardId}`);
  }

  #spend(cardId: string): void {
    const amountMinor = 400;
    if (this.#rig.inserted === null && this.#rig.spend(cardId, amountMinor)) {
      this.#ledger.spent(cardId, amountMinor);
    }
  }

  /** Everything works, and everybody comes once more with their card. */
  async #evening(): Promise<void> {
    mend(this.#rig);
    await this.#clock.advance(120_000);
    for (let round = 0; round < 3; round += 1) {
      for (const { id } of people) await this.#comeBack(id);
      if (this.#journal.unsettled().length === 0) return;
    }
  }

  async #comeBack(cardId: string): Promise<void> {
    const plan = { cardId, amountMinor: 0, mishap: noMishap, onceMore: false };
    this.#rig.insert(cardId);
    for (let turn = 0; await this.#wait(); turn += 1) {
      if (turn > turnsMax) throw new Error(`an evening without end: ${this.#screen.screen.kind}`);
      await this.#actOn(plan);
    }
    this.#ledger.look(cardId);
  }
}

type Plan = {
  readonly cardId: string;
  readonly amountMinor: number;
  readonly mishap: Mishap;
  onceMore: boolean;
};
