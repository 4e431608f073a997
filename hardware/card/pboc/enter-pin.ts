import type { CardLink, LinkAnswer } from '../link.ts';
import type { PbocProfile } from './profile.ts';
import { parseVerifyPin, verifyPin } from './verify-pin.ts';

/** Show the card the operator's PIN, where its profile has one. Never repeated: each wrong one costs the card a try. */
export async function enterPin(link: CardLink, { pin }: PbocProfile): Promise<LinkAnswer<null>> {
  if (pin.kind === 'none') return { kind: 'done', value: null };
  return link.send(verifyPin(pin.digits, pin.format), parseVerifyPin);
}
