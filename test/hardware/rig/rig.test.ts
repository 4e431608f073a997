import { describe, expect, test } from 'vitest';
import { createRig, type Rig, type RigOptions } from '../../../hardware/rig/rig.ts';
import { traps } from '../../../hardware/rig/traps.ts';
import type { LoadOrder } from '../../../main/contract/card.ts';
import { currencies, minorUnits } from '../../../main/contract/money.ts';
import type { PaymentOrder } from '../../../main/contract/payment.ts';
import type { Receipt } from '../../../main/contract/receipt.ts';
import { Random } from '../../support/random.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

type Station = { readonly clock: VirtualClock; readonly rig: Rig };

function station(more: Partial<RigOptions> = {}): Station {
  const clock = new VirtualClock();
  const random = new Random(1);
  const rig = createRig({
    clock,
    randomBytes: (length) => Uint8Array.from({ length }, () => random.below(256)),
    speeds: 'instant',
    payments: 'by-hand',
    currency: currencies.CNY,
    ...more,
  });
  return { clock, rig };
}

const load: LoadOrder = {
  reference: 'K7-0001',
  cardNumber: '4100000099999432',
  profile: 'city-card',
  amountMinor: minorUnits(5_000),
  terminalId: '000001000050',
  dateTime: '20260302160000',
};

function order(means: string, mark: string): PaymentOrder {
  return { reference: 'K7-0001', means, amountMinor: minorUnits(5_000), mark };
}

const receipt: Receipt = {
  kind: 'top-up',
  language: 'zh-Hans',
  currency: currencies.CNY,
  stationName: {
    'zh-Hans': '人民广场 2 号机',
    'zh-Hant': '人民廣場 2 號機',
    en: 'People’s Square 2',
  },
  terminalId: '000001000050',
  reference: 'K7-0001',
  at: '20260302160000',
  maskedNumber: '•••• •••• 9432',
  amountMinor: minorUnits(5_000),
  means: 'bank-card',
  terminalReceipt: '0001',
  beforeMinor: minorUnits(3_620),
  afterMinor: minorUnits(8_620),
  claim: null,
  helpLine: '400 000 0000',
};

/** Let time pass until an answer is there. */
async function answered<Answer>({ clock }: Station, answer: Promise<Answer>): Promise<Answer> {
  let value: { readonly answer: Answer } | null = null;
  void answer.then((given) => {
    value = { answer: given };
  });
  await clock.until(() => value !== null);
  return (value as unknown as { readonly answer: Answer }).answer;
}

function fault(id: string) {
  const found = traps.find((each) => each.id === id);
  if (found === undefined) throw new Error(`no fault ${id}`);
  return found;
}

async function ready(at: Station) {
  const ports = at.rig.openPorts();
  const [bank, mobile] = ports.terminals;
  if (bank === undefined || mobile === undefined) throw new Error('there are two terminals');
  for (const terminal of ports.terminals) terminal.watch(() => {});
  await at.clock.settle();
  return { ...ports, bank, mobile };
}

