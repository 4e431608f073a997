import type { MinorUnits } from './money.ts';

/** How a person can pay. Decides the words and the picture on screen. */
export type MeansKind = 'bank-card' | 'mobile';

/**
 * Two-phase: authorise, later capture (ZVT reservation 06 22 and booking).
 * One-phase: approval takes the money at once; only a reversal can give it back.
 */
export type PaymentPhases = 'two' | 'one';

export type PaymentMeans = {
  /** The terminal's id in the configuration. */
  readonly id: string;
  readonly kind: MeansKind;
  readonly phases: PaymentPhases;
};

/** The order to take money. `mark`: the terminal's last transaction before this one, so that a lost answer can be told apart. */
export type PaymentOrder = {
  readonly reference: string;
  readonly means: string;
  readonly amountMinor: MinorUnits;
  readonly mark: string;
};

/** Why the terminal took no money. */
export type DeclineReason = 'declined' | 'cancelled' | 'timed-out' | 'terminal-fault';

/**
 * What the terminal's own books say about an order. `none`: it never happened. `closed`: what was reserved is reserved no
 * longer, and others' payments have come over what would tell whether it was taken or given back.
 */
export type PaymentStatus = 'none' | 'authorised' | 'captured' | 'reversed' | 'closed';
