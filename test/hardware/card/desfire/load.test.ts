import { describe, expect, it } from 'vitest';
import type { DesfireProfile } from '../../../../hardware/card/desfire/profile.ts';
import { campusDesfire, transitDesfire } from '../../../../hardware/card/desfire/profiles.ts';
import {
  simulatedCampusDesfireProgram,
  simulatedTransitDesfireProgram,
} from '../../../../hardware/card/desfire/simulated-program.ts';
import { fromHex, toHex } from '../../../../hardware/card/hex.ts';
import type { Sam } from '../../../../hardware/sam/port.ts';
import { type CardStation, inTime, prepareLoad } from '../card-station.ts';
import { altered, alterNth, flipped } from './altered-card.ts';
import { bind, brokenAt } from './broken-sam.ts';
import { desfireSam, desfireStation, issueCard, layouts, loadOf, uid } from './desfire-station.ts';

const amount = 5_000;
const campusOrder = loadOf(campusDesfire, amount);

function campusStation(sam: Sam = desfireSam()) {
  const station = desfireStation([campusDesfire], { sam });
  const card = issueCard(simulatedCampusDesfireProgram);
  station.reader.insert(card);
  return { station, card };
}

describe('a load', () => {
  it.each(layouts)('is written once and proved by the card ($name)', async (layout) => {
    const { profile, program } = layout;
    const station = desfireStation([profile]);
    const card = issueCard(program);
    station.reader.insert(card);
    expect(await prepareLoad(station, loadOf(profile, amount))).toEqual({
      beforeMinor: 1_000,
      counter: 0,
    });
    expect(card.books.balance).toBe(1_000);
    const isSigned = profile.transactionMacFile !== null;
    expect(await station.cards.credit()).toEqual({
      kind: 'done',
      proof: {
        balanceMinor: 6_000,
        counter: 0,
        tac: isSigned ? card.memory.transaction?.mac.toUpperCase() : null,
        by: isSigned ? 'tac' : 'card-log',
      },
    });
    expect(card.books).toMatchObject({ balance: 6_000, counter: 1 });
    expect(await station.cards.read()).toMatchObject({
      kind: 'done',
      card: {
        balanceMinor: 6_000,
        history: [
          {
            counter: 1,
            kind: 'load',
            amountMinor: 5_000,
            at: '20260302160000',
            terminal: '000001000050',
          },
        ],
      },
    });
  });

  it('counts what was loaded in the unit of the card', async () => {
    const profile = { ...campusDesfire, unitMinor: 10 };
    const station = desfireStation([profile]);
    const card = issueCard(simulatedCampusDesfireProgram, { balance: 100 });
    station.reader.insert(card);
    expect(await prepareLoad(station, loadOf(profile, amount))).toMatchObject({
      beforeMinor: 1_000,
    });
    expect(await station.cards.credit()).toMatchObject({ proof: { balanceMinor: 6_000 } });
    expect(card.books.balance).toBe(600);
    expect(await station.cards.prepare(loadOf(profile, 5_005))).toEqual({
      kind: 'refused',
      refusal: {
        kind: 'card-refused',
        detail: 'the amount is not a whole number of the card’s units',
      },
    });
  });

  it('of a card whose number is its UID is for that card', async () => {
    const program = { ...simulatedCampusDesfireProgram, numberFile: null };
    const profile = { ...campusDesfire, numberFile: null };
    const station = desfireStation([profile]);
    station.reader.insert(issueCard(program));
    expect(await station.cards.read()).toMatchObject({
      card: { number: toHex(uid), enabled: true, validFrom: null, validTo: null },
    });
    await prepareLoad(station, loadOf(profile, amount, { cardNumber: toHex(uid) }));
    expect((await station.cards.credit()).kind).toBe('done');
  });

  it('that was given up leaves the card as it was, and free for another', async () => {
    const { station, card } = campusStation();
    await prepareLoad(station, campusOrder);
    await station.cards.abandon();
    expect(card.books).toMatchObject({ balance: 1_000, counter: 0 });
    expect((await station.cards.read()).kind).toBe('done');
  });
});