describe('the cards in the drawer', () => {
  test.each([
    ['ordinary', { kind: 'done', balanceMinor: 3_620 }],
    ['other', { kind: 'done', balanceMinor: 8_020 }],
    ['campus', { kind: 'done', balanceMinor: 1_850 }],
    ['t-union', { kind: 'done', balanceMinor: 760 }],
    ['campus-desfire', { kind: 'done', balanceMinor: 2_480 }],
    ['transit-desfire', { kind: 'done', balanceMinor: 1_740 }],
    ['full-desfire', { kind: 'done', balanceMinor: 98_000 }],
    ['nearly-full', { kind: 'done', balanceMinor: 98_500 }],
    ['expired', { kind: 'done', balanceMinor: 1_260 }],
    ['blocked', { kind: 'card-blocked' }],
    ['foreign', { kind: 'unknown-card' }],
  ])('the %s card is what its note says', async (id, expected) => {
    const at = station();
    const { cards } = await ready(at);
    at.rig.insert(id);
    const answer = await answered(at, cards.read());
    if (answer.kind === 'done') {
      expect({ kind: 'done', balanceMinor: answer.card.balanceMinor }).toEqual(expected);
      expect(answer.card.balanceMinor).toBe(at.rig.books().purses.get(id)?.balanceMinor);
    } else if (answer.kind === 'refused') {
      expect({ kind: answer.refusal.kind }).toEqual(expected);
    } else {
      expect(answer).toEqual(expected);
    }
  });

  test.each([
    ['ordinary', ['purchase 280', 'purchase 300', 'purchase 400', 'purchase 400', 'load 5000']],
    ['campus-desfire', ['purchase 670', 'purchase 850', 'load 3000']],
    ['transit-desfire', ['purchase 260', 'load 2000']],
  ])('the %s card has a past', async (id, past) => {
    const at = station();
    const { cards } = await ready(at);
    at.rig.insert(id);
    const answer = await answered(at, cards.read());
    const rows = answer.kind === 'done' ? answer.card.history : [];
    expect(rows.map(({ kind, amountMinor }) => `${kind} ${amountMinor}`)).toEqual(past);
  });
});

test('whoever puts a card in at the very moment when another is pulled finds it in the slot', () => {
  const { rig } = station();
  rig.insert('ordinary');
  let isQuick = true;
  rig.reader.watch(
    ({ kind }) => {
      if (kind === 'present' || !isQuick) return;
      isQuick = false;
      rig.insert('other');
    },
    () => {},
  );
  rig.pull();
  expect(rig.inserted).toBe('other');
  isQuick = true;
  rig.insert('campus');
  expect(rig.inserted).toBe('campus');
});

describe('one top-up on the rig', () => {
  test('money, card and paper agree with what the devices’ own books say', async () => {
    const at = station({ payments: 'at-once' });
    const { cards, bank, printer } = await ready(at);
    at.rig.insert('ordinary');
    await answered(at, cards.read());
    const opened = await answered(at, bank.open());
    const payment = order('bank-card', opened.kind === 'done' ? opened.mark : '');
    const paid = await answered(at, bank.authorise(payment));
    expect((await answered(at, cards.prepare(load))).kind).toBe('done');
    expect(await answered(at, cards.credit())).toMatchObject({ kind: 'done' });
    const terminalReference = paid.kind === 'done' ? paid.terminalReference : null;
    const captured = await answered(at, bank.capture({ order: payment, terminalReference }));
    expect(captured.kind).toBe('done');
    const printed = await answered(at, printer.print({ receipt, copy: 'original' }));
    expect(printed.kind).toBe('printed');

    const books = at.rig.books();
    expect(books.purses.get('ordinary')?.balanceMinor).toBe(8_620);
    expect(books.payments.get('bank-card')).toMatchObject([
      { amountMinor: 5_000, status: 'captured' },
    ]);
    expect(books.slips).toHaveLength(1);
    const view = at.rig.snapshot();
    expect(view.printer.slips[0]?.qrTexts[0]).toContain('K7-0001');
    expect(view.printer.slips[0]?.svg).toMatch(/^<svg[^>]*>.*<\/svg>$/s);
    expect(at.rig.printer.device.protocolErrors).toEqual([]);
  });

  test('a payment by hand waits until a person answers at the terminal', async () => {
    const at = station();
    const { mobile } = await ready(at);
    const opened = await answered(at, mobile.open());
    const paying = mobile.authorise(order('mobile', opened.kind === 'done' ? opened.mark : ''));
    await at.clock.advance(5_000);
    const shown = at.rig.snapshot().terminals.find(({ id }) => id === 'mobile');
    expect(shown).toMatchObject({ waitingMinor: 5_000, display: ['¥50.00', 'Scan to pay'] });
    at.rig.perform({ kind: 'decline-payment', terminal: 'mobile' });
    expect(await answered(at, paying)).toMatchObject({ kind: 'refused' });
    expect(at.rig.terminal('mobile').books).toEqual([]);
  });
});

