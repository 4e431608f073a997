import { afterEach, describe, expect, test } from 'vitest';
import type { Person } from '../../../hardware/terminal/zvt/simulated-behaviour.ts';
import { hex, Station } from './station.ts';

let station: Station;
afterEach(async () => {
  await station.close();
});

test('what a late cancel is answered is not mistaken for the answer to what comes next', async () => {
  station = new Station();
  const order = station.order(await station.mark());
  // The stop leaves just before the completion is heard, and is held up on its way.
  station.line.meddle = (passing) => {
    const bytes = hex(passing.bytes);
    if (passing.to === 'kiosk' && bytes === '060f00') station.kiosk.cancel();
    return bytes === '06b000' ? 'drop' : 'pass';
  };
  const answer = await station.answer(station.kiosk.authorise(order));
  if (answer.kind !== 'done') throw new Error(`the payment is ${answer.kind}`);
  expect(station.heard('terminal')).toContain('06b000');
  station.clock.after(100, () => {
    station.cable.far.send(Uint8Array.of(0x80, 0x00, 0x00));
    station.cable.far.send(Uint8Array.of(0x06, 0x1e, 0x01, 0x6c));
  });
  station.terminal.present({ kind: 'slow', ms: 5_000 });
  const next = station.order(await station.mark());
  expect(await station.answer(station.kiosk.authorise(next))).toMatchObject({ kind: 'done' });
  expect(station.statuses).toEqual(['authorised', 'authorised']);
});

test('an inquiry waits for the line, and goes on as soon as it is back', async () => {
  station = new Station();
  const payment = await station.authorised();
  station.terminal.unplug();
  station.clock.after(10_100, () => station.terminal.plug());
  const beganMs = station.clock.nowMs();
  expect(await station.answer(station.kiosk.inquire(payment))).toMatchObject({
    status: 'authorised',
  });
  expect(station.clock.nowMs() - beganMs).toBe(10_100);
});

test('a line that takes nothing leaves the payment unknown, and nothing hangs', async () => {
  station = new Station();
  const order = station.order(await station.mark());
  station.cable.setStuck(true);
  expect(await station.answer(station.kiosk.authorise(order), 20_000)).toEqual({
    kind: 'unknown',
  });
  const question = { order, terminalReference: null };
  expect(await station.answer(station.kiosk.inquire(question), 60_000)).toEqual({
    kind: 'unknown',
  });
  station.cable.setStuck(false);
  expect(await station.answer(station.kiosk.inquire(question))).toMatchObject({ status: 'none' });
});

test('half a message that is never finished does not swallow the next one', async () => {
  station = new Station();
  const payment = await station.authorised();
  station.cable.far.send(Uint8Array.of(0x04, 0x0f, 0x60, 0x27));
  await station.clock.advance(10_000);
  expect(await station.answer(station.kiosk.capture(payment))).toEqual({ kind: 'done' });
});

test('a late no from earlier is not taken for a no to the payment', async () => {
  station = new Station();
  const order = station.order(await station.mark());
  station.line.meddle = (passing) => {
    if (passing.to === 'terminal' && hex(passing.bytes).startsWith('0622')) {
      station.cable.far.send(Uint8Array.of(0x06, 0x1e, 0x01, 0x6c));
    }
    return 'pass';
  };
  expect(await station.answer(station.kiosk.authorise(order))).toMatchObject({ kind: 'done' });
  expect(station.statuses).toEqual(['authorised']);
});

test('the terminal falls silent after approving: the kiosk does not know, and finds out', async () => {
  station = new Station();
  station.terminal.present({ kind: 'silent-after-approving' });
  const order = station.order(await station.mark());
  expect(await station.answer(station.kiosk.authorise(order))).toEqual({ kind: 'unknown' });
  const found = await station.answer(station.kiosk.inquire({ order, terminalReference: null }));
  expect(found).toEqual({
    kind: 'done',
    status: 'authorised',
    terminalReference: '0001/000001/750071',
    terminalReceipt: '0001',
  });
});

