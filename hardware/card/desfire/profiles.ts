import type { DesfireProfile } from './profile.ts';

/**
 * A record of 32 bytes, numbers least significant byte first as everywhere on a DESFire card:
 *
 * | bytes | what |
 * |---|---|
 * | 0-3 | counter: 1 in a card's first record, then one more each time, whoever writes |
 * | 4 | kind: 01 load, 02 purchase |
 * | 5-8 | amount |
 * | 9-14 | terminal |
 * | 15-21 | YYYYMMDDhhmmss, BCD |
 * | 22-29 | a load: the first 8 bytes of the SHA-256 of the order's reference (UTF-8); else 00 |
 * | 30-31 | 00 |
 */
const record32 = {
  lengthBytes: 32,
  byteOrder: 'little',
  counterOffset: 0,
  counterBytes: 4,
  kindOffset: 4,
  loadKind: 0x01,
  purchaseKind: 0x02,
  amountOffset: 5,
  terminalOffset: 9,
  dateTimeOffset: 15,
  referenceOffset: 22,
} as const;

/**
 * A campus card, DESFire EV1: number and validity in file 01 (8 bytes BCD number, enabled 01, valid from and to as BCD
 * YYYYMMDD), value in file 02 (enciphered), records in file 03 (MAC), all of them under key 1; value and records can be
 * read by anybody.
 */
export const campusDesfire: DesfireProfile = {
  name: 'campus-desfire',
  title: {
    'zh-Hans': '学生卡',
    'zh-Hant': '學生卡',
    en: 'Student card',
  },
  application: '10DE5F',
  keyNumber: 1,
  keyVersion: 1,
  secureMessaging: 'ev1',
  numberFile: {
    file: 0x01,
    lengthBytes: 17,
    numberOffset: 0,
    numberBytes: 8,
    skippedDigits: 0,
    enabledOffset: 8,
    validFromOffset: 9,
    validToOffset: 13,
  },
  valueFile: { file: 0x02, comm: 'full' },
  recordFile: { ...record32, file: 0x03, comm: 'mac' },
  readableWithoutKey: true,
  transactionMacFile: null,
  balanceCapMinor: 100_000,
  loadCapMinor: 50_000,
  unitMinor: 1,
};

/**
 * A transit card, DESFire EV2: as the campus card, but value and records can be read with key 1 only, and file 0F holds
 * the transaction MAC.
 */
export const transitDesfire: DesfireProfile = {
  ...campusDesfire,
  name: 'transit-desfire',
  title: {
    'zh-Hans': '地铁卡',
    'zh-Hant': '地鐵卡',
    en: 'Metro card',
  },
  application: '20DE5F',
  secureMessaging: 'ev2',
  valueFile: { file: 0x02, comm: 'full' },
  recordFile: { ...record32, file: 0x03, comm: 'mac' },
  readableWithoutKey: false,
  transactionMacFile: { file: 0x0f, comm: 'mac' },
};
