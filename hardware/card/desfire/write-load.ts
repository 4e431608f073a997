import { loadRecord } from './card-record.ts';
import type { DesfireCommand } from './command.ts';
import { commitTransaction, commitWithTransactionMac } from './commit-transaction.ts';
import type { Conversation, Trouble } from './conversation.ts';
import { credit } from './credit.ts';
import type { LoadTerms } from './load-terms.ts';
import type { TransactionMac } from './transaction-mac-file.ts';
import { writeRecord } from './write-record.ts';

/** A load's two commands: its record, under this counter, and its credit. */
export function recordOf(terms: LoadTerms, counter: number): DesfireCommand<null> {
  const { recordFile } = terms.profile;
  return writeRecord(recordFile.file, loadRecord(recordFile, { ...terms, counter }));
}

export function creditOf({ profile, amount }: LoadTerms): DesfireCommand<null> {
  return credit(profile.valueFile.file, amount);
}

export type WriteAnswer =
  /** The card's own word for the commit, and it is genuine. `mac`: null where the profile has none. */
  | { readonly kind: 'done'; readonly mac: TransactionMac | null }
  /** `isSent`: COMMIT TRANSACTION may have reached the card. If not, nothing is written. */
  | { readonly kind: 'trouble'; readonly trouble: Trouble; readonly isSent: boolean };

/** Record and credit in one transaction, and its commit: each command once, whatever is answered. */
export async function writeLoad(
  card: Conversation,
  terms: LoadTerms,
  recordCounter: number,
): Promise<WriteAnswer> {
  const { valueFile, recordFile, transactionMacFile } = terms.profile;
  const recorded = await card.exchange(recordOf(terms, recordCounter), recordFile.comm);
  if (recorded.kind !== 'done') return { kind: 'trouble', trouble: recorded, isSent: false };
  const credited = await card.exchange(creditOf(terms), valueFile.comm);
  if (credited.kind !== 'done') return { kind: 'trouble', trouble: credited, isSent: false };
  const commit: DesfireCommand<TransactionMac | null> =
    transactionMacFile === null ? commitTransaction : commitWithTransactionMac;
  const committed = await card.manage(commit);
  if (committed.kind === 'done') return { kind: 'done', mac: committed.value };
  const isSent = committed.kind !== 'sam-failed' || committed.isSent;
  return { kind: 'trouble', trouble: committed, isSent };
}
