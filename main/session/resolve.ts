import type { LoadProof } from '../contract/card.ts';
import type { PaymentStatus } from '../contract/payment.ts';
import type { Attempt, CardState, MoneyState, PaperState } from './attempt.ts';
import { nextCopy, withPaper } from './paper.ts';

/*
 * What is to be done about a top-up, from what can be known of it: docs/outcomes.md is this file as a table. Nothing else
 * decides it; whatever the kiosk was doing, after an answer, a missing answer or a restart it asks here.
 */

/** How each of the three stands. Of money, `done`: it is with the terminal, reserved or taken; `undone`: it is not, or no longer. */
export type Standing = 'none' | 'unknown' | 'done' | 'undone';

export type Outcome = {
  readonly money: Standing;
  readonly card: Standing;
  readonly paper: Standing;
};

const moneyStanding: Readonly<Record<MoneyState, Standing>> = {
  none: 'none',
  authorising: 'unknown',
  authorised: 'done',
  capturing: 'unknown',
  captured: 'done',
  uncollected: 'undone',
  reversing: 'unknown',
  reversed: 'undone',
  declined: 'undone',
};

const cardStanding: Readonly<Record<CardState, Standing>> = {
  none: 'none',
  writing: 'unknown',
  written: 'done',
  unwritten: 'undone',
};

const paperStanding: Readonly<Record<PaperState, Standing>> = {
  none: 'none',
  queued: 'unknown',
  printing: 'unknown',
  printed: 'done',
  'not-printed': 'undone',
  'maybe-printed': 'unknown',
};

/** An attempt as money × card × paper. */
export function outcomeOf({ money, card, paper }: Attempt): Outcome {
  return { money: moneyStanding[money], card: cardStanding[card], paper: paperStanding[paper] };
}

/** What can be learned of an attempt. Only what the terminal, the card and the printer say of themselves. */
export type Evidence =
  /** Nothing new: what the journal holds. */
  | { readonly kind: 'journal' }
  /** The terminal's answer to an order, or to an inquiry. Its names of the payment, where it gave them. */
  | {
      readonly kind: 'payment';
      readonly status: PaymentStatus;
      readonly terminalReference: string | null;
      readonly terminalReceipt: string | null;
    }
  /** The terminal has definitely refused to capture, and will go on refusing. */
  | { readonly kind: 'capture-given-up' }
  /** The card's counter with its transaction proof, or its log. Null: they prove that the load did not happen. */
  | { readonly kind: 'load'; readonly proof: LoadProof | null }
  | {
      readonly kind: 'slip';
      readonly paper: Extract<PaperState, 'printed' | 'not-printed' | 'maybe-printed'>;
    };

/** What settles the money and the card. */
export type Deed = 'nothing' | 'inquire' | 'capture' | 'reverse' | 'check-card';

/**
 * What may be done about paper. `print`: nothing that says this can be on paper. `wait`: the printer owes an answer.
 * `copy`: one is, or may be; another is marked as a duplicate, and only printed when it is asked for.
 */
export type SlipDeed = 'print' | 'wait' | 'copy';

/** `due`: the person's money may be held, and it cannot be settled at once: it must be claimed before they are left. */
export type ClaimStanding = 'none' | 'due' | 'open' | 'settled';

export type Resolution = {
  /** The attempt with what was learned. */
  readonly attempt: Attempt;
  readonly deed: Deed;
  readonly slip: SlipDeed;
  readonly claim: ClaimStanding;
};

/** Total over every attempt and all evidence: what is known now, and what follows from it. */
export function resolve(before: Attempt, evidence: Evidence = { kind: 'journal' }): Resolution {
  const attempt = learn(before, evidence);
  const deed = nextDeed(attempt);
  return { attempt, deed, slip: slipDeed(attempt), claim: claimStanding(attempt, deed) };
}