test('the previous person paid the same: it is told apart from this one', async () => {
  station = new Station();
  const first = await station.authorised(5000);
  await station.answer(station.kiosk.capture(first));
  const order = station.order(await station.mark(), 5000);
  // The cable falls out before the terminal hears of the second payment.
  station.line.meddle = (passing) =>
    passing.to === 'terminal' && hex(passing.bytes).startsWith('0622') ? 'cut-before' : 'pass';
  expect(await station.answer(station.kiosk.authorise(order))).toEqual({ kind: 'unknown' });
  station.cable.plug();
  expect(await station.answer(station.kiosk.inquire({ order, terminalReference: null }))).toEqual({
    kind: 'done',
    status: 'none',
    terminalReference: null,
    terminalReceipt: null,
  });
  expect(station.statuses).toEqual(['captured']);
});

test('a person cancels at a terminal that has approved and fallen silent: not taken for cancelled', async () => {
  station = new Station();
  station.terminal.present({ kind: 'silent-after-approving' });
  const order = station.order(await station.mark());
  const authorised = station.kiosk.authorise(order);
  await station.clock.until(() => station.statuses.length === 1);
  station.kiosk.cancel();
  expect(await station.answer(authorised)).toEqual({ kind: 'unknown' });
  expect(
    await station.answer(station.kiosk.inquire({ order, terminalReference: null })),
  ).toMatchObject({ status: 'authorised' });
});

test('a terminal that repeats no receipts is believed when it says that it stopped', async () => {
  station = new Station({ repeatsStatus: false });
  await station.authorised();
  station.terminal.present({ kind: 'wait' });
  const order = station.order(await station.mark());
  const authorised = station.kiosk.authorise(order);
  await station.clock.until(() => station.terminal.waiting);
  station.kiosk.cancel();
  expect(await station.answer(authorised)).toEqual({ kind: 'refused', reason: 'cancelled' });
});

test('no second payment is ever sent by itself', async () => {
  station = new Station();
  station.terminal.present({ kind: 'silent-after-approving' });
  const order = station.order(await station.mark());
  await station.answer(station.kiosk.authorise(order));
  await station.answer(station.kiosk.inquire({ order, terminalReference: null }));
  await station.clock.advance(60_000);
  expect(station.heard('terminal').filter((bytes) => bytes.startsWith('0622'))).toHaveLength(1);
});

test('an approval that comes after the kiosk stopped waiting is given back by the terminal', async () => {
  station = new Station({ cardTimeoutMs: 200_000 });
  station.terminal.present({ kind: 'wait' });
  const order = station.order(await station.mark());
  // The terminal ignores the abort that ends the kiosk's patience.
  station.line.meddle = (passing) => (hex(passing.bytes) === '06b000' ? 'drop' : 'pass');
  expect(await station.answer(station.kiosk.authorise(order))).toEqual({ kind: 'unknown' });
  const question = { order, terminalReference: null };
  expect(await station.answer(station.kiosk.inquire(question))).toEqual({ kind: 'unknown' });
  station.terminal.tap();
  await station.clock.advance(5_000);
  expect(station.heard('terminal')).toContain('846600');
  expect(station.statuses).toEqual(['reversed']);
  expect(await station.answer(station.kiosk.inquire(question))).toMatchObject({
    kind: 'done',
    status: 'reversed',
  });
});

test('the completion is lost behind an approval: unknown, then found reserved', async () => {
  station = new Station();
  station.terminal.present({ kind: 'lost-completion' });
  const order = station.order(await station.mark());
  expect(await station.answer(station.kiosk.authorise(order))).toEqual({ kind: 'unknown' });
  expect(
    await station.answer(station.kiosk.inquire({ order, terminalReference: null })),
  ).toMatchObject({ status: 'authorised' });
});

