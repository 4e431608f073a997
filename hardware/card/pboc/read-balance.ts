import type { CardLink, LinkAnswer } from '../link.ts';
import { getBalance, getOverdraftLimit, parseBalance } from './get-balance.ts';
import type { PbocProfile } from './profile.ts';

/** What is in the purse, in the card's own unit. */
export type PurseBalance = {
  /** What its owner has: below zero where it is overdrawn. */
  readonly own: number;
  /** What the card reckons on top of it, in INITIALIZE FOR LOAD and in TACs as well; 0 where there is no such thing. */
  readonly overdraftLimit: number;
};

/** GET BALANCE, and on cards that can be overdrawn their limit. */
export async function readBalance(
  link: CardLink,
  profile: PbocProfile,
): Promise<LinkAnswer<PurseBalance>> {
  const held = await link.send(getBalance(profile.purse), parseBalance);
  if (held.kind !== 'done') return held;
  if (!profile.overdraft) return { kind: 'done', value: { own: held.value, overdraftLimit: 0 } };
  const limit = await link.send(getOverdraftLimit(profile.purse), parseBalance);
  if (limit.kind !== 'done') return limit;
  const overdraftLimit = cleaned(limit.value);
  return { kind: 'done', value: { own: cleaned(held.value) - overdraftLimit, overdraftLimit } };
}

/** Whether the balance that INITIALIZE FOR LOAD answered is the one that was read. */
export function isSameBalance(
  challenged: number,
  { own, overdraftLimit }: PurseBalance,
  { overdraft }: PbocProfile,
): boolean {
  return (overdraft ? cleaned(challenged) : challenged) === own + overdraftLimit;
}

/** The top bit of amounts was seen dirty on T-Union cards (cards.md 1.3). */
function cleaned(amount: number): number {
  return amount & 0x7fff_ffff;
}
