import type { LoadMark, LoadOrder } from '../../main/contract/card.ts';
import type { CardLink } from './link.ts';
import type { CheckAnswer, CreditAnswer, PrepareAnswer, ReadAnswer } from './port.ts';

export type FamilyReadAnswer = ReadAnswer | { readonly kind: 'not-mine' };

/** A load that the card is ready for. It lives as long as the connection on which it was prepared. */
export interface PreparedLoad {
  readonly mark: LoadMark;
  /** Write, once: the load is spent whatever the answer. */
  credit(): Promise<CreditAnswer>;
}

export type FamilyPrepareAnswer =
  | Exclude<PrepareAnswer, { readonly kind: 'done' }>
  | { readonly kind: 'done'; readonly load: PreparedLoad };

/** One kind of card and how to talk to it. The registry opens and releases the link; a family only speaks on it. */
export interface CardFamily {
  readonly name: string;
  /** True when orders for cards of this profile are this family's. */
  serves(profile: string): boolean;
  read(link: CardLink): Promise<FamilyReadAnswer>;
  prepare(link: CardLink, order: LoadOrder): Promise<FamilyPrepareAnswer>;
  check(link: CardLink, order: LoadOrder, mark: LoadMark): Promise<CheckAnswer>;
}
