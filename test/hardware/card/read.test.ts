import { describe, expect, it } from 'vitest';
import { fromHex } from '../../../hardware/card/hex.ts';
import type { PbocProfile } from '../../../hardware/card/pboc/profile.ts';
import { campusCard, cityCard, tUnionCard } from '../../../hardware/card/pboc/profiles.ts';
import {
  simulatedCampusProgram,
  simulatedCityProgram,
  simulatedTUnionProgram,
} from '../../../hardware/card/pboc/simulated.ts';
import {
  SimulatedBankCard,
  SimulatedGarbledCard,
  SimulatedMuteCard,
  SimulatedT0Card,
} from '../../../hardware/card/simulated.ts';
import type { Presence } from '../../../hardware/reader/port.ts';
import { SimulatedReader } from '../../../hardware/reader/simulated.ts';
import type { Health } from '../../../main/contract/device.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import {
  cardStation,
  conventions,
  inTime,
  issueCard,
  loadOf,
  stationCards,
  testSam,
} from './card-station.ts';

const bothProfiles = [cityCard, campusCard];

describe('a card that is put in', () => {
  it.each(conventions)('is read whole ($name)', async ({ program, profile }) => {
    const { reader, cards } = cardStation([profile]);
    const card = issueCard(program, { balance: 100, validTo: '20310101' });
    card.loadElsewhere(5_000, '20260301101500');
    card.purchase(300, '20260301180000');
    reader.insert(card);
    const answer = await cards.read();
    const loadCounter = profile.log?.counter === 'n' ? 0 : 1;
    const history = [
      {
        counter: 0,
        kind: 'purchase',
        amountMinor: 300,
        at: '20260301180000',
        terminal: '0000000000AA',
      },
      {
        counter: loadCounter,
        kind: 'load',
        amountMinor: 5_000,
        at: '20260301101500',
        terminal: '0000000000BB',
      },
    ];
    expect(answer).toEqual({
      kind: 'done',
      card: {
        family: 'pboc',
        profile: profile.name,
        number: loadOf(profile, 1).cardNumber,
        enabled: true,
        validFrom: '20200101',
        validTo: '20310101',
        balanceMinor: 4_800,
        balanceCapMinor: profile.balanceCapMinor,
        loadCapMinor: profile.loadCapMinor,
        history: profile.log === null ? [] : history,
      },
    });
  });

  it('is told apart from the others by what it answers to', async () => {
    const { reader, cards } = cardStation(bothProfiles);
    reader.insert(issueCard(simulatedCampusProgram));
    expect(await cards.read()).toMatchObject({ card: { profile: 'campus-card' } });
    reader.pull();
    reader.insert(issueCard(simulatedCityProgram));
    expect(await cards.read()).toMatchObject({ card: { profile: 'city-card' } });
  });

  it('of another city with the same application is not ours, and is named', async () => {
    const city = (hex: string) => ({
      ...cityCard,
      name: `city-${hex}`,
      numberFile: { ...cityCard.numberFile, recognisedBy: { offset: 2, hex } },
    });
    const elsewhere = cardStation([city('5180')]);
    elsewhere.reader.insert(issueCard(simulatedCityProgram));
    expect(await elsewhere.cards.read()).toEqual({
      kind: 'refused',
      refusal: { kind: 'unknown-card', name: 'city-card' },
    });
    const here = cardStation([city('5180'), city('4100')]);
    here.reader.insert(issueCard(simulatedCityProgram));
    expect(await here.cards.read()).toMatchObject({ card: { profile: 'city-4100' } });
  });

  it('that selects something else than it was asked for is not served', async () => {
    const { reader, cards } = cardStation([cityCard]);
    reader.insert(issueCard(simulatedCityProgram));
    const other = fromHex('6F0B 8409 A00000000386980799 9000');
    reader.injectFault(0, { kind: 'answered-with', response: other });
    expect(await cards.read()).toEqual({
      kind: 'refused',
      refusal: { kind: 'unknown-card', name: 'city-card' },
    });
  });

  it('that is not enabled says so', async () => {
    const { reader, cards } = cardStation(bothProfiles);
    reader.insert(issueCard(simulatedCityProgram, { enabled: false }));
    expect(await cards.read()).toMatchObject({ kind: 'done', card: { enabled: false } });
  });

  it('whose log wants a PIN that the profile does not have is read without its history', async () => {
    const { reader, cards } = cardStation([{ ...campusCard, pin: { kind: 'none' } }]);
    const card = issueCard(simulatedCampusProgram);
    card.loadElsewhere(5_000, '20260301101500');
    reader.insert(card);
    expect(await cards.read()).toMatchObject({ kind: 'done', card: { history: [] } });
  });

  it('that does not take the operator’s PIN is refused, and loses one try a visit, not more', async () => {
    const pin = { kind: 'fixed', digits: '654321', format: 'bcd' } as const;
    const { reader, cards } = cardStation([{ ...campusCard, pin }]);
    const card = issueCard(simulatedCampusProgram);
    reader.insert(card);
    expect(await cards.read()).toEqual({
      kind: 'refused',
      refusal: {
        kind: 'card-defective',
        detail: 'VERIFY PIN answered 63C2 (PIN wrong, 2 tries left)',
      },
    });
    expect(card.books.pinTriesLeft).toBe(2);
  });

  it('that its issuer has blocked is refused as blocked', async () => {
    const { reader, cards } = cardStation(bothProfiles);
    reader.insert(issueCard(simulatedCampusProgram, { blocked: true }));
    expect(await cards.read()).toEqual({ kind: 'refused', refusal: { kind: 'card-blocked' } });
  });

  it('that is a bank card is named as one', async () => {
    const { reader, cards } = cardStation(bothProfiles);
    reader.insert(new SimulatedBankCard());
    expect(await cards.read()).toEqual({
      kind: 'refused',
      refusal: { kind: 'unknown-card', name: 'bank-card' },
    });
  });

  it('that is a transport-union card is named as one', async () => {
    const { reader, cards } = cardStation(bothProfiles);
    reader.insert(issueCard(simulatedTUnionProgram));
    expect(await cards.read()).toEqual({
      kind: 'refused',
      refusal: { kind: 'unknown-card', name: 't-union' },
    });
  });

  it('that is overdrawn says by how much: its limit is no money', async () => {
    const { reader, cards } = cardStation([tUnionCard]);
    const card = issueCard(simulatedTUnionProgram, { balance: 200 });
    card.purchase(500, '20260301180000');
    reader.insert(card);
    expect(await cards.read()).toMatchObject({ card: { balanceMinor: -300 } });
  });

  it('is asked for each row of one log only: somebody waits for the balance', async () => {
    const { reader, cards } = cardStation([cityCard]);
    const card = issueCard(simulatedCityProgram);
    for (let day = 10; day < 24; day += 1) card.loadElsewhere(100, `202603${day}180000`);
    reader.insert(card);
    const answer = await cards.read();
    if (answer.kind !== 'done') throw new Error(answer.kind);
    expect(answer.card.history).toHaveLength(10);
    // SELECT, the number file, GET BALANCE.
    expect(reader.apdus).toBe(3 + 10);
  });

  it('has the same history where one of its logs cannot be read', async () => {
    const reads = async (profile: PbocProfile) => {
      const { reader, cards } = cardStation([profile]);
      const card = issueCard(simulatedCityProgram);
      card.loadElsewhere(5_000, '20260301101500');
      reader.insert(card);
      const answer = await cards.read();
      return answer.kind === 'done' ? answer.card.history : answer;
    };
    const both = await reads(cityCard);
    expect(both).toMatchObject([{ kind: 'load', amountMinor: 5_000 }]);
    expect(await reads({ ...cityCard, log: null })).toEqual(both);
    expect(await reads({ ...cityCard, loadLog: null })).toEqual(both);
  });

  it('that nobody knows is refused without a name', async () => {
    const { reader, cards } = cardStation(bothProfiles);
    reader.insert(issueCard({ ...simulatedCityProgram, aid: 'F000000001' }));
    expect(await cards.read()).toEqual({
      kind: 'refused',
      refusal: { kind: 'unknown-card', name: null },
    });
  });

  it('that does not answer is mute, after the deadline and not before', async () => {
    const { reader, cards, clock } = cardStation(bothProfiles);
    reader.insert(new SimulatedMuteCard({ answersReset: true }));
    expect(await inTime(clock, cards.read())).toEqual({
      kind: 'failed',
      fault: { kind: 'card-mute' },
    });
    expect(clock.nowMs()).toBe(2_000);
  });

  it('that does not even answer its reset is mute at once', async () => {
    const { reader, cards } = cardStation(bothProfiles);
    reader.insert(new SimulatedMuteCard({ answersReset: false }));
    expect(await cards.read()).toEqual({ kind: 'failed', fault: { kind: 'card-mute' } });
  });

  it('whose answers are no responses is garbled', async () => {
    const { reader, cards } = cardStation(bothProfiles);
    reader.insert(new SimulatedGarbledCard());
    expect(await cards.read()).toEqual({ kind: 'failed', fault: { kind: 'card-garbled' } });
  });

  it('over T=0 is read and loaded like any other', async () => {
    const { reader, cards } = cardStation(bothProfiles);
    const card = issueCard(simulatedCityProgram);
    reader.insert(new SimulatedT0Card(card));
    expect(await cards.read()).toMatchObject({ kind: 'done', card: { balanceMinor: 1_000 } });
    expect((await cards.prepare(loadOf(cityCard, 5_000))).kind).toBe('done');
    expect((await cards.credit()).kind).toBe('done');
    expect(card.books.balance).toBe(6_000);
  });

  it.each([
    [1, '9000', 'READ BINARY of the number file answered 9000 but truncated: 0 bytes, 30 expected'],
    [1, '6A82', 'READ BINARY of the number file answered 6A82 (not found)'],
    [2, '0000039000', 'GET BALANCE answered 9000 but truncated: 3 bytes, 4 expected'],
    [3, '00019000', 'READ RECORD of the log answered 9000 but truncated: 2 bytes, 23 expected'],
  ])(
    'that answers command %i with %s is defective, and the detail names it',
    async (nth, hex, detail) => {
      const { reader, cards } = cardStation([cityCard]);
      reader.insert(issueCard(simulatedCityProgram));
      reader.injectFault(nth, { kind: 'answered-with', response: fromHex(hex) });
      expect(await cards.read()).toEqual({
        kind: 'refused',
        refusal: { kind: 'card-defective', detail },
      });
    },
  );

  it('with a date that is none is defective; one without a date has none', async () => {
    const { reader, cards } = cardStation([cityCard]);
    reader.insert(issueCard(simulatedCityProgram, { validTo: '2031ABCD' }));
    expect(await cards.read()).toMatchObject({
      refusal: { detail: 'the number file holds a date that is not one' },
    });
    reader.pull();
    reader.insert(issueCard(simulatedCityProgram, { validFrom: '00000000', validTo: 'FFFFFFFF' }));
    expect(await cards.read()).toMatchObject({ card: { validFrom: null, validTo: null } });
  });

  it('and pulled out at any command of the reading is gone, nothing else', async () => {
    const count = cardStation([cityCard]);
    const card = issueCard(simulatedCityProgram);
    count.reader.insert(card);
    await count.cards.read();
    const commands = count.reader.apdus;
    expect(commands).toBeGreaterThan(3);
    for (let nth = 0; nth < commands; nth += 1) {
      const { reader, cards } = cardStation([cityCard]);
      reader.insert(issueCard(simulatedCityProgram));
      reader.injectFault(nth, { kind: nth % 2 === 0 ? 'tear-before' : 'tear-after' });
      expect(await cards.read()).toEqual({ kind: 'failed', fault: { kind: 'card-gone' } });
    }
  });
});

