import { expect, test } from 'vitest';
import { SimulatedLine } from '../../../hardware/line/simulated.ts';
import { createZvtTerminal } from '../../../hardware/terminal/zvt/driver.ts';
import { SimulatedZvtTerminal } from '../../../hardware/terminal/zvt/simulated.ts';
import type { Health } from '../../../main/contract/device.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { hex } from './station.ts';

const bytes = (text: string) => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'));

/** A terminal on a bare cable, spoken to in bytes; every message of it is acknowledged. */
function bareTerminal(reservations = true) {
  const clock = new VirtualClock();
  const terminal = new SimulatedZvtTerminal({ clock, currency: 978, reservations });
  const line = new SimulatedLine(clock);
  terminal.attach(line);
  let answers: string[] = [];
  line.watch({
    onOpen: () => {},
    onBytes: (message) => {
      answers.push(hex(message));
      if (message[0] !== 0x80 && message[0] !== 0x84) void line.write(bytes('80 00 00'), 1_000);
    },
    onLost: () => {},
  });
  const say = async (text: string): Promise<readonly string[]> => {
    answers = [];
    await line.write(bytes(text), 1_000);
    await clock.settle();
    return answers;
  };
  return { clock, terminal, line, say };
}

const registration = '06 00 06 00 00 00 BE 09 78';
const payment = '06 22 0C 04 00 00 00 00 12 34 49 09 78 19 40';

test('the simulated terminal refuses what it does not know or cannot read', async () => {
  const { say } = bareTerminal();
  await say(registration);
  expect(await say('06 70 00')).toEqual(['848300']);
  expect(await say('06 23 03 87 00 01')).toEqual(['848300']);
  expect(await say('06 22 02 FB 00')).toEqual(['849a00']);
  expect(await say('06 22 05 04 00 00 00 00')).toEqual(['849a00']);
  expect(await say('06 22 07 04 00 00 00 00 12 3A')).toEqual(['849a00']);
});

test('a terminal without reservations does not know their commands', async () => {
  const { say } = bareTerminal(false);
  await say(registration);
  for (const command of [payment, '06 23 03 87 FF FF', '06 24 00', '06 25 03 87 00 01']) {
    expect(await say(command)).toEqual(['848300']);
  }
});

test('a wrong password or currency, or no registration, is refused', async () => {
  const { say } = bareTerminal();
  expect(await say(payment)).toEqual(['800000', '061e016b']);
  expect(await say('06 00 06 12 34 56 BE 09 78')).toEqual(['800000', '061e0183']);
  expect(await say('06 00 06 00 00 00 BE 08 40')).toEqual(['800000', '061e036f0978']);
  expect(await say(payment)).toEqual(['800000', '061e016b']);
  await say(registration);
  expect(await say('06 22 0A 04 00 00 00 00 12 34 49 08 40')).toEqual(['800000', '061e036f0978']);
  expect(await say('06 20 03 12 34 56')).toEqual(['800000', '061e0183']);
});

test('while a card is awaited the terminal is busy, but can be stopped', async () => {
  const { say, terminal } = bareTerminal();
  await say(registration);
  terminal.present({ kind: 'wait' });
  expect(await say(payment)).toEqual(['800000', '04ff010a']);
  expect(terminal.display).toBe('Present card: 1234');
  expect(terminal.waiting).toBe(true);
  expect(terminal.waitingMinor).toBe(1_234);
  expect(await say('05 01 03 00 00 00')).toEqual(['84a000']);
  expect(await say('06 B0 00')).toEqual(['800000', '061e016c']);
  expect(terminal.waiting).toBe(false);
  expect(terminal.waitingMinor).toBeNull();
  expect(terminal.display).toBe('Stopped');
  expect(terminal.books).toEqual([]);
});

test('the display tells how a payment ended until the terminal is asked how it is', async () => {
  const { say, terminal } = bareTerminal();
  await say(registration);
  await say(payment);
  expect(terminal.display).toBe('Approved');
  await say('06 24 11 87 00 01 04 00 00 00 00 12 34 49 09 78 0B 00 00 01');
  expect(terminal.display).toBe('Approved');
  await say('05 01 03 00 00 00');
  expect(terminal.display).toBe('Welcome');
});

