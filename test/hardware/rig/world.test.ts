import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { cardKeyFromMaster } from '../../../hardware/card/pboc/simulated-mac.ts';
import { testMasterKeys } from '../../../hardware/card/pboc/test-keys.ts';
import { benchCards } from '../../../hardware/rig/drawer.ts';
import { createRig, type Rig } from '../../../hardware/rig/rig.ts';
import type { RigMemory } from '../../../hardware/rig/rig-memory.ts';
import { readWorld, worldFileBeside, writeWorld } from '../../../hardware/rig/world-file.ts';
import type { LoadOrder } from '../../../main/contract/card.ts';
import { currencies, minorUnits } from '../../../main/contract/money.ts';
import { Random } from '../../support/random.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'addvalue-world-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;

function newFile(): string {
  files += 1;
  return path.join(folder, `${files}.world.json`);
}

const clock = new VirtualClock();
const random = new Random(3);

function rigWith(memory: RigMemory | null): Rig {
  return createRig({
    clock,
    randomBytes: (length) => Uint8Array.from({ length }, () => random.below(256)),
    speeds: 'instant',
    payments: 'at-once',
    currency: currencies.CNY,
    ...(memory === null ? {} : { memory }),
  });
}

/** The same world in the next process: over the disk and back. */
function nextLife(rig: Rig): Rig {
  const file = newFile();
  writeWorld(file, rig.memory);
  const world = readWorld(file);
  if (world.kind === 'damaged') throw new Error(world.why);
  return rigWith(world.memory);
}

async function answered<Answer>(answer: Promise<Answer>): Promise<Answer> {
  let done = false;
  void answer.finally(() => {
    done = true;
  });
  await clock.until(() => done);
  return answer;
}

const load: LoadOrder = {
  reference: 'K7-0001/1',
  cardNumber: '4100000099999432',
  profile: 'city-card',
  amountMinor: minorUnits(5_000),
  terminalId: '000001000050',
  dateTime: '20260302160000',
};

async function loadAndLoseTheAnswer(rig: Rig) {
  const { cards } = rig.openPorts();
  rig.insert('ordinary');
  const prepared = await answered(cards.prepare(load));
  if (prepared.kind !== 'done') throw new Error(prepared.kind);
  rig.reader.injectFault(0, { kind: 'tear-after' });
  expect(await answered(cards.credit())).toMatchObject({ kind: 'unknown' });
  return prepared.mark;
}

describe('in the next life of the process', () => {
  test('a card that was loaded and pulled is found loaded', async () => {
    const before = rigWith(null);
    const mark = await loadAndLoseTheAnswer(before);
    const after = nextLife(before);
    expect(after.memory).toEqual(before.memory);
    const { cards } = after.openPorts();
    after.insert('ordinary');
    expect(await answered(cards.check(load, mark))).toMatchObject({
      kind: 'loaded',
      proof: { balanceMinor: 8_620, by: 'transaction-proof' },
    });
    const read = await answered(cards.read());
    expect(
      read.kind === 'done' ? read.card.history.map(({ amountMinor }) => amountMinor) : [],
    ).toEqual([5_000, 280, 300, 400, 400, 5_000]);
  });

  test('a payment that was approved is still reserved, and the next has a number of its own', async () => {
    const before = rigWith(null);
    const [bank] = before.openPorts().terminals;
    const opened = await answered(bank?.open() ?? Promise.reject(new Error('no terminal')));
    const order = {
      reference: 'K7-0001',
      means: 'bank-card',
      amountMinor: minorUnits(5_000),
      mark: opened.kind === 'done' ? opened.mark : '',
    };
    await answered(bank?.authorise(order) ?? Promise.reject(new Error('no terminal')));
    const after = nextLife(before);
    const [again] = after.openPorts().terminals;
    const found = again?.inquire({ order, terminalReference: null });
    expect(await answered(found ?? Promise.reject(new Error('no terminal')))).toMatchObject({
      kind: 'done',
      status: 'authorised',
    });
    expect(after.memory.terminals['bank-card']).toMatchObject({ nextReceipt: 2, nextTrace: 2 });
  });

  test('a blocked card stays blocked and a spent PIN try stays spent', () => {
    const { memory } = rigWith(null);
    const { campus, blocked } = memory.cards;
    if (campus === undefined || blocked === undefined) throw new Error('the drawer has both');
    const spent = { ...campus, pinTriesLeft: 1, locked: true };
    const after = rigWith({ ...memory, cards: { ...memory.cards, campus: spent } });
    expect(after.memory.cards.campus).toEqual(spent);
    expect(after.books().purses.get('blocked')?.blocked).toBe(true);
  });

  test('a terminal that is not at the station for a while comes back with its books', () => {
    const { memory } = rigWith(null);
    const mobile = { entries: [], lastSlip: null, nextReceipt: 41, nextTrace: 977 };
    const without = createRig({
      clock,
      randomBytes: (length) => new Uint8Array(length),
      speeds: 'instant',
      payments: 'at-once',
      currency: currencies.CNY,
      means: [{ id: 'bank-card', kind: 'bank-card', phases: 'two' }],
      memory: { ...memory, terminals: { ...memory.terminals, mobile } },
    });
    expect(nextLife(without).memory.terminals.mobile).toEqual(mobile);
  });

  test('fresh cards are remembered as fresh', () => {
    const rig = rigWith(null);
    rig.spend('ordinary', 400);
    let kept: RigMemory | null = null;
    rig.onMemory(() => {
      kept = rig.memory;
    });
    rig.perform({ kind: 'fresh-cards' });
    expect(kept).toMatchObject({ cards: { ordinary: { balance: 3_620 } } });
  });
});

