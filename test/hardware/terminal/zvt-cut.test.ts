import { expect, test } from 'vitest';
import type { PaymentInQuestion } from '../../../hardware/terminal/port.ts';
import type { PaymentOrder, PaymentPhases, PaymentStatus } from '../../../main/contract/payment.ts';
import { Station } from './station.ts';
import type { Fate } from './tapped-line.ts';

const fates = ['drop', 'cut-before', 'cut-after', 'kill-before', 'kill-after'] as const;
type Deed = 'authorise' | 'capture' | 'reverse' | 'reverse-booked';

/** What the terminal's books say about the second payment; the first is another person's, of the same amount. */
function truth(station: Station): PaymentStatus {
  const status = station.terminal.books[1]?.status ?? 'none';
  return status === 'declined' ? 'none' : status;
}

/** What may be said of a payment: the truth, or that it is closed where the books no longer tell how. */
function possibleFor(status: PaymentStatus): readonly PaymentStatus[] {
  return status === 'captured' || status === 'reversed' ? [status, 'closed'] : [status];
}

/** Let one message have its fate, and the world come right again a second later. */
function meddle(station: Station, fate: Fate, at: number): { readonly struck: () => boolean } {
  const first = station.line.heard.length;
  let struck = false;
  station.line.meddle = (_passing, index) => {
    if (struck || index - first !== at) return 'pass';
    struck = true;
    if (fate.startsWith('cut')) station.clock.after(1_000, () => station.cable.plug());
    if (fate.startsWith('kill')) station.clock.after(1_000, () => station.restart());
    return fate;
  };
  return { struck: () => struck };
}

/** Do it, until it answers or the kiosk is dead and started again. Null: it never answered. */
async function attempt<Answer>(
  station: Station,
  deed: () => Promise<Answer>,
): Promise<Answer | null> {
  const before = station.kiosk;
  let answer: Answer | null = null;
  void deed().then((value) => {
    if (station.kiosk === before) answer = value;
  });
  await station.clock.until(() => answer !== null || station.kiosk !== before);
  return answer;
}

type Settings = {
  readonly phases: PaymentPhases;
  readonly namesOriginal: boolean;
  readonly declines: boolean;
};

/** Another person's payment, then this one up to the deed. */
async function prepared(
  settings: Settings,
  deed: Deed,
): Promise<[Station, PaymentOrder, string | null]> {
  const station = new Station(settings);
  const other = await station.authorised(5000);
  if (settings.phases === 'two') await station.answer(station.kiosk.capture(other));
  const order = station.order(await station.mark(), 5000);
  if (settings.declines) station.terminal.present({ kind: 'decline' });
  if (deed === 'authorise') return [station, order, null];
  const answer = await station.answer(station.kiosk.authorise(order));
  if (answer.kind !== 'done') throw new Error('the payment was not made');
  const payment = { order, terminalReference: answer.terminalReference };
  if (deed === 'reverse-booked') await station.answer(station.kiosk.capture(payment));
  return [station, order, answer.terminalReference];
}

async function strike(settings: Settings, deed: Deed, fate: Fate, at: number) {
  const [station, order, reference] = await prepared(settings, deed);
  const { struck } = meddle(station, fate, at);
  let payment: PaymentInQuestion = { order, terminalReference: reference };
  if (deed === 'authorise') {
    const answer = await attempt(station, () => station.kiosk.authorise(order));
    if (answer?.kind === 'done') {
      expect(truth(station)).toBe(settings.phases === 'two' ? 'authorised' : 'captured');
      payment = { order, terminalReference: answer.terminalReference };
    }
    if (answer?.kind === 'refused') expect(truth(station)).toBe('none');
  } else {
    const verb = deed === 'capture' ? 'capture' : 'reverse';
    const answer = await attempt(station, () => station.kiosk[verb](payment));
    if (answer?.kind === 'done') {
      expect(truth(station)).toBe(verb === 'capture' ? 'captured' : 'reversed');
    }
    expect(answer?.kind).not.toBe('refused');
  }
  await station.clock.advance(2_000);
  const ask = () => attempt(station, () => station.kiosk.inquire(payment));
  const found = (await ask()) ?? (await ask());
  // Without original traces, the reversal of a booking cannot be told from that of another one: unknown is right.
  const traceless = deed === 'reverse-booked' && !settings.namesOriginal;
  if (found?.kind === 'done') expect(possibleFor(truth(station))).toContain(found.status);
  else if (!traceless) throw new Error(`${fate} at message ${at}: never found out`);
  return { station, payment, found, struck: struck() };
}

const cases: readonly [string, Settings, Deed][] = [];
for (const phases of ['two', 'one'] as const) {
  for (const namesOriginal of [true, false]) {
    const deeds: readonly Deed[] =
      phases === 'two'
        ? ['authorise', 'capture', 'reverse', 'reverse-booked']
        : ['authorise', 'reverse'];
    for (const deed of deeds) {
      const name = `${phases}-phase ${deed}${namesOriginal ? '' : ', no original trace'}`;
      (cases as [string, Settings, Deed][]).push([
        name,
        { phases, namesOriginal, declines: false },
        deed,
      ]);
    }
    (cases as [string, Settings, Deed][]).push([
      `${phases}-phase authorise, declined${namesOriginal ? '' : ', no original trace'}`,
      { phases, namesOriginal, declines: true },
      'authorise',
    ]);
  }
}

test.each(cases)(
  'whatever befalls any message of %s, the books are told as they are',
  async (_name, settings, deed) => {
    let messages = 0;
    for (const fate of fates) {
      for (let at = 0; ; at += 1) {
        const { station, payment, found, struck } = await strike(settings, deed, fate, at);
        if (!struck) {
          await station.close();
          break;
        }
        messages += 1;
        const where = `${fate} at message ${at}`;
        // What was said stays true: nothing is approved afterwards that was said not to be.
        const status = truth(station);
        await station.clock.advance(20_000);
        expect(truth(station), where).toBe(status);
        // And it can be given back, once, whatever had happened.
        const foundName = found?.kind === 'done' ? found.terminalReference : null;
        const named = {
          order: payment.order,
          terminalReference: payment.terminalReference ?? foundName,
        };
        const reversed = await station.answer(station.kiosk.reverse(named));
        if (reversed.kind === 'refused') {
          const now = await station.answer(station.kiosk.inquire(named));
          expect(now, where).toMatchObject({ status: 'closed' });
        } else if (found?.kind === 'done') expect(reversed, where).toEqual({ kind: 'done' });
        expect(truth(station), where).toBe(status === 'none' ? 'none' : 'reversed');
        const receipts = station.terminal.memory.nextReceipt;
        await station.answer(station.kiosk.reverse(named));
        expect(station.terminal.memory.nextReceipt, where).toBe(receipts);
        // The other person's payment is never touched.
        expect(station.terminal.books[0]?.status, where).toBe('captured');
        expect(station.terminal.books.length, where).toBeLessThanOrEqual(2);
        await station.close();
      }
    }
    expect(messages).toBeGreaterThan(fates.length * 5);
  },
);
