import { describe, expect, it } from 'vitest';
import {
  authenticate,
  authenticated,
  protect,
  verify,
} from '../../../hardware/card/desfire/authority.ts';
import {
  type DesfireSamSettings,
  desfireSamCard,
} from '../../../hardware/card/desfire/sam-card.ts';
import { SimulatedAesKey } from '../../../hardware/card/desfire/simulated-aes.ts';
import { ev1Handshake, ev2Handshake } from '../../../hardware/card/desfire/simulated-handshake.ts';
import {
  SimulatedDesfireSam,
  type SimulatedDesfireSamParts,
} from '../../../hardware/card/desfire/simulated-sam.ts';
import { testDesfireKeys } from '../../../hardware/card/desfire/test-keys.ts';
import { fromHex, toHex } from '../../../hardware/card/hex.ts';
import { type ApduFault, SimulatedReader } from '../../../hardware/reader/simulated.ts';
import { SamCard } from '../../../hardware/sam/card.ts';
import { ask, type LoadAuthority } from '../../../hardware/sam/deed.ts';
import { down, type Health, up } from '../../../main/contract/device.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { inTime, outcomeOfCredit } from '../card/card-station.ts';
import { desfireStation, issueCard, layouts, loadOf } from '../card/desfire/desfire-station.ts';

const settings: DesfireSamSettings = {
  keys: [{ keyNumber: 1, keyVersion: 1, entry: 0x0a, version: 0x10 }],
  systemIdentifier: toHex(testDesfireKeys.diversification.systemIdentifier),
};

function issueSam(parts: Partial<SimulatedDesfireSamParts> = {}): SimulatedDesfireSam {
  let made = 0;
  return new SimulatedDesfireSam({
    keys: [{ entry: 0x0a, version: 0x10, key: testDesfireKeys.load[0].key }],
    random: () => Uint8Array.from({ length: 16 }, () => (made++ * 41) & 0xff),
    ...parts,
  });
}

type Slot = Awaited<ReturnType<typeof samSlot>>;

async function samSlot(card = issueSam(), own = settings) {
  const clock = new VirtualClock();
  const reader = new SimulatedReader({ clock });
  reader.insert(card);
  const log: string[] = [];
  const healths: Health[] = [];
  const sam = new SamCard({
    family: 'desfire',
    reader,
    applet: (channel) => desfireSamCard.applet(channel, own),
    clock,
    log: (line) => log.push(line),
  });
  sam.watch((health) => healths.push(health));
  await clock.settle();
  return { clock, reader, sam, log, healths };
}

function authorityOf({ sam }: Slot): LoadAuthority {
  return {
    ask: (deed, body, repeatable) => sam.ask({ family: 'desfire', deed, body, repeatable }),
  };
}

