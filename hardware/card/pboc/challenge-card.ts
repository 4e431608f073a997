import type { CardLink, LinkAnswer } from '../link.ts';
import {
  initializeForLoad,
  type LoadChallenge,
  noSuchKeyIndex,
  parseInitializeForLoad,
} from './initialize-for-load.ts';
import type { LoadTerms } from './load-terms.ts';

/** INITIALIZE FOR LOAD with the first of the profile's key indices that the card has. Nothing is written by it. */
export async function challengeCard(
  link: CardLink,
  { profile, amount, terminalId }: LoadTerms,
): Promise<LinkAnswer<LoadChallenge>> {
  const [first = 0, ...others] = profile.keyIndex;
  const challenge = (keyIndex: number): Promise<LinkAnswer<LoadChallenge>> =>
    link.send(
      initializeForLoad(profile.purse, keyIndex, amount, terminalId),
      parseInitializeForLoad,
    );
  let answer = await challenge(first);
  for (const keyIndex of others) {
    if (answer.kind !== 'refused' || answer.statusWord !== noSuchKeyIndex) break;
    answer = await challenge(keyIndex);
  }
  return answer;
}
