import type { CardRecord } from './card-record.ts';
import type { Conversation, Told } from './conversation.ts';
import { getRecordFileSettings, getValueFileSettings } from './get-file-settings.ts';
import { getValue } from './get-value.ts';
import type { CommMode, DesfireProfile } from './profile.ts';
import { readRecords } from './read-records.ts';
import { readTransactionMac, type TransactionMac } from './transaction-mac-file.ts';

/** The card's books as far as the conversation may read them. Amounts in the card's own unit. */
export type Books = {
  readonly value: number;
  /** The most that the value file takes. */
  readonly upperLimit: number;
  /** Newest first; the oldest may be gone. */
  readonly records: readonly CardRecord[];
  /** Null where the profile has none. */
  readonly transaction: TransactionMac | null;
};

/** Older ones are of no use to anybody at a kiosk, and each costs time. */
const mostRecords = 40;

/**
 * Read what the card says of itself. How many records there are is asked first: an empty file answers READ RECORDS with an
 * error, which would end the authentication.
 */
export async function readBooks(card: Conversation, profile: DesfireProfile): Promise<Told<Books>> {
  const { valueFile } = profile;
  const limits = await card.manage(getValueFileSettings(valueFile.file));
  if (limits.kind !== 'done') return limits;
  if (limits.value.comm !== valueFile.comm) return otherMode('value', limits.value.comm);
  const value = await card.exchange(getValue(valueFile.file), valueFile.comm);
  if (value.kind !== 'done') return value;
  const records = await readHistory(card, profile);
  if (records.kind !== 'done') return records;
  const { upperLimit } = limits.value;
  const books = { value: value.value, upperLimit, records: records.value };

  const macFile = profile.transactionMacFile;
  if (macFile === null) return { kind: 'done', value: { ...books, transaction: null } };
  const transaction = await card.exchange(readTransactionMac(macFile.file), macFile.comm);
  if (transaction.kind !== 'done') return transaction;
  return { kind: 'done', value: { ...books, transaction: transaction.value } };
}

async function readHistory(
  card: Conversation,
  { recordFile }: DesfireProfile,
): Promise<Told<readonly CardRecord[]>> {
  const settings = await card.manage(getRecordFileSettings(recordFile.file));
  if (settings.kind !== 'done') return settings;
  const { comm, recordBytes, records } = settings.value;
  if (comm !== recordFile.comm) return otherMode('record', comm);
  if (recordBytes !== recordFile.lengthBytes) {
    return malformed(`the card’s records have ${recordBytes} bytes, not as its profile says`);
  }
  if (records === 0) return { kind: 'done', value: [] };
  const command = readRecords(recordFile, Math.min(records, mostRecords));
  return card.exchange(command, recordFile.comm);
}

function otherMode(file: string, comm: CommMode): Told<never> {
  return malformed(`the card’s ${file} file has mode ${comm}, not as its profile says`);
}

function malformed(detail: string): Told<never> {
  return { kind: 'malformed', detail };
}