test('the cable falls out after the approval and is put back: found reserved', async () => {
  station = new Station();
  station.terminal.present({ kind: 'line-drop-after-approving' });
  const order = station.order(await station.mark());
  expect(await station.answer(station.kiosk.authorise(order))).toEqual({ kind: 'unknown' });
  const found = await station.answer(station.kiosk.inquire({ order, terminalReference: null }));
  expect(found).toMatchObject({ status: 'authorised' });
});

test('answers that come twice are counted once', async () => {
  station = new Station();
  for (const group of ['capture', 'reverse', 'inquire'] as const) {
    station.terminal.answer(group, { kind: 'duplicated' });
  }
  // And every message of the payment itself comes twice as well.
  const first = await station.authorised();
  expect(await station.answer(station.kiosk.capture(first))).toEqual({ kind: 'done' });
  const second = await station.authorised();
  expect(await station.answer(station.kiosk.reverse(second))).toEqual({ kind: 'done' });
  await station.clock.advance(20_000);
  expect(station.statuses).toEqual(['captured', 'reversed']);
  expect(station.heard('terminal')).not.toContain('846600');
});

test('an approval repeated after its end is no late payment', async () => {
  station = new Station();
  const payment = await station.authorised();
  const approval = station.line.heard.find((passing) => hex(passing.bytes).startsWith('040f'));
  if (approval === undefined) throw new Error('no approval was heard');
  station.cable.far.send(approval.bytes);
  await station.clock.settle();
  expect(station.heard('terminal')).not.toContain('846600');
  expect(await station.answer(station.kiosk.inquire(payment))).toMatchObject({
    status: 'authorised',
  });
});

test.each(['ignored', 'lost'] as const)(
  'a booking whose answer is %s is unknown, and made exactly once',
  async (kind) => {
    station = new Station();
    const payment = await station.authorised();
    station.terminal.answer('capture', { kind }, 'next');
    expect(await station.answer(station.kiosk.capture(payment))).toEqual({ kind: 'unknown' });
    const expected = kind === 'lost' ? 'captured' : 'authorised';
    expect(await station.answer(station.kiosk.inquire(payment))).toMatchObject({
      status: expected,
    });
    expect(await station.answer(station.kiosk.capture(payment))).toEqual({ kind: 'done' });
    expect(station.terminal.memory.nextReceipt).toBe(3);
  },
);

test('a late answer to a booking is not taken for the answer to the next command', async () => {
  station = new Station();
  const payment = await station.authorised();
  station.terminal.answer('capture', { kind: 'late', ms: 6_000 }, 'next');
  expect(await station.answer(station.kiosk.capture(payment))).toEqual({ kind: 'unknown' });
  expect(await station.answer(station.kiosk.inquire(payment))).toMatchObject({
    status: 'captured',
  });
  expect(station.statuses).toEqual(['captured']);
  expect(station.heard('terminal')).not.toContain('846600');
});

test('no money is asked for at a one-phase terminal that could not tell what became of it', async () => {
  station = new Station({ phases: 'one', repeatsStatus: false });
  // Its first receipt is the one that it cannot repeat.
  const first = station.order('empty open ?');
  expect(await station.answer(station.kiosk.authorise(first))).toMatchObject({ kind: 'done' });
  expect(await station.answer(station.kiosk.open())).toEqual({
    kind: 'failed',
    fault: 'not-ready',
  });
});

test('the kiosk dies after the approval: the new one settles by what the journal holds', async () => {
  station = new Station();
  const payment = await station.authorised();
  station.restart();
  expect(await station.answer(station.kiosk.inquire(payment))).toEqual({
    kind: 'done',
    status: 'authorised',
    terminalReference: payment.terminalReference,
    terminalReceipt: '0001',
  });
  expect(await station.answer(station.kiosk.capture(payment))).toEqual({ kind: 'done' });
  station.restart();
  expect(await station.answer(station.kiosk.inquire(payment))).toMatchObject({
    status: 'captured',
  });
  station.restart();
  expect(await station.answer(station.kiosk.reverse(payment))).toEqual({ kind: 'done' });
  station.restart();
  expect(await station.answer(station.kiosk.inquire(payment))).toMatchObject({
    status: 'reversed',
  });
  expect(station.statuses).toEqual(['reversed']);
});

