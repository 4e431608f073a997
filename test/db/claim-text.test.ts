import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newKey } from '../../db/key.ts';
import {
  type Claim,
  claimedCardText,
  claimIn,
  claimSigned,
  claimStatement,
  claimText,
} from '../../main/contract/claim.ts';
import { minorUnits } from '../../main/contract/money.ts';

const key = newKey();

/** Any text that can be written down: separators, per cent signs, line ends, emoji, every plane of Unicode. */
const word = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom('|', '%', '%7C', '\n', ' ', '/', '+', '=', '-', '') }),
);
const money = fc.maxSafeInteger().map(minorUnits);
const whole = fc.maxSafeInteger();

const anyClaim: fc.Arbitrary<Claim> = fc.record({
  reference: word,
  at: word,
  terminalId: word,
  currency: word,
  amountMinor: money,
  means: fc.constantFrom('bank-card', 'mobile'),
  // An empty number is none.
  terminalReceipt: fc.option(word.filter((number) => number !== '')),
  why: fc.constantFrom('card-not-returned', 'card-undecided', 'payment-undecided'),
  card: fc.record({ profile: word, lastDigits: word, keyedHash: word }),
  load: fc.option(
    fc.record({
      nth: whole,
      dateTime: word,
      mark: fc.record({ counter: whole, beforeMinor: money }),
    }),
  ),
});

function signed(claim: Claim): string {
  const statement = claimStatement(claim);
  const signature = Buffer.from(key.sign(claimSigned(statement)), 'base64');
  return claimText(statement, signature.toString('base64url'));
}

describe('a claim as a text', () => {
  it('says the same when it is read again, whatever stands in it', () => {
    fc.assert(
      fc.property(anyClaim, (claim) => {
        const text = signed(claim);
        const found = claimIn(text);
        expect(found?.claim).toEqual(claim);
        expect(found?.statement).toBe(claimStatement(claim));
        const signature = Buffer.from(found?.signature ?? '', 'base64url').toString('base64');
        expect(key.hasSigned(claimSigned(found?.statement ?? ''), signature)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('is one line that every printer and scanner can write', () => {
    fc.assert(
      fc.property(anyClaim, (claim) => {
        expect(signed(claim)).toMatch(/^[\x21-\x7e]+$/);
        expect(signed(claim).split('|')).toHaveLength(19);
      }),
    );
  });

  it('is one text for one claim: no two claims have the same one', () => {
    fc.assert(
      fc.property(anyClaim, anyClaim, (one, other) => {
        const isSame = claimStatement(one) === claimStatement(other);
        const first = claimIn(signed(one))?.claim;
        const second = claimIn(signed(other))?.claim;
        if (isSame) expect(first).toEqual(second);
        else expect(first).not.toEqual(second);
      }),
    );
  });

  it('is none any more with any other letter in its place, put in or left out', () => {
    const letter = fc.oneof(fc.constantFrom('|', '%', '-', '0', '=', ' ', '\n'), fc.string());
    fc.assert(
      fc.property(anyClaim, fc.nat(), fc.nat({ max: 1 }), letter, (claim, place, taken, put) => {
        const text = signed(claim);
        const at = place % (text.length + 1);
        const other = text.slice(0, at) + put + text.slice(at + taken);
        fc.pre(other !== text);
        const found = claimIn(other);
        // It may still be a claim in form; then nobody has signed it.
        if (found === null) return;
        expect(claimText(claimStatement(found.claim), found.signature)).toBe(other);
        const signature = Buffer.from(found.signature, 'base64url').toString('base64');
        expect(key.hasSigned(claimSigned(found.statement), signature)).toBe(false);
      }),
      { numRuns: 1_000 },
    );
  });

  it.each([
    ['a number in another way', '|5000|', '|5e3|'],
    ['a number with a plus', '|5000|', '|+5000|'],
    ['a number with a zero before it', '|5000|', '|05000|'],
    ['a number with a space', '|5000|', '|%205000|'],
    ['no number', '|5000|', '||'],
    ['part of a smallest unit', '|5000|', '|5000.5|'],
    ['more than a number can be', '|5000|', '|9007199254740993|'],
    ['a letter written in another way', 'CNY', '%43NY'],
    ['a small letter in an escape', '%7C', '%7c'],
    ['half an escape', '%7C', '%7'],
    ['another way to pay', 'bank-card', 'cash'],
    ['another reason', 'card-undecided', 'because'],
    ['half a load', '|7|3620|', '|7||'],
    ['a load without its place', '|1|20260302080000|7|', '||20260302080000|7|'],
    ['another version', '|2|claim', '|3|claim'],
    ['another kind', '|claim|', '|refund|'],
    ['a field too many', '|claim|', '|claim||'],
    ['a field too few', '|CNY|', '|'],
    ['a signature with padding', /$/, '=='],
    ['a signature in the other alphabet', /.{86}$/, `${'+/'.repeat(42)}AA`],
    ['a signature with more bits than it has', /.$/, 'B'],
    ['a signature that is too short', /.$/, ''],
    ['no signature', /.{86}$/, ''],
    ['a line end', /$/, '\n'],
  ])('is not read with %s', (_, was, becomes) => {
    const text = signed({
      reference: '7K2M-94QX',
      at: '20260302080010',
      terminalId: '000001000050',
      currency: 'CNY',
      amountMinor: minorUnits(5_000),
      means: 'bank-card',
      terminalReceipt: '0|42',
      why: 'card-undecided',
      card: { profile: 'city', lastDigits: '9432', keyedHash: 'AAECAwQFBgcICQoL' },
      load: {
        nth: 1,
        dateTime: '20260302080000',
        mark: { counter: 7, beforeMinor: minorUnits(3_620) },
      },
    });
    expect(claimIn(text)).not.toBeNull();
    const other = text.replace(was, becomes);
    expect(other).not.toBe(text);
    expect(claimIn(other)).toBeNull();
  });

  it('is in nothing else that can be scanned', () => {
    fc.assert(
      fc.property(word, (text) => {
        expect(claimIn(text)).toBeNull();
        expect(claimIn(`ADDVALUE|2|claim|${text}`)).toBeNull();
      }),
    );
  });
});

describe('what the keyed hash of a card is of', () => {
  it('is another text for each profile and number', () => {
    fc.assert(
      fc.property(word, word, word, word, (profile, number, otherProfile, otherNumber) => {
        const isSame = profile === otherProfile && number === otherNumber;
        const text = claimedCardText(profile, number);
        expect(text === claimedCardText(otherProfile, otherNumber)).toBe(isSame);
        expect(text).toMatch(/^AddValue card\n[^\n]+$/);
      }),
    );
    expect(claimedCardText('a', 'c')).not.toBe(claimedCardText('b', 'c'));
    expect(claimedCardText('a', 'b"c')).not.toBe(claimedCardText('a"', 'bc'));
  });
});