describe('a card is read', () => {
  it.each(layouts)('with what it did last, newest first ($name)', async ({ profile, program }) => {
    const station = desfireStation([profile]);
    const card = issueCard(program);
    card.spend(300, '20260301070000');
    card.loadElsewhere(700, '20260301080000');
    card.spend(1, '20260301090000', { withRecord: false });
    station.reader.insert(card);
    expect(await station.cards.read()).toEqual({
      kind: 'done',
      card: {
        family: 'desfire',
        profile: profile.name,
        number: '4100000099999432',
        enabled: true,
        validFrom: '20200101',
        validTo: '20991231',
        balanceMinor: 1_399,
        balanceCapMinor: 100_000,
        loadCapMinor: 50_000,
        history: [
          {
            counter: 2,
            kind: 'load',
            amountMinor: 700,
            at: '20260301080000',
            terminal: '0000000000BB',
          },
          {
            counter: 1,
            kind: 'purchase',
            amountMinor: 300,
            at: '20260301070000',
            terminal: '0000000000AA',
          },
        ],
      },
    });
  });

  it('with the cap that its own value file has, where that is lower', async () => {
    const { valueFile } = simulatedCampusDesfireProgram;
    const program = {
      ...simulatedCampusDesfireProgram,
      valueFile: { ...valueFile, upperLimit: 20_000 },
    };
    const station = desfireStation([campusDesfire]);
    station.reader.insert(issueCard(program));
    expect(await station.cards.read()).toMatchObject({ card: { balanceCapMinor: 20_000 } });
  });

  it('as not enabled where its issuer has blocked it', async () => {
    const { station, card } = campusStation();
    station.reader.pull();
    card.block();
    station.reader.insert(card);
    expect(await station.cards.read()).toMatchObject({ kind: 'done', card: { enabled: false } });
  });

  it('as unknown where it is a DESFire card of another issuer', async () => {
    const station = desfireStation([campusDesfire]);
    station.reader.insert(issueCard(simulatedTransitDesfireProgram));
    expect(await station.cards.read()).toMatchObject({
      kind: 'refused',
      refusal: { kind: 'unknown-card' },
    });
  });

  it('by the profile whose application is on it', async () => {
    const station = desfireStation([campusDesfire, transitDesfire]);
    station.reader.insert(issueCard(simulatedTransitDesfireProgram));
    expect(await station.cards.read()).toMatchObject({ card: { profile: 'transit-desfire' } });
  });

  it('where it takes native commands only after its interface is selected', async () => {
    const station = desfireStation([campusDesfire]);
    const card = altered(
      issueCard(simulatedCampusDesfireProgram),
      (() => {
        let isSelected = false;
        return (command, response) => {
          if (toHex(command).startsWith('00A4040007D2760000850100')) isSelected = true;
          return isSelected ? response : fromHex('6E00');
        };
      })(),
    );
    station.reader.insert(card);
    expect((await station.cards.read()).kind).toBe('done');
  });

  it('without the load authority, where anybody may read it; else the technician is told what is missing', async () => {
    const down = brokenAt(0);
    const free = campusStation(down);
    expect((await free.station.cards.read()).kind).toBe('done');
    const station = desfireStation([transitDesfire], { sam: down });
    station.reader.insert(issueCard(simulatedTransitDesfireProgram));
    expect(await station.cards.read()).toEqual({
      kind: 'refused',
      refusal: { kind: 'not-readable-now', detail: 'the SAM was unplugged' },
    });
  });
});

describe('a load is refused before anything is written', () => {
  async function refusalOf(station: CardStation, profile: DesfireProfile, load = amount) {
    const answer = await inTime(station.clock, station.cards.prepare(loadOf(profile, load)));
    return answer.kind === 'refused' ? answer.refusal : answer;
  }

  it('when another card lies in the reader', async () => {
    const station = desfireStation([campusDesfire]);
    station.reader.insert(issueCard(simulatedCampusDesfireProgram, { number: '4100000089999985' }));
    expect(await refusalOf(station, campusDesfire)).toEqual({ kind: 'other-card' });
    expect((await station.reader.connect()).kind).toBe('done');
  });

  it('when a card of another issuer lies in the reader', async () => {
    const station = desfireStation([campusDesfire]);
    station.reader.insert(issueCard(simulatedTransitDesfireProgram));
    expect(await refusalOf(station, campusDesfire)).toEqual({ kind: 'other-card' });
  });

  it.each(layouts)('when the card has another issuer’s key ($name)', async (layout) => {
    const { profile, program } = layout;
    const station = desfireStation([profile]);
    const keys = program.keyVersions.map(() => new Uint8Array(16));
    station.reader.insert(issueCard(program, { keys }));
    expect(await refusalOf(station, profile)).toEqual({ kind: 'not-genuine' });
  });

  it('when it is more than one load may be', async () => {
    const { station } = campusStation();
    const refusal = await refusalOf(station, campusDesfire, campusDesfire.loadCapMinor + 1);
    expect(refusal).toEqual({ kind: 'above-load-cap' });
  });

  it.each([
    ['its issuer’s cap', campusDesfire.balanceCapMinor, 1_000_000],
    ['the limit of its value file', 20_000, 20_000],
  ])('when the card would hold more than %s', async (_, cap, upperLimit) => {
    const { valueFile } = simulatedCampusDesfireProgram;
    const program = { ...simulatedCampusDesfireProgram, valueFile: { ...valueFile, upperLimit } };
    const station = desfireStation([campusDesfire]);
    station.reader.insert(issueCard(program, { balance: cap - amount + 1 }));
    expect(await refusalOf(station, campusDesfire)).toEqual({ kind: 'above-balance-cap' });
    station.reader.pull();
    station.reader.insert(issueCard(program, { balance: cap - amount }));
    await prepareLoad(station, campusOrder);
    expect((await station.cards.credit()).kind).toBe('done');
  });

  it('when the records of the card can be counted no further', async () => {
    const { recordFile } = campusDesfire;
    const profile = {
      ...campusDesfire,
      recordFile: { ...recordFile, counterBytes: 2, kindOffset: 30 },
    };
    const last = `FFFF${'00'.repeat(30)}`;
    const station = desfireStation([profile]);
    const card = issueCard(simulatedCampusDesfireProgram);
    station.reader.insert(
      issueCard(simulatedCampusDesfireProgram, { memory: { ...card.memory, records: [last] } }),
    );
    expect(await refusalOf(station, profile)).toEqual({
      kind: 'card-refused',
      detail: 'the counter of the records is at its end',
    });
  });

  it.each([
    [
      'the value file',
      { valueFile: { file: 2, comm: 'mac' } },
      'the card’s value file has mode full',
    ],
    [
      'the record file',
      { recordFile: { ...campusDesfire.recordFile, comm: 'full' } },
      'the card’s record file has mode mac',
    ],
    [
      'the length of a record',
      { recordFile: { ...campusDesfire.recordFile, lengthBytes: 40 } },
      'the card’s records have 32 bytes',
    ],
  ] as const)('when the profile does not know %s', async (_, part, detail) => {
    const profile: DesfireProfile = { ...campusDesfire, ...part };
    const station = desfireStation([profile]);
    station.reader.insert(issueCard(simulatedCampusDesfireProgram));
    expect(await refusalOf(station, profile)).toEqual({
      kind: 'card-refused',
      detail: `${detail}, not as its profile says`,
    });
  });

  it('when the SAM does not answer in time', async () => {
    const sam = { ...bind(desfireSam()), ask: () => new Promise<never>(() => {}) };
    const { station } = campusStation(sam);
    expect(await refusalOf(station, campusDesfire)).toEqual({
      kind: 'sam-fault',
      detail: 'the SAM did not answer authenticate within 3000 ms',
    });
  });

  it('when the SAM has no such key', async () => {
    const profile = { ...campusDesfire, keyVersion: 9 };
    const station = desfireStation([profile]);
    station.reader.insert(issueCard(simulatedCampusDesfireProgram));
    expect(await refusalOf(station, profile)).toEqual({
      kind: 'sam-fault',
      detail: 'the SAM holds no key 1 of version 9',
    });
  });
});

