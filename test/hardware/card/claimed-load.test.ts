import { createPublicKey } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { isClaimedCard, verdictOn } from '../../../db/claim-verdict.ts';
import { type JournalKey, newKey } from '../../../db/key.ts';
import type { SimulatedPbocCard } from '../../../hardware/card/pboc/simulated.ts';
import type { CheckAnswer } from '../../../hardware/card/port.ts';
import type { CardFacts, LoadMark, LoadOrder } from '../../../main/contract/card.ts';
import type { Claim } from '../../../main/contract/claim.ts';
import { signedClaim } from '../../../main/runtime/records.ts';
import {
  cardStation,
  conventions,
  issueCard,
  loadOf,
  otherNumber,
  prepareLoad,
} from './card-station.ts';

const withLog = conventions.filter(({ profile }) => profile.log !== null);
type Convention = (typeof withLog)[number];

/** What the first machine leaves: a card in somebody's hand, and a claim's text. Its journal is out of reach from here on. */
type Left = { readonly card: SimulatedPbocCard; readonly text: string; readonly key: JournalKey };

/** The card is pulled while CREDIT is under way: before it had it, or after it had done it. */
async function pulledAtFirstMachine(
  { program, profile }: Convention,
  when: 'before' | 'after',
): Promise<Left> {
  const station = cardStation([profile]);
  const card = issueCard(program, { onlineCounter: 4, offlineCounter: 4 });
  const order = loadOf(profile, 5_000, { reference: '7K2M-94QX/2' });
  station.reader.insert(card);
  const mark = await prepareLoad(station, order);
  station.reader.injectFault(0, { kind: `tear-${when}` });
  expect((await station.cards.credit()).kind).toBe('unknown');

  const { cardNumber, amountMinor, terminalId, dateTime } = order;
  const seal = newKey();
  const text = signedClaim(
    { seal },
    {
      reference: '7K2M-94QX',
      at: '20260302160230',
      terminalId,
      currency: 'CNY',
      amountMinor,
      means: 'bank-card',
      terminalReceipt: '000042',
      why: 'card-not-returned',
      cardNumber,
      profile: order.profile,
      load: { nth: 2, dateTime, mark },
    },
  );
  return { card, text, key: seal };
}

/** The load that a claim is about, on the card that was read: nothing else is known. */
function claimedLoad(claim: Claim, card: CardFacts): { order: LoadOrder; mark: LoadMark } {
  const { reference, amountMinor, terminalId, load } = claim;
  if (load === null) throw new Error('the claim is about no load');
  const { nth, dateTime, mark } = load;
  const { number: cardNumber, profile } = card;
  const order = {
    reference: `${reference}/${nth}`,
    cardNumber,
    profile,
    amountMinor,
    terminalId,
    dateTime,
  };
  return { order, mark };
}

/** Another machine, with its own reader and SAM: the claim is typed in, and the card put in. */
async function checkedAtAnother(
  { profile }: Convention,
  { text, key }: Left,
  card: SimulatedPbocCard,
): Promise<{ answer: CheckAnswer; isClaimed: boolean }> {
  const verdict = verdictOn(text, createPublicKey(key.publicPem));
  if (verdict.kind !== 'genuine') throw new Error(`the claim is not genuine: ${verdict.kind}`);
  const { reader, cards } = cardStation([profile]);
  reader.insert(card);
  const read = await cards.read();
  if (read.kind !== 'done') throw new Error('the card was not read');
  const { order, mark } = claimedLoad(verdict.claim, read.card);
  expect(order.profile).toBe(verdict.claim.card.profile);
  return {
    answer: await cards.check(order, mark),
    isClaimed: isClaimedCard(verdict.claim, read.card.number, key),
  };
}

describe.each(withLog)('a claim that is taken to another machine ($name)', (convention) => {
  it('has its load found, with nothing but its text and the card', async () => {
    const left = await pulledAtFirstMachine(convention, 'after');
    expect(await checkedAtAnother(convention, left, left.card)).toMatchObject({
      answer: { kind: 'loaded', proof: { balanceMinor: 6_000 } },
      isClaimed: true,
    });
  });

  it('has it proved that nothing was loaded, so that the money can be given back', async () => {
    const left = await pulledAtFirstMachine(convention, 'before');
    expect(await checkedAtAnother(convention, left, left.card)).toEqual({
      answer: { kind: 'not-loaded' },
      isClaimed: true,
    });
  });

  it('is not mistaken for a load of the same amount that was made since', async () => {
    const left = await pulledAtFirstMachine(convention, 'before');
    left.card.loadElsewhere(5_000, '20260302170000');
    left.card.purchase(300, '20260302173000');
    const { answer } = await checkedAtAnother(convention, left, left.card);
    expect(answer).toEqual({ kind: 'not-loaded' });
  });

  it('is not about another card, whatever that one proves: its keyed hash tells', async () => {
    const left = await pulledAtFirstMachine(convention, 'after');
    const { program, profile } = convention;
    const lastDigits = loadOf(profile, 5_000).cardNumber.slice(-4);
    const number = otherNumber(program).slice(0, -4) + lastDigits;
    const sameLastDigits = issueCard(program, { number });
    const { answer, isClaimed } = await checkedAtAnother(convention, left, sameLastDigits);
    expect(isClaimed).toBe(false);
    expect(answer.kind).not.toBe('loaded');
  });
});
