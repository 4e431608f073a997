import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  forbiddenNamespaces,
  inNamespaces,
  isInNamespaces,
  missingPrograms,
} from '../../hardware/rig/virtual/namespaces.ts';
import { Pcscd } from '../../hardware/rig/virtual/pcscd.ts';
import { measureCards } from './cards.ts';
import { type Figure, isMissed, tableOf } from './figure.ts';
import { measureGrowth } from './growth.ts';
import { measureJournal } from './journal.ts';
import { measureMemory } from './memory.ts';

// npm run bench: ratios of what was measured in the same run, in a table, and as one line of JSON in the end.

if (isInNamespaces()) {
  await measure();
} else {
  const missing = missingPrograms() ?? forbiddenNamespaces();
  if (missing === null) {
    const [unshare, args] = inNamespaces('own', [process.execPath, fileURLToPath(import.meta.url)]);
    process.exitCode = spawnSync(unshare, args, { stdio: 'inherit' }).status ?? 1;
  } else {
    console.error(missing);
    process.exitCode = 1;
  }
}

async function measure(): Promise<void> {
  const startMs = performance.now();
  const folder = mkdtempSync(join(tmpdir(), 'addvalue-bench-'));
  const pcscd = new Pcscd();
  await pcscd.start();
  try {
    const cards = await measureCards();
    show('through pcscd', ['ours', 'bare'], cards);
    const journal = await measureJournal(folder);
    show('on the disk', ['ours', 'bare'], journal);
    const { figures: growth, fillSeconds } = await measureGrowth(folder);
    show('the longer the journal', ['1,000,000', '1,000 rows'], growth);
    say(`A million rows were written in ${fillSeconds.toFixed(0)} s.\n`);
    const memory = await measureMemory(folder);
    show('the more top-ups', ['20,000', '1,000'], memory);
    say(`All of it took ${((performance.now() - startMs) / 1_000).toFixed(0)} s.\n`);
    conclude({ cards, journal, growth, memory });
  } finally {
    await pcscd.kill();
    rmSync(folder, { recursive: true });
  }
}

function show(heading: string, sides: readonly [string, string], figures: readonly Figure[]): void {
  say(`${tableOf(heading, sides, figures)}\n`);
}

/** The line for programs, and for people what was missed. */
function conclude(chapters: Readonly<Record<string, readonly Figure[]>>): void {
  const ratios = Object.entries(chapters).map(([chapter, figures]) => [
    chapter,
    Object.fromEntries(figures.map(({ what, ratio }) => [what, Number(ratio.toFixed(3))])),
  ]);
  say(`${JSON.stringify(Object.fromEntries(ratios))}\n`);
  const missed = Object.values(chapters).flat().filter(isMissed);
  if (missed.length === 0) return;
  const words = missed.map(
    ({ what, ratio, limit }) => `${what} ${ratio.toFixed(3)} (at most ${limit})`,
  );
  console.error(`Missed: ${words.join('; ')}.`);
  process.exitCode = 1;
}

function say(text: string): void {
  process.stdout.write(text);
}