/** The attempt with what was learned. What contradicts something that was proved before teaches nothing. */
export function learn(attempt: Attempt, evidence: Evidence): Attempt {
  switch (evidence.kind) {
    case 'journal':
      return attempt;
    case 'payment': {
      const { status, terminalReference, terminalReceipt } = evidence;
      return {
        ...attempt,
        terminalReference: terminalReference ?? attempt.terminalReference,
        terminalReceipt: terminalReceipt ?? attempt.terminalReceipt,
        money: moneyAfter(attempt, status),
      };
    }
    case 'capture-given-up':
      return attempt.money === 'capturing' ? { ...attempt, money: 'uncollected' } : attempt;
    case 'load': {
      const { proof } = evidence;
      if (attempt.card !== 'writing') return attempt;
      if (proof === null) return { ...attempt, card: 'unwritten' };
      // A one-phase terminal has the money already: the load was all that was missing.
      const money = attempt.means.phases === 'one' ? 'captured' : attempt.money;
      return { ...attempt, card: 'written', proof, money };
    }
    case 'slip':
      return owesSlip(attempt, evidence.paper) ? withPaper(attempt, evidence.paper) : attempt;
  }
}

/** Whether the printer can say this now: of what has not been sent to it, only that it is not there. */
function owesSlip({ paper }: Attempt, said: PaperState): boolean {
  return paper === 'printing' || (paper === 'queued' && said === 'not-printed');
}

/** Where the money is after the terminal has said how a payment stands in its books. */
function moneyAfter({ money, means }: Attempt, status: PaymentStatus): MoneyState {
  switch (money) {
    case 'authorising':
      if (status === 'none') return 'declined';
      if (status === 'closed') return 'authorising';
      return status === 'reversed' ? 'reversed' : 'authorised';
    case 'capturing':
      if (status === 'captured') return 'captured';
      // Gone from the terminal's books: it can never be taken, or was and cannot be shown to be. The operator's to reconcile.
      return status === 'authorised' ? 'capturing' : 'uncollected';
    case 'reversing':
      // No capture was ever ordered of a reservation that goes back: once it is closed, it is back.
      if (status === 'closed') return means.phases === 'two' ? 'reversed' : 'reversing';
      return status === 'none' || status === 'reversed' ? 'reversed' : 'reversing';
    default:
      return money;
  }
}

/** What must happen next to settle an attempt. Total over money × card; paper never keeps an attempt open. */
export function nextDeed({ money, card }: Pick<Attempt, 'money' | 'card'>): Deed {
  switch (money) {
    case 'none':
    case 'declined':
    case 'captured':
    case 'uncollected':
    case 'reversed':
      return 'nothing';
    case 'authorising':
      return 'inquire';
    // Captured or reversed twice is done once (hardware/terminal/port.ts): where the answer is missing, the order is repeated.
    case 'capturing':
      return 'capture';
    case 'reversing':
      return 'reverse';
    case 'authorised':
      if (card === 'writing') return 'check-card';
      return card === 'written' ? 'capture' : 'reverse';
  }
}

function slipDeed(attempt: Attempt): SlipDeed {
  if (attempt.paper === 'queued' || attempt.paper === 'printing') return 'wait';
  return nextCopy(attempt) === 'original' ? 'print' : 'copy';
}

function claimStanding({ claim }: Attempt, deed: Deed): ClaimStanding {
  if (claim !== null) return deed === 'nothing' ? 'settled' : 'open';
  // A load that is on the card and not captured yet is the operator's to wait for.
  return deed === 'nothing' || deed === 'capture' ? 'none' : 'due';
}

/** True when nothing remains to be found out or done about the money and the card. */
export function isSettled(attempt: Attempt): boolean {
  return nextDeed(attempt) === 'nothing';
}

/** Whether the terminal has something to do or to tell about this attempt. */
export function awaitsTerminal(attempt: Attempt): boolean {
  return ['inquire', 'capture', 'reverse'].includes(nextDeed(attempt));
}
