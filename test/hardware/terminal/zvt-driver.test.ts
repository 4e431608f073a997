import { inspect } from 'node:util';
import { afterEach, expect, test } from 'vitest';
import { simulatedCard } from '../../../hardware/terminal/zvt/simulated-slip.ts';
import type { Health } from '../../../main/contract/device.ts';
import { Station } from './station.ts';

let station: Station;
afterEach(async () => {
  await station.close();
});

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const heard = (to: 'kiosk' | 'terminal') =>
  station.line.heard.filter((passing) => passing.to === to).map((passing) => hex(passing.bytes));

test('a person taps: the amount is reserved, then booked, once', async () => {
  station = new Station();
  const payment = await station.authorised(1234);
  expect(payment.terminalReference).toBe('0001/000001/750071');
  expect(station.statuses).toEqual(['authorised']);
  expect(await station.answer(station.kiosk.capture(payment))).toEqual({ kind: 'done' });
  expect(await station.answer(station.kiosk.capture(payment))).toEqual({ kind: 'done' });
  expect(station.terminal.books).toMatchObject([
    { amountMinor: 1234, status: 'captured', booked: { receipt: 2 } },
  ]);
});

test('a reservation is let go of, once', async () => {
  station = new Station();
  const payment = await station.authorised();
  expect(await station.answer(station.kiosk.reverse(payment))).toEqual({ kind: 'done' });
  expect(await station.answer(station.kiosk.reverse(payment))).toEqual({ kind: 'done' });
  expect(station.statuses).toEqual(['reversed']);
  expect(await station.answer(station.kiosk.capture(payment))).toMatchObject({ kind: 'refused' });
});

test('what was booked is given back by a reversal of the booking, once', async () => {
  station = new Station();
  const payment = await station.authorised();
  await station.answer(station.kiosk.capture(payment));
  expect(await station.answer(station.kiosk.reverse(payment))).toEqual({ kind: 'done' });
  expect(await station.answer(station.kiosk.reverse(payment))).toEqual({ kind: 'done' });
  expect(station.statuses).toEqual(['reversed']);
});

test('a one-phase payment is taken at once, and given back by a reversal, once', async () => {
  station = new Station({ phases: 'one', reservations: false });
  const payment = await station.authorised();
  expect(station.statuses).toEqual(['captured']);
  expect(await station.answer(station.kiosk.capture(payment))).toMatchObject({ kind: 'refused' });
  expect(await station.answer(station.kiosk.reverse(payment))).toEqual({ kind: 'done' });
  expect(await station.answer(station.kiosk.reverse(payment))).toEqual({ kind: 'done' });
  expect(station.statuses).toEqual(['reversed']);
});

test.each(['abort', 'completion'] as const)(
  'a decline that ends by %s costs nothing',
  async (declineBy) => {
    station = new Station({ declineBy });
    station.terminal.present({ kind: 'decline' });
    const order = station.order(await station.mark());
    expect(await station.answer(station.kiosk.authorise(order))).toEqual({
      kind: 'refused',
      reason: 'declined',
    });
    const question = { order, terminalReference: null };
    expect(await station.answer(station.kiosk.inquire(question))).toMatchObject({ status: 'none' });
  },
);

test('nobody taps: the terminal gives up, and the kiosk hears why', async () => {
  station = new Station();
  station.terminal.present({ kind: 'wait' });
  const order = station.order(await station.mark());
  expect(await station.answer(station.kiosk.authorise(order))).toEqual({
    kind: 'refused',
    reason: 'timed-out',
  });
  expect(station.statuses).toEqual([]);
});

test('a person cancels before tapping: nothing is reserved', async () => {
  station = new Station();
  station.terminal.present({ kind: 'wait' });
  const order = station.order(await station.mark());
  const authorised = station.kiosk.authorise(order);
  await station.clock.until(() => station.terminal.waiting);
  station.kiosk.cancel();
  station.kiosk.cancel();
  expect(await station.answer(authorised)).toEqual({ kind: 'refused', reason: 'cancelled' });
  expect(heard('terminal').filter((bytes) => bytes === '06b000')).toHaveLength(1);
  expect(station.statuses).toEqual([]);
});

