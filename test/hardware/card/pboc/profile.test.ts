import { describe, expect, it } from 'vitest';
import { parsePbocProfile } from '../../../../hardware/card/pboc/profile.ts';
import { campusCard, cityCard, tUnionCard } from '../../../../hardware/card/pboc/profiles.ts';

describe('a card profile in a configuration', () => {
  it.each([cityCard, campusCard, tUnionCard])(
    'as shipped is valid, and is plain data: $name',
    (profile) => {
      expect(parsePbocProfile(JSON.parse(JSON.stringify(profile)))).toEqual(profile);
    },
  );

  it.each([
    [{ ...cityCard, balanceCap: 1 }, /balanceCap\b/],
    [{ ...cityCard, numberFile: { ...cityCard.numberFile, ofset: 3 } }, /ofset.*\n.*numberFile/],
    [{ ...cityCard, log: { ...cityCard.log, counter: 'n+2' } }, /log\.counter/],
    [{ ...cityCard, aids: ['A0'] }, /aids\[0\]/],
    [{ ...cityCard, aids: [] }, /aids/],
    [{ ...cityCard, loadCapMinor: 0.5 }, /loadCapMinor/],
    [{ ...cityCard, pin: { kind: 'fixed', digits: '12345', format: 'bcd' } }, /pin\.digits/],
    [{ ...cityCard, keyIndex: undefined }, /keyIndex/],
    [{ ...cityCard, keyIndex: [] }, /keyIndex/],
    [{ ...cityCard, keyIndex: [1, 256] }, /keyIndex/],
    [{ ...cityCard, loadLog: { sfi: 0x1a } }, /loadLog\.order/],
    [{ ...cityCard, title: { en: 'City card' } }, /title/],
  ])('with a key that is unknown, missing or wrong names it (%#)', (value, message) => {
    expect(() => parsePbocProfile(value)).toThrow(message);
  });

  it('may name one key index, and leave out what few cards have', () => {
    const { loadLog, overdraft, ...few } = campusCard;
    expect({ loadLog, overdraft }).toEqual({ loadLog: null, overdraft: false });
    expect(parsePbocProfile({ ...few, keyIndex: 1 })).toEqual(campusCard);
  });

  it.each([
    { numberOffset: 23 },
    { enabledOffset: 30 },
    { validToOffset: 27 },
    { recognisedBy: { offset: 29, hex: '4100' } },
  ])('whose field lies beyond the end of the file is not valid: %o', (field) => {
    const profile = { ...cityCard, numberFile: { ...cityCard.numberFile, ...field } };
    expect(() => parsePbocProfile(profile)).toThrow('beyond the end of the file');
  });

  it('never repeats the PIN in its complaint', () => {
    const pin = { kind: 'fixed', digits: '9876543x', format: 'bcd' };
    expect(() => parsePbocProfile({ ...cityCard, pin })).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('9876543') }),
    );
  });
});
