import { afterEach } from 'vitest';
import { type Journal, type JournalEntry, JournalFault } from '../../db/port.ts';
import { openJournal } from '../../db/sqlite-journal.ts';
import { createRig, type Rig } from '../../hardware/rig/rig.ts';
import { currencies, minorUnits } from '../../main/contract/money.ts';
import type { PaymentMeans } from '../../main/contract/payment.ts';
import { type Station, type StationParts, startStation } from '../../main/runtime/station.ts';
import { quietLog } from '../support/quiet-log.ts';
import { Random } from '../support/random.ts';
import { TestScreen } from '../support/screen.ts';
import { testTerms } from '../support/terms.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const means: readonly PaymentMeans[] = [{ id: 'bank-card', kind: 'bank-card', phases: 'two' }];

/** A journal that can be told to fail. */
class BrittleJournal {
  readonly rows: string[] = [];
  fault: JournalFault | null = null;
  /** How many rows it takes before it fails; null: as many as there are. */
  roomForRows: number | null = null;
  readonly #journal: Journal;

  constructor(file: string) {
    this.#journal = openJournal(file);
  }

  /** A row from before this start. */
  leave(entry: JournalEntry): void {
    this.#journal.append([entry]);
  }

  open(): Journal {
    const unlessBroken = <T>(deed: (journal: Journal) => T): T => {
      if (this.fault !== null) throw this.fault;
      return deed(this.#journal);
    };
    const journal = unlessBroken((whole) => whole);
    return {
      seal: journal.seal,
      append: (entries) => {
        if (this.fault !== null) throw this.fault;
        if (this.roomForRows === 0) throw new JournalFault('disk-full', 'no room in the test');
        if (this.roomForRows !== null) this.roomForRows -= 1;
        journal.append(entries);
        this.rows.push(...entries.map(({ kind }) => kind));
      },
      unsettled: () => journal.unsettled(),
      rows: (after, limit) => journal.rows(after, limit),
      newest: (limit) => journal.newest(limit),
      attempt: (reference) => unlessBroken((whole) => whole.attempt(reference)),
      attemptsOfCard: (number, limit) =>
        unlessBroken((whole) => whole.attemptsOfCard(number, limit)),
      verify: () => journal.verify(),
      close: () => {},
    };
  }
}

/** A station on simulated devices, its screen, and the hands of everybody around it. */
export type Scene = {
  readonly clock: VirtualClock;
  readonly rig: Rig;
  readonly journal: BrittleJournal;
  readonly screen: TestScreen;
  readonly station: Station;
  readonly log: ReturnType<typeof quietLog>;
};

const running: Station[] = [];

afterEach(() => {
  for (const station of running.splice(0)) station.abandon();
});

/** Begins in the moment when the devices have spoken. It is given up after the test. */
export async function start(
  prepare: (journal: BrittleJournal) => void = () => {},
  {
    journalFile = ':memory:',
    ...more
  }: Pick<StationParts, 'freeBytes' | 'closeBooks'> & { readonly journalFile?: string } = {},
): Promise<Scene> {
  const clock = new VirtualClock();
  const random = new Random(7);
  const rig = createRig({
    clock,
    randomBytes: (length) => Uint8Array.from({ length }, () => random.below(256)),
    speeds: 'instant',
    payments: 'by-hand',
    currency: currencies.CNY,
    means,
  });
  const journal = new BrittleJournal(journalFile);
  prepare(journal);
  const log = quietLog();
  const { clock: tethered, ...ports } = rig.openPorts();
  const station = startStation({
    terms: { ...testTerms, means },
    ports,
    openJournal: () => journal.open(),
    ...more,
    clock: tethered,
    chance: () => random.hex(10),
    log,
    onFatal: (error) => {
      throw error;
    },
  });
  running.push(station);
  const screen = new TestScreen();
  station.attach(screen);
  await clock.settle();
  return { clock, rig, journal, screen, station, log };
}

/** Let time pass until this screen is there. */
export const shows = (set: Scene, kind: string): Promise<void> =>
  set.clock.until(() => set.screen.screen.kind === kind, 120_000);

/** Up to the confirm screen, ¥50 chosen. */
export async function chooseFifty(set: Scene): Promise<void> {
  await shows(set, 'attract');
  set.rig.insert('ordinary');
  await shows(set, 'card');
  set.screen.tap({ kind: 'begin-top-up' });
  set.screen.tap({ kind: 'choose-amount', amountMinor: minorUnits(5_000) });
}

/** What the bank says. */
export function payments(set: Scene): readonly { status: string }[] {
  return set.rig.books().payments.get('bank-card') ?? [];
}
