/** The two purses of a PBOC card: 电子存折 (electronic deposit) and 电子钱包 (electronic purse). */
export type Purse = 'ed' | 'ep';

/** P2 of the purse commands (JR/T 0025.1: 01 ED, 02 EP). */
export function purseParameter(purse: Purse): number {
  return purse === 'ed' ? 0x01 : 0x02;
}

/** Transaction types as they stand in the log and in the MACs (cards.md 1.4). */
export const transactionTypes = {
  loadEd: 0x01,
  loadEp: 0x02,
  unload: 0x03,
  cash: 0x04,
  purchaseEd: 0x05,
  purchaseEp: 0x06,
  overdraftChange: 0x07,
  composite: 0x09,
} as const;

export function loadTransactionType(purse: Purse): number {
  return purse === 'ed' ? transactionTypes.loadEd : transactionTypes.loadEp;
}

/** True for the transactions that count up this purse's on-line counter, as loads do. */
export function isOnline(purse: Purse, transactionType: number): boolean {
  if (purse === 'ep') return transactionType === transactionTypes.loadEp;
  return (
    transactionType === transactionTypes.loadEd ||
    transactionType === transactionTypes.unload ||
    transactionType === transactionTypes.overdraftChange
  );
}
