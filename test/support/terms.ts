import { currencies, minorUnits } from '../../main/contract/money.ts';
import type { Terms } from '../../main/session/session.ts';

/** A station as most tests want it: yuan, two means of payment, amounts as at a metro station. */
export const testTerms: Terms = {
  stationName: { 'zh-Hans': '人民广场站', 'zh-Hant': '人民廣場站', en: 'People’s Square' },
  terminalId: '000001000050',
  helpLine: '400 000 0000',
  currency: currencies.CNY,
  defaultLanguage: 'zh-Hans',
  presetsMinor: [2_000, 5_000, 10_000, 20_000].map(minorUnits),
  fillToMinor: [10_000, 20_000].map(minorUnits),
  minimumMinor: minorUnits(1_000),
  stepMinor: minorUnits(100),
  means: [
    { id: 'bank', kind: 'bank-card', phases: 'two' },
    { id: 'phone', kind: 'mobile', phases: 'one' },
  ],
  cards: ['city', 'campus', 'model', 'city-card', 'campus-card'].map((profile) => ({
    profile,
    family: 'pboc',
    title: { 'zh-Hans': '公交卡', 'zh-Hant': '公交卡', en: 'City card' },
  })),
  timings: {
    idleMs: 60_000,
    idleWarningMs: 20_000,
    cardReturnMs: 60_000,
    patienceMs: 60_000,
    doneMs: 4_000,
    closingMs: 20_000,
  },
};
