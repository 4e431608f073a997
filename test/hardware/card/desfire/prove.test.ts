import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../../../hardware/card/hex.ts';
import type { Sam } from '../../../../hardware/sam/port.ts';
import { type CardStation, inTime, outcomeOfCredit, prepareLoad } from '../card-station.ts';
import { altered, flipped } from './altered-card.ts';
import { bind, brokenAt } from './broken-sam.ts';
import { desfireSam, desfireStation, issueCard, layouts, loadOf } from './desfire-station.ts';

const amount = 5_000;
const [campus, transit] = layouts;
if (campus === undefined || transit === undefined) throw new Error('no layouts');

type Layout = (typeof layouts)[number];

/** A campus card whose records are enciphered too. */
const enciphered: Layout = {
  name: 'EV1, all full',
  program: {
    ...campus.program,
    recordFile: { ...campus.program.recordFile, comm: 'full' },
  },
  profile: { ...campus.profile, recordFile: { ...campus.profile.recordFile, comm: 'full' } },
};
const commands = { record: '3B', credit: '0C', commit: 'C7', value: '6C', records: 'BB' } as const;

/** A load whose card answers this command, the first after the load was prepared, as somebody alters it. */
async function loadWithAltered(
  { profile, program }: Layout,
  command: keyof typeof commands,
  alter: (hex: string) => string,
) {
  const station = desfireStation([profile]);
  const card = issueCard(program);
  let isArmed = false;
  station.reader.insert(
    altered(card, (sent, response) => {
      if (!isArmed || !toHex(sent).startsWith(`90${commands[command]}`)) return response;
      isArmed = false;
      return fromHex(alter(toHex(response)));
    }),
  );
  const order = loadOf(profile, amount);
  await prepareLoad(station, order);
  isArmed = true;
  return { card, credited: await inTime(station.clock, station.cards.credit()) };
}

const isRefused = (refusal: object) => ({ kind: 'refused', refusal });
const cardRefused = (detail: string) => isRefused({ kind: 'card-refused', detail });

describe('a card that answers otherwise while it is loaded is asked what has become of the load', () => {
  it.each([
    ['record', '911E', isRefused({ kind: 'authority-refused' })],
    ['record', '91AE', isRefused({ kind: 'authority-refused' })],
    ['record', '91BE', cardRefused('WRITE RECORD answered 91BE (beyond a limit)')],
    ['record', '919D', cardRefused('WRITE RECORD answered 919D (not permitted)')],
    ['credit', '91BE', cardRefused('CREDIT answered 91BE (beyond a limit)')],
    ['credit', '911E', isRefused({ kind: 'authority-refused' })],
    ['credit', '91CA', cardRefused('CREDIT answered 91CA (an earlier command was not finished)')],
    [
      'credit',
      '9100',
      cardRefused('CREDIT answered 9100 but what protects the answer is not genuine'),
    ],
  ] as const)('%s answered %s: nothing is written', async (command, answer, says) => {
    for (const layout of layouts) {
      const { card, credited } = await loadWithAltered(layout, command, () => answer);
      expect(credited).toEqual(says);
      expect(card.books).toMatchObject({ balance: 1_000, counter: 0 });
    }
  });

  it.each(['91CA', '910C', '91EE', '6F00', '9100', '9000', '91AF'])(
    'the commit, done and answered %s, is found in the card’s own books',
    async (answer) => {
      for (const layout of layouts) {
        const { card, credited } = await loadWithAltered(layout, 'commit', () => answer);
        expect(credited).toMatchObject({ kind: 'done', proof: { balanceMinor: 6_000 } });
        expect(card.books).toMatchObject({ balance: 6_000, counter: 1 });
      }
    },
  );

  it('a commit whose MAC is not genuine proves nothing by itself, and the books do', async () => {
    for (const layout of layouts) {
      const { credited } = await loadWithAltered(layout, 'commit', (hex) => flipped(hex, -3));
      expect(credited).toMatchObject({ kind: 'done' });
    }
  });

  it.each(['value', 'records'] as const)(
    'a %s that is read again and is not genuine is read once more, in a session of its own',
    async (command) => {
      for (const layout of layouts) {
        const { credited } = await loadWithAltered(layout, command, (hex) => flipped(hex, 2));
        expect(credited).toMatchObject({ kind: 'done', proof: { balanceMinor: 6_000 } });
      }
    },
  );

  it('a transaction MAC that is not genuine is no proof, and is not kept for one', async () => {
    const station = desfireStation([transit.profile]);
    const card = issueCard(transit.program, { transactionMacKey: new Uint8Array(16) });
    station.reader.insert(card);
    await prepareLoad(station, loadOf(transit.profile, amount));
    expect(await station.cards.credit()).toMatchObject({
      kind: 'done',
      proof: { tac: null, by: 'card-log' },
    });
  });
});

