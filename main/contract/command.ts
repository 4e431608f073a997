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
  /** "Where is my money?" On the idle screens, and for the card on screen. */
  | { readonly kind: 'find-money' }
  /** `reference`: as it is printed, "7K2M-94QX". */
  | { readonly kind: 'look-up'; readonly reference: string }
  /** In an account: print the slip of this top-up, once more where it was printed. */
  | { readonly kind: 'print-slip'; readonly reference: string }
  /** In an account: ask this top-up's terminal now. */
  | { readonly kind: 'settle'; readonly reference: string }
  /** Of an earlier top-up that was paid for and not loaded: load it now … */
  | { readonly kind: 'finish-top-up' }
  /** … or give the money back. */
  | { readonly kind: 'pay-back' }
  /** Done with reading a closing screen. */
  | { readonly kind: 'finish' };

export type CommandKind = Command['kind'];
