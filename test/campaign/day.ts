import { type Journal, JournalFault, type JournalRow } from '../../db/port.ts';
import { openJournal } from '../../db/sqlite-journal.ts';
import type { FaultKind, Step } from '../../hardware/rig/faults.ts';
import { createRig, type Rig } from '../../hardware/rig/rig.ts';
import type { RealParts } from '../../hardware/rig/rig-ports.ts';
import { isWrite } from '../../hardware/rig/simulated-families.ts';
import type { Screen } from '../../main/contract/view.ts';
import { attemptOf } from '../../main/runtime/attempt-record.ts';
import { type Kiosk, startKiosk } from '../../main/runtime/kiosk.ts';
import { createStage } from '../../main/runtime/stage.ts';
import { type Balance, Ledger } from '../support/ledger.ts';
import { quietLog } from '../support/quiet-log.ts';
import { Random } from '../support/random.ts';
import { TestScreen } from '../support/screen.ts';
import { VirtualClock } from '../support/virtual-clock.ts';
import { printTroubles } from './arms.ts';
import { visitByChance } from './chance.ts';
import { Fate, type Planned } from './fate.ts';
import { aroundJournal } from './journal-around.ts';
import { Killed, type Life, type Mutant } from './mutant.ts';
import { type Escort, escorted } from './orders.ts';
import { type Drawer, type Holder, holders, profiles, terms } from './station.ts';
import { plainVisit, type Visit } from './visit.ts';
import { type Surroundings, Visitor } from './visitor.ts';

/** What became of a day. */
export type DayEnd = Balance & {
  /** Top-ups that were begun with a payment asked for. */
  readonly topUps: number;
  /** Attempts that nobody has settled in the end. */
  readonly openClaims: number;
  readonly fired: readonly FaultKind[];
};

/** No visit takes more turns than this; one that does goes round in circles. */
const turnsMax = 200;
/** A kiosk that has died so often waits for a technician. */
const livesMax = 6;
/** What a gate takes. */
const fareMinor = 400;
/** No day writes more than this. */
const rowsMax = 100_000;
const nothingReal: RealParts = { sams: [], reader: null, printer: null, terminals: [] };
/** Longer than the kiosk leaves alone what it could not settle. */
const eveningMs = 11 * 60_000;

/** One day at one station: visits one after the other, things going wrong, and in the evening everybody back with their card. */
export class Day {
  readonly #clock = new VirtualClock();
  readonly #startWallMs = this.#clock.wallMs();
  readonly #random: Random;
  readonly #rig: Rig;
  readonly #ledger: Ledger;
  readonly #journal: Journal;
  readonly #mutant: Mutant;
  readonly #fate: Fate;
  readonly #fired: FaultKind[] = [];
  readonly #references = new Map<Holder, string>();
  readonly #surroundings: Surroundings;
  #visitor: Visitor;
  #screen = new TestScreen();
  #life: Life = { isOver: true };
  #kiosk: Kiosk | null = null;
  #crash: unknown = null;
  #asked = 0;
  #topUps = 0;

