import { createCipheriv } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../../../hardware/card/hex.ts';
import {
  type SimulatedPbocCard,
  simulatedCampusProgram,
  simulatedCityProgram,
  simulatedTUnionProgram,
} from '../../../../hardware/card/pboc/simulated.ts';
import { SimulatedDesKey } from '../../../../hardware/card/pboc/simulated-des.ts';
import { issueCard } from '../card-station.ts';

const select = '00A4040009A0000000038698070100';
const selectCampus = '00A4040010D15600000145442F455000000000000000';
const selectTUnion = '00A4040008A00000063201010500';
const initialize = '805000020B0100000064000001000050';
const creditWrong = '805200000B20260302160000DEADBEEF';

/** Send commands one after the other; the last one's answer. */
function say(card: SimulatedPbocCard, ...commands: readonly string[]): string {
  let answer = '';
  for (const command of commands) answer = toHex(card.exchange(fromHex(command)));
  return answer;
}

function powered(card = issueCard(simulatedCityProgram)): SimulatedPbocCard {
  card.powerOn();
  return card;
}

describe('the simulated card refuses, as a real one does', () => {
  it.each([
    ['what is too short for a command', ['805C00'], '6700'],
    ['a length that does not fit', [select, '805000020B01'], '6700'],
    ['a class that it does not know', [select, '905C000204'], '6E00'],
    ['an instruction that it does not know', [select, '8054000204'], '6D00'],
    ['another card’s application', ['00A4040005F00000000100'], '6A82'],
    ['to select in ways that it does not know', ['00A40000023F00'], '6A86'],
    ['a purse before its application is selected', ['805C000204'], '6985'],
    ['the purse that it does not have', [select, '805C000104'], '6A86'],
    ['an overdraft limit that it does not have', [select, '805C010204'], '6A86'],
    ['a balance of another length', [select, '805C000203'], '6700'],
    ['a file that it does not have', [select, '00B096001E'], '6A82'],
    ['to read beyond its file', [select, '00B0951E01'], '6B00'],
    ['more of its file than there is', [select, '00B095001F'], '6700'],
    ['a record that was not written', [select, '00B201C417'], '6A83'],
    ['a record of another file', [select, '00B2018417'], '6A82'],
    ['a PIN where there is none', [select, '0020000003123456'], '9403'],
    ['a load with another key', [select, '805000020B0200000064000001000050'], '9403'],
    ['a load of another length', [select, '805000020A01000000640000010000'], '6700'],
    ['a credit without a load', [select, creditWrong], '6985'],
    ['a credit after something else', [select, initialize, '805C000204', creditWrong], '6985'],
    ['a wrong MAC2', [select, initialize, creditWrong], '9302'],
    ['a second try at MAC2', [select, initialize, creditWrong, creditWrong], '6985'],
    ['a proof where there was no transaction', [select, '805A000202000108'], '9406'],
  ])('%s', (_what, commands, answer) => {
    const card = powered();
    const before = card.books;
    expect(say(card, ...commands)).toBe(answer);
    expect({ ...card.books, locked: false }).toEqual(before);
  });

  it.each([
    ['the log without its PIN', ['00B201C417'], '6982'],
    ['a load without its PIN', [initialize], '6982'],
    ['a wrong PIN', ['0020000003111111'], '63C2'],
    [
      'every PIN after three wrong ones',
      [...Array(3).fill('0020000003111111'), '0020000003123456'],
      '6983',
    ],
  ])('%s', (_what, commands, answer) => {
    expect(say(powered(issueCard(simulatedCampusProgram)), selectCampus, ...commands)).toBe(answer);
  });

  it('every load for good after three wrong MAC2s', () => {
    const card = powered();
    const wrong = [initialize, creditWrong];
    expect(say(card, select, ...wrong, ...wrong, ...wrong)).toBe('9302');
    expect(card.books.locked).toBe(true);
    expect(say(card, initialize)).toBe('9303');
  });

  it('a load at the end of its counter', () => {
    expect(
      say(powered(issueCard(simulatedCityProgram, { onlineCounter: 0xffff })), select, initialize),
    ).toBe('9402');
  });

  it('everything but its name when it is blocked', () => {
    const card = powered(issueCard(simulatedCityProgram, { blocked: true }));
    expect(say(card, select)).toMatch(/^6F.*6A81$/);
    expect(say(card, '805C000204')).toBe('6985');
  });
});