describe('a killed process', () => {
  test('hears nothing more, says nothing more, and lets go of the card', async () => {
    const at = station();
    const { cards, bank } = await ready(at);
    at.rig.insert('ordinary');
    expect((await answered(at, cards.prepare(load))).kind).toBe('done');
    const opened = await answered(at, bank.open());
    let heard = 0;
    void bank.authorise(order('bank-card', opened.kind === 'done' ? opened.mark : '')).then(() => {
      heard += 1;
    });
    await at.clock.advance(1_000);
    at.rig.killPorts();
    void cards.credit().then(() => {
      heard += 1;
    });
    at.rig.perform({ kind: 'approve-payment', terminal: 'bank-card' });
    await at.clock.advance(600_000);
    expect(heard).toBe(0);
    expect(at.rig.books().purses.get('ordinary')?.balanceMinor).toBe(3_620);
  });

  test('is not told what became of the command that it was waiting for', async () => {
    const at = station({ speeds: 'lifelike' });
    const { cards } = await ready(at);
    at.rig.insert('ordinary');
    let heard = false;
    void cards.read().then(() => {
      heard = true;
    });
    await at.clock.advance(100);
    at.rig.killPorts();
    await at.clock.advance(60_000);
    expect(heard).toBe(false);
    const { cards: next } = await ready(at);
    expect((await answered(at, next.read())).kind).toBe('done');
  });

  test('the next life finds the devices as they were left', async () => {
    const at = station();
    const first = await ready(at);
    at.rig.insert('ordinary');
    const opened = await answered(at, first.bank.open());
    const payment = order('bank-card', opened.kind === 'done' ? opened.mark : '');
    void first.bank.authorise(payment);
    await at.clock.advance(1_000);
    at.rig.killPorts();
    at.rig.perform({ kind: 'approve-payment', terminal: 'bank-card' });
    await at.clock.advance(20_000);
    const second = await ready(at);

    const found = await answered(
      at,
      second.bank.inquire({ order: payment, terminalReference: null }),
    );
    expect(found).toMatchObject({ kind: 'done', status: 'authorised' });
    const read = await answered(at, second.cards.read());
    expect(read).toMatchObject({ kind: 'done', card: { balanceMinor: 3_620 } });
  });

  test('the next life is told that the card is still in the slot', async () => {
    const at = station();
    at.rig.openPorts();
    at.rig.insert('ordinary');
    const told: boolean[] = [];
    at.rig.openPorts().cards.watch({
      onPresence: (present) => told.push(present),
      onReaderHealth: () => {},
      onSamHealth: () => {},
    });
    expect(told).toEqual([true]);
  });
});