describe('a card whose books deny a commit that was genuine', () => {
  it('is unknown and never "not written"', async () => {
    const { profile, program } = campus;
    const station = desfireStation([profile]);
    const card = issueCard(program);
    const twin = issueCard(program);
    let inReader = card;
    // Committed by the one card; then its twin, which knows nothing of it, is in its place.
    station.reader.insert({
      label: card.label,
      powerOn: () => card.powerOn(),
      powerOff: () => inReader.powerOff(),
      exchange(command) {
        const response = inReader.exchange(command);
        if (toHex(command).startsWith('90C7')) {
          inReader = twin;
          twin.powerOn();
        }
        return response;
      },
    });
    await prepareLoad(station, loadOf(profile, amount));
    expect(await station.cards.credit()).toEqual({
      kind: 'unknown',
      fault: {
        kind: 'undecided',
        detail: 'the commit is genuine, but the card knows nothing of the credit',
      },
    });
  });
});

describe('a load authority that has the card write something else', () => {
  /** It protects, of the command with this instruction, other data than it was asked to. */
  function forging(ins: number, data: string): Sam {
    const sam = desfireSam();
    return {
      ...bind(sam),
      ask: (question) => {
        const { deed, body } = question;
        const isForged = deed === 'protect' && body.ins === ins;
        return sam.ask(isForged ? { ...question, body: { ...body, data } } : question);
      },
    };
  }

  it.each([
    ['another amount', 0x0c, 'A00F0000', 'the value is not what the credit makes it'],
    [
      'another record',
      0x3b,
      `01000000${'00'.repeat(28)}`,
      'the newest record is not that of the credit',
    ],
  ])('%s: the load is not believed done', async (_, ins, data, detail) => {
    // Enciphered data reach the card as they were protected.
    const { profile, program } = enciphered;
    const station = desfireStation([profile], { sam: forging(ins, data) });
    const card = issueCard(program);
    station.reader.insert(card);
    await prepareLoad(station, loadOf(profile, amount));
    expect(await station.cards.credit()).toEqual({
      kind: 'unknown',
      fault: { kind: 'undecided', detail },
    });
    expect(card.books.counter).toBe(1);
  });
});

describe('a load authority that is unplugged', () => {
  /** How many questions a load, or its preparation, asks. */
  async function countQuestions({ profile, program }: Layout) {
    let asked = 0;
    const sam = desfireSam();
    const counting: Sam = {
      ...bind(sam),
      ask: (question) => {
        asked += 1;
        return sam.ask(question);
      },
    };
    const station = desfireStation([profile], { sam: counting });
    station.reader.insert(issueCard(program));
    await prepareLoad(station, loadOf(profile, amount));
    const prepare = asked;
    expect((await station.cards.credit()).kind).toBe('done');
    return { prepare, load: asked };
  }

  it.each(layouts)('at any question of a load leaves it settled ($name)', async (layout) => {
    const { profile, program } = layout;
    const questions = await countQuestions(layout);
    const seen = new Set<string>();
    for (let nth = 0; nth < questions.load; nth += 1) {
      const sam = brokenAt(nth);
      const station = desfireStation([profile], { sam });
      const card = issueCard(program);
      station.reader.insert(card);
      const order = loadOf(profile, amount);
      const prepared = await station.cards.prepare(order);
      if (prepared.kind !== 'done') {
        expect(nth).toBeLessThan(questions.prepare);
        expect(prepared).toMatchObject({ refusal: { kind: 'sam-fault' } });
        continue;
      }
      const credited = await station.cards.credit();
      seen.add(credited.kind);
      const isLoaded = card.books.counter === 1;
      if (credited.kind === 'done') expect(isLoaded).toBe(true);
      if (credited.kind === 'refused') {
        expect(credited.refusal).toEqual({ kind: 'sam-fault', detail: 'the SAM was unplugged' });
        expect(isLoaded).toBe(false);
      }
      if (credited.kind === 'unknown') expect(isLoaded).toBe(true);
      // Plugged in again, it settles whatever was left open.
      const mended: CardStation = desfireStation([profile]);
      station.reader.pull();
      mended.reader.insert(card);
      const checked = await mended.cards.check(order, prepared.mark);
      expect(checked.kind).toBe(isLoaded ? 'loaded' : 'not-loaded');
    }
    expect([...seen].sort()).toEqual(
      profile.transactionMacFile === null ? ['refused', 'unknown'] : ['done', 'refused', 'unknown'],
    );
  });

  it('is what the outcome of a load is not guessed without', async () => {
    const { profile, program } = campus;
    const station = desfireStation([profile], { sam: brokenAt(0) });
    station.reader.insert(issueCard(program));
    const mark = { beforeMinor: loadOf(profile, 1_000).amountMinor, counter: 0 };
    const checked = await station.cards.check(loadOf(profile, amount), mark);
    expect(checked).toEqual({
      kind: 'unknown',
      fault: { kind: 'undecided', detail: 'the SAM was unplugged' },
    });
  });
});

it('a load that was credited is never credited again', async () => {
  const { profile, program } = campus;
  const station = desfireStation([profile]);
  const card = issueCard(program);
  station.reader.insert(card);
  await prepareLoad(station, loadOf(profile, amount));
  expect(outcomeOfCredit(await station.cards.credit())).toBe('loaded');
  await expect(station.cards.credit()).rejects.toThrow('without a prepared load');
  expect(card.books.balance).toBe(6_000);
});