describe('the reader’s own faults are not the card’s', () => {
  it('an empty slot, a busy reader, an unplugged one and a stopped service are told apart', async () => {
    const { reader, cards } = cardStation([cityCard]);
    const failed = (kind: string) => ({ kind: 'failed', fault: { kind } });
    expect(await cards.read()).toEqual(failed('card-gone'));
    reader.insert(issueCard(simulatedCityProgram));
    reader.setBusy(true);
    expect(await cards.read()).toEqual(failed('reader-busy'));
    reader.setBusy(false);
    reader.unplug();
    expect(await cards.read()).toEqual(failed('reader-gone'));
    reader.stopService();
    expect(await cards.read()).toEqual(failed('service-down'));
    reader.startService();
    reader.plug();
    expect((await cards.read()).kind).toBe('done');
  });

  it('a reader that does not connect is silent, and what connects too late is let go of', async () => {
    const clock = new VirtualClock();
    const slow = new SimulatedReader({ clock });
    const connect = slow.connect.bind(slow);
    slow.connect = () => new Promise((resolve) => clock.after(5_000, () => resolve(connect())));
    slow.insert(issueCard(simulatedCityProgram));
    const cards = stationCards(slow, testSam(), [cityCard], clock);
    expect(await inTime(clock, cards.read())).toEqual({
      kind: 'failed',
      fault: { kind: 'reader-silent' },
    });
    await clock.advance(10_000);
    expect((await connect()).kind).toBe('done');
  });
});

describe('who watches the cards', () => {
  it('is told presence and health now and as they change', async () => {
    const { reader, cards } = cardStation([cityCard]);
    const told: unknown[] = [];
    const stop = cards.watch({
      onPresence: (present) => told.push(present ? 'card' : 'no card'),
      onReaderHealth: (health: Health) => told.push(['reader', health.kind]),
      onSamHealth: (family, health) => told.push([family, health.kind]),
    });
    expect(told).toEqual([['reader', 'up'], 'no card', ['pboc', 'up']]);
    told.length = 0;
    reader.insert(issueCard(simulatedCityProgram));
    reader.unplug();
    stop();
    reader.plug();
    expect(told).toEqual(['card', 'no card', ['reader', 'down']]);
  });

  it('closes reader and SAM with them, and a load that was prepared', async () => {
    const { reader, cards } = cardStation([cityCard]);
    const seen: Presence['kind'][] = [];
    reader.watch(
      (presence) => seen.push(presence.kind),
      () => {},
    );
    await cards.close();
    reader.insert(issueCard(simulatedCityProgram));
    expect(seen).toEqual(['absent']);
  });
});