describe('cards.md 2.3, EV1 with an AES key, asked of a SAM card', () => {
  const key = fromHex('00112233445566778899AABBCCDDEEFF');

  async function session() {
    const random = () => fromHex('000102030405060708090A0B0C0D0E0F');
    const slot = await samSlot(issueSam({ keys: [{ entry: 1, version: 0, key }], random }), {
      keys: [{ keyNumber: 0, keyVersion: 0, entry: 1, version: 0 }],
      systemIdentifier: null,
    });
    const authority = authorityOf(slot);
    const begun = await ask(authority, authenticate, {
      secureMessaging: 'ev1',
      application: new Uint8Array(3),
      keyNumber: 0,
      keyVersion: 0,
      uid: new Uint8Array(7),
      challenge: fromHex('E85541BB232F07099089753D86C0DDF0'),
    });
    if (begun.kind === 'failed') throw new Error(begun.detail);
    const { session: name, response } = begun.answer;
    const finish = (answer: string) =>
      ask(authority, authenticated, { session: name, answer: fromHex(answer) });
    const protectIt = async (
      mode: 'plain' | 'mac' | 'full',
      ins: number,
      header: string,
      data: string,
    ) => {
      const question = { session: name, mode, ins, header: fromHex(header), data: fromHex(data) };
      const answer = await ask(authority, protect, question);
      return answer.kind === 'done' ? toHex(answer.answer.data) : answer.detail;
    };
    const verifyIt = async (mode: 'plain' | 'mac' | 'full', lengthBytes: number, data: string) => {
      const question = { session: name, mode, lengthBytes, data: fromHex(data) };
      const answer = await ask(authority, verify, question);
      if (answer.kind === 'failed') return answer.detail;
      return answer.answer.genuine ? toHex(answer.answer.data) : 'not genuine';
    };
    return { slot, response: toHex(response), finish, protectIt, verifyIt };
  }

  const card = 'D4FC7BC6469BA2DCF2463E4C35435766';
  const genuine = { kind: 'done', answer: { genuine: true } };

  it('authenticates, reads, credits and commits in full mode', async () => {
    const { response, finish, protectIt, verifyIt } = await session();
    expect(response).toBe('3B0E3F742A2CA41188FE9D6CBC39DD3407A81CE1FB799104783F0C66D2E550A6');
    expect(await finish(card)).toEqual(genuine);
    expect(await protectIt('plain', 0x6c, '01', '')).toBe('');
    expect(await verifyIt('full', 4, '8C009A875BD1AEA36805BD1C2615BBC7')).toBe('D2040000');
    expect(await protectIt('full', 0x0c, '01', '88130000')).toBe(
      '8F4A5F07D8D9EEDCD27770688E5F582C',
    );
    expect(await verifyIt('plain', 0, '0F4132B7520489FF')).toBe('');
    expect(await protectIt('plain', 0xc7, '', '')).toBe('');
    expect(await verifyIt('plain', 0, '638C62718301872B')).toBe('');
  });

  it('reads and credits in MAC mode', async () => {
    const { finish, protectIt, verifyIt } = await session();
    await finish(card);
    expect(await protectIt('plain', 0x6c, '01', '')).toBe('');
    expect(await verifyIt('mac', 4, 'D2040000 34B48D1C6459375D')).toBe('D2040000');
    expect(await protectIt('mac', 0x0c, '01', '88130000')).toBe('88130000924F23E3FD3F16A6');
  });

  it.each([
    ['enciphered with one bit changed', 'full', 4, '8C009A875BD1AEA36805BD1C2615BBC6'],
    ['enciphered, of another length', 'full', 8, '8C009A875BD1AEA36805BD1C2615BBC7'],
    ['too short to be protected', 'full', 4, '8C009A87'],
    ['with another MAC', 'mac', 4, 'D2040000 34B48D1C6459375E'],
    ['with no MAC', 'mac', 4, 'D2040000'],
  ] as const)('ends the session at an answer %s', async (_name, mode, length, answer) => {
    const { finish, protectIt, verifyIt } = await session();
    await finish(card);
    await protectIt('plain', 0x6c, '01', '');
    expect(await verifyIt(mode, length, answer)).toBe('not genuine');
    expect(await protectIt('plain', 0xc7, '', '')).toBe('the session with the card has ended');
  });

  it('does not believe a card that answers another random number, or too little', async () => {
    for (const answer of ['D4FC7BC6469BA2DCF2463E4C35435767', 'D4FC7BC6', '']) {
      const { finish, protectIt } = await session();
      expect(await finish(answer)).toEqual({ kind: 'done', answer: { genuine: false } });
      expect(await protectIt('plain', 0x6c, '01', '')).toBe('the session with the card has ended');
    }
  });

  it('knows no session from before the SAM was put back', async () => {
    const { slot, finish, protectIt } = await session();
    await finish(card);
    const sam = slot.reader.pull();
    if (sam !== null) slot.reader.insert(sam);
    await slot.clock.settle();
    expect(slot.healths.at(-1)).toEqual(up);
    expect(await protectIt('plain', 0x6c, '01', '')).toBe('the session with the card has ended');
  });
});

