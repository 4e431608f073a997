import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  SimulatedBankCard,
  type SimulatedCard,
  SimulatedGarbledCard,
  SimulatedMuteCard,
  SimulatedT0Card,
} from '../../../hardware/card/simulated.ts';
import type {
  CardConnection,
  CardReader,
  Presence,
  TransmitAnswer,
} from '../../../hardware/reader/port.ts';
import type { Health } from '../../../main/contract/device.ts';

/** A reader and the hand of the person in front of it. */
export type ReaderRig = {
  readonly reader: CardReader;
  /** Put a card in; returns before the reader has noticed. */
  insert(card: SimulatedCard): Promise<void>;
  pull(): Promise<void>;
  /** Let somebody else hold the card that is in; the answer lets it go. */
  occupy(): Promise<() => Promise<void>>;
  /** Let time pass until it is so. Throws when it does not come to pass. */
  until(condition: () => boolean): Promise<void>;
  end(): Promise<void>;
};

const deadlineMs = 2_000;

/** READ BINARY of `le` bytes, SELECT by name with an answer, UPDATE BINARY without one: ISO 7816-4 cases 2, 4, 3. */
const readBinary = (le: number): Uint8Array => Uint8Array.of(0x00, 0xb0, 0x00, 0x00, le);
const select = Uint8Array.of(0x00, 0xa4, 0x04, 0x00, 0x02, 0x3f, 0x00, 0x00);
const update = Uint8Array.of(0x00, 0xd6, 0x00, 0x00, 0x02, 0xca, 0xfe);

const contents = Uint8Array.from({ length: 0x1e }, (_, index) => index);
const ok = [0x90, 0x00];

/** A file of 30 bytes, and a count of the commands that were carried out. */
class FileCard implements SimulatedCard {
  readonly label = 'file card';
  powered = false;
  carriedOut = 0;

  powerOn(): Uint8Array {
    this.powered = true;
    // T=1 (ISO 7816-3): TD1 81 with its check byte.
    return Uint8Array.of(0x3b, 0x80, 0x01, 0x81);
  }

  exchange(command: Uint8Array): Uint8Array {
    if (!this.powered) throw new Error('a command for a card without power');
    this.carriedOut += 1;
    if (command[1] === 0xb0) return Uint8Array.of(...contents, ...ok);
    if (command[1] === 0xa4) return Uint8Array.of(0x6f, 0x02, 0x84, 0x00, ...ok);
    if (command[1] === 0xd6) return Uint8Array.from(ok);
    return Uint8Array.of(0x6d, 0x00);
  }

  powerOff(): void {
    this.powered = false;
  }
}

/** Says for ever that more is waiting. */
class EndlessCard extends FileCard {
  override exchange(): Uint8Array {
    return Uint8Array.of(0x61, 0x10);
  }
}

/** Is pulled out when it has carried the command out. */
class PulledCard extends FileCard {
  readonly #pull: () => void;

  constructor(pull: () => void) {
    super();
    this.#pull = pull;
  }

  override exchange(command: Uint8Array): Uint8Array {
    const response = super.exchange(command);
    this.#pull();
    return response;
  }
}