describe('a card that lies is found out, and what it said is named', () => {
  type Lie = readonly [what: string, answer: number, alter: (hex: string) => string, says: object];
  const refused = (detail: string) => ({ kind: 'card-refused', detail });
  const lies: readonly Lie[] = [
    ['another random number', 5, (hex) => flipped(hex, 0), { kind: 'not-genuine' }],
    [
      'half a challenge',
      4,
      (hex) => hex.slice(16),
      refused('AUTHENTICATE AES answered 9100 but out of step: 8 bytes, 16 expected'),
    ],
    [
      'an authentication without a second step',
      4,
      (hex) => `${hex.slice(0, -4)}9100`,
      refused('AUTHENTICATE AES answered 9100 but out of step: 16 bytes, 16 expected'),
    ],
    [
      'no key of that number',
      4,
      () => '9140',
      refused('AUTHENTICATE AES answered 9140 (no such key)'),
    ],
    ['another key, by its own words', 5, () => '91AE', { kind: 'not-genuine' }],
    [
      'limits with a wrong MAC',
      6,
      (hex) => flipped(hex, -5),
      refused(
        'GET FILE SETTINGS of the value file answered 9100 but what protects the answer is not genuine',
      ),
    ],
    [
      'limits without a MAC',
      6,
      (hex) => `${hex.slice(0, 34)}9100`,
      refused(
        'GET FILE SETTINGS of the value file answered 9100 but what protects the answer is not genuine',
      ),
    ],
    [
      'another value',
      7,
      (hex) => flipped(hex, 0),
      refused('GET VALUE answered 9100 but what protects the answer is not genuine'),
    ],
    [
      'half a value',
      7,
      (hex) => `${hex.slice(0, 16)}9100`,
      refused('GET VALUE answered 9100 but what protects the answer is not genuine'),
    ],
    ['no value', 7, () => '919D', refused('GET VALUE answered 919D (not permitted)')],
    [
      'a record that is another',
      9,
      (hex) => flipped(hex, 4),
      refused('READ RECORDS answered 9100 but what protects the answer is not genuine'),
    ],
    [
      'records without end',
      9,
      () => '0091AF',
      refused('READ RECORDS answered 911C (instruction not known)'),
    ],
  ];

  it.each(lies)('%s', async (_, nth, alter, says) => {
    const { station, card } = campusStation();
    station.reader.pull();
    card.spend(1, '20260301090000');
    // SELECT, three frames of GET VERSION, the number file: what comes next is what the profile's key is for.
    station.reader.insert(altered(card, alterNth(nth + 2, alter)));
    expect(await station.cards.prepare(campusOrder)).toEqual({ kind: 'refused', refusal: says });
    expect(card.books).toMatchObject({ balance: 999, counter: 1 });
  });
});
