import { join } from 'node:path';
import type { Journal } from '../../db/port.ts';
import { openJournal } from '../../db/sqlite-journal.ts';
import { openPcscReader } from '../../hardware/reader/pcsc.ts';
import { firstReader } from '../../hardware/rig/virtual/pcscd.ts';
import { systemClock } from '../../main/runtime/clock.ts';
import { CardInSlot } from './card-in-slot.ts';
import { CardsAtWork } from './cards-at-work.ts';
import { type Figure, figureWithin } from './figure.ts';
import { inTurn, type Rounds, timed } from './rounds.ts';
import { rememberingSam } from './sam.ts';
import { steps, topUpEntries } from './top-up-entries.ts';

/*
 * Whether a station that has served for years is slower than a new one: the same deeds with a journal of a thousand rows
 * and with one of a million, in turn. Both are closed and opened again after they were filled, so that all of either is in
 * its file, and both grow by the same rows while they are measured.
 */

const limit = 1.1;
const few = 1_000;
const many = 1_000_000;
const filledAtOnce = 10_000;
const rounds = 200;

export type Growth = {
  /** `bare` is the journal with few rows, `ours` the one with many. */
  readonly figures: readonly Figure[];
  readonly fillSeconds: number;
};

/** `folder`: for the files, on the disk. */
export async function measureGrowth(folder: string): Promise<Growth> {
  const files = { few: join(folder, 'few.sqlite'), many: join(folder, 'many.sqlite') };
  fill(files.few, few);
  const fillMs = await timed(() => fill(files.many, many));
  const start = await figureWithin(limit, 'start: open, and what is unsettled', () =>
    inTurn(40, {
      ours: () => timed(() => startOver(files.many)),
      bare: () => timed(() => startOver(files.few)),
    }),
  );
  const journals = { few: openJournal(files.few), many: openJournal(files.many) };
  try {
    return {
      fillSeconds: fillMs / 1_000,
      figures: [
        start,
        await figureWithin(limit, 'journal step', () => compareSteps(journals)),
        ...(await compareCards(journals)),
      ],
    };
  } finally {
    journals.few.close();
    journals.many.close();
  }
}

type Journals = { readonly few: Journal; readonly many: Journal };

function fill(file: string, rows: number): void {
  const journal = openJournal(file);
  const source = steps();
  for (let filled = 0; filled < rows; filled += filledAtOnce) {
    const length = Math.min(filledAtOnce, rows - filled);
    journal.append(Array.from({ length }, () => source.next().value));
  }
  journal.close();
}

/** What a start does with the journal before it looks at the devices. */
function startOver(file: string): void {
  const journal = openJournal(file);
  const left = journal.unsettled();
  journal.close();
  if (left.length !== 1) throw new Error(`${left.length} attempts are unsettled, not the last one`);
}

function compareSteps({ few, many }: Journals): Promise<Rounds> {
  const fewSteps = steps();
  const manySteps = steps();
  return inTurn(1_200, {
    ours: () => timed(() => many.append([manySteps.next().value])),
    bare: () => timed(() => few.append([fewSteps.next().value])),
  });
}

async function compareCards({ few, many }: Journals): Promise<readonly Figure[]> {
  const slot = new CardInSlot();
  const cards = new CardsAtWork(
    openPcscReader({ readerName: `^${firstReader}$`, clock: systemClock, log: () => {} }),
    rememberingSam(),
    'pboc',
  );
  try {
    await slot.insert('pboc', 0);
    await cards.untilCard(true);
    return [
      await figureWithin(limit, 'card placed → balance', () =>
        inTurn(rounds, {
          ours: () => timed(() => cards.read()),
          bare: () => timed(() => cards.read()),
        }),
      ),
      await figureWithin(limit, 'load with proof and its journal rows', () =>
        inTurn(rounds, {
          ours: () => timeLoad(slot, cards, many),
          bare: () => timeLoad(slot, cards, few),
        }),
      ),
    ];
  } finally {
    await cards.close();
    await slot.end();
  }
}

async function timeLoad(slot: CardInSlot, cards: CardsAtWork, journal: Journal): Promise<number> {
  const rows = new Map(topUpEntries('BENCH-LOAD').map((entry) => [entry.kind, [entry]]));
  const ms = await timed(async () => {
    await cards.prepare();
    journal.append(rows.get('credit-prepared') ?? []);
    await cards.credit();
    journal.append(rows.get('credit-proved') ?? []);
  });
  await slot.rewind();
  return ms;
}