/** What every card reader owes to those above it, simulated or behind real PC/SC. */
export function describeReader(name: string, makeRig: () => Promise<ReaderRig>): void {
  describe(name, () => {
    let rig: ReaderRig;
    let presences: Presence['kind'][] = [];
    let health: Health | null = null;
    let healths: string[] = [];

    beforeEach(async () => {
      rig = await makeRig();
      presences = [];
      healths = [];
      rig.reader.watch(
        (presence) => presences.push(presence.kind),
        (now) => {
          health = now;
          healths.push(now.kind === 'up' ? 'up' : now.fault);
        },
      );
      await rig.until(() => health?.kind === 'up');
    });

    afterEach(() => rig.end());

    async function insert(card: SimulatedCard): Promise<void> {
      await rig.insert(card);
      await rig.until(() => presences.at(-1) === 'present');
    }

    async function pull(): Promise<void> {
      await rig.pull();
      await rig.until(() => presences.at(-1) === 'absent');
    }

    /** Let time pass until the work is done. */
    async function finished<T>(work: Promise<T>): Promise<T> {
      let done = false;
      void work.finally(() => {
        done = true;
      });
      await rig.until(() => done);
      return work;
    }

    async function connected(): Promise<CardConnection> {
      const answer = await finished(rig.reader.connect());
      if (answer.kind === 'failed') throw new Error(`not connected: ${answer.fault.kind}`);
      return answer.connection;
    }

    async function sent(connection: CardConnection, command: Uint8Array): Promise<TransmitAnswer> {
      return finished(connection.transmit(command, deadlineMs));
    }

    async function connectFault(): Promise<string> {
      const answer = await finished(rig.reader.connect());
      if (answer.kind === 'done') throw new Error('connected');
      return answer.fault.kind;
    }

    const done = (...bytes: readonly number[]) => ({
      kind: 'done',
      response: Uint8Array.from(bytes),
    });
    const failed = (kind: string) => ({ kind: 'failed', fault: { kind } });

    it('tells each card that comes and goes, in order, and no more once nobody watches', async () => {
      await insert(new FileCard());
      await pull();
      await insert(new FileCard());
      expect(presences.slice(presences.indexOf('present'))).toEqual([
        'present',
        'absent',
        'present',
      ]);

      const later: string[] = [];
      const stop = rig.reader.watch(
        (presence) => later.push(presence.kind),
        () => later.push('health'),
      );
      expect(later.toSorted()).toEqual(['health', 'present']);
      stop();
      await pull();
      expect(later).toHaveLength(2);
    });

    it('finds no card where there is none', async () => {
      expect(await connectFault()).toBe('card-gone');
    });

    it('carries commands to the card and its whole answers back', async () => {
      await insert(new FileCard());
      const connection = await connected();
      expect([...connection.atr]).toEqual([0x3b, 0x80, 0x01, 0x81]);
      expect(await sent(connection, readBinary(0x1e))).toEqual(done(...contents, ...ok));
      expect(await sent(connection, select)).toEqual(done(0x6f, 0x02, 0x84, 0x00, ...ok));
      expect(await sent(connection, update)).toEqual(done(...ok));
      expect(await sent(connection, Uint8Array.of(0, 0xee, 0, 0))).toEqual(done(0x6d, 0x00));
      await finished(connection.release());
    });

    it('carries the same answers from a card that speaks T=0, each command carried out once', async () => {
      const card = new FileCard();
      await insert(new SimulatedT0Card(card));
      const connection = await connected();
      expect([...connection.atr]).toEqual([0x3b, 0x00]);
      expect(await sent(connection, select)).toEqual(done(0x6f, 0x02, 0x84, 0x00, ...ok));
      expect(await sent(connection, update)).toEqual(done(...ok));
      expect(card.carriedOut).toBe(2);
      expect(await sent(connection, readBinary(0x00))).toEqual(done(...contents, ...ok));
      await finished(connection.release());
    });

    it('holds the card for one conversation alone, and the next one may begin when it ends', async () => {
      await insert(new FileCard());
      const first = await connected();
      expect(await connectFault()).toBe('reader-busy');
      await finished(first.release());
      const second = await connected();
      expect(await sent(first, readBinary(0x1e))).toEqual(failed('card-gone'));
      await finished(first.release());
      expect(await sent(second, update)).toEqual(done(...ok));
      await finished(second.release());
    });

    it('is busy from when somebody else is found to hold the card until they let go, and then works again', async () => {
      await insert(new FileCard());
      healths = [];
      const letGo = await finished(rig.occupy());
      expect(await connectFault()).toBe('reader-busy');
      expect(await connectFault()).toBe('reader-busy');
      expect(healths).toEqual(['busy']);
      await letGo();
      await rig.until(() => health?.kind === 'up');
      expect(healths).toEqual(['busy', 'up']);
      expect(presences.at(-1)).toBe('present');
      const connection = await connected();
      expect(await sent(connection, update)).toEqual(done(...ok));
      await finished(connection.release());
    });

    it('is not busy for the others because it holds the card itself', async () => {
      await insert(new FileCard());
      healths = [];
      const connection = await connected();
      expect(await connectFault()).toBe('reader-busy');
      await finished(connection.release());
      expect(healths).toEqual([]);
    });

    it('takes the power from the card between two conversations: no right outlives one', async () => {
      const card = new FileCard();
      let resets = 0;
      card.powerOff = () => {
        resets += 1;
      };
      await insert(card);
      const first = await connected();
      await sent(first, update);
      const before = resets;
      await finished(first.release());
      const second = await connected();
      await sent(second, update);
      expect(resets).toBeGreaterThan(before);
      await finished(second.release());
    });

    it('says card-gone when the card is pulled, also once another one lies there', async () => {
      await insert(new FileCard());
      const connection = await connected();
      await pull();
      expect(await sent(connection, readBinary(0x1e))).toEqual(failed('card-gone'));
      const other = new FileCard();
      await insert(other);
      expect(await sent(connection, readBinary(0x1e))).toEqual(failed('card-gone'));
      expect(other.carriedOut).toBe(0);
      await finished(connection.release());

      const next = await connected();
      expect(await sent(next, update)).toEqual(done(...ok));
      await finished(next.release());
    });

    it('says card-gone when the card is pulled in the middle of a command', async () => {
      await insert(new PulledCard(() => void rig.pull()));
      const connection = await connected();
      expect(await sent(connection, update)).toEqual(failed('card-gone'));
      await finished(connection.release());
      await rig.until(() => presences.at(-1) === 'absent');
      expect(await connectFault()).toBe('card-gone');
    });

    it('gives a silent card up at the deadline, and serves the next one', async () => {
      await insert(new SimulatedMuteCard({ answersReset: true }));
      const connection = await connected();
      expect(await finished(connection.transmit(update, 300))).toEqual(failed('card-mute'));
      expect(await finished(connection.transmit(update, 300))).toEqual(failed('card-mute'));
      void connection.release();
      await pull();
      await insert(new FileCard());
      const next = await connected();
      expect(await sent(next, update)).toEqual(done(...ok));
      await finished(next.release());
    });

    it('takes no answer for one that cannot be a response', async () => {
      await insert(new SimulatedGarbledCard());
      const connection = await connected();
      const answer = await sent(connection, update);
      // A reader may leave it to those above to see that a byte is missing; it may not add one.
      if (answer.kind === 'done') expect(answer.response).toEqual(Uint8Array.of(0xff));
      else expect(answer).toEqual(failed('card-garbled'));
      await finished(connection.release());
    });

    it('does not follow a card that never comes to an end', async () => {
      await insert(new EndlessCard());
      const connection = await connected();
      expect(await sent(connection, select)).toEqual(failed('card-garbled'));
      await finished(connection.release());
    });

    it('can be told twice that a conversation has ended, and after its card has gone', async () => {
      await insert(new SimulatedBankCard());
      const connection = await connected();
      await pull();
      await finished(connection.release());
      await finished(connection.release());
      expect(await connectFault()).toBe('card-gone');
    });
  });
}
