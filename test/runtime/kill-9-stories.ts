import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { expect } from 'vitest';
import type { Journal } from '../../db/port.ts';
import { openJournal } from '../../db/sqlite-journal.ts';
import { benchCards, cardFromMemory } from '../../hardware/rig/drawer.ts';
import { readWorld } from '../../hardware/rig/world-file.ts';
import type { PaymentPhases } from '../../main/contract/payment.ts';
import { attemptOf } from '../../main/runtime/attempt-record.ts';
import type { PaperState } from '../../main/session/attempt.ts';
import type { Told } from './kill-9-child.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
mkdirSync(path.join(root, 'out'), { recursive: true });
/** Inside the project, so that the packages that are not bundled are found. */
const folder = mkdtempSync(path.join(root, 'out', 'kill-9-'));

/** Finding and compiling two hundred files takes longer than a life: all lives share one bundle. */
async function bundleChild(): Promise<void> {
  await build({
    configFile: false,
    root,
    logLevel: 'error',
    ssr: { noExternal: true, external: ['better-sqlite3'] },
    build: {
      ssr: path.join(root, 'test/runtime/kill-9-child.ts'),
      outDir: folder,
      emptyOutDir: false,
    },
  });
  cpSync(path.join(root, 'db/migrations'), path.join(folder, 'migrations'), { recursive: true });
}

const startBalance = 3_620;
const amountMinor = 5_000;
/** Of an ordinary card before the top-up: six at the issuer's, one in its past. */
const startLoads = 7;

type Life = { readonly signal: string | null; readonly code: number | null; readonly told: Told };

function live(...parts: readonly string[]): Promise<Life> {
  return new Promise((resolve, reject) => {
    const process_ = spawn(process.execPath, [path.join(folder, 'kill-9-child.js'), ...parts], {
      env: { PATH: process.env.PATH, NODE_COMPILE_CACHE: path.join(folder, 'compiled') },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let out = '';
    let problem = '';
    process_.stdout.on('data', (text) => {
      out += text;
    });
    process_.stderr.on('data', (text) => {
      problem += text;
    });
    process_.once('error', reject);
    process_.once('close', (code, signal) => {
      if (out === '') reject(new Error(`the process said nothing: ${problem}`));
      else resolve({ signal, code, told: JSON.parse(out) });
    });
  });
}

type Story = {
  readonly diedAt: string;
  /** What became of the money, in words. */
  readonly ending: string;
  /** What should have become of it. */
  readonly due: string;
  readonly faults: readonly string[];
  /** How far its slip was when it died. */
  readonly paper: PaperState;
};

export const loaded = 'charged and loaded, once';
export const untouched = 'neither charged nor loaded';

function booksOf(place: string) {
  const world = readWorld(path.join(place, 'journal.world.json'));
  const card = world.kind === 'done' ? world.memory?.cards.ordinary : undefined;
  const till = world.kind === 'done' ? world.memory?.terminals.till : undefined;
  if (card === undefined || till === undefined) throw new Error('the world is gone');
  const spec = benchCards.find(({ id }) => id === 'ordinary');
  const purse = spec === undefined ? null : cardFromMemory(spec, card).purse();
  if (purse === null) throw new Error('the card is no purse');
  return { balanceMinor: purse.balanceMinor, till, loads: purse.loads - startLoads };
}

/** What the card and the bank say, by their own books. */
function endingOf(place: string): string {
  const { balanceMinor, till, loads } = booksOf(place);
  const money = till.entries.map(({ status, amountMinor: of }) => `${status} ${of}`).join(', ');
  const balance = balanceMinor - startBalance;
  if (loads === 1 && balance === amountMinor && money === `captured ${amountMinor}`) {
    return loaded;
  }
  const uncharged = money === '' || money === `reversed ${amountMinor}`;
  if (loads === 0 && balance === 0 && uncharged) return untouched;
  return `${loads} loads of ${balance} in all, and at the bank: ${money}`;
}

/** Where a process was killed: its journal and its world as they lay on the disk. */
type Wreck = { readonly place: string; readonly diedAt: string };

/** Kill a life at a boundary, by its name or its number. Null when it ends before it comes there. */
export async function wreck(
  phases: PaymentPhases,
  death: string,
  on: Wreck | null,
): Promise<Wreck | null> {
  const place = mkdtempSync(path.join(folder, 'station-'));
  if (on !== null) cpSync(on.place, place, { recursive: true });
  const { signal, code, told } = await live(
    on === null ? 'top-up' : 'recover',
    place,
    phases,
    death,
  );
  expect(told.faults).toEqual([]);
  if (signal === 'SIGKILL') {
    const at = told.diedAt ?? '';
    return { place, diedAt: on === null ? at : `${on.diedAt}, then ${at}` };
  }
  expect(code).toBe(0);
  return null;
}

function paperOf(journal: Journal): PaperState {
  const row = journal.newest(1).find(({ attempt }) => attempt !== '-');
  return row === undefined ? 'none' : attemptOf(row).paper;
}

/** Start what was killed again, and let it come to its end. */
async function recovery(phases: PaymentPhases, { place, diedAt }: Wreck): Promise<Story> {
  // The person has gone. From here on only the card knows whether it was loaded; the money has to follow it.
  const due = booksOf(place).loads === 1 ? loaded : untouched;
  const left = openJournal(path.join(place, 'journal.sqlite'));
  const paper = paperOf(left);
  left.close();
  const last = await live('recover', place, phases);
  const faults = [...last.told.faults];
  if (last.code !== 0) faults.push(`the last life ended with ${last.code}`);
  const journal = openJournal(path.join(place, 'journal.sqlite'));
  const chain = journal.verify();
  if (chain.kind === 'broken') faults.push(`journal row ${chain.row}: ${chain.what}`);
  for (const { attempt } of journal.unsettled()) faults.push(`${attempt} is not settled`);
  journal.close();
  return { diedAt, ending: endingOf(place), due, faults, paper };
}

/** A story for every boundary of the first life, or of the one on a wreck, two at a time. Each must end as it should. */
export async function everyStory(
  phases: PaymentPhases,
  on: Wreck | null = null,
): Promise<readonly Story[]> {
  const stories: Story[] = [];
  let next = 1;
  let more = true;
  const lane = async (): Promise<void> => {
    while (more) {
      const nth = next;
      next += 1;
      const found = await wreck(phases, String(nth), on);
      if (found === null) more = false;
      else stories.push(await recovery(phases, found));
    }
  };
  await Promise.all([lane(), lane()]);
  for (const { diedAt, ending, due, faults } of stories) {
    expect({ diedAt, ending, faults }).toEqual({ diedAt, ending: due, faults: [] });
  }
  return stories;
}

/** One life that nobody kills, which all the others are compared with. Before any story. */
export async function wholeLife(): Promise<void> {
  await bundleChild();
  const place = path.join(folder, 'whole');
  mkdirSync(place);
  await live('top-up', place, 'two');
  expect(endingOf(place)).toBe(loaded);
}

export function removeLives(): void {
  rmSync(folder, { recursive: true, force: true });
}
