import { currencies, minorUnits } from '../../../main/contract/money.ts';
import type { Receipt } from '../../../main/contract/receipt.ts';

type Different = Partial<Omit<Receipt, 'stationName'>> & {
  /** The same in every language, where a test gives one text. */
  readonly stationName?: string | Receipt['stationName'];
};

/** A receipt of 50 yuan, but for what a test wants to be different. */
export function sampleReceipt({
  stationName = '人民广场站',
  ...different
}: Different = {}): Receipt {
  return {
    kind: 'top-up',
    language: 'zh-Hans',
    currency: currencies.CNY,
    stationName:
      typeof stationName === 'string'
        ? { 'zh-Hans': stationName, 'zh-Hant': stationName, en: stationName }
        : stationName,
    terminalId: 'AV000317',
    reference: 'AV-20260302-000123',
    at: '20260302160507',
    maskedNumber: '•••• •••• 9432',
    amountMinor: minorUnits(5000),
    means: 'bank-card',
    terminalReceipt: '000412',
    beforeMinor: minorUnits(1230),
    afterMinor: minorUnits(6230),
    claim: null,
    helpLine: '400-820-0000',
    ...different,
  };
}
