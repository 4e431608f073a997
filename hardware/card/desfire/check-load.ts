import type { LoadMark, LoadProof } from '../../../main/contract/card.ts';
import { minorUnits } from '../../../main/contract/money.ts';
import { ask, type LoadAuthority } from '../../sam/deed.ts';
import { fromHex, toHex } from '../hex.ts';
import type { CardLink } from '../link.ts';
import type { CheckAnswer } from '../port.ts';
import { verifyTransactionMac } from './authority.ts';
import { type LoadTerms, loadInQuestion } from './load-terms.ts';
import { openCard } from './open-card.ts';
import type { DesfireProfile } from './profile.ts';
import { type Books, readBooks } from './read-books.ts';
import { beginSecureConversation } from './secure-conversation.ts';
import type { TransactionMac } from './transaction-mac-file.ts';
import { transactionMacInput } from './transaction-mac-input.ts';
import { judgeLoad } from './verdict.ts';
import { creditOf, recordOf } from './write-load.ts';

/** Ask the card whether a load happened: it authenticates first, so that nobody else answers for it. Nothing is changed. */
export async function checkLoad(
  link: CardLink,
  authority: LoadAuthority,
  terms: LoadTerms,
  mark: LoadMark,
): Promise<CheckAnswer> {
  const { profile } = terms;
  const opened = await openCard(link, profile);
  switch (opened.kind) {
    case 'failed':
      return { kind: 'unknown', fault: opened.fault };
    case 'not-mine':
      return { kind: 'other-card' };
    case 'defective':
      return undecided(opened.detail);
  }
  const { number, uid } = opened.identity;
  if (number !== terms.cardNumber) return { kind: 'other-card' };

  const begun = await beginSecureConversation(link, authority, profile, uid);
  if (begun.kind === 'failed') return { kind: 'unknown', fault: begun.fault };
  if (begun.kind !== 'done') return undecided(begun.detail);
  const read = await readBooks(begun.value, profile);
  if (read.kind === 'failed') return { kind: 'unknown', fault: read.fault };
  if (read.kind !== 'done') return undecided(read.detail);
  const books = read.value;
  const { value, records, transaction } = books;

  const transactions = transaction?.counter ?? null;
  const verdict = judgeLoad(loadInQuestion(terms, mark), { value, records, transactions });
  switch (verdict.kind) {
    case 'not-loaded':
      return verdict;
    case 'undecided':
      return undecided(verdict.detail);
    case 'loaded': {
      const mac = macOfThisLoad(books, mark);
      const { counter } = verdict.record;
      const isProved =
        mac !== null && (await isTransactionMac(authority, terms, uid, mac, counter));
      return {
        kind: 'loaded',
        proof: proofOf(profile, mark, value, isProved ? { mac, by: 'transaction-proof' } : null),
      };
    }
  }
}

/** What the card says of its last transaction, where that is the one after the mark. */
function macOfThisLoad({ transaction }: Books, mark: LoadMark): TransactionMac | null {
  return transaction?.counter === mark.counter + 1 ? transaction : null;
}

/** Whether the load authority finds the transaction MAC of this load genuine; an issuer settles by it. */
export async function isTransactionMac(
  authority: LoadAuthority,
  terms: LoadTerms,
  uid: Uint8Array,
  { counter, mac }: TransactionMac,
  recordCounter: number,
): Promise<boolean> {
  const judged = await ask(authority, verifyTransactionMac, {
    application: fromHex(terms.profile.application),
    uid,
    counter,
    input: transactionMacInput([recordOf(terms, recordCounter), creditOf(terms)]),
    mac,
  });
  return judged.kind === 'done' && judged.answer.genuine;
}

/** `value`: the card's now. `found`: the MAC of the load's transaction, genuine; without it the record proves the load. */
export function proofOf(
  { unitMinor }: DesfireProfile,
  { counter }: LoadMark,
  value: number,
  found: { readonly mac: TransactionMac; readonly by: 'tac' | 'transaction-proof' } | null,
): LoadProof {
  const balanceMinor = minorUnits(value * unitMinor);
  if (found === null) return { balanceMinor, counter, tac: null, by: 'card-log' };
  return { balanceMinor, counter, tac: toHex(found.mac.mac), by: found.by };
}

function undecided(detail: string): CheckAnswer {
  return { kind: 'unknown', fault: { kind: 'undecided', detail } };
}
