import type { MinorUnits } from './money.ts';

/** One row of the card's own transaction log. `at` is local time as the card holds it: YYYYMMDDhhmmss. */
export type CardLogRow = {
  readonly counter: number;
  readonly kind: 'load' | 'purchase' | 'other';
  readonly amountMinor: MinorUnits;
  readonly at: string;
  /** The terminal that wrote the row, hex. */
  readonly terminal: string;
};

/** What a card says about itself, with nothing judged. Dates are YYYYMMDD, local to the operator. */
export type CardFacts = {
  readonly family: string;
  /** Name of the card profile that matched: which operator's card this is. */
  readonly profile: string;
  /** The application serial number in full. Never shown, printed or logged: see maskedNumber. */
  readonly number: string;
  readonly enabled: boolean;
  readonly validFrom: string | null;
  readonly validTo: string | null;
  readonly balanceMinor: MinorUnits;
  /** The most the purse may hold, and the most one load may add: the operator's figures for this card. */
  readonly balanceCapMinor: MinorUnits;
  readonly loadCapMinor: MinorUnits;
  /** Newest first. */
  readonly history: readonly CardLogRow[];
};

/** Why a card is not served at all. */
export type CardRefusal =
  /** None of the configured families and profiles knows it. `name` where the card can be named ("bank-card", "t-union"). */
  | { readonly kind: 'unknown-card'; readonly name: string | null }
  /** The application on it is blocked by its issuer. */
  | { readonly kind: 'card-blocked' }
  /** It can be read with its load authority only, which does not answer. The card is well (the detail is for the technician). */
  | { readonly kind: 'not-readable-now'; readonly detail: string }
  /** It answered, but not as its family must (the detail is for the technician). */
  | { readonly kind: 'card-defective'; readonly detail: string };

/** The order to load a card. One date and time an order: it makes the card's log row findable. */
export type LoadOrder = {
  readonly reference: string;
  readonly cardNumber: string;
  readonly profile: string;
  readonly amountMinor: MinorUnits;
  /** 12 hex digits: the terminal as it is written to the card, also after the station has been given another id. */
  readonly terminalId: string;
  /** Local time, YYYYMMDDhhmmss, as it is written to the card. */
  readonly dateTime: string;
};

/** The card's state just before the credit, journaled before the credit leaves: the base of every later proof. Which counter, its family says. */
export type LoadMark = {
  readonly beforeMinor: MinorUnits;
  /**
   * Before the load. PBOC: the on-line transaction counter, as answered to INITIALIZE FOR LOAD. DESFire: the transaction MAC
   * counter where the card has one, else that of its newest record.
   */
  readonly counter: number;
};

/** What proves that a load happened. `balanceMinor` is the card's balance now: other machines may have changed it since. */
export type LoadProof = {
  readonly balanceMinor: MinorUnits;
  readonly counter: number;
  /** Transaction authentication code, hex, where the card still had it. */
  readonly tac: string | null;
  readonly by: 'tac' | 'transaction-proof' | 'card-log';
};

/** The last digits of a card number, the rest hidden: "•••• •••• 9432". */
export function maskedNumber(number: string): string {
  return `•••• •••• ${number.slice(-4)}`;
}
