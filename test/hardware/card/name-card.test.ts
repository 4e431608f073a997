import { describe, expect, it } from 'vitest';
import { toHex } from '../../../hardware/card/hex.ts';
import { campusCard, cityCard } from '../../../hardware/card/pboc/profiles.ts';
import { cardStation } from './card-station.ts';
import { StrangeCard } from './strange-card.ts';

const contactless = '3B80800101';
/** Of a reader's own making for a memory card: standard and name (PC/SC part 3, 3.1.3.2.3.2). */
const storageCard = (standardAndName: string) =>
  `3B8F8001804F0CA000000306${standardAndName}0000000068`;

const tollFile = {
  '1001': { '00B0950008': 'B9E3B6AB440100019000' },
};
const purse = { '4000': { '9032030000': `${'00'.repeat(96)}9000` } };

async function nameOf(card: StrangeCard): Promise<{ answer: unknown; said: readonly string[] }> {
  const { reader, cards } = cardStation([cityCard, campusCard]);
  const said: string[] = [];
  reader.watchApdus((command) => said.push(toHex(command)));
  reader.insert(card);
  const answer = await cards.read();
  if (answer.kind !== 'refused' || answer.refusal.kind !== 'unknown-card') return { answer, said };
  return { answer: answer.refusal.name, said };
}

describe('a card that is not served is named', () => {
  it.each([
    ['a MIFARE Classic 1K', { atr: storageCard('030001') }, 'mifare-classic'],
    ['a MIFARE Classic 4K', { atr: storageCard('030002') }, 'mifare-classic'],
    ['a MIFARE Mini', { atr: storageCard('030026') }, 'mifare-classic'],
    ['a MIFARE Ultralight', { atr: storageCard('030003') }, 'mifare-ultralight'],
    ['a MIFARE Ultralight C', { atr: storageCard('03003A') }, 'mifare-ultralight'],
    ['a FeliCa card', { atr: storageCard('11003B') }, 'felica'],
    ['a memory card of another name', { atr: storageCard('070007') }, null],
    ['a DESFire card with another application', { atr: '3B8180018080' }, 'desfire'],
    [
      'a T-Union card',
      { atr: contactless, applications: ['A000000632010105', '325041592E5359532E4444463031'] },
      't-union',
    ],
    [
      'a T-Union application of a bank card',
      { atr: contactless, applications: ['A000000632010106', '325041592E5359532E4444463031'] },
      't-union',
    ],
    ['a T-money card', { atr: contactless, applications: ['D4100000030001'] }, 't-money'],
    ['a Cashbee card', { atr: contactless, applications: ['D4100000140001'] }, 'cashbee'],
    ['a Calypso card', { atr: contactless, applications: ['315449432E49434131'] }, 'calypso'],
    ['a CEPAS card', { atr: contactless, files: purse }, 'cepas'],
    ['a toll card', { atr: contactless, files: tollFile }, 'etc-card'],
    [
      'a toll card with a file of a CEPAS card’s number',
      { atr: contactless, files: { ...tollFile, '4000': {} } },
      'etc-card',
    ],
    [
      'a toll card with a payment environment',
      { atr: contactless, files: tollFile, applications: ['315041592E5359532E4444463031'] },
      'etc-card',
    ],
    [
      'a bank card with contacts',
      { atr: '3B6500002063CB6800', applications: ['315041592E5359532E4444463031'] },
      'bank-card',
    ],
    [
      'a bank card that has files of those numbers too',
      {
        atr: contactless,
        files: { '4000': {}, '1001': { '00B0950008': '07314100000000009000' } },
        applications: ['325041592E5359532E4444463031'],
      },
      'bank-card',
    ],
    ['a card of which nothing is known', { atr: contactless }, null],
  ])('%s', async (_what, parts, name) => {
    expect((await nameOf(new StrangeCard(parts))).answer).toBe(name);
  });

  it('a memory card by its ATR alone, whatever it would answer', async () => {
    const applications = ['315041592E5359532E4444463031'];
    const named = await nameOf(new StrangeCard({ atr: storageCard('030001'), applications }));
    expect(named).toEqual({ answer: 'mifare-classic', said: [] });
  });

  it('and one that is pulled while it is being named is gone', async () => {
    const toll = { atr: contactless, files: tollFile };
    const count = (await nameOf(new StrangeCard(toll))).said.length;
    expect(count).toBeGreaterThan(10);
    for (let nth = 0; nth < count; nth += 1) {
      const { reader, cards } = cardStation([cityCard, campusCard]);
      reader.insert(new StrangeCard(toll));
      reader.injectFault(nth, { kind: 'tear-before' });
      expect(await cards.read()).toEqual({ kind: 'failed', fault: { kind: 'card-gone' } });
    }
  });
});
