import type { LoadMark, LoadProof } from '../../../main/contract/card.ts';
import { minorUnits } from '../../../main/contract/money.ts';
import { ask, type LoadAuthority } from '../../sam/deed.ts';
import { toHex } from '../hex.ts';
import type { CardLink } from '../link.ts';
import type { CheckAnswer, Fault } from '../port.ts';
import { verifyTac } from './authority.ts';
import { enterPin } from './enter-pin.ts';
import { getBalance, parseBalance } from './get-balance.ts';
import { getTransactionProve, parseTransactionProve } from './get-transaction-prove.ts';
import { initializeForLoad, parseInitializeForLoad } from './initialize-for-load.ts';
import { type LoadTerms, loadInQuestion, tacClaim } from './load-terms.ts';
import { openCard } from './open-card.ts';
import { readLog } from './read-log.ts';
import { counterByConvention, hearLog, judgeWithoutProof, type LogTestimony } from './verdict.ts';

/**
 * Ask the card whether a load happened, in the order of cards.md 1.8: what is read only comes first; INITIALIZE FOR LOAD,
 * which some cards forget their proof over, comes last and only where nothing before it has decided.
 */
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
    case 'blocked':
      return undecided('the application on the card is blocked');
    case 'defective':
      return undecided(opened.detail);
  }
  const { identity } = opened;
  if (identity.number !== terms.cardNumber) return { kind: 'other-card' };

  const pin = await enterPin(link, profile);
  if (pin.kind === 'failed') return { kind: 'unknown', fault: pin.fault };

  const balance = await link.send(getBalance(profile.purse), parseBalance);
  if (balance.kind === 'failed') return { kind: 'unknown', fault: balance.fault };
  if (balance.kind !== 'done') return undecided(balance.detail);
  const loaded = (by: LoadProof['by'], tac: Uint8Array | null): CheckAnswer => ({
    kind: 'loaded',
    proof: {
      balanceMinor: minorUnits(balance.value * profile.unitMinor),
      counter: mark.counter,
      tac: tac === null ? null : toHex(tac),
      by,
    },
  });

  const log = await readLogTestimony(link, terms, mark);
  if (log.kind === 'failed') return { kind: 'unknown', fault: log.fault };

  // Asked even where the log is ours: the issuer settles by the TAC.
  const proof = await findProof(link, authority, terms, mark, identity.numberBytes);
  if (proof.kind === 'genuine') return loaded('transaction-proof', proof.tac);
  if (log.testimony === 'ours') return loaded('card-log', null);
  if (proof.kind === 'failed') return { kind: 'unknown', fault: proof.fault };
  if (proof.kind === 'unverified') return undecided(`a proof is there, but ${proof.detail}`);

  const live = await readLiveCounter(link, terms);
  if (live.kind === 'failed') return { kind: 'unknown', fault: live.fault };
  const verdict = judgeWithoutProof(
    loadInQuestion(terms, mark),
    log.testimony,
    balance.value,
    live.counter,
  );
  return verdict.kind === 'not-loaded' ? verdict : undecided(verdict.detail);
}

function undecided(detail: string): CheckAnswer {
  return { kind: 'unknown', fault: { kind: 'undecided', detail } };
}

type Failed = { readonly kind: 'failed'; readonly fault: Fault };

/** A log that cannot be read, or not whole, is silent. */
async function readLogTestimony(
  link: CardLink,
  terms: LoadTerms,
  mark: LoadMark,
): Promise<{ readonly kind: 'done'; readonly testimony: LogTestimony } | Failed> {
  const log = await readLog(link, terms.profile);
  if (log.kind === 'failed') return log;
  if (log.kind !== 'done' || terms.profile.log === null) {
    return { kind: 'done', testimony: 'silent' };
  }
  const { counter } = terms.profile.log;
  return {
    kind: 'done',
    testimony: hearLog(log.records, loadInQuestion(terms, mark), counter),
  };
}

/** GET TRANSACTION PROVE by the profile's counters, until one answers with a TAC that is this load's. */
async function findProof(
  link: CardLink,
  authority: LoadAuthority,
  terms: LoadTerms,
  mark: LoadMark,
  cardNumber: Uint8Array,
): Promise<
  | { readonly kind: 'genuine'; readonly tac: Uint8Array }
  | { readonly kind: 'none' }
  | { readonly kind: 'unverified'; readonly detail: string }
  | Failed
> {
  let unverified: string | null = null;
  for (const convention of terms.profile.proofCounters) {
    const counter = counterByConvention(mark.counter, convention);
    const command = getTransactionProve(terms.transactionType, counter);
    const answer = await link.send(command, parseTransactionProve);
    if (answer.kind === 'failed') return answer;
    if (answer.kind !== 'done') continue;
    const claim = tacClaim(terms, mark, cardNumber, answer.value);
    const judged = await ask(authority, verifyTac, claim);
    // A false TAC may be another machine's load: it says nothing about this one.
    if (judged.kind === 'failed') unverified = judged.detail;
    else if (judged.answer.genuine) return { kind: 'genuine', tac: answer.value };
  }
  return unverified === null ? { kind: 'none' } : { kind: 'unverified', detail: unverified };
}

/** The counter that the card answers to INITIALIZE FOR LOAD of the same amount; null where it refuses. */
async function readLiveCounter(
  link: CardLink,
  { profile, amount, terminalId }: LoadTerms,
): Promise<{ readonly kind: 'done'; readonly counter: number | null } | Failed> {
  const command = initializeForLoad(profile.purse, profile.keyIndex, amount, terminalId);
  const answer = await link.send(command, parseInitializeForLoad);
  if (answer.kind === 'failed') return answer;
  return { kind: 'done', counter: answer.kind === 'done' ? answer.value.counter : null };
}
