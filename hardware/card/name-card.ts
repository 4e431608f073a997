import { fromHex } from './hex.ts';
import type { CardLink } from './link.ts';
import type { Fault } from './port.ts';
import { parseSelect, selectByName } from './select.ts';

/** Applications by which a card that is not served can at least be named. */
const knownApplications: readonly { readonly name: string; readonly dfName: Uint8Array }[] = [
  // 交通联合 (cards.md 1.1).
  { name: 't-union', dfName: fromHex('A000000632010105') },
  // EMV contactless and contact payment environments (EMV Book B 11.3, Book 1 11.3).
  { name: 'bank-card', dfName: new TextEncoder().encode('2PAY.SYS.DDF01') },
  { name: 'bank-card', dfName: new TextEncoder().encode('1PAY.SYS.DDF01') },
];

export type NameCardAnswer =
  | { readonly kind: 'done'; readonly name: string | null }
  | { readonly kind: 'failed'; readonly fault: Fault };

/** What kind of card this is, for the screen. Nothing on it is read. */
export async function nameCard(link: CardLink): Promise<NameCardAnswer> {
  for (const { name, dfName } of knownApplications) {
    const answer = await link.send(selectByName(dfName), parseSelect);
    if (answer.kind === 'failed') return answer;
    if (answer.kind === 'done') return { kind: 'done', name };
  }
  return { kind: 'done', name: null };
}