test('a load is remembered before the reader has its answer', async () => {
  const rig = rigWith(null);
  const told: string[] = [];
  rig.onMemory(() => told.push(`card holds ${rig.memory.cards.ordinary?.balance}`));
  rig.reader.watchApdus((command) => {
    if (command[1] === 0x52) told.push('answered');
  });
  const { cards } = rig.openPorts();
  rig.insert('ordinary');
  await answered(cards.prepare(load));
  expect((await answered(cards.credit())).kind).toBe('done');
  expect(told).toEqual(['card holds 8620', 'answered']);
});

describe('the file of the world', () => {
  test('lies beside the journal', () => {
    expect(worldFileBeside('/var/lib/addvalue/journal.sqlite')).toBe(
      '/var/lib/addvalue/journal.world.json',
    );
  });

  test('that is not there is a new world', () => {
    expect(readWorld(newFile())).toEqual({ kind: 'done', memory: null });
  });

  test('is replaced whole: a write that was cut short leaves the old one', () => {
    const file = newFile();
    const { memory } = rigWith(null);
    writeWorld(file, memory);
    writeFileSync(`${file}.new`, '{"cards":{"ordi');
    expect(readWorld(file)).toEqual({ kind: 'done', memory });
    writeWorld(file, { ...memory, terminals: {} });
    expect(readWorld(file)).toEqual({ kind: 'done', memory: { ...memory, terminals: {} } });
    expect(readdirSync(folder).filter((name) => name.endsWith('.new'))).toEqual([]);
  });

  test.each([
    ['is cut off', '{"cards":'],
    ['is of another version', '{"cards":{},"terminals":{},"gates":[]}'],
    ['holds half a fen', '{"cards":{},"terminals":{"bank-card":{"entries":0.5}}}'],
  ])('that %s is named, with what to do', (_what, text) => {
    const file = newFile();
    writeFileSync(file, text);
    const world = readWorld(file);
    expect(world.kind).toBe('damaged');
    const why = world.kind === 'damaged' ? world.why : '';
    expect(why).toContain(file);
    expect(why).toContain('Delete it together with the journal');
  });

  test('holds no key and no card number', async () => {
    const rig = rigWith(null);
    await loadAndLoseTheAnswer(rig);
    const file = newFile();
    writeWorld(file, rig.memory);
    const text = readFileSync(file, 'utf8').toLowerCase();
    const [{ key }] = testMasterKeys.load;
    for (const spec of benchCards) {
      if (!('number' in spec)) continue;
      expect(text).not.toContain(spec.number);
      for (const master of [key, testMasterKeys.tac]) {
        const own = Buffer.from(cardKeyFromMaster(master, spec.number)).toString('hex');
        for (const part of [own.slice(0, 16), own.slice(16)]) expect(text).not.toContain(part);
      }
    }
    for (const master of [key, testMasterKeys.tac]) {
      expect(text).not.toContain(Buffer.from(master).toString('hex').slice(0, 16));
    }
  });
});
