import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { openJournal } from '../../db/sqlite-journal.ts';
import { createRig, type Rig } from '../../hardware/rig/rig.ts';
import type { LoadOrder } from '../../main/contract/card.ts';
import { currencies, minorUnits } from '../../main/contract/money.ts';
import { entryOf } from '../../main/runtime/attempt-record.ts';
import { systemClock } from '../../main/runtime/clock.ts';
import { freshAttempt, marked, momentAt } from '../support/attempt.ts';

/*
 * `npm run bench`: what we add to what the parts cost anyway, as ratios measured in one run. The card's own time is that of
 * a contactless card in the simulated reader; through a real reader it is measured with the real drivers.
 */

/** A contactless card answers a command in about this time. */
const apduMs = 10;
const rounds = 15;
const rows = 400;

type Ratio = { readonly what: string; readonly oursMs: number; readonly bareMs: number };

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

async function timed(work: () => unknown): Promise<number> {
  const startMs = performance.now();
  await work();
  return performance.now() - startMs;
}

/** Ours and bare in turn, so that whatever else the machine does hits both. */
async function compare(
  what: string,
  times: number,
  ours: () => unknown,
  bare: () => unknown,
): Promise<Ratio> {
  const oursMs: number[] = [];
  const bareMs: number[] = [];
  for (let round = 0; round < times; round += 1) {
    oursMs.push(await timed(ours));
    bareMs.push(await timed(bare));
  }
  return { what, oursMs: median(oursMs), bareMs: median(bareMs) };
}

/** The commands that `conversation` sends, to be sent again with nothing around them. */
async function recorded(rig: Rig, conversation: () => Promise<unknown>): Promise<Uint8Array[]> {
  const commands: Uint8Array[] = [];
  const stop = rig.reader.watchApdus((command) => commands.push(command.slice()));
  await conversation();
  stop();
  return commands;
}

async function sendBare(rig: Rig, commands: readonly Uint8Array[]): Promise<void> {
  const answer = await rig.reader.connect();
  if (answer.kind === 'failed') throw new Error(`no connection: ${answer.fault.kind}`);
  for (const command of commands) await answer.connection.transmit(command, 2_000);
  await answer.connection.release();
}

async function cardRatios(): Promise<readonly Ratio[]> {
  let chance = 0;
  const rig = createRig({
    clock: systemClock,
    randomBytes: (length) => Uint8Array.from({ length }, () => (chance++ * 31) & 0xff),
    speeds: 'instant',
    payments: 'by-hand',
    currency: currencies.CNY,
  });
  const { cards, terminals, printer } = rig.openPorts();
  rig.reader.latencyMs = apduMs;
  rig.insert('ordinary');
  const read = await cards.read();
  if (read.kind !== 'done') throw new Error(`the card cannot be read: ${read.kind}`);
  const { number, profile } = read.card;
  let loads = 0;
  const load = async (): Promise<void> => {
    loads += 1;
    const order: LoadOrder = {
      reference: `BENCH/${loads}`,
      cardNumber: number,
      profile,
      amountMinor: minorUnits(100),
      terminalId: '0000000000A1',
      dateTime: String(20_260_302_080_000 + loads),
    };
    const prepared = await cards.prepare(order);
    const credited = prepared.kind === 'done' ? await cards.credit() : prepared;
    if (credited.kind !== 'done') throw new Error(`the load failed: ${credited.kind}`);
  };
  const readCommands = await recorded(rig, () => cards.read());
  const loadCommands = await recorded(rig, load);
  const ratios = [
    await compare(
      'card placed → balance',
      rounds,
      () => cards.read(),
      () => sendBare(rig, readCommands),
    ),
    await compare('load with proof', rounds, load, () => sendBare(rig, loadCommands)),
  ];
  await Promise.all([cards.close(), printer.close(), ...terminals.map((each) => each.close())]);
  return ratios;
}

async function journalRatio(): Promise<Ratio> {
  const folder = mkdtempSync(join(tmpdir(), 'addvalue-bench-'));
  const journal = openJournal(join(folder, 'journal.sqlite'));
  const bare = new Database(join(folder, 'bare.sqlite'));
  bare.pragma('journal_mode = WAL');
  bare.pragma('synchronous = FULL');
  bare.exec('CREATE TABLE step (seq INTEGER PRIMARY KEY, wall_ms INTEGER, body TEXT)');
  const insert = bare.prepare('INSERT INTO step (wall_ms, body) VALUES (?, ?)');
  const attempt = {
    ...freshAttempt,
    money: 'authorised',
    card: 'writing',
    loadMark: marked,
  } as const;
  const entry = entryOf(attempt, 'credit-prepared', momentAt(0));
  const ratio = await compare(
    'journal step',
    rows,
    () => journal.append([entry]),
    () => insert.run(entry.wallMs, entry.body),
  );
  journal.close();
  bare.close();
  rmSync(folder, { recursive: true });
  return ratio;
}

const ratios = [...(await cardRatios()), await journalRatio()];
const line: Record<string, number> = {};
for (const { what, oursMs, bareMs } of ratios) {
  const ratio = oursMs / bareMs;
  line[what] = Number(ratio.toFixed(3));
  process.stdout.write(
    `${what.padEnd(24)} ours ${oursMs.toFixed(3).padStart(9)} ms   bare ${bareMs.toFixed(3).padStart(9)} ms   ratio ${ratio.toFixed(3)}\n`,
  );
}
process.stdout.write(`${JSON.stringify(line)}\n`);
