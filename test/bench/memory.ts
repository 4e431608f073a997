import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type Figure, figureOf } from './figure.ts';
import type { MemoryReading } from './memory-kiosk.ts';

/*
 * What a whole kiosk keeps in memory that it should have forgotten: see memory-kiosk.ts.
 */

const limit = 1.05;
const few = 1_000;
const many = 20_000;
const program = fileURLToPath(new URL('memory-kiosk.ts', import.meta.url));

/** In memory: that a row is durable is measured elsewhere, and is most of the time of a top-up that nobody waits for. */
const memoryDisk = '/dev/shm';
const journalBytes = 400 * 2 ** 20;

/** `folder`: where the journal is when the memory disk is too small. `bare` is after few top-ups, `ours` after many. */
export async function measureMemory(folder: string): Promise<readonly Figure[]> {
  const place = mkdtempSync(join(hasRoom(memoryDisk) ? memoryDisk : folder, 'addvalue-bench-'));
  const journal = join(place, 'journal.sqlite');
  try {
    const [young, old] = await readingsOf(journal);
    const figure = (what: string, bytes: 'rss' | 'heapUsed', most: number | null): Figure =>
      figureOf(what, { ours: [old[bytes] / 2 ** 20], bare: [young[bytes] / 2 ** 20] }, most, 'MiB');
    return [figure('resident memory', 'rss', limit), figure('heap in use', 'heapUsed', null)];
  } finally {
    rmSync(place, { recursive: true });
  }
}

function hasRoom(disk: string): boolean {
  const found = statfsSync(disk, { bigint: false });
  return found.bavail * found.bsize > journalBytes;
}

async function readingsOf(journal: string): Promise<readonly [MemoryReading, MemoryReading]> {
  const child = spawn(process.execPath, ['--expose-gc', program, journal, `${few}`, `${many}`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  const readings: MemoryReading[] = [];
  for await (const line of createInterface(child.stdout)) readings.push(JSON.parse(line));
  await ended;
  const [young, old] = readings;
  if (young === undefined || old === undefined) throw new Error('the measured kiosk ended early');
  return [young, old];
}