test('a cancel that comes before the terminal was asked leaves it unasked', async () => {
  station = new Station();
  const order = station.order(await station.mark());
  const authorised = station.kiosk.authorise(order);
  station.kiosk.cancel();
  expect(await station.answer(authorised)).toEqual({ kind: 'refused', reason: 'cancelled' });
  expect(heard('terminal').some((bytes) => bytes.startsWith('0622'))).toBe(false);
});

test('a card tapped while the cancel is under way counts, and can then be settled', async () => {
  station = new Station();
  station.terminal.present({ kind: 'wait' });
  const order = station.order(await station.mark());
  const authorised = station.kiosk.authorise(order);
  await station.clock.until(() => station.terminal.waiting);
  station.terminal.tap();
  station.kiosk.cancel();
  const answer = await station.answer(authorised);
  expect(answer).toMatchObject({ kind: 'done' });
  expect(station.statuses).toEqual(['authorised']);
  const payment = {
    order,
    terminalReference: answer.kind === 'done' ? answer.terminalReference : '',
  };
  expect(await station.answer(station.kiosk.reverse(payment))).toEqual({ kind: 'done' });
  expect(station.statuses).toEqual(['reversed']);
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
  expect(heard('terminal')).toContain('06b000');
  station.terminal.answer('capture', { kind: 'late', ms: 500 });
  station.clock.after(100, () => {
    station.cable.far.send(Uint8Array.of(0x80, 0x00, 0x00));
    station.cable.far.send(Uint8Array.of(0x06, 0x1e, 0x01, 0x6c));
  });
  const payment = { order, terminalReference: answer.terminalReference };
  expect(await station.answer(station.kiosk.capture(payment))).toEqual({ kind: 'done' });
  expect(station.statuses).toEqual(['captured']);
});

test('past its own deadline the kiosk stops the payment at the terminal too', async () => {
  station = new Station({ cardTimeoutMs: 300_000 });
  station.terminal.present({ kind: 'wait' });
  const order = station.order(await station.mark());
  expect(await station.answer(station.kiosk.authorise(order))).toEqual({
    kind: 'refused',
    reason: 'timed-out',
  });
  expect(station.terminal.tap()).toBe(false);
  expect(station.statuses).toEqual([]);
});

