import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { JournalFault } from '../../../db/port.ts';
import { openJournal } from '../../../db/sqlite-journal.ts';
import { createRig, type Rig } from '../../../hardware/rig/rig.ts';
import { assertInNamespaces } from '../../../hardware/rig/virtual/namespaces.ts';
import { minorUnits } from '../../../main/contract/money.ts';
import { type Station, startStation } from '../../../main/runtime/station.ts';
import { composeStation } from '../../../main/shell/compose.ts';
import { quietLog } from '../../support/quiet-log.ts';
import { Random } from '../../support/random.ts';
import { TestScreen } from '../../support/screen.ts';
import { testTerms } from '../../support/terms.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

/** A disk of its own, in memory, where a journal lies. */
let disk: string;
let journalFile: string;
const stations: Station[] = [];

beforeEach(() => {
  assertInNamespaces();
  disk = mkdtempSync(path.join(tmpdir(), 'addvalue-disk-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m,mode=777', 'tmpfs', disk]);
  journalFile = path.join(disk, 'journal.sqlite');
});

afterEach(() => {
  for (const station of stations.splice(0)) station.abandon();
  execFileSync('umount', [disk]);
  rmSync(disk, { recursive: true });
});

/** Fill the disk with something else, up to this many bytes. */
function leave(bytes: number): void {
  rmSync(filler(), { force: true });
  const { bavail, bsize } = statfsSync(disk);
  writeFileSync(filler(), Buffer.alloc(Math.max(0, bavail * bsize - bytes)));
}

const filler = (): string => path.join(disk, 'filler');

function remount(options: string): void {
  execFileSync('mount', ['-o', `remount,${options}`, disk]);
}

function faultOf(deed: () => unknown): string {
  try {
    deed();
  } catch (error) {
    if (error instanceof JournalFault) return error.kind;
    throw error;
  }
  return 'none';
}

const entry = (attempt: string) => ({
  wallMs: 1,
  kind: 'credit-unknown',
  attempt,
  settled: true,
  body: JSON.stringify({ note: 'x'.repeat(900) }),
});

function fillUp(): number {
  const journal = openJournal(journalFile);
  let rows = 0;
  const fault = faultOf(() => {
    for (; rows < 100_000; rows += 1) journal.append([entry(`A-${rows}`)]);
  });
  expect(fault).toBe('disk-full');
  expect(journal.verify()).toEqual({ kind: 'whole', rows });
  journal.close();
  return rows;
}

describe('a journal on a disk that is full', () => {
  it('takes what there is room for, is whole, and goes on when there is room', () => {
    const rows = fillUp();
    expect(rows).toBeGreaterThan(100);
    remount('size=4m');
    const journal = openJournal(journalFile);
    journal.append([entry('B-1')]);
    expect(journal.verify()).toEqual({ kind: 'whole', rows: rows + 1 });
    journal.close();
  });

  it('is named at the start, however little room there is, and nothing of it is lost', () => {
    openJournal(journalFile).close();
    for (let room = 0; room <= 128; room += 4) {
      leave(room * 1_024);
      expect(['none', 'disk-full'], `${room} KiB`).toContain(startAndWrite());
    }
    rmSync(filler());
    const journal = openJournal(journalFile);
    expect(journal.verify()).toMatchObject({ kind: 'whole' });
    expect(journal.newest(1)).toHaveLength(1);
    journal.close();
  });

  it('is begun whole or not at all', () => {
    const faults = new Set<string>();
    for (let room = 0; room <= 160; room += 4) {
      leave(room * 1_024);
      faults.add(faultOf(() => openJournal(journalFile).close()));
      rmSync(filler());
      // What a first start left that found no room is taken up by the next one.
      openJournal(journalFile).close();
      for (const end of ['', '-wal', '-shm', '-head', '-writer', '.key']) {
        rmSync(journalFile + end, { force: true });
      }
    }
    expect([...faults].sort()).toEqual(['disk-full', 'none']);
  });
});

describe('a journal that cannot be written', () => {
  it('for its disk is mounted to be read only is named, and works again afterwards', () => {
    fillUp();
    remount('size=4m');
    remount('ro');
    expect(faultOf(() => openJournal(journalFile))).toBe('read-only');
    remount('rw');
    openJournal(journalFile).close();
  });

  it('for its file alone is to be read only is named, and SQLite leaves nothing beside it', () => {
    openJournal(journalFile).close();
    execFileSync('mount', ['--bind', journalFile, journalFile]);
    execFileSync('mount', ['-o', 'remount,bind,ro', journalFile]);
    expect(startAndWrite()).toBe('read-only');
    execFileSync('umount', [journalFile]);
    expect(existsSync(`${journalFile}-wal`)).toBe(false);
    expect(startAndWrite()).toBe('none');
  });

  it.skipIf(!mayBecome(nobody))('for its head or its folder belongs to others is named', () => {
    openJournal(journalFile).close();
    execFileSync('chown', ['-R', String(nobody), disk]);
    for (const [place, shut, open] of [
      [`${journalFile}-head`, 0o400, 0o600],
      [disk, 0o500, 0o700],
    ] as const) {
      chmodSync(place, shut);
      expect(asNobody(startAndWrite), place).toBe('read-only');
      chmodSync(place, open);
      expect(asNobody(startAndWrite), place).toBe('none');
    }
    chmodSync(`${journalFile}.key`, 0o000);
    expect(asNobody(startAndWrite)).toBe('not-ready');
  });
});

