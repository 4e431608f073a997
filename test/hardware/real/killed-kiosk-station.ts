import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { campusCard, cityCard } from '../../../hardware/card/pboc/profiles.ts';
import type { Screen } from '../../../main/contract/view.ts';
import { Random } from '../../support/random.ts';
import { Auditor } from './killed-kiosk-auditor.ts';
import type { Story } from './killed-kiosk-evidence.ts';
import { Life } from './killed-kiosk-life.ts';
import {
  type CardId,
  cardReturnMs,
  drawPlan,
  honest,
  type Plan,
  peoplesCards,
  type Trigger,
} from './killed-kiosk-plan.ts';
import type { Program } from './killed-kiosk-program.ts';
import { Visitor } from './killed-kiosk-visitor.ts';
import { WitnessedDisk } from './witnessed-disk.ts';

/** A city's machine where any amount can be had: each is asked for once, so that a payment and a load find their attempt. */
const config = {
  stationName: { 'zh-Hans': '示范站', 'zh-Hant': '示範站', en: 'Demo station' },
  terminalId: '0000000000A1',
  helpLine: '400-000-0000',
  currency: 'CNY',
  defaultLanguage: 'en',
  amounts: { presetsMinor: [2000], minimumMinor: 100, stepMinor: 1 },
  timings: { doneMs: 1_000, cardReturnMs, closingMs: 5_000 },
  devices: {
    reader: { driver: 'simulated' },
    sams: [{ driver: 'simulated' }],
    printer: { driver: 'simulated' },
    terminals: [
      { id: 'bank-card', kind: 'bank-card', phases: 'two', driver: 'simulated' },
      { id: 'mobile', kind: 'mobile', phases: 'one', driver: 'simulated' },
    ],
  },
  cards: { pboc: [cityCard, campusCard] },
};
const firstAmountMinor = 101;

/** A life that does not come to its planned end is ended so long after its first screen … */
const lifeMs = 7_000;
/** … or when nothing new is shown for so long: somebody has left. */
const stillMs = 1_800;
/** A process that shows nothing for so long never will. */
const startMs = 30_000;
const quietMs = 90_000;
const lookEveryMs = 100;

/** How a life ended. */
export type Death = {
  readonly at: string;
  readonly powerCut: Plan['powerCut'];
  /** What a power cut took away: changes of files that were not flushed. */
  readonly lost: number;
  /** The attempt that the journal was last written about. */
  readonly newest: Story | null;
};

/** `problem`: it was not killed. */
type Ending = { readonly at: string; readonly problem: string | null };

export type StationOptions = {
  readonly program: Program;
  /** A folder for its files and what is beside them; made. */
  readonly folder: string;
  /** The witness's library (witnessed-disk.ts). */
  readonly witness: string;
  readonly seed: number;
};

/** One station that is killed again and again. Its files and its people stay the same. */
export class KilledStation {
  readonly deaths: Death[] = [];
  readonly #options: StationOptions;
  readonly #configFile: string;
  readonly #journalFile: string;
  readonly #disk: WitnessedDisk;
  readonly #auditor: Auditor;
  #amountMinor = firstAmountMinor;
  /** The card that was in the reader when the last life ended. */
  #left: CardId | null = null;

