import type { Language } from './language.ts';
import type { MinorUnits } from './money.ts';

/** Everything a person can say to the kiosk. Checked by the runtime before it reaches the session. */
export type Command =
  | { readonly kind: 'choose-language'; readonly language: Language }
  /** From the card screen to the amounts. */
  | { readonly kind: 'begin-top-up' }
  | { readonly kind: 'choose-amount'; readonly amountMinor: MinorUnits }
  /** On the confirm screen: with or without a printed receipt. */
  | { readonly kind: 'want-receipt'; readonly wanted: boolean }
  | { readonly kind: 'confirm' }
  /** `means`: the id of a payment terminal of the offer. */
  | { readonly kind: 'choose-means'; readonly means: string }
  /** One screen back, while no money is at risk. */
  | { readonly kind: 'back' }
  /** Give up: end the visit, or stop a payment that has not been approved, or ask for the money back while the card is away. */
  | { readonly kind: 'cancel' }
  /** Try the payment again after it was declined. */
  | { readonly kind: 'retry' }
  /** "I need more time", in answer to the idle warning. */
  | { readonly kind: 'more-time' }
  /** On a closing screen whose slip did not come, or may not have: have it printed. */
  | { readonly kind: 'print-again' }
  /** Done with reading a closing screen. */
  | { readonly kind: 'finish' };

export type CommandKind = Command['kind'];