/** What a station does first with its journal. */
function startAndWrite(): string {
  return faultOf(() => {
    const journal = openJournal(journalFile);
    try {
      journal.append([entry('A-1')]);
    } finally {
      journal.close();
    }
  });
}

/** A user without rights: in a namespace made without root there is none. */
const nobody = 65_534;

function mayBecome(user: number): boolean {
  try {
    process.seteuid?.(user);
    process.seteuid?.(0);
    return true;
  } catch {
    return false;
  }
}

function asNobody<T>(deed: () => T): T {
  process.seteuid?.(nobody);
  try {
    return deed();
  } finally {
    process.seteuid?.(0);
  }
}

type Scene = { readonly clock: VirtualClock; readonly rig: Rig; readonly screen: TestScreen };

/** `gated`: as it is composed for a real station; else only its journal tells it that the disk is full. */
async function startHere(gated: boolean): Promise<Scene> {
  const clock = new VirtualClock();
  const random = new Random(7);
  const means = [{ id: 'bank-card', kind: 'bank-card', phases: 'two' }] as const;
  const rig = createRig({
    clock,
    randomBytes: (length) => Uint8Array.from({ length }, () => random.below(256)),
    speeds: 'instant',
    payments: 'by-hand',
    currency: testTerms.currency,
    means,
  });
  const { clock: tethered, ...ports } = rig.openPorts();
  const shared = { terms: { ...testTerms, means }, ports, clock: tethered, log: quietLog() };
  const station = gated
    ? composeStation({ ...shared, journalFile })
    : startStation({
        ...shared,
        openJournal: () => openJournal(journalFile),
        chance: () => random.hex(10),
        onFatal: (error) => {
          throw error;
        },
      });
  stations.push(station);
  const screen = new TestScreen();
  station.attach(screen);
  await clock.settle();
  return { clock, rig, screen };
}

const diskFull = { kind: 'out-of-service', faults: [{ device: 'journal', fault: 'disk-full' }] };

describe('a station on a small disk', () => {
  it('offers nobody a payment until there is room', async () => {
    const { clock, screen } = await startHere(true);
    await clock.until(() => screen.screen.kind === 'out-of-service', 20_000);
    expect(screen.screen).toMatchObject(diskFull);
    remount('size=64m');
    await clock.until(() => screen.screen.kind === 'attract', 20_000);
    remount('size=12m');
    await clock.until(() => screen.screen.kind === 'out-of-service', 20_000);
    expect(screen.screen).toMatchObject(diskFull);
  });

  it('that fills at any step of a top-up says so, and neither money nor load is lost or doubled', async () => {
    const ends = new Map<string, number>();
    for (let room = 0; room <= 240; room += 8) {
      const end = await topUpWithRoom(room * 1_024);
      ends.set(end, (ends.get(end) ?? 0) + 1);
    }
    expect([...ends.keys()].sort()).toEqual(['finished', 'interrupted']);
  }, 60_000);
});

/** One top-up from here on with this many bytes left on the disk, which is cleared once the station has said that it is full. */
async function topUpWithRoom(bytes: number): Promise<'finished' | 'interrupted'> {
  rmSync(filler(), { force: true });
  for (const end of ['', '-wal', '-shm', '-head', '-writer', '.key']) {
    rmSync(journalFile + end, { force: true });
  }
  const { clock, rig, screen } = await startHere(false);
  const payments = () => (rig.books().payments.get('bank-card') ?? []).map(({ status }) => status);
  const shows = (kind: string) => clock.until(() => screen.screen.kind === kind, 120_000);
  await shows('attract');
  rig.insert('ordinary');
  await shows('card');
  const before = rig.books().purses.get('ordinary')?.balanceMinor ?? 0;
  screen.tap({ kind: 'begin-top-up' });
  screen.tap({ kind: 'choose-amount', amountMinor: minorUnits(5_000) });
  leave(bytes);
  screen.tap({ kind: 'confirm' });
  const isFull = () => screen.screen.kind === 'out-of-service';
  await clock.until(() => isFull() || rig.terminal('bank-card').device.waiting, 120_000);
  if (!isFull()) {
    await clock.until(() => rig.terminal('bank-card').approve());
    await clock.until(() => isFull() || screen.screen.kind === 'receipt', 120_000);
  }
  const end = isFull() ? 'interrupted' : 'finished';
  if (isFull()) expect(screen.screen).toMatchObject(diskFull);
  rmSync(filler());
  await clock.until(
    () => !isFull() && payments().every((status) => ['captured', 'reversed'].includes(status)),
    300_000,
  );
  const after = rig.books().purses.get('ordinary')?.balanceMinor ?? 0;
  expect(payments().length).toBeLessThanOrEqual(1);
  expect(after - before).toBe(payments()[0] === 'captured' ? 5_000 : 0);
  const station = stations.pop();
  expect(station?.journal?.verify()).toMatchObject({ kind: 'whole' });
  station?.abandon();
  return end;
}