describe('the simulated card', () => {
  it('forgets application, PIN and load when it loses power', () => {
    const card = powered(issueCard(simulatedCampusProgram));
    expect(say(card, selectCampus, '0020000003123456', initialize)).toMatch(/9000$/);
    card.powerOff();
    card.powerOn();
    expect(say(card, '805C000204')).toBe('6985');
    expect(say(card, selectCampus, initialize)).toBe('6982');
    expect(say(card, creditWrong)).toBe('6985');
  });

  it('keeps as many log rows as it has room for, newest first', () => {
    const card = issueCard(simulatedCityProgram, { balance: 100 });
    for (let amount = 1; amount <= 12; amount += 1) card.purchase(amount, '20260302120000');
    powered(card);
    expect(card.books).toMatchObject({ balance: 22, offlineCounter: 12, logRows: 10 });
    expect(say(card, select, '00B201C417')).toMatch(/^000B0000000000000C06/);
    expect(say(card, '00B20AC417')).toMatch(/^000200000000000003/);
    expect(say(card, '00B20BC417')).toBe('6A83');
    expect(say(card, '00B201D417')).toBe('6A83');
  });

  it('keeps its loads in a log of their own, out of which no purchase pushes them', () => {
    const card = issueCard(simulatedCityProgram);
    card.loadElsewhere(100, '20260302120000');
    for (let amount = 1; amount <= 12; amount += 1) card.purchase(amount, '20260302120000');
    powered(card);
    expect(say(card, select, '00B201D417')).toMatch(/^00010000000000006402/);
    expect(say(card, '00B202D417')).toBe('6A83');
  });

  it('of T-Union counts its overdraft limit in, tells it, and answers with a dirty top bit', () => {
    const card = issueCard(simulatedTUnionProgram, { balance: 100 });
    expect(card.purchase(400, '20260302120000')).toBe(true);
    expect(card.purchase(501, '20260302120000')).toBe(false);
    expect(card.books.balance).toBe(-300);
    powered(card);
    expect(say(card, selectTUnion, '805C000204')).toBe('800001F49000');
    expect(say(card, '805C010204')).toBe('800003209000');
    expect(say(card, initialize)).toMatch(/^000001F4/);
    expect(say(card, '00B0950A12')).toBe('0310517001017090798420200101209912319000');
    expect(say(card, '00B201C417')).toMatch(/^0000000320/);
  });

  it('is not spent from beyond what it holds, nor at a gate while it is in the reader', () => {
    const card = issueCard(simulatedCityProgram, { balance: 100 });
    expect(card.purchase(101, '20260302120000')).toBe(false);
    expect(card.books).toMatchObject({ balance: 100, logRows: 0 });
    powered(card);
    expect(() => card.purchase(1, '20260302120000')).toThrow('not at a gate');
    expect(() => card.loadElsewhere(1, '20260302120000')).toThrow('not in another machine');
  });
});

it('the card’s own DES is the standard’s', () => {
  const eight = fc.uint8Array({ minLength: 8, maxLength: 8 });
  fc.assert(
    fc.property(eight, eight, (key, block) => {
      const cipher = createCipheriv(
        'des-ede3-cbc',
        Buffer.concat([key, key, key]),
        Buffer.alloc(8),
      );
      const expected = cipher.setAutoPadding(false).update(block);
      const own = new SimulatedDesKey(key);
      expect(toHex(own.encipher(block))).toBe(toHex(expected));
      expect(toHex(own.decipher(expected))).toBe(toHex(block));
    }),
  );
});