describe('a trap springs once, where it says', () => {
  const loads: readonly LoadOrder[] = [
    load,
    { ...load, profile: 'campus-desfire', cardNumber: '2026030100008826' },
    { ...load, profile: 'transit-desfire', cardNumber: '3100000055512090' },
  ];
  const ids = ['ordinary', 'campus-desfire', 'transit-desfire'];
  const cases = [
    ['credit-torn-before', 0, false],
    ['credit-torn-after', 5_000, false],
    ['credit-garbled', 5_000, true],
    ['credit-mute', 0, true],
  ] as const;
  test.each(
    loads.flatMap((each, nth) => cases.map((told) => [...told, ids[nth] ?? '', each] as const)),
  )('%s adds %i (card in: %s) on the %s card', async (id, addedMinor, isIn, card, order) => {
    const at = station();
    const { cards } = await ready(at);
    const before = at.rig.books().purses.get(card);
    at.rig.arm(fault(id), true);
    at.rig.insert(card);
    await answered(at, cards.read());
    expect((await answered(at, cards.prepare(order))).kind).toBe('done');
    await answered(at, cards.credit());
    const after = at.rig.books().purses.get(card);
    expect((after?.balanceMinor ?? 0) - (before?.balanceMinor ?? 0)).toBe(addedMinor);
    expect((after?.loads ?? 0) - (before?.loads ?? 0)).toBe(addedMinor === 0 ? 0 : 1);
    expect(at.rig.inserted).toBe(isIn ? card : null);
    expect(at.rig.snapshot().traps.filter((trap) => trap.armed)).toEqual([]);

    at.rig.insert(card);
    const again = { ...order, reference: 'K7-0002', dateTime: '20260302160500' };
    expect((await answered(at, cards.prepare(again))).kind).toBe('done');
    expect((await answered(at, cards.credit())).kind).toBe('done');
  });

  test('a lost approval is in the terminal’s books, and nobody has heard of it', async () => {
    const at = station();
    const { bank } = await ready(at);
    at.rig.arm(fault('approval-lost'), true);
    const opened = await answered(at, bank.open());
    const payment = order('bank-card', opened.kind === 'done' ? opened.mark : '');
    const paying = bank.authorise(payment);
    await at.clock.advance(1_000);
    at.rig.perform({ kind: 'approve-payment', terminal: 'bank-card' });
    expect((await answered(at, paying)).kind).toBe('unknown');
    expect(at.rig.terminal('bank-card').books).toMatchObject([{ status: 'authorised' }]);
    expect(at.rig.snapshot().traps.some((trap) => trap.armed)).toBe(false);
  });

  test('what has sprung at one terminal waits at no other', async () => {
    const at = station();
    const { bank, mobile } = await ready(at);
    at.rig.arm(fault('approval-lost'), true);
    const lost = await answered(at, bank.open());
    const losing = bank.authorise(order('bank-card', lost.kind === 'done' ? lost.mark : ''));
    await at.clock.advance(1_000);
    at.rig.perform({ kind: 'approve-payment', terminal: 'bank-card' });
    expect((await answered(at, losing)).kind).toBe('unknown');
    const opened = await answered(at, mobile.open());
    const paying = mobile.authorise(order('mobile', opened.kind === 'done' ? opened.mark : ''));
    await at.clock.advance(1_000);
    at.rig.perform({ kind: 'approve-payment', terminal: 'mobile' });
    expect((await answered(at, paying)).kind).toBe('done');
  });

  test.each(['paper-out', 'printer-dark'])(
    '%s hits the slip, not the pause before it',
    async (id) => {
      const at = station();
      const { printer } = await ready(at);
      at.rig.arm(fault(id), true);
      await at.clock.advance(300_000);
      expect(at.rig.snapshot().traps.some((trap) => trap.armed)).toBe(true);
      const printed = await answered(at, printer.print({ receipt, copy: 'original' }));
      expect(printed.kind).toBe('unknown');
      expect(at.rig.snapshot().traps.some((trap) => trap.armed)).toBe(false);
    },
  );

  test('a lost booking is in the terminal’s books; the next one is answered', async () => {
    const at = station({ payments: 'at-once' });
    const { bank } = await ready(at);
    const pay = async () => {
      const opened = await answered(at, bank.open());
      const payment = order('bank-card', opened.kind === 'done' ? opened.mark : '');
      const paid = await answered(at, bank.authorise(payment));
      const terminalReference = paid.kind === 'done' ? paid.terminalReference : null;
      return { order: payment, terminalReference };
    };
    at.rig.arm(fault('capture-lost'), true);
    const first = await pay();
    const captured = await answered(at, bank.capture(first));
    expect(at.rig.snapshot().traps.some((trap) => trap.armed)).toBe(false);
    expect(captured.kind).not.toBe('refused');
    expect(at.rig.terminal('bank-card').books).toMatchObject([{ status: 'captured' }]);
    expect((await answered(at, bank.capture(await pay()))).kind).toBe('done');
  });

  test('a terminal that is silenced works on, unheard', async () => {
    const at = station();
    const { bank } = await ready(at);
    const opened = await answered(at, bank.open());
    const paying = bank.authorise(order('bank-card', opened.kind === 'done' ? opened.mark : ''));
    await at.clock.advance(1_000);
    at.rig.perform({ kind: 'silence-terminal', terminal: 'bank-card', silent: true });
    at.rig.perform({ kind: 'approve-payment', terminal: 'bank-card' });
    expect((await answered(at, paying)).kind).toBe('unknown');
    expect(at.rig.terminal('bank-card').books).toMatchObject([{ status: 'authorised' }]);
  });

  test('a trap that was taken away does not spring', async () => {
    const at = station();
    const { cards } = await ready(at);
    for (const each of traps) at.rig.arm(each, true);
    for (const each of traps) at.rig.arm(each, false);
    at.rig.insert('ordinary');
    expect((await answered(at, cards.read())).kind).toBe('done');
    expect((await answered(at, cards.prepare(load))).kind).toBe('done');
    expect((await answered(at, cards.credit())).kind).toBe('done');
  });
});

