import { describe, expect, test } from 'vitest';
import type { CardFacts } from '../../main/contract/card.ts';
import { down, up } from '../../main/contract/device.ts';
import type { Terms } from '../../main/session/session.ts';
import { freshCard } from '../support/attempt.ts';
import { deviceTold } from '../support/device-told.ts';
import { testTerms } from '../support/terms.ts';
import { allWell, inserted, payFor, removed } from './all-well.ts';
import { restarted, type Told } from './told.ts';

const campusTitle = { 'zh-Hans': '校园卡', 'zh-Hant': '校園卡', en: 'Campus card' };
const terms: Terms = {
  ...testTerms,
  cards: [
    ...testTerms.cards.filter(({ profile }) => profile === 'city'),
    { profile: 'campus', family: 'desfire', title: campusTitle },
  ],
};
const cityCard = freshCard;
const campusCard: CardFacts = { ...freshCard, family: 'desfire', profile: 'campus' };

/** A station for two families of cards, whose load authorities are both there. */
function station(card: CardFacts = cityCard): Told {
  const answers = { ...allWell, 'read-card': { kind: 'card-read', card } } as const;
  return restarted([], { terms, answers }).tell(deviceTold('sam', up, 'desfire'));
}

const lost = (family: string) => deviceTold('sam', down('unplugged'), family);
const samDown = { kind: 'device-down', device: 'sam', fault: 'unplugged' };

describe('the load authority of one family is missing', () => {
  test('the station stays open, and says which cards it cannot top up', () => {
    const told = station().tell(lost('desfire'));
    expect(told.screen).toMatchObject({
      kind: 'attract',
      topUpObstacle: null,
      cardsOut: [{ title: '校园卡', family: 'desfire', fault: 'unplugged' }],
      means: [{ obstacle: null }, { obstacle: null }],
    });
  });

  test('a card of that family is read, and not topped up', () => {
    const told = station(campusCard).tell(lost('desfire'), inserted);
    expect(told.screen).toMatchObject({
      kind: 'card',
      card: { title: '校园卡', balanceMinor: 3_620 },
      topUpObstacle: samDown,
    });
    expect(told.tap({ kind: 'begin-top-up' }).screen.kind).toBe('card');
  });

  test('a card of the other family is topped up as ever', () => {
    const told = payFor(station().tell(lost('desfire')));
    expect(told.screen.kind).toBe('done');
  });

  test('and it is offered again as soon as it is there', () => {
    const told = station().tell(lost('desfire'), deviceTold('sam', up, 'desfire'));
    expect(told.screen).toMatchObject({ kind: 'attract', cardsOut: [] });
  });

  test('a payment under way is stopped where it is this card’s, and not where it is not', () => {
    const waiting = { ...allWell, authorise: null };
    for (const [family, order] of [
      ['desfire', false],
      ['pboc', true],
    ] as const) {
      const told = station();
      told.answers = waiting;
      payFor(told).tell(lost(family));
      expect(told.orders.includes('cancel-payment')).toBe(order);
    }
  });

  test('a terminal that is being woken is not asked for money for a card that cannot be loaded', () => {
    const told = station();
    told.answers = { ...allWell, 'open-terminal': null };
    payFor(told).tell(lost('pboc'), { kind: 'terminal-opened', mark: 'mark' });
    expect(told.orders).not.toContain('authorise');
  });
});

test('with no load authority left the station is out of service, and names each', () => {
  const told = station().tell(lost('desfire'), lost('pboc'));
  expect(told.screen).toMatchObject({
    kind: 'out-of-service',
    faults: [
      { device: 'sam', which: 'pboc', fault: 'unplugged' },
      { device: 'sam', which: 'desfire', fault: 'unplugged' },
    ],
    balanceWorks: true,
  });
});

test('a card that the configuration no longer names keeps its own name, and is not topped up', () => {
  const renamed: CardFacts = { ...freshCard, profile: 'former' };
  const told = station(renamed).tell(inserted);
  expect(told.screen).toMatchObject({
    kind: 'card',
    card: { title: 'former' },
    topUpObstacle: { kind: 'device-down', device: 'sam', fault: 'not-ready' },
  });
});

describe('two cards lie on the reader', () => {
  const both = { kind: 'credit-not-prepared', why: 'two-cards', detail: '' } as const;

  test('before the write: the person is told, may cancel, and gets the load once one is gone', () => {
    const told = station();
    told.answers = { ...allWell, 'prepare-credit': both };
    payFor(told);
    expect(told.screen).toMatchObject({
      kind: 'put-card-back',
      why: 'two-cards',
      maskedNumber: '•••• •••• 0017',
      canCancel: true,
    });
    expect(told.tell(removed).screen).toMatchObject({ why: 'card-away' });
    told.answers = allWell;
    expect(told.tell(inserted).screen.kind).toBe('done');
    expect(told.orders.filter((order) => order === 'credit-card')).toHaveLength(1);
  });

  test('after the write: nothing is written again, and nothing is paid back, before the card has told', () => {
    const told = station();
    const trouble = { kind: 'card-fault', detail: 'card-gone' } as const;
    told.answers = {
      ...allWell,
      'credit-card': { kind: 'credit-unknown', trouble },
      'check-card': { kind: 'other-card-found', why: 'two-cards' },
    };
    payFor(told);
    expect(told.screen).toMatchObject({
      kind: 'put-card-back',
      why: 'two-cards',
      canCancel: false,
    });
    expect(told.orders).not.toContain('reverse');
    told.answers = allWell;
    expect(told.tell(removed, inserted).screen.kind).toBe('done');
    expect(told.orders.filter((order) => order === 'credit-card')).toHaveLength(1);
  });
});
