import { campusCard, cityCard } from '../../hardware/card/pboc/profiles.ts';

/** A station like the built-in one, that waits for a pulled card as briefly as a configuration may say. */
export const hurriedStation = {
  stationName: { 'zh-Hans': '示范站', 'zh-Hant': '示範站', en: 'Demo station' },
  terminalId: '0000000000A1',
  helpLine: '400-000-0000',
  currency: 'CNY',
  defaultLanguage: 'zh-Hans',
  amounts: { presetsMinor: [2000, 5000, 10_000], minimumMinor: 1000, stepMinor: 1000 },
  timings: { cardReturnMs: 10_000, doneMs: 1_000 },
  devices: {
    reader: { driver: 'simulated' },
    sams: [{ driver: 'simulated' }],
    printer: { driver: 'simulated' },
    terminals: [
      { id: 'bank-card', kind: 'bank-card', phases: 'two', driver: 'simulated' },
      { id: 'mobile', kind: 'mobile', phases: 'one', driver: 'simulated' },
    ],
  },
  cards: { pboc: [cityCard, campusCard] },
} as const;