describe('a session between a card and a SAM card', () => {
  const key = testDesfireKeys.load[0].key;
  const rndB = [...fromHex('FA659AD0DCA738DD65DC7DC38612AD81')];

  /** The card's end of an authenticated session, and the SAM's. */
  async function session(secureMessaging: 'ev1' | 'ev2') {
    const slot = await samSlot(issueSam({ keys: [{ entry: 1, version: 0, key }] }), {
      keys: [{ keyNumber: 0, keyVersion: 0, entry: 1, version: 0 }],
      systemIdentifier: null,
    });
    const authority = authorityOf(slot);
    const aes = new SimulatedAesKey(key);
    const handshake =
      secureMessaging === 'ev1'
        ? ev1Handshake(aes, 0, rndB)
        : ev2Handshake(aes, 0, rndB, [0x8c, 0xf1, 0x41, 0xf3], []);
    const begun = await ask(authority, authenticate, {
      secureMessaging,
      application: new Uint8Array(3),
      keyNumber: 0,
      keyVersion: 0,
      uid: new Uint8Array(7),
      challenge: Uint8Array.from(handshake.challenge),
    });
    if (begun.kind === 'failed') throw new Error(begun.detail);
    const { session: name, response } = begun.answer;
    const card = handshake.finish([...response]);
    if (card === null) throw new Error('the card does not believe the SAM');
    const answer = Uint8Array.from(card.proof);
    expect(await ask(authority, authenticated, { session: name, answer })).toEqual({
      kind: 'done',
      answer: { genuine: true },
    });
    return { authority, name, card: card.session };
  }

  it.each(['ev1', 'ev2'] as const)(
    '%s: what one protects the other opens, whatever its mode and length',
    async (secureMessaging) => {
      const { authority, name, card } = await session(secureMessaging);
      const header = Uint8Array.of(0x03, 0x00, 0x00, 0x00);
      for (const mode of ['plain', 'mac', 'full', 'plain', 'full', 'mac'] as const) {
        for (const length of [0, 1, 15, 16, 17, 32, 100]) {
          const data = Uint8Array.from({ length }, (_, at) => (at * 7 + length) & 0xff);
          // EV1 protects the direction in which the data go (cards.md 2.3).
          const toCard = length === 0 && secureMessaging === 'ev1' ? 'plain' : mode;
          const question = { session: name, mode: toCard, ins: 0x3b, header, data };
          const sent = await ask(authority, protect, question);
          if (sent.kind === 'failed') throw new Error(sent.detail);
          const rest = [...sent.answer.data];
          const native = { ins: 0x3b, header: [...header], dataLength: length, rest };
          expect(rest).toHaveLength(card.restLength(length, toCard));
          expect(card.open(native, toCard)).toEqual([...data]);

          // An answer takes more than one frame of the SAM from 240 bytes on.
          const said = Uint8Array.from({ length: length * 12 }, (_, at) => (at * 11) & 0xff);
          const judged = await ask(authority, verify, {
            session: name,
            mode: said.length === 0 && secureMessaging === 'ev1' ? 'plain' : mode,
            lengthBytes: said.length,
            data: Uint8Array.from(card.seal([...said], mode)),
          });
          expect(judged).toEqual({ kind: 'done', answer: { genuine: true, data: said } });
        }
      }
    },
  );

  it.each(['ev1', 'ev2'] as const)(
    '%s: it ends at a genuine answer of another length',
    async (secureMessaging) => {
      const { authority, name, card } = await session(secureMessaging);
      const header = Uint8Array.of(0x01);
      const mode = secureMessaging === 'ev1' ? 'plain' : 'full';
      const question = { session: name, mode, ins: 0xbd, header } as const;
      const sent = await ask(authority, protect, { ...question, data: new Uint8Array() });
      if (sent.kind === 'failed') throw new Error(sent.detail);
      const native = { ins: 0xbd, header: [0x01], dataLength: 0, rest: [...sent.answer.data] };
      expect(card.open(native, mode)).toEqual([]);
      const judged = await ask(authority, verify, {
        session: name,
        mode: 'full',
        lengthBytes: 5,
        data: Uint8Array.from(card.seal([1, 2, 3, 4], 'full')),
      });
      expect(judged).toEqual({ kind: 'done', answer: { genuine: false, data: new Uint8Array() } });
    },
  );

  it('is begun anew where the card left in the middle of its authentication', async () => {
    const slot = await samSlot();
    const begin = () =>
      ask(authorityOf(slot), authenticate, {
        secureMessaging: 'ev1',
        application: new Uint8Array(3),
        keyNumber: 1,
        keyVersion: 1,
        uid: new Uint8Array(7),
        challenge: new Uint8Array(16),
      });
    const first = await begin();
    expect((await begin()).kind).toBe('done');
    if (first.kind === 'failed') throw new Error(first.detail);
    const late = { session: first.answer.session, answer: new Uint8Array(16) };
    expect(await ask(authorityOf(slot), authenticated, late)).toEqual({
      kind: 'failed',
      detail: 'the session with the card has ended',
    });
  });
});

