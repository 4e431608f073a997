import type { PbocProfile } from './profile.ts';

/**
 * 住建部 city card (CJ/T 166, AID A00000000386980701): file 15 as in cards.md 1.2, log rows that count n+1 as seen on a
 * Huada card and stand in a log of loads too (1.4), GET TRANSACTION PROVE asked with n+1 as real terminals do, no PIN.
 */
export const cityCard: PbocProfile = {
  name: 'city-card',
  title: { 'zh-Hans': '城市一卡通', 'zh-Hant': '城市一卡通', en: 'City card' },
  aids: ['A00000000386980701', 'A00000000386980700'],
  numberFile: {
    sfi: 0x15,
    lengthBytes: 30,
    numberOffset: 12,
    numberBytes: 8,
    skippedDigits: 0,
    enabledOffset: 8,
    validFromOffset: 20,
    validToOffset: 24,
    recognisedBy: null,
  },
  log: { sfi: 0x18, order: 'newest-first', records: 10, counter: 'n+1' },
  loadLog: { sfi: 0x1a, order: 'newest-first', records: 10, counter: 'n+1' },
  proofCounters: ['n+1', 'n'],
  pin: { kind: 'none' },
  keyIndex: [1],
  purse: 'ep',
  overdraft: false,
  balanceCapMinor: 100_000,
  loadCapMinor: 50_000,
  unitMinor: 1,
};

/**
 * A card program of the Gemplus kind (AID "…ED/EP"): everything is counted with n, the proof is given once, the log and
 * the load want the PIN (cards.md 1.4, 1.5, 1.8).
 */
export const campusCard: PbocProfile = {
  ...cityCard,
  name: 'campus-card',
  title: { 'zh-Hans': '校园卡', 'zh-Hant': '校園卡', en: 'Campus card' },
  aids: ['D15600000145442F4550000000000000'],
  numberFile: { ...cityCard.numberFile, enabledOffset: null },
  log: { sfi: 0x18, order: 'newest-first', records: 10, counter: 'n' },
  loadLog: null,
  proofCounters: ['n'],
  pin: { kind: 'fixed', digits: '123456', format: 'bcd' },
  balanceCapMinor: 200_000,
  loadCapMinor: 100_000,
};

/**
 * 交通联合 T-Union (AID A000000632010105): a number of 19 digits with validity behind it, and a balance with the overdraft
 * limit counted in (cards.md 1.2, 1.3). Byte 8 of its file 15 is the kind of application, no mark of being enabled.
 */
export const tUnionCard: PbocProfile = {
  ...cityCard,
  name: 't-union-card',
  title: { 'zh-Hans': '交通联合卡', 'zh-Hant': '交通聯合卡', en: 'T-Union card' },
  aids: ['A000000632010105'],
  numberFile: {
    ...cityCard.numberFile,
    numberOffset: 10,
    numberBytes: 10,
    skippedDigits: 1,
    enabledOffset: null,
  },
  loadLog: null,
  overdraft: true,
};