describe('what the bench shows', () => {
  test('the trace tells in words what passed, newest first', async () => {
    const at = station();
    const { cards } = await ready(at);
    at.rig.insert('ordinary');
    await answered(at, cards.prepare(load));
    await answered(at, cards.credit());
    const told = at.rig.snapshot().trace.map(({ what, answer }) => `${what}: ${answer}`);
    expect(told.at(-1)).toMatch(/^card put in/);
    const credit = told.findIndex((row) => /^CREDIT FOR LOAD at \d{14}, .*: 9000 TAC /.test(row));
    const begun = told.findIndex((row) =>
      /^INITIALIZE FOR LOAD ¥50\.00, .*: 9000 balance/.test(row),
    );
    expect(credit).toBeGreaterThanOrEqual(0);
    expect(begun).toBeGreaterThan(credit);
  });

  test('a command for something that is not there does nothing', () => {
    const { rig } = station();
    const before = rig.snapshot();
    rig.perform({ kind: 'insert-card', card: 'none' });
    rig.perform({ kind: 'approve-payment', terminal: 'none' });
    rig.perform({ kind: 'set-cable', cable: 'none', plugged: false });
    rig.perform({ kind: 'arm-trap', trap: 'none', armed: true });
    expect(rig.snapshot()).toEqual(before);
  });

  test('every cable can be pulled and put back, and the kiosk hears of it', async () => {
    const at = station();
    const { cards, printer, bank } = await ready(at);
    const health = new Map<string, string>();
    cards.watch({
      onPresence: () => {},
      onReaderHealth: ({ kind }) => health.set('reader', kind),
      onSamHealth: (_family, { kind }) => health.set('sam', kind),
    });
    printer.watch(({ kind }) => health.set('printer', kind));
    bank.watch(({ kind }) => health.set('bank-card', kind));
    const all = ['reader', 'sam', 'printer', 'bank-card'];
    await at.clock.advance(10_000);
    expect(all.map((each) => health.get(each))).toEqual(['up', 'up', 'up', 'up']);
    for (const cable of all) at.rig.perform({ kind: 'set-cable', cable, plugged: false });
    await at.clock.advance(10_000);
    expect(all.map((each) => health.get(each))).toEqual(['down', 'down', 'down', 'down']);
    for (const cable of all) at.rig.perform({ kind: 'set-cable', cable, plugged: true });
    await at.clock.advance(30_000);
    expect(all.map((each) => health.get(each))).toEqual(['up', 'up', 'up', 'up']);
  });

  test('fresh cards are as they were, and the slot is empty', async () => {
    const at = station();
    const { cards } = await ready(at);
    at.rig.insert('ordinary');
    await answered(at, cards.prepare(load));
    await answered(at, cards.credit());
    expect(at.rig.snapshot().cards[0]?.fresh).toBe(false);
    at.rig.perform({ kind: 'fresh-cards' });
    expect(at.rig.snapshot().inserted).toBeNull();
    expect(at.rig.snapshot().cards.every((card) => card.fresh)).toBe(true);
    expect(at.rig.books().purses.get('ordinary')?.balanceMinor).toBe(3_620);
  });

  test('changes are told together, a moment later', async () => {
    const at = station();
    const { cards } = await ready(at);
    let told = 0;
    const stop = at.rig.onChange(() => {
      told += 1;
    });
    at.rig.insert('ordinary');
    await answered(at, cards.read());
    await at.clock.advance(1_000);
    expect(told).toBe(1);
    stop();
  });
});