describe('an NXP SAM that cannot serve', () => {
  it.each([
    ['lacks the key', { keys: [] }, /key entry 10, version 16: .*6502 \(no such key entry\)/],
    [
      'holds another version',
      { keys: [{ entry: 0x0a, version: 0x11, key: testDesfireKeys.load[0].key }] },
      /6A82 \(no such key version\)/,
    ],
    ['is locked', { locked: true }, /6985 \(the SAM is locked, or the key not for this\).*unlock/],
  ])('says in one line that it %s', async (_name, parts, words) => {
    const { log, healths } = await samSlot(issueSam(parts));
    expect(healths.at(-1)).toEqual(down('not-ready'));
    expect(log).toHaveLength(1);
    expect(log[0]).toMatch(words);
  });

  it('is asked for a key that is not configured for it, and says which', async () => {
    const slot = await samSlot();
    const answer = await ask(authorityOf(slot), authenticate, {
      secureMessaging: 'ev1',
      application: new Uint8Array(3),
      keyNumber: 2,
      keyVersion: 1,
      uid: new Uint8Array(7),
      challenge: new Uint8Array(16),
    });
    const detail = 'no key 2 of version 1 is configured for the SAM card';
    expect(answer).toEqual({ kind: 'failed', detail });
  });
});

const amount = 5_000;

async function twoSlots({ program, profile }: (typeof layouts)[number]) {
  const slot = await samSlot();
  const station = desfireStation([profile], { sam: slot.sam, clock: slot.clock });
  const card = issueCard(program);
  station.reader.insert(card);
  return { slot, station, card, order: loadOf(profile, amount) };
}

describe('a DESFire load with the SAM card in the second slot', () => {
  it.each(layouts)('$name: is written and proved', async (layout) => {
    const { slot, station, card, order } = await twoSlots(layout);
    const { clock } = slot;
    expect(await inTime(clock, station.cards.prepare(order))).toMatchObject({ kind: 'done' });
    const credited = await inTime(clock, station.cards.credit());
    expect(credited).toMatchObject({ kind: 'done', proof: { balanceMinor: 6_000 } });
    expect(card.memory.value).toBe(6_000);
  });

  const faults: readonly { readonly what: string; readonly fault: ApduFault }[] = [
    { what: 'pulled before', fault: { kind: 'tear-before' } },
    { what: 'pulled after', fault: { kind: 'tear-after' } },
  ];

  it.each(
    // EV1 with the value enciphered, EV2 with a transaction MAC.
    layouts.slice(0, 2).flatMap((layout) => faults.map((fault) => ({ ...fault, layout }))),
  )(
    '$layout.name: with the SAM $what any of its commands, is settled and nothing is lost',
    async ({ layout, fault }) => {
      const whole = await twoSlots(layout);
      const readyAfter = whole.slot.reader.apdus;
      await inTime(whole.slot.clock, whole.station.cards.prepare(whole.order));
      await inTime(whole.slot.clock, whole.station.cards.credit());
      const commands = whole.slot.reader.apdus - readyAfter;
      expect(commands).toBeGreaterThan(8);
      for (let nth = 0; nth < commands; nth += 1) {
        const { slot, station, card, order } = await twoSlots(layout);
        const { clock, reader } = slot;
        reader.injectFault(nth, fault);
        const prepared = await inTime(clock, station.cards.prepare(order));
        const credited =
          prepared.kind === 'done' ? await inTime(clock, station.cards.credit()) : null;
        if (slot.healths.at(-1)?.kind === 'down') reader.insert(issueSam());
        await clock.settle();
        expect(slot.healths.at(-1)).toEqual(up);

        const written = card.memory.value === 6_000;
        if (prepared.kind !== 'done' || credited === null) {
          expect(written).toBe(false);
        } else {
          const outcome = outcomeOfCredit(credited);
          if (outcome !== 'unknown') expect(outcome).toBe(written ? 'loaded' : 'not-loaded');
          const settled = await inTime(clock, station.cards.check(order, prepared.mark));
          expect(settled.kind).toBe(written ? 'loaded' : 'not-loaded');
        }
        const next = { ...order, reference: 'A2/1' };
        expect(await inTime(clock, station.cards.prepare(next))).toMatchObject({ kind: 'done' });
        expect(outcomeOfCredit(await inTime(clock, station.cards.credit()))).toBe('loaded');
        expect(card.memory.value).toBe(written ? 11_000 : 6_000);
      }
    },
  );
});