  constructor(seed: number, drawer: Drawer, mutant: Mutant = {}) {
    this.#random = new Random(seed);
    this.#mutant = mutant;
    this.#rig = createRig({
      clock: this.#clock,
      randomBytes: (length) => Uint8Array.from({ length }, () => this.#random.below(256)),
      speeds: 'instant',
      payments: 'at-once',
      currency: terms.currency,
      means: terms.means,
      profiles,
      cards: drawer.cards,
    });
    this.#journal = openJournal(':memory:');
    this.#ledger = new Ledger(this.#rig);
    this.#surroundings = {
      rig: this.#rig,
      drawer,
      clock: this.#clock,
      page: () => this.#screen,
      callTechnician: () => this.#mend(),
      reference: (holder) => this.#references.get(holder) ?? null,
    };
    this.#visitor = new Visitor(plainVisit, 0, this.#surroundings);
    this.#fate = new Fate(
      {
        rig: this.#rig,
        clock: this.#clock,
        die: () => this.#die(),
        person: {
          pull: () => this.#visitor.pull(),
          insertOther: (afterMs, family) => this.#visitor.insertOther(afterMs, family),
          addOther: (family) => this.#visitor.addOther(family),
          tapTwice: (always) => this.#visitor.tapTwice(always),
          leave: () => this.#visitor.leave(),
        },
      },
      (kind) => this.#fired.push(kind),
    );
    this.#watchDevices();
  }

  /** These visits, and a fault that comes from outside the story. */
  async through(visits: readonly Visit[], fault: Planned | null): Promise<DayEnd> {
    await this.#start();
    this.#fate.begin();
    if (fault !== null) this.#fate.plan(fault);
    for (const visit of visits) await this.#live(visit);
    return this.#end();
  }

  /** How many steps of a kind these visits take when nothing comes from outside: at each of them something can come. */
  async stepsOf(visits: readonly Visit[]): Promise<(step: Step) => number> {
    await this.through(visits, null);
    return (step) => this.#fate.stepsMet(step);
  }

  /** As many visits of chance as it takes for so many top-ups to be begun. */
  async byChance(topUps: number): Promise<DayEnd> {
    await this.#start();
    while (this.#topUps < topUps) {
      await this.#live(visitByChance(this.#random));
      // The next one comes a little later, and everything that was still to come does not.
      this.#fate.relent(true);
      await this.#clock.advance(this.#random.below(6_000));
    }
    return this.#end();
  }

  async #end(): Promise<DayEnd> {
    await this.#evening();
    const balance = this.#ledger.close(this.#saidPrinted());
    const openClaims = this.#journal.unsettled().length;
    const faults = [...balance.faults];
    if (openClaims > 0) faults.push(`${openClaims} attempts were never settled`);
    const chain = this.#journal.verify();
    if (chain.kind === 'broken') faults.push(`journal row ${chain.row}: ${chain.what}`);
    this.#die();
    this.#journal.close();
    return { ...balance, faults, topUps: this.#topUps, openClaims, fired: this.#fired };
  }

  /** The attempts that the journal says a slip was printed of, by reference. */
  #saidPrinted(): readonly string[] {
    const last = new Map<string, JournalRow>();
    for (const row of this.#journal.rows(0, rowsMax)) last.set(row.attempt, row);
    last.delete('-');
    const attempts = [...last.values()].map(attemptOf);
    return attempts.filter(({ paper }) => paper === 'printed').map(({ reference }) => reference);
  }

  #watchDevices(): void {
    const { reader, sams } = this.#rig;
    let met = this.#fate.meet('apdu');
    reader.meddle((command) => {
      met = this.#fate.meet('apdu', isWrite(command));
      met.before();
      return met.apdu;
    });
    reader.watchApdus(() => met.after());
    for (const sam of sams) {
      sam.meddle(() => {
        const asked = this.#fate.meet('sam');
        asked.before();
        return asked.sam;
      });
    }
    for (const { device } of this.#rig.terminals) {
      device.meddle((group) => this.#fate.meet(group).answer);
    }
  }

  async #start(): Promise<void> {
    const life: Life = { isOver: false };
    this.#life = life;
    const {
      decide,
      ports: aroundPorts = (it) => it,
      sam = (it) => it,
      journal: around = (it) => it,
    } = this.#mutant;
    const { clock, ...ports } = this.#rig.openPorts((tether) => ({
      ...nothingReal,
      sams: this.#rig.sams.map((each) => tether.sam(sam(each))),
    }));
    const log = quietLog();
    const stage = createStage(log);
    this.#screen = new WatchedScreen((screen) => this.#onPicture(screen));
    stage.attach(this.#screen);
    const journal = aroundJournal(this.#journal, () => this.#fate.meet('row'), life);
    try {
      const kiosk = startKiosk({
        terms,
        ports: aroundPorts(escorted(ports, this.#escort(life))),
        journal: around(journal, life),
        stage,
        clock,
        chance: () => this.#random.hex(10),
        log,
        onHalt: () => this.#die(),
        onFatal: (error) => this.#fail(error),
        ...(decide === undefined ? {} : { decide }),
      });
      this.#kiosk = life.isOver ? null : kiosk;
    } catch (error) {
      if (error instanceof JournalFault) this.#die();
      else this.#fail(error);
    }
    await this.#clock.settle();
  }

  #escort(life: Life): Escort {
    return {
      carry: async (order, carryOut) => {
        if (life.isOver) return never();
        if (order === 'authorise') this.#topUps += 1;
        const met = this.#fate.meet('order', order === 'credit');
        met.before();
        if (life.isOver) return never();
        const answer = await carryOut();
        met.after();
        return life.isOver ? never() : answer;
      },
      send: (carryOut) => {
        if (life.isOver) return;
        const met = this.#fate.meet('order');
        met.before();
        if (!life.isOver) carryOut();
        met.after();
      },
    };
  }

  #onPicture(screen: Screen): void {
    this.#ledger.saw(screen);
    if ('reference' in screen) this.#references.set(this.#visitor.visit.holder, screen.reference);
    this.#fate.meet('picture').after();
  }

  /** The process ends where it stands. */
  #die(): void {
    this.#life.isOver = true;
    this.#kiosk?.stop();
    this.#kiosk = null;
    this.#rig.killPorts();
  }

  /** Only a rule that was broken stops the process by itself. */
  #fail(error: unknown): void {
    if (!(error instanceof Killed)) this.#crash ??= error;
    this.#die();
  }

  async #live(visit: Visit): Promise<void> {
    // Every amount of a day is asked for once: it is the top-up's name in the outside books.
    this.#asked += 1;
    const amountMinor = terms.minimumMinor + this.#asked * terms.stepMinor;
    this.#visitor = new Visitor(visit, amountMinor, this.#surroundings);
    for (const mishap of visit.mishaps) this.#fate.plan(mishap);
    for (const { device } of this.#rig.terminals) {
      if (visit.means === null || device === this.#rig.terminal(visit.means).device) {
        for (const person of visit.pays) device.present(person, 'next');
      }
    }
    if (visit.passesGate) this.#rig.spend(visit.holder, fareMinor);
    this.#visitor.arrive();
    for (let turn = 0; await this.#wait(); turn += 1) {
      if (turn > turnsMax) throw new Error(`a visit without end: ${this.#screen.kinds.join(' ')}`);
      const { seq } = this.#screen;
      this.#visitor.act(this.#screen.screen);
      if (this.#screen.seq === seq) await this.#clock.advance(1_000);
    }
    this.#mend();
    await this.#clock.settle();
  }

  /** A technician: everything works again. */
  #mend(): void {
    this.#fate.relent(false);
    const { reader, sams, printer, terminals } = this.#rig;
    reader.setBusy(false);
    for (const cable of ['reader', 'printer', 'sam', ...terminals.map(({ means }) => means.id)]) {
      this.#rig.setCable(cable, true);
    }
    for (const sam of sams) sam.setReady(true);
    for (const trouble of printTroubles) printer.device.mend(trouble);
    const rightMs = this.#startWallMs + this.#clock.nowMs();
    this.#clock.jumpWall(rightMs - this.#clock.wallMs());
  }

  /** Until the person can do something. False when the visit is over. A dead process is started again. */
  async #wait(): Promise<boolean> {
    for (let lives = 0; lives < 4 * livesMax; lives += 1) {
      await this.#clock
        .until(() => this.#kiosk === null || this.#visitor.canAct(this.#screen.screen), 3_600_000)
        .catch((cause: unknown) => {
          throw new Error(this.#standstill(), { cause });
        });
      if (this.#crash !== null) throw this.#crash;
      if (this.#kiosk !== null) return !this.#isOver();
      if (lives >= livesMax) this.#mend();
      await this.#clock.advance(2_000);
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

  /** Everything works, and everybody comes once more with their card. */
  async #evening(): Promise<void> {
    this.#fate.relent(true);
    this.#mend();
    for (let round = 0; round < 4; round += 1) {
      if (this.#journal.unsettled().length === 0) return;
      await this.#clock.advance(eveningMs);
      for (const holder of holders) {
        await this.#live({ ...plainVisit, holder, wants: 'to-settle', slip: 'without' });
      }
    }
  }
}

/** A screen, and somebody who is told of each picture on it. */
class WatchedScreen extends TestScreen {
  readonly #onPicture: (screen: Screen) => void;

  constructor(onPicture: (screen: Screen) => void) {
    super();
    this.#onPicture = onPicture;
  }

  override send(message: Parameters<TestScreen['send']>[0]): void {
    super.send(message);
    this.#onPicture(message.view.screen);
  }
}

/** Nobody is left to be answered. */
function never<Answer>(): Promise<Answer> {
  return new Promise(() => {});
}