  constructor(options: StationOptions) {
    this.#options = options;
    const { folder, witness } = options;
    const files = path.join(folder, 'station');
    mkdirSync(files, { recursive: true });
    this.#configFile = path.join(folder, 'station.json');
    writeFileSync(this.#configFile, JSON.stringify(config));
    this.#journalFile = path.join(files, 'journal.sqlite');
    this.#disk = new WitnessedDisk(files, path.join(folder, 'witness.log'), witness);
    this.#auditor = new Auditor(this.#journalFile, folder);
  }

  /** Live once and be killed. Answers what was found wrong, as sentences; empty: nothing. */
  async killOnce(forced: Partial<Plan> = {}): Promise<readonly string[]> {
    const nth = this.deaths.length + 1;
    const random = new Random(this.#options.seed * 10_000 + nth);
    const plan = { ...drawPlan(random), ...forced };
    const { at, problem } = await this.#liveAndDie(plan);
    this.#disk.learn();
    const lost = plan.powerCut === null ? 0 : this.#disk.cut(plan.powerCut, random);
    const { objections, newest } = this.#auditor.inspect();
    this.deaths.push({ at, powerCut: plan.powerCut, lost, newest });
    const how = plan.powerCut === null ? 'killed' : `power cut, ${plan.powerCut}`;
    return [...(problem === null ? [] : [problem]), ...objections].map(
      (objection) => `seed ${this.#options.seed}, kill ${nth} (${how}, ${at}): ${objection}`,
    );
  }

  /** Live a moment and end in peace: what was compiled for it is kept for those that are killed. */
  async warmUp(): Promise<void> {
    const life = this.#start(() => life.end());
    await life.ended;
  }

  /** Let everybody come back with their card until the machine has nothing left to do. Answers what was found wrong. */
  async settle(): Promise<readonly string[]> {
    const life = this.#start(() => visitor.look());
    let turn = 0;
    const come = (): Visitor => {
      const card = peoplesCards[turn % peoplesCards.length] ?? 'ordinary';
      turn += 1;
      return new Visitor(life, { card, manners: honest, isIn: false, amountMinor: null }, () => {});
    };
    let visitor = come();
    const since = performance.now();
    let problem: string | null = null;
    // Each of them once, and whoever has something open once more.
    while (turn <= peoplesCards.length || life.bench?.journal.unsettled !== 0) {
      await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
      visitor.look();
      if (visitor.isDone) visitor = come();
      if (life.isOver || performance.now() - since > quietMs) {
        problem = `it does not come to rest: ${JSON.stringify(life.shown?.view.screen)}, ${life.said}`;
        break;
      }
    }
    life.end();
    const { code } = await life.ended;
    const { objections } = this.#auditor.inspect();
    return [
      ...(problem === null ? [] : [problem]),
      ...(code === 0 ? [] : [`the last life ended with ${code}`]),
      ...objections,
      ...this.#auditor.close(),
    ].map((objection) => `seed ${this.#options.seed}, at the end: ${objection}`);
  }

  #start(onNews: () => void): Life {
    const seen = (): void => {
      if (life.shown !== null) this.#auditor.shown(life.shown.view.screen);
      onNews();
    };
    const life: Life = new Life(
      {
        program: this.#options.program,
        configFile: this.#configFile,
        journalFile: this.#journalFile,
        environment: this.#disk.environment,
      },
      seen,
    );
    return life;
  }

  async #liveAndDie({ death, manners, staysOn, card }: Plan): Promise<Ending> {
    let diedAt: string | null = null;
    const die = (where: string, afterMs: number): void => {
      if (diedAt !== null) return;
      diedAt = where;
      setTimeout(() => life.kill(), afterMs);
    };
    const meet = (trigger: Trigger): void => {
      if (trigger === death.at) die(`${death.afterMs} ms after "${trigger}"`, death.afterMs);
    };
    const life = this.#start(() => {
      const screen = life.shown?.view.screen;
      if (screen !== undefined) meet(screen.kind);
      if (life.views >= death.views) meet('views');
      visitor.look();
    });
    const come = (who: CardId, isIn: boolean): Visitor => {
      const amountMinor = this.#amountMinor;
      this.#amountMinor += 1;
      const errand = { card: who, manners, isIn, amountMinor };
      return new Visitor(life, errand, () => meet('approved'));
    };
    const stays = staysOn ? this.#left : null;
    let visitor = come(stays ?? card, stays !== null);
    meet('start');
    const patience = new Patience(death.at === 'see-staff' ? cardReturnMs : 0);
    const looking = setInterval(() => {
      visitor.look();
      // Who came only to settle what was left makes room for somebody else.
      if (visitor.isDone && visitor.hasChosen) die('after a whole visit', 0);
      else if (visitor.isDone) visitor = come(card, false);
      if (patience.endsAt(life.shown?.view.screen ?? null)) die('in the end', 0);
    }, lookEveryMs);
    const { signal, code } = await life.ended;
    clearInterval(looking);
    this.#left = peoplesCards.find((each) => each === life.bench?.inserted) ?? null;
    const at = `${diedAt ?? 'nobody killed it'}, at ${life.shown?.view.screen.kind ?? 'nothing'}`;
    return {
      at,
      problem: signal === 'SIGKILL' ? null : `it ended by itself (${code}): ${life.said}`,
    };
  }
}

/** Decides when a life has gone on for long enough without coming to its planned end. */
class Patience {
  readonly #startedMs = performance.now();
  #firstMs = Number.POSITIVE_INFINITY;
  #changedMs = Number.POSITIVE_INFINITY;
  #kind: Screen['kind'] | null = null;
  readonly #moreMs: number;

  constructor(moreMs: number) {
    this.#moreMs = moreMs;
  }

  endsAt(screen: Screen | null): boolean {
    const nowMs = performance.now();
    if (screen !== null && screen.kind !== this.#kind) {
      this.#kind = screen.kind;
      this.#changedMs = nowMs;
      this.#firstMs = Math.min(this.#firstMs, nowMs);
    }
    return (
      nowMs - this.#firstMs > lifeMs + this.#moreMs ||
      nowMs - this.#changedMs > stillMs + this.#moreMs ||
      nowMs - this.#startedMs > startMs
    );
  }
}