test('a reversal that is refused because it was made before is done', async () => {
  station = new Station({ phases: 'one' });
  const payment = await station.authorised();
  expect(await station.answer(station.kiosk.reverse(payment))).toEqual({ kind: 'done' });
  station.terminal.answer('reverse', { kind: 'refused', code: 0xb5 });
  expect(await station.answer(station.kiosk.reverse(payment))).toEqual({ kind: 'done' });
  const other = await station.authorised();
  expect(await station.answer(station.kiosk.reverse(other))).toEqual({
    kind: 'refused',
    detail: 'reversal of receipt 0003: B5 reversal not possible',
  });
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

test('a cancel waits for the terminal to have taken the payment, so that its answer has one meaning', async () => {
  station = new Station();
  station.terminal.present({ kind: 'wait' });
  const order = station.order(await station.mark());
  const before = station.line.heard.length;
  station.line.meddle = (passing) => {
    if (passing.to === 'terminal' && hex(passing.bytes).startsWith('0622')) station.kiosk.cancel();
    return 'pass';
  };
  const answer = await station.answer(station.kiosk.authorise(order));
  expect(answer).toEqual({ kind: 'refused', reason: 'cancelled' });
  const said = station.line.heard.slice(before).map((passing) => hex(passing.bytes));
  expect(said.indexOf('06b000')).toBeGreaterThan(said.indexOf('800000'));
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

test('a poll that is answered too late does not keep the next person from paying', async () => {
  station = new Station();
  await station.mark();
  station.terminal.answer('inquire', { kind: 'late', ms: 6_000 }, 'next');
  await station.clock.advance(3_500);
  expect(await station.answer(station.kiosk.open())).toMatchObject({ kind: 'done' });
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
  expect(heard('terminal').filter((bytes) => bytes.startsWith('0622'))).toHaveLength(1);
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
  expect(heard('terminal')).toContain('846600');
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
  expect(heard('terminal')).not.toContain('846600');
});

test('an approval repeated after its end is no late payment', async () => {
  station = new Station();
  const payment = await station.authorised();
  const approval = station.line.heard.find((passing) => hex(passing.bytes).startsWith('040f'));
  if (approval === undefined) throw new Error('no approval was heard');
  station.cable.far.send(approval.bytes);
  await station.clock.settle();
  expect(heard('terminal')).not.toContain('846600');
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
  expect(heard('terminal')).not.toContain('846600');
});

test('a terminal that will not book says so in its own words', async () => {
  station = new Station();
  const payment = await station.authorised();
  station.terminal.answer('capture', { kind: 'refused', code: 0xa3 }, 'next');
  expect(await station.answer(station.kiosk.capture(payment))).toEqual({
    kind: 'refused',
    detail: 'booking of receipt 0001: A3 no connection',
  });
  expect(station.statuses).toEqual(['authorised']);
});

test('a terminal that is occupied is asked again until it books', async () => {
  station = new Station();
  const payment = await station.authorised();
  station.terminal.answer('capture', { kind: 'refused', code: 0xa0 }, 'next');
  expect(await station.answer(station.kiosk.capture(payment))).toEqual({ kind: 'done' });
  expect(station.statuses).toEqual(['captured']);
});

test('a terminal that repeats no receipts leaves a lost one-phase answer unknown', async () => {
  station = new Station({ phases: 'one', repeatsStatus: false });
  await station.authorised();
  station.terminal.present({ kind: 'silent-after-approving' });
  const order = station.order(await station.mark());
  expect(await station.answer(station.kiosk.authorise(order))).toEqual({ kind: 'unknown' });
  expect(await station.answer(station.kiosk.inquire({ order, terminalReference: null }))).toEqual({
    kind: 'unknown',
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

test('health follows the cable, the power and the words of the terminal', async () => {
  station = new Station();
  const seen: Health[] = [];
  station.kiosk.watch((health) => seen.push(health));
  await station.clock.settle();
  expect(seen).toEqual([{ kind: 'down', fault: 'unplugged' }, { kind: 'up' }]);
  station.terminal.unplug();
  expect(seen.at(-1)).toEqual({ kind: 'down', fault: 'unplugged' });
  station.terminal.plug();
  await station.clock.settle();
  expect(seen.at(-1)).toEqual({ kind: 'up' });
  station.terminal.powerCycle(60_000);
  await station.clock.advance(10_000);
  expect(seen.at(-1)).toEqual({ kind: 'down', fault: 'silent' });
  expect(await station.answer(station.kiosk.open())).toEqual({ kind: 'failed', fault: 'silent' });
  await station.clock.advance(65_000);
  expect(seen.at(-1)).toEqual({ kind: 'up' });
  // It had forgotten the kiosk, and was greeted anew.
  await station.authorised();
  station.terminal.report(0xc2);
  await station.clock.advance(5_000);
  expect(seen.at(-1)).toEqual({ kind: 'down', fault: 'not-ready' });
  station.terminal.report(0x9c);
  await station.clock.advance(5_000);
  expect(seen.at(-1)).toEqual({ kind: 'down', fault: 'busy' });
  station.terminal.report(0x00);
  station.terminal.answer('inquire', { kind: 'refused', code: 0xa0 });
  await station.clock.advance(5_000);
  expect(seen.at(-1)).toEqual({ kind: 'down', fault: 'busy' });
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

test('noise on the line is not taken for a terminal', async () => {
  station = new Station();
  const seen: Health[] = [];
  station.kiosk.watch((health) => seen.push(health));
  await station.clock.settle();
  station.terminal.answer('inquire', { kind: 'ignored' });
  station.line.meddle = (passing) => {
    if (passing.to === 'terminal') station.cable.far.send(Uint8Array.of(0x55, 0xaa));
    return 'pass';
  };
  await station.clock.advance(20_000);
  expect(seen.at(-1)).toEqual({ kind: 'down', fault: 'garbled' });
});

test('a terminal that lost power on a live line is greeted anew', async () => {
  station = new Station();
  await station.mark();
  station.terminal.powerCycle();
  const order = station.order('empty open ');
  expect(await station.answer(station.kiosk.authorise(order))).toEqual({
    kind: 'refused',
    reason: 'terminal-fault',
  });
  const again = station.order(await station.mark());
  expect(await station.answer(station.kiosk.authorise(again))).toMatchObject({ kind: 'done' });
});

test('the terminal is asked how it is about every 3 s, and never during a payment', async () => {
  station = new Station();
  await station.clock.advance(9_500);
  expect(heard('terminal').filter((bytes) => bytes.startsWith('0501'))).toHaveLength(4);
  station.terminal.present({ kind: 'wait' });
  const order = station.order(await station.mark());
  const before = station.line.heard.length;
  const authorised = station.kiosk.authorise(order);
  await station.clock.advance(50_000);
  const during = station.line.heard.slice(before).map((passing) => hex(passing.bytes));
  expect(during.filter((bytes) => bytes.startsWith('0501'))).toEqual([]);
  station.terminal.tap();
  expect(await station.answer(authorised)).toMatchObject({ kind: 'done' });
});

test('every message of the terminal is answered 80 00 00, and no acknowledgement is', async () => {
  station = new Station();
  const payment = await station.authorised();
  await station.answer(station.kiosk.capture(payment));
  await station.answer(station.kiosk.inquire(payment));
  const spoken = heard('kiosk').filter((bytes) => !bytes.startsWith('80'));
  expect(heard('terminal').filter((bytes) => bytes === '800000')).toHaveLength(spoken.length);
});

test('a question that the kiosk cannot answer is refused, not ignored', async () => {
  station = new Station();
  await station.clock.settle();
  station.cable.far.send(Uint8Array.of(0x04, 0x0e, 0x00));
  await station.clock.settle();
  expect(heard('terminal').at(-1)).toBe('848300');
});

test('a card number that the terminal lets out is kept nowhere', async () => {
  station = new Station({ unmaskedCard: true });
  const seen: unknown[] = [station.kiosk];
  const mark = await station.mark();
  const payment = await station.authorised();
  seen.push(mark, payment);
  seen.push(await station.answer(station.kiosk.inquire(payment)));
  seen.push(await station.answer(station.kiosk.capture(payment)));
  seen.push(await station.answer(station.kiosk.reverse(payment)));
  seen.push(await station.answer(station.kiosk.reverse(payment)));
  const wire = heard('kiosk').join('');
  expect(wire).toContain(simulatedCard.number);
  expect(wire).toContain(simulatedCard.track2);
  const kept = inspect(seen, { depth: 20, showHidden: true, maxArrayLength: null });
  for (const secret of [
    simulatedCard.number,
    simulatedCard.track1,
    simulatedCard.track2,
    simulatedCard.number.slice(4, 12),
  ]) {
    expect(kept).not.toContain(secret);
  }
});

test('a closed terminal asks and says nothing more', async () => {
  station = new Station();
  station.terminal.present({ kind: 'wait' });
  const order = station.order(await station.mark());
  const authorised = station.kiosk.authorise(order);
  await station.clock.until(() => station.terminal.waiting);
  await station.kiosk.close();
  expect(await station.answer(authorised)).toEqual({ kind: 'unknown' });
  const before = station.line.heard.length;
  await station.clock.advance(30_000);
  expect(station.line.heard).toHaveLength(before);
  expect(await station.cable.write(Uint8Array.of(0x80), 1_000)).toMatchObject({ kind: 'failed' });
});
