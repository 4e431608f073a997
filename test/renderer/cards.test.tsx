// @vitest-environment happy-dom
import { screen } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { languages } from '../../main/contract/language.ts';
import { wordsIn } from '../../renderer/text/say.ts';
import { openStage, viewNamed } from './stage.tsx';

const campusCard = { 'zh-Hans': '校园卡', 'zh-Hant': '校園卡', en: 'Campus card' } as const;
const cityCard = { 'zh-Hans': '城市一卡通', 'zh-Hant': '城市一卡通', en: 'City card' } as const;

function textOf(selector: string): string {
  const found = document.querySelector(selector);
  if (found === null) throw new Error(`nothing on the screen is ${selector}`);
  return found.textContent;
}

describe.each(languages)('in %s', (language) => {
  const words = wordsIn[language];

  test('cards that cannot be topped up are named beside the offer, which stays', () => {
    const stage = openStage();
    stage.show(viewNamed('attract-cards-out', language));
    expect(textOf('h1')).toBe(words.attract.title);
    expect(textOf('.attract__lead')).toBe(words.attract.lead);
    expect(textOf('.attract__means')).toContain(words.means['bank-card']);
    expect(textOf('.balance-only')).toContain(words.attract.balanceOnly(campusCard[language]));
    expect(textOf('.balance-only .faults')).toBe(
      `${words.device.sam} desfire ${words.fault.silent}`,
    );
    // It may come and go while somebody listens.
    expect(document.querySelector('.balance-only')?.closest('[aria-live]')).not.toBeNull();
  });

  test('cards of one kind are named together, and their module once', () => {
    const stage = openStage();
    stage.show(viewNamed('attract-cards-out-suspended', language));
    const joined = {
      'zh-Hans': '校园卡和员工卡',
      'zh-Hant': '校園卡和員工卡',
      en: /card and Staff/,
    };
    expect(textOf('.balance-only')).toMatch(joined[language]);
    expect(document.querySelectorAll('.balance-only li')).toHaveLength(1);
  });

  test.each(['card', 'amount', 'confirm'])('the %s screen calls the card by its name', (name) => {
    const stage = openStage();
    stage.show(viewNamed(name, language));
    expect(screen.getByText(cityCard[language]).parentElement?.textContent).toContain('9432');
  });

  test('of a card that this machine cannot top up, the balance is right and another machine helps', () => {
    const stage = openStage();
    stage.show(viewNamed('card-kind-out', language));
    expect(textOf('h1')).toBe(words.card.notHere.title);
    expect(textOf('.note')).toBe(words.card.notHere.thisKind);
    expect(textOf('.card-face')).toContain('23');
    expect(screen.queryByRole('button', { name: words.keys.topUp })).toBeNull();
  });

  test('of two cards in the reader both come out, and one goes back', () => {
    const stage = openStage();
    stage.show(viewNamed('put-card-back-two-cards', language));
    expect(textOf('h1')).toBe(words.putCardBack.why['two-cards'].title);
    expect(textOf('.layout__lead')).toContain('9432');
    expect(textOf('.layout__lead')).toContain('¥50.00');
    expect(document.querySelector('[data-picture="two-cards"]')).not.toBeNull();
  });

  test.each(Object.entries(words.refusedCard.known))(
    'who puts in a %s card reads what it is, where it belongs and what to put in',
    (name, known) => {
      const stage = openStage();
      stage.show(viewNamed(`refused-card-known-${name}`, language));
      expect(textOf('h1')).toBe(known.title);
      expect(textOf('.layout__lead')).toContain(known.lead);
      expect(textOf('.layout__lead')).toContain(words.refusedCard['unknown-card'].lead);
    },
  );
});

test('where every card can be topped up, none is called out', () => {
  const stage = openStage();
  stage.show(viewNamed('attract'));
  expect(document.querySelector('.balance-only')).toBeNull();
});

test('a card is not blamed for a machine that takes no payment', () => {
  const stage = openStage();
  stage.show(viewNamed('card-no-means'));
  expect(textOf('h1')).toBe(wordsIn.en.card.notHere.title);
  expect(textOf('.note')).toBe(wordsIn.en.card.notHere.lead);
  stage.show(viewNamed('card-full'));
  expect(textOf('h1')).toBe(wordsIn.en.card.blockedTitle);
});

test('a card with a name that there are no words for is an unknown card', () => {
  const stage = openStage();
  const view = viewNamed('refused-card-known-felica');
  if (view.screen.kind !== 'refused-card') throw new Error('the fixture is of another screen');
  stage.show({ ...view, screen: { ...view.screen, name: 'library-card' } });
  const { title, lead } = wordsIn.en.refusedCard['unknown-card'];
  expect([textOf('h1'), textOf('.layout__lead')]).toEqual([title, lead]);
});

test('the technician reads which module and which terminals it is, by their names in the configuration', () => {
  const stage = openStage();
  stage.show(viewNamed('out-of-service-parts'));
  expect([...document.querySelectorAll('.faults li')].map((line) => line.textContent)).toEqual([
    'Top-up module pboc not ready',
    'Top-up module desfire not answering',
    'Payment terminal zvt, qr not connected',
  ]);
});