test('what was posted is remembered before the cash register hears of it', async () => {
  const { say, terminal, line } = bareTerminal();
  await say(registration);
  const told: string[] = [];
  line.watch({
    onOpen: () => {},
    onBytes: (message) => told.push(hex(message).slice(0, 4)),
    onLost: () => {},
  });
  terminal.watchMemory(() => told.push(terminal.memory.entries.at(-1)?.status ?? 'nothing'));
  await say(payment);
  expect(told).toEqual(['8000', '04ff', '04ff', 'authorised', '040f', '060f']);
  told.length = 0;
  await say('06 25 03 87 00 01');
  expect(told).toEqual(['reversed', '8000', '04ff', '040f', '060f']);
});

test('each hand at the terminal does what it says, once', async () => {
  const { say, terminal } = bareTerminal();
  await say(registration);
  terminal.present({ kind: 'wait' });
  for (const hand of ['tap', 'decline', 'stop', 'silence'] as const) {
    expect(terminal[hand]()).toBe(false);
    await say(payment);
    expect(terminal[hand]()).toBe(true);
    await say('80 00 00');
  }
  expect(terminal.books.map((entry) => entry.status)).toEqual([
    'authorised',
    'declined',
    'authorised',
  ]);
});

test('a booking has to fit its reservation', async () => {
  const { say, terminal } = bareTerminal();
  await say(registration);
  await say(payment);
  const book = (receipt: string, amount: string, trace: string) =>
    say(`06 24 11 87 ${receipt} 04 00 00 00 00 ${amount} 49 09 78 0B 00 00 ${trace}`);
  expect(await book('00 02', '12 34', '01')).toEqual(['800000', '061e01b8']);
  expect(await book('00 01', '12 34', '02')).toEqual(['800000', '061e01b8']);
  expect(await book('00 01', '12 35', '01')).toEqual(['800000', '061e01b7']);
  expect(terminal.books[0]?.status).toBe('authorised');
  expect(await book('00 01', '12 34', '01')).toHaveLength(4);
  expect(terminal.books[0]?.status).toBe('captured');
  expect(await say('06 25 03 87 00 01')).toEqual(['800000', '061e01b8']);
});

test('power takes away what was under way, never the books', async () => {
  const { say, terminal, clock } = bareTerminal();
  await say(registration);
  await say(payment);
  terminal.present({ kind: 'wait' });
  await say(payment);
  terminal.powerCycle();
  expect(terminal.waiting).toBe(false);
  expect(await say('06 20 03 00 00 00')).toEqual(['800000', '061e016b']);
  expect(terminal.books).toHaveLength(1);
  const after = new SimulatedZvtTerminal({
    clock,
    currency: 978,
    memory: JSON.parse(JSON.stringify(terminal.memory)),
  });
  expect(after.memory).toEqual(terminal.memory);
});

test('a kiosk that is set up for another currency or password is kept out', async () => {
  for (const wrong of [{ currency: 840 }, { password: '123456' }]) {
    const { clock, line } = bareTerminal();
    const seen: Health[] = [];
    const kiosk = createZvtTerminal({
      line,
      clock,
      means: { id: 'card', kind: 'bank-card', phases: 'two' },
      currency: 978,
      password: '000000',
      ...wrong,
    });
    kiosk.watch((health) => seen.push(health));
    await clock.settle();
    expect(seen.at(-1)).toEqual({ kind: 'down', fault: 'not-ready' });
    await kiosk.close();
  }
});

test('a password or currency that ZVT cannot carry is a mistake in the configuration', () => {
  const { clock, line } = bareTerminal();
  const means = { id: 'card', kind: 'bank-card', phases: 'two' } as const;
  expect(() => createZvtTerminal({ line, clock, means, currency: 978, password: '12345' })).toThrow(
    RangeError,
  );
  expect(() =>
    createZvtTerminal({ line, clock, means, currency: 97800, password: '000000' }),
  ).toThrow(RangeError);
});
