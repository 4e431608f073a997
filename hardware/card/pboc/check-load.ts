import type { LoadMark, LoadProof } from '../../../main/contract/card.ts';
import { minorUnits } from '../../../main/contract/money.ts';
import { ask, type LoadAuthority } from '../../sam/deed.ts';
import { toHex } from '../hex.ts';
import type { CardLink } from '../link.ts';
import type { CheckAnswer, Fault } from '../port.ts';
import { type TacClaim, verifyTac } from './authority.ts';
import { challengeCard } from './challenge-card.ts';
import { enterPin } from './enter-pin.ts';
import { getTransactionProve, parseTransactionProve } from './get-transaction-prove.ts';
import { type LoadTerms, loadInQuestion, tacClaim } from './load-terms.ts';
import { openCard } from './open-card.ts';
import type { PbocLog } from './profile.ts';
import { readBalance } from './read-balance.ts';
import { readLog } from './read-log.ts';
import {
  bothLogs,
  counterByConvention,
  hearLog,
  judgeWithoutProof,
  type LogTestimony,
} from './verdict.ts';

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

  const balance = await readBalance(link, profile);
  if (balance.kind === 'failed') return { kind: 'unknown', fault: balance.fault };
  if (balance.kind !== 'done') return undecided(balance.detail);
  const { own, overdraftLimit } = balance.value;
  const loaded = (by: LoadProof['by'], tac: Uint8Array | null): CheckAnswer => ({
    kind: 'loaded',
    proof: {
      balanceMinor: minorUnits(own * profile.unitMinor),
      counter: mark.counter,
      tac: tac === null ? null : toHex(tac),
      by,
    },
  });

  const testimony = await hearLogs(link, terms, mark);
  if (testimony.kind === 'failed') return { kind: 'unknown', fault: testimony.fault };

  // Asked even where the log is ours: the issuer settles by the TAC.
  const proof = await findProof(link, authority, terms, mark, (tac) =>
    tacClaim(terms, mark, overdraftLimit, identity.numberBytes, tac),
  );
  if (proof.kind === 'genuine') return loaded('transaction-proof', proof.tac);
  if (testimony.log === 'ours') return loaded('card-log', null);
  if (proof.kind === 'failed') return { kind: 'unknown', fault: proof.fault };
  if (proof.kind === 'unverified') return undecided(`a proof is there, but ${proof.detail}`);

  const live = await readLiveCounter(link, terms);
  if (live.kind === 'failed') return { kind: 'unknown', fault: live.fault };
  const verdict = judgeWithoutProof(loadInQuestion(terms, mark), testimony.log, own, live.counter);
  return verdict.kind === 'not-loaded' ? verdict : undecided(verdict.detail);
}

function undecided(detail: string): CheckAnswer {
  return { kind: 'unknown', fault: { kind: 'undecided', detail } };
}

type Failed = { readonly kind: 'failed'; readonly fault: Fault };

/** What the logs that the card has say together. */
async function hearLogs(
  link: CardLink,
  terms: LoadTerms,
  mark: LoadMark,
): Promise<{ readonly kind: 'done'; readonly log: LogTestimony } | Failed> {
  const all = await hearOne(link, terms.profile.log, terms, mark);
  if (all.kind === 'failed') return all;
  const loads = await hearOne(link, terms.profile.loadLog, terms, mark);
  if (loads.kind === 'failed') return loads;
  return { kind: 'done', log: bothLogs(all.log, loads.log) };
}

/** A log that cannot be read, or not whole, is silent. */
async function hearOne(
  link: CardLink,
  place: PbocLog | null,
  terms: LoadTerms,
  mark: LoadMark,
): Promise<{ readonly kind: 'done'; readonly log: LogTestimony } | Failed> {
  if (place === null) return { kind: 'done', log: 'silent' };
  const log = await readLog(link, place);
  if (log.kind === 'failed') return log;
  if (log.kind !== 'done') return { kind: 'done', log: 'silent' };
  const testimony = hearLog(log.records, loadInQuestion(terms, mark), place.counter);
  return { kind: 'done', log: testimony };
}

/** GET TRANSACTION PROVE by the profile's counters, until one answers with a TAC that is this load's. */
async function findProof(
  link: CardLink,
  authority: LoadAuthority,
  { profile, transactionType }: LoadTerms,
  mark: LoadMark,
  claimOf: (tac: Uint8Array) => TacClaim | null,
): Promise<
  | { readonly kind: 'genuine'; readonly tac: Uint8Array }
  | { readonly kind: 'none' }
  | { readonly kind: 'unverified'; readonly detail: string }
  | Failed
> {
  let unverified: string | null = null;
  for (const convention of profile.proofCounters) {
    const counter = counterByConvention(mark.counter, convention);
    const command = getTransactionProve(transactionType, counter);
    const answer = await link.send(command, parseTransactionProve);
    if (answer.kind === 'failed') return answer;
    if (answer.kind !== 'done') continue;
    const claim = claimOf(answer.value);
    if (claim === null) continue;
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
  terms: LoadTerms,
): Promise<{ readonly kind: 'done'; readonly counter: number | null } | Failed> {
  const answer = await challengeCard(link, terms);
  if (answer.kind === 'failed') return answer;
  return { kind: 'done', counter: answer.kind === 'done' ? answer.value.counter : null };
}