test('an unanswered payment can be booked or released without ever having had a name', async () => {
  for (const deed of ['capture', 'reverse'] as const) {
    station = new Station();
    station.terminal.present({ kind: 'silent-after-approving' });
    const order = station.order(await station.mark());
    await station.answer(station.kiosk.authorise(order));
    station.restart();
    const question = { order, terminalReference: null };
    expect(await station.answer(station.kiosk[deed](question))).toEqual({ kind: 'done' });
    expect(await station.answer(station.kiosk[deed](question))).toEqual({ kind: 'done' });
    expect(station.statuses).toEqual([deed === 'capture' ? 'captured' : 'reversed']);
    await station.close();
  }
});

test('the last transaction proves nothing for an order that it was not given to', async () => {
  station = new Station({ phases: 'one' });
  const mark = await station.mark();
  const lost = station.order(mark, 1000);
  const other = station.order(mark, 1000);
  expect(await station.answer(station.kiosk.authorise(other))).toMatchObject({ kind: 'done' });
  expect(
    await station.answer(station.kiosk.inquire({ order: lost, terminalReference: null })),
  ).toEqual({ kind: 'unknown' });
});

test('the books of a terminal that says it is occupied are not read yet', async () => {
  station = new Station();
  const payment = await station.authorised();
  station.terminal.report(0x9c);
  expect(await station.answer(station.kiosk.inquire(payment))).toEqual({ kind: 'unknown' });
  station.clock.after(7_000, () => station.terminal.report(0x00));
  expect(await station.answer(station.kiosk.inquire(payment))).toMatchObject({
    status: 'authorised',
  });
});

test('the late receipt of a booking is acknowledged, even by a kiosk that knows nothing of it', async () => {
  station = new Station();
  const payment = await station.authorised();
  await station.answer(station.kiosk.capture(payment));
  const booking = station.line.heard.findLast((passing) => hex(passing.bytes).startsWith('040f'));
  if (booking === undefined) throw new Error('no booking was heard');
  station.restart();
  await station.clock.settle();
  station.cable.far.send(booking.bytes);
  await station.clock.settle();
  expect(station.heard('terminal').at(-1)).toBe('800000');
});

describe.each([
  ['the last receipt', 1],
  ['the open reservations', 2],
] as const)('one refused look at %s before a payment hides nothing', (_of, looks) => {
  async function beginsPaying(person: Person) {
    station = new Station();
    // Somebody was declined before.
    station.terminal.present({ kind: 'decline' }, 'next');
    await station.answer(station.kiosk.authorise(station.order(await station.mark())));
    for (let n = 0; n < looks; n += 1) station.terminal.answer('inquire', { kind: 'none' }, 'next');
    station.terminal.answer('inquire', { kind: 'refused', code: 0xff }, 'next');
    const order = station.order(await station.mark());
    station.terminal.present(person, 'next');
    return { order, terminalReference: null };
  }

  test('what was approved when the line fell out is found', async () => {
    const question = await beginsPaying({ kind: 'line-drop-after-approving' });
    await station.answer(station.kiosk.authorise(question.order));
    const found = await station.answer(station.kiosk.inquire(question));
    expect(found).toMatchObject({ status: 'authorised' });
  });

  test('what the terminal undid by itself, the kiosk having died, is found', async () => {
    const question = await beginsPaying({ kind: 'slow', ms: 1 });
    void station.kiosk.authorise(question.order);
    station.clock.after(0, () => station.restart());
    await station.clock.advance(1);
    const found = await station.answer(station.kiosk.inquire(question));
    expect(station.statuses.at(-1)).toBe('reversed');
    expect(found).toMatchObject({ status: 'reversed' });
  });
});
