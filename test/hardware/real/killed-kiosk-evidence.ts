import { copyFileSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { JournalFault, type JournalRow, noAttempt, type VerifyAnswer } from '../../../db/port.ts';
import { openJournalToRead } from '../../../db/sqlite-journal.ts';
import {
  benchCards,
  cardFromMemory,
  type DrawerCard,
  makeCard,
  type PurseBooks,
  type PurseSpec,
} from '../../../hardware/rig/drawer.ts';
import type { RigMemory } from '../../../hardware/rig/rig-memory.ts';
import { readWorld, worldFileBeside } from '../../../hardware/rig/world-file.ts';
import { attemptOf } from '../../../main/runtime/attempt-record.ts';
import type { Attempt } from '../../../main/session/attempt.ts';

/** What a journal tells of an attempt, from its first row to its last. */
export type Story = {
  readonly rows: readonly JournalRow[];
  /** As each row has it, oldest first. */
  readonly steps: readonly Attempt[];
  readonly last: Attempt;
  readonly isSettled: boolean;
};

export type Evidence =
  /** It cannot be read: a first start that was cut off, or damage. */
  | { readonly kind: 'unreadable'; readonly why: string }
  | {
      readonly kind: 'read';
      readonly verified: VerifyAnswer;
      /** By reference, in the order in which they began. */
      readonly stories: ReadonlyMap<string, Story>;
      /** The attempt that the newest row about one is about. */
      readonly newest: Story | null;
    };

/**
 * What a dead station's journal tells, with its head, read from a copy of its files: to look is to touch them. `scratch`: a
 * folder for the copy.
 */
export function readEvidence(journalFile: string, scratch: string): Evidence {
  const copy = mkdtempSync(path.join(scratch, 'evidence-'));
  const { dir, base } = path.parse(journalFile);
  for (const name of readdirSync(dir)) {
    if (name.startsWith(base) && !name.endsWith('-shm')) {
      copyFileSync(path.join(dir, name), path.join(copy, name));
    }
  }
  try {
    return readJournal(path.join(copy, base));
  } catch (error) {
    if (error instanceof JournalFault) return { kind: 'unreadable', why: error.message };
    throw error;
  } finally {
    rmSync(copy, { recursive: true });
  }
}

function readJournal(file: string): Evidence {
  if (!existsSync(file)) return { kind: 'unreadable', why: 'there is none' };
  const journal = openJournalToRead(file);
  try {
    const verified = journal.verify();
    const rows = journal
      .rows(0, Number.MAX_SAFE_INTEGER)
      .filter(({ attempt }) => attempt !== noAttempt);
    const byAttempt = Map.groupBy(rows, ({ attempt }) => attempt);
    const stories = new Map([...byAttempt].map(([reference, of]) => [reference, storyOf(of)]));
    const newest = stories.get(rows.at(-1)?.attempt ?? noAttempt) ?? null;
    return { kind: 'read', verified, stories, newest };
  } finally {
    journal.close();
  }
}

function storyOf(rows: readonly JournalRow[]): Story {
  const steps = rows.map(attemptOf);
  const last = steps.at(-1);
  if (last === undefined) throw new Error('a story without a row');
  return { rows, steps, last, isSettled: rows.at(-1)?.settled ?? false };
}

/** An attempt's story in a few lines, for whoever has to find out what went wrong. */
export function storyInWords({ rows, steps }: Story): string {
  return rows
    .map(({ seq, kind }, at) => {
      const { money, card, paper } = steps[at] ?? {};
      return `  row ${seq} ${kind}: ${money} × ${card} × ${paper}`;
    })
    .join('\n');
}

export type Payment = {
  readonly terminal: string;
  readonly amountMinor: number;
  readonly phases: 'one' | 'two';
  readonly status: 'authorised' | 'captured' | 'reversed';
};

/** What cards and banks say of themselves. */
export type OutsideBooks = {
  /** Oldest first; without what was declined. */
  readonly payments: readonly Payment[];
  /** Every load that is in a card's log now. */
  readonly loads: readonly {
    readonly card: string;
    readonly counter: number;
    readonly amountMinor: number;
  }[];
  readonly purses: ReadonlyMap<string, { readonly balanceMinor: number; readonly loads: number }>;
};

/** Read what the devices remember beside a journal; before their first deed they remember nothing. */
export function readOutsideBooks(journalFile: string): OutsideBooks {
  const world = readWorld(worldFileBeside(journalFile));
  if (world.kind === 'damaged') throw new Error(world.why);
  const memory: RigMemory = world.memory ?? { cards: {}, terminals: {} };
  const payments = Object.entries(memory.terminals).flatMap(([terminal, { entries }]) =>
    entries.flatMap(({ amountMinor, kind, status }): Payment[] => {
      const phases = kind === 'payment' ? 'one' : 'two';
      return status === 'declined' ? [] : [{ terminal, amountMinor, phases, status }];
    }),
  );
  const cards = Object.entries(memory.cards).map(
    ([id, remembered]) => [id, cardFromMemory(specOf(id), remembered)] as const,
  );
  const loads = cards.flatMap(([id, card]) =>
    card
      .loads()
      .filter(({ amountMinor }) => !wasLoadedBefore(id, amountMinor))
      .map((row) => ({ card: id, ...row })),
  );
  const purses = cards.map(([id, card]) => [id, purseOf(card)] as const);
  return { payments, loads, purses: new Map(purses) };
}

/** Nobody asks for the amounts here that are in the cards' past. */
function wasLoadedBefore(card: string, amountMinor: number): boolean {
  return loadsBefore(card).includes(amountMinor);
}

/** What was on a card before its first day at this station. */
export function purseAtFirst(card: string): {
  readonly balanceMinor: number;
  readonly loads: number;
} {
  const randomBytes = (length: number): Uint8Array => new Uint8Array(length);
  return purseOf(makeCard(specOf(card), { randomBytes, wallMs: 0, onWritten: () => {} }));
}

function purseOf({ spec, purse }: DrawerCard): PurseBooks {
  const books = purse();
  if (books === null) throw new RangeError(`${spec.id} is no purse`);
  return books;
}

function loadsBefore(card: string): readonly number[] {
  return (specOf(card).past ?? []).flatMap(({ kind, amountMinor }) =>
    kind === 'load' ? [amountMinor] : [],
  );
}

function specOf(card: string): PurseSpec {
  const spec = benchCards.find(({ id }) => id === card);
  if (spec === undefined || !('number' in spec)) {
    throw new RangeError(`no purse is called ${card}`);
  }
  return spec;
}
