import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { createRig } from '../../hardware/rig/rig.ts';
import { composeStation, journalFault } from '../../main/shell/compose.ts';
import { quietLog } from '../support/quiet-log.ts';
import { Random } from '../support/random.ts';
import { TestScreen } from '../support/screen.ts';
import { testTerms } from '../support/terms.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

test('a journal whose folder cannot be made is named on screen, said once, and tried until it works', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'addvalue-compose-'));
  // Where the folder should be there is a file: not even root can write below it.
  const inTheWay = path.join(folder, 'var');
  writeFileSync(inTheWay, '');
  const journalFile = path.join(inTheWay, 'journal.sqlite');
  const clock = new VirtualClock();
  const random = new Random(5);
  const log = quietLog();
  const rig = createRig({
    clock,
    randomBytes: (length) => Uint8Array.from({ length }, () => random.below(256)),
    speeds: 'instant',
    payments: 'at-once',
    currency: testTerms.currency,
    means: testTerms.means,
  });
  const { clock: tethered, ...ports } = rig.openPorts();
  const station = composeStation({ terms: testTerms, ports, journalFile, clock: tethered, log });
  const screen = new TestScreen();
  station.attach(screen);

  expect(screen.screen).toMatchObject({
    kind: 'out-of-service',
    faults: [{ device: 'journal', fault: 'read-only' }],
    notes: [expect.stringContaining(`the journal's folder ${inTheWay} cannot be made`)],
  });
  expect(screen.view.helpLine).toBe(testTerms.helpLine);
  await clock.advance(60_000);
  expect(screen.screen.kind).toBe('out-of-service');
  expect(log.lines).toHaveLength(1);

  rmSync(inTheWay);
  await clock.until(() => screen.screen.kind === 'attract', 20_000);
  expect(existsSync(journalFile)).toBe(true);
  expect(journalFault(journalFile)?.kind).toBe('busy');
  await station.close();
  expect(journalFault(journalFile)).toBeNull();
  rmSync(folder, { recursive: true });
});

test("a journal's key is where the configuration says, and nowhere else", () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'addvalue-compose-'));
  const journalFile = path.join(folder, 'journal.sqlite');
  const keyFile = path.join(folder, 'elsewhere');
  expect(journalFault(journalFile, keyFile)).toBeNull();
  expect(existsSync(keyFile)).toBe(true);
  expect(existsSync(`${journalFile}.key`)).toBe(false);
  expect(journalFault(journalFile)?.kind).toBe('not-ready');
  rmSync(folder, { recursive: true });
});

test('the books of a day are closed at night by themselves, and are whole', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'addvalue-compose-'));
  const journalFile = path.join(folder, 'journal.sqlite');
  const clock = new VirtualClock();
  const random = new Random(5);
  const rig = createRig({
    clock,
    randomBytes: (length) => Uint8Array.from({ length }, () => random.below(256)),
    speeds: 'instant',
    payments: 'at-once',
    currency: testTerms.currency,
    means: testTerms.means,
  });
  const { clock: tethered, ...ports } = rig.openPorts();
  const log = quietLog();
  const station = composeStation({ terms: testTerms, ports, journalFile, clock: tethered, log });
  await clock.advance(24 * 60 * 60_000);
  expect(station.journal?.rows(0, 100).map(({ kind }) => kind)).toEqual([
    'started',
    'books-closed',
  ]);
  expect(station.journal?.verify()).toEqual({ kind: 'whole', rows: 2 });
  await station.close();
  rmSync(folder, { recursive: true });
}, 30_000);
