import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../../hardware/card/hex.ts';
import type { SimulatedCard } from '../../../hardware/card/simulated.ts';
import type { CardConnection, TransmitAnswer } from '../../../hardware/reader/port.ts';
import { type ApduFault, SimulatedReader } from '../../../hardware/reader/simulated.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { inTime } from '../card/card-station.ts';

/** A card that answers each command with a byte more, and counts what it has executed since it was powered. */
class CountingCard implements SimulatedCard {
  readonly label = 'counting card';
  powered = false;
  executed = 0;
  readonly #answer: (command: Uint8Array) => Uint8Array | null;

  constructor(answer: (command: Uint8Array) => Uint8Array | null = () => fromHex('019000')) {
    this.#answer = answer;
  }

  powerOn(): Uint8Array {
    this.powered = true;
    return fromHex('3B80800101');
  }

  exchange(command: Uint8Array): Uint8Array | null {
    this.executed += 1;
    return this.#answer(command);
  }

  powerOff(): void {
    this.powered = false;
  }
}

const command = fromHex('805C000204');
const gone = { kind: 'failed', fault: { kind: 'card-gone' } };
const mute = { kind: 'failed', fault: { kind: 'card-mute' } };

function slot({ card = new CountingCard(), latencyMs = 0 } = {}) {
  const clock = new VirtualClock();
  const reader = new SimulatedReader({ clock, latencyMs });
  reader.insert(card);
  return { clock, reader, card };
}

async function connect(reader: SimulatedReader): Promise<CardConnection> {
  const answer = await reader.connect();
  if (answer.kind !== 'done') throw new Error(answer.fault.kind);
  return answer.connection;
}

/** What came of a promise by now, null while it is open. */
function outcome(answer: Promise<TransmitAnswer>): { answer: TransmitAnswer | null } {
  const held: { answer: TransmitAnswer | null } = { answer: null };
  void answer.then((settled) => {
    held.answer = settled;
  });
  return held;
}

describe('presence', () => {
  it('is told at once and then in the order in which it changes, even to who changes it', () => {
    const { reader, card } = slot();
    const seen: string[] = [];
    reader.watch(
      (presence) => {
        seen.push(presence.kind);
        if (seen.length === 2) reader.insert(card);
      },
      () => {},
    );
    const alsoSeen: string[] = [];
    reader.watch(
      (presence) => alsoSeen.push(presence.kind),
      () => {},
    );
    reader.pull();
    expect(seen).toEqual(['present', 'absent', 'present']);
    expect(alsoSeen).toEqual(['present', 'absent', 'present']);
  });

  it('ends and comes back with the reader and with its service, and health says which', () => {
    const { reader } = slot();
    const seen: string[] = [];
    reader.watch(
      (presence) => seen.push(presence.kind),
      (health) => seen.push(health.kind === 'up' ? 'up' : health.fault),
    );
    reader.unplug();
    reader.plug();
    reader.stopService();
    reader.startService();
    expect(seen).toEqual([
      'up',
      'present',
      ...['absent', 'unplugged', 'up', 'present'],
      ...['absent', 'service-down', 'up', 'present'],
    ]);
  });

  it('is of one card at a time', () => {
    const { reader } = slot();
    expect(() => reader.insert(new CountingCard())).toThrow('a card in the slot already');
  });
});

describe('a connection', () => {
  it('is exclusive until it is released, and the card has power as long', async () => {
    const { reader, card } = slot();
    expect(card.powered).toBe(false);
    const connection = await connect(reader);
    expect(card.powered).toBe(true);
    expect(await reader.connect()).toEqual({ kind: 'failed', fault: { kind: 'reader-busy' } });
    await connection.release();
    await connection.release();
    expect(card.powered).toBe(false);
    expect((await reader.connect()).kind).toBe('done');
    expect(await connection.transmit(command, 1_000)).toEqual(gone);
    expect(card.powered).toBe(true);
  });

  it('ends with the card: put back in, it must be connected to anew', async () => {
    const { reader, card } = slot();
    const connection = await connect(reader);
    reader.pull();
    expect(card.powered).toBe(false);
    reader.insert(card);
    expect(await connection.transmit(command, 1_000)).toEqual(gone);
    expect(await reader.connect()).toEqual({ kind: 'failed', fault: { kind: 'reader-busy' } });
    await connection.release();
    const again = await connect(reader);
    await connection.release();
    expect((await again.transmit(command, 1_000)).kind).toBe('done');
  });

  it.each([
    ['unplug', 'reader-gone'],
    ['stopService', 'service-down'],
  ] as const)('is lost by %s, with the reader’s fault', async (what, fault) => {
    const { reader } = slot();
    const connection = await connect(reader);
    reader[what]();
    expect(await connection.transmit(command, 1_000)).toEqual({
      kind: 'failed',
      fault: { kind: fault },
    });
    expect(await reader.connect()).toEqual({ kind: 'failed', fault: { kind: fault } });
  });
});

