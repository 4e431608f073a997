import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { MoneyState } from '../../../main/session/attempt.ts';
import { buildProgram, type Program } from './killed-kiosk-program.ts';
import { type Death, KilledStation } from './killed-kiosk-station.ts';
import { compileWitness } from './witnessed-disk.ts';

/*
 * The real main process of a simulated station, with its journal on a real disk, is killed again and again while people top
 * up. What is found wrong names its seed and its kill; the same people come to the same deaths, as near as a real clock
 * allows, with
 *
 *   SEED=… npm run test:real -- killed-kiosk
 *
 * and its files are left in out/killed-kiosk-….
 */

const kills = 300;
const powerCuts = 60;
/** Side by side: a station mostly waits for its devices and its people. */
const stations = 6;
/** Should chance have left out a state of the money, as many kills more may look for it. */
const moreKills = 100;
const firstSeed = 1;
const { SEED: givenSeed } = process.env;

/** All but `none`, before an attempt is written down, and `uncollected`, for which a terminal has to refuse for minutes. */
const moneyStates: readonly MoneyState[] = [
  'authorising',
  'authorised',
  'capturing',
  'captured',
  'reversing',
  'reversed',
  'declined',
];

const root = fileURLToPath(new URL('../../../', import.meta.url));
mkdirSync(path.join(root, 'out'), { recursive: true });
/** Inside the project, so that the packages that are not bundled are found. */
const folder = mkdtempSync(path.join(root, 'out', 'killed-kiosk-'));
let isEvidence = false;
let witness: string;

beforeAll(() => {
  witness = compileWitness(folder);
});
afterAll(() => {
  if (!isEvidence) rmSync(folder, { recursive: true, force: true });
});

async function programOf(name: string, planted: Parameters<typeof buildProgram>[1] = null) {
  const program = await buildProgram(path.join(folder, name), planted);
  await stationOf(program, `${name}-first`, 0).warmUp();
  return program;
}

function stationOf(program: Program, name: string, seed: number): KilledStation {
  return new KilledStation({ program, folder: path.join(folder, name), witness, seed });
}

test(`a station that is killed ${kills} times owes nobody anything, and forgets nothing it has shown`, {
  timeout: 600_000,
}, async () => {
  const program = await programOf('program');
  const since = performance.now();
  const deaths: Death[] = [];
  const isMissing = (): boolean =>
    moneyStates.some((state) => deaths.every(({ newest }) => newest?.last.money !== state));
  let begun = 0;
  const live = async (seed: number): Promise<readonly string[]> => {
    const station = stationOf(program, `station-${seed}`, seed);
    while (begun < kills || (begun < kills + moreKills && isMissing())) {
      begun += 1;
      const objections = await station.killOnce();
      deaths.push(...station.deaths.slice(-1));
      if (objections.length > 0) return objections;
    }
    return station.settle();
  };
  const seeds =
    givenSeed === undefined
      ? Array.from({ length: stations }, (_, nth) => firstSeed + nth)
      : [Number(givenSeed)];
  const objections = await Promise.all(seeds.map(live));
  isEvidence = objections.flat().length > 0;
  process.stdout.write(`${inWords(deaths, performance.now() - since)}\n`);
  expect(objections.flat()).toEqual([]);
  expect(deaths.length).toBeGreaterThanOrEqual(kills);
  expect(deaths.filter(({ powerCut }) => powerCut !== null).length).toBeGreaterThanOrEqual(
    powerCuts,
  );
  expect(isMissing()).toBe(false);
});

/** "Skip fsync": nobody but a power cut misses a flush. */
test.each([
  ['never flushes', 'OFF'],
  ['flushes only now and then', 'NORMAL'],
])('a journal that %s is found out by a power cut', { timeout: 120_000 }, async (_what, mode) => {
  const pragma = (level: string): string => `synchronous = ${level}`;
  const program = await programOf(mode, { was: pragma('FULL'), is: pragma(mode) });
  const station = stationOf(program, `station-${mode}`, firstSeed);
  const death = { at: 'hold-card', views: 0, afterMs: 100 } as const;
  const found: string[] = [];
  while (found.length === 0 && station.deaths.length < 12) {
    found.push(...(await station.killOnce({ powerCut: 'lost', death })));
  }
  expect(found.join('\n')).toMatch(/the journal (does not know|cannot be read)/);
});

/** How often it died of what, and where the money was. */
function inWords(deaths: readonly Death[], ms: number): string {
  const count = (of: (death: Death) => string): string =>
    [...Map.groupBy(deaths, of)]
      .sort(([, one], [, other]) => other.length - one.length)
      .map(([what, { length }]) => `  ${String(length).padStart(4)}  ${what}`)
      .join('\n');
  const open = deaths.filter(({ newest }) => newest !== null && !newest.isSettled).length;
  const claims = new Set(deaths.flatMap(({ newest }) => newest?.last.claim ?? []));
  return [
    `${deaths.length} deaths in ${Math.round(ms / 1_000)} s, ${open} with money under way`,
    count(({ powerCut }) => (powerCut === null ? 'killed' : `power cut, unflushed: ${powerCut}`)),
    'money × card:',
    count(({ newest }) =>
      newest === null ? 'nothing yet' : `${newest.last.money} × ${newest.last.card}`,
    ),
    `claims: ${claims.size}`,
    `changes of files that power cuts took: ${deaths.reduce((sum, { lost }) => sum + lost, 0)}`,
  ].join('\n');
}
