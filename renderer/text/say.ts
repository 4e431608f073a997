import type { Language } from '../../main/contract/language.ts';
import { type Currency, formatMoney, type MinorUnits } from '../../main/contract/money.ts';
import type { Obstacle } from '../../main/contract/view.ts';
import { en } from './en.ts';
import type { Words } from './words.ts';
import { zhHans } from './zh-hans.ts';
import { zhHant } from './zh-hant.ts';

export const wordsIn: Readonly<Record<Language, Words>> = {
  'zh-Hans': zhHans,
  'zh-Hant': zhHant,
  en,
};

/** A date of the contract (YYYYMMDD, what follows is ignored) as people write it. */
export function writeDate(date: string, words: Words): string {
  return words.date(Number(date.slice(0, 4)), Number(date.slice(4, 6)), Number(date.slice(6, 8)));
}

/** Day and time of a card log row (YYYYMMDDhhmmss): "21 Nov, 08:15". */
export function writeMoment(at: string, words: Words): string {
  const day = words.day(Number(at.slice(4, 6)), Number(at.slice(6, 8)));
  return `${day} ${at.slice(8, 10)}:${at.slice(10, 12)}`;
}

/** An amount without ".00": for round figures inside a sentence. */
export function writeRound(amountMinor: MinorUnits, currency: Currency): string {
  const written = formatMoney(amountMinor, currency);
  const nothing = `.${'0'.repeat(currency.exponent)}`;
  return written.endsWith(nothing) ? written.slice(0, -nothing.length) : written;
}

/** Why something is not possible now, in a sentence. */
export function writeObstacle(obstacle: Obstacle, words: Words, currency: Currency): string {
  const say = words.obstacle;
  switch (obstacle.kind) {
    case 'above-balance-cap':
      return say.aboveBalanceCap(writeRound(obstacle.capMinor, currency));
    case 'above-load-cap':
      return say.aboveLoadCap(writeRound(obstacle.capMinor, currency));
    case 'below-minimum':
      return say.belowMinimum(writeRound(obstacle.minimumMinor, currency));
    case 'not-a-step':
      return say.notAStep(writeRound(obstacle.stepMinor, currency));
    case 'card-full':
      return say.cardFull;
    case 'card-expired':
      return say.cardExpired(writeDate(obstacle.validTo, words));
    case 'card-not-yet-valid':
      return say.cardNotYetValid(writeDate(obstacle.validFrom, words));
    case 'card-disabled':
      return say.cardDisabled;
    case 'device-down':
      return isSuspension(obstacle) ? say.suspended : say.device[obstacle.device];
  }
}

/** A payment terminal that is not offered for a while, as it left payments unanswered. */
export function isSuspension(obstacle: Obstacle | null): boolean {
  return obstacle?.kind === 'device-down' && obstacle.fault === 'suspended';
}

/** Sentences after one another, as their language sets them: Chinese leaves no space behind its full stop. */
export function writeSentences(sentences: readonly string[], language: Language): string {
  return sentences.join(language === 'en' ? ' ' : '');
}

/** Things after one another, as their language joins them: "A, B and C". */
export function writeList(things: readonly string[], language: Language): string {
  return new Intl.ListFormat(language).format(things);
}

/** Whom to call, in a sentence; none where no configuration names a help line. */
export function writeCall(helpLine: string, words: Words): readonly string[] {
  return helpLine === '' ? [] : [words.call(helpLine)];
}