describe('a command', () => {
  it('without latency needs no time and no timer', async () => {
    const { reader, clock } = slot();
    const connection = await connect(reader);
    const answer = await connection.transmit(command, 1_000);
    expect(answer).toEqual({ kind: 'done', response: fromHex('019000') });
    expect(clock.nowMs()).toBe(0);
    await expect(clock.until(() => false)).rejects.toThrow('nothing is left to wait for');
  });

  it('with latency is executed half-way: pulled before that it was not, pulled later it was', async () => {
    for (const [pullMs, executed] of [
      [9, 0],
      [11, 1],
    ] as const) {
      const { reader, card, clock } = slot({ latencyMs: 20 });
      const connection = await connect(reader);
      const held = outcome(connection.transmit(command, 1_000));
      await clock.advance(pullMs);
      expect(held.answer).toBeNull();
      reader.pull();
      await clock.settle();
      expect(held.answer).toEqual(gone);
      expect(card.executed).toBe(executed);
    }
    const { reader, clock } = slot({ latencyMs: 20 });
    const connection = await connect(reader);
    expect((await inTime(clock, connection.transmit(command, 1_000))).kind).toBe('done');
    expect(clock.nowMs()).toBe(20);
  });

  it('that takes longer than its deadline is mute at the deadline, and so is all that follows', async () => {
    const { reader, clock } = slot({ latencyMs: 500 });
    const connection = await connect(reader);
    expect(await inTime(clock, connection.transmit(command, 300))).toEqual(mute);
    expect(clock.nowMs()).toBe(300);
    expect(await connection.transmit(command, 300)).toEqual(mute);
    expect(clock.nowMs()).toBe(300);
  });

  it.each([
    { fault: { kind: 'tear-before' }, executed: 0, answer: gone },
    { fault: { kind: 'tear-after' }, executed: 1, answer: gone },
    { fault: { kind: 'tear-at', bytes: 4 }, executed: 0, answer: gone },
    { fault: { kind: 'tear-at', bytes: 5 }, executed: 1, answer: gone },
    { fault: { kind: 'tear-at', bytes: 7 }, executed: 1, answer: gone },
    {
      fault: { kind: 'tear-at', bytes: 8 },
      executed: 1,
      answer: { kind: 'done', response: fromHex('019000') },
    },
  ] as const)('torn: $fault', async ({ fault, executed, answer }) => {
    const { reader, card } = slot();
    const seen: string[] = [];
    reader.watch(
      (presence) => seen.push(presence.kind),
      () => {},
    );
    const connection = await connect(reader);
    reader.injectFault(1, fault);
    expect((await connection.transmit(command, 1_000)).kind).toBe('done');
    expect(await connection.transmit(command, 1_000)).toEqual(answer);
    expect(card).toMatchObject({ executed: 1 + executed, powered: false });
    expect(seen).toEqual(['present', 'absent']);
    expect(await connection.transmit(command, 1_000)).toEqual(gone);
  });

  it.each([
    { fault: { kind: 'mute' }, executed: 0, answer: mute },
    { fault: { kind: 'late' }, executed: 1, answer: mute },
    { fault: { kind: 'garbled' }, executed: 1, answer: { kind: 'done', response: fromHex('01') } },
    {
      fault: { kind: 'answered-with', response: fromHex('6F00') },
      executed: 1,
      answer: { kind: 'done', response: fromHex('6F00') },
    },
  ] as { fault: ApduFault; executed: number; answer: TransmitAnswer }[])(
    'made $fault.kind answers once as told, and the card stays in',
    async ({ fault, executed, answer }) => {
      const { reader, card, clock } = slot();
      const connection = await connect(reader);
      reader.injectFault(0, fault);
      expect(await inTime(clock, connection.transmit(command, 1_000))).toEqual(answer);
      expect(card.executed).toBe(executed);
      await connection.release();
      const again = await connect(reader);
      expect((await again.transmit(command, 1_000)).kind).toBe('done');
    },
  );

  it('and its response are told to the trace, a lost response as none', async () => {
    const { reader } = slot();
    const trace: [string, string | null][] = [];
    const stop = reader.watchApdus((sent, response) => {
      trace.push([toHex(sent), response && toHex(response)]);
    });
    const connection = await connect(reader);
    await connection.transmit(command, 1_000);
    reader.injectFault(0, { kind: 'tear-after' });
    await connection.transmit(command, 1_000);
    stop();
    expect(trace).toEqual([
      ['805C000204', '019000'],
      ['805C000204', null],
    ]);
  });
});

describe('a T=0 card', () => {
  it('is asked for its response, and with the length that it wants', async () => {
    const asked: string[] = [];
    const answers: Record<string, string> = {
      '805C000200': '6C04',
      '805C000204': '6104',
      '00C0000004': '000003E86102',
      '00C0000002': 'ABCD9000',
    };
    const card = new CountingCard((sent) => {
      asked.push(toHex(sent));
      return fromHex(answers[toHex(sent)] ?? '6D00');
    });
    const { reader } = slot({ card });
    const connection = await connect(reader);
    expect(await connection.transmit(fromHex('805C000200'), 1_000)).toEqual({
      kind: 'done',
      response: fromHex('000003E8ABCD9000'),
    });
    expect(asked).toEqual(Object.keys(answers));
  });

  it.each(['6110', '6C10'])(
    'that answers %s for ever is garbled, and is not asked for ever',
    async (word) => {
      const card = new CountingCard(() => fromHex(word));
      const { reader } = slot({ card });
      const connection = await connect(reader);
      expect(await connection.transmit(command, 1_000)).toEqual({
        kind: 'failed',
        fault: { kind: 'card-garbled' },
      });
      expect(card.executed).toBeLessThan(20);
    },
  );
});
