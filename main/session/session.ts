import type { CardFacts } from '../contract/card.ts';
import type { ClaimReason } from '../contract/claim.ts';
import type { DeviceName, Health } from '../contract/device.ts';
import type { Language } from '../contract/language.ts';
import type { Currency, MinorUnits } from '../contract/money.ts';
import type { DeclineReason, PaymentMeans } from '../contract/payment.ts';
import type { Screen } from '../contract/view.ts';
import type { Attempt } from './attempt.ts';
import type { Effect, LookUp } from './effect.ts';
import type { Moment } from './event.ts';
import { awaitsTerminal, nextDeed, resolve } from './resolve.ts';

/** What a screen of the contract says: the session gives the same reasons, in the same words. */
type ScreenOf<K extends Screen['kind']> = Extract<Screen, { readonly kind: K }>;

/** A station's terms: what its configuration says about money, words and waiting. All times in milliseconds. */
export type Terms = {
  readonly stationName: Readonly<Record<Language, string>>;
  /** 12 hex digits: the terminal number that is written to cards and receipts. */
  readonly terminalId: string;
  readonly helpLine: string;
  readonly currency: Currency;
  readonly defaultLanguage: Language;
  readonly presetsMinor: readonly MinorUnits[];
  /** Balances that the "fill to" keys bring a card to. */
  readonly fillToMinor: readonly MinorUnits[];
  readonly minimumMinor: MinorUnits;
  readonly stepMinor: MinorUnits;
  readonly means: readonly PaymentMeans[];
  readonly cards: readonly ServedCards[];
  readonly timings: {
    /** Untouched for this long, a visit without money at risk is warned about … */
    readonly idleMs: number;
    /** … and ended this much later (product.md: at least 20 s). */
    readonly idleWarningMs: number;
    /** How long a pulled card is waited for on screen. It may still come back at any later time. */
    readonly cardReturnMs: number;
    /** How long a person is asked to wait while the terminal is asked what happened. */
    readonly patienceMs: number;
    /** How long "done" is shown before the receipt's screen. */
    readonly doneMs: number;
    /** How long a closing screen stays when nobody touches it. */
    readonly closingMs: number;
  };
};

export type Devices = {
  readonly [device in Exclude<DeviceName, 'terminal' | 'sam'>]: Health;
} & {
  readonly terminals: Readonly<Record<string, Health>>;
  /** The load authorities, by family of cards. */
  readonly sams: Readonly<Record<string, Health>>;
};

/** One operator's cards, as the configuration names them. */
export type ServedCards = {
  readonly profile: string;
  readonly family: string;
  readonly title: Readonly<Record<Language, string>>;
};

/** When a visit without money at risk ends for want of a touch. */
export type Leisure = {
  /** Next: warn if not warned, end the visit if warned. */
  readonly deadlineMs: number;
  readonly warned: boolean;
};

/** What a person has chosen so far. */
export type Choice = {
  readonly card: CardFacts;
  readonly amountMinor: MinorUnits;
  readonly receiptWanted: boolean;
};

/** Where a person stands in a visit before any money. */
export type VisitState =
  | { readonly kind: 'card'; readonly card: CardFacts; readonly leisure: Leisure }
  | { readonly kind: 'amount'; readonly card: CardFacts; readonly leisure: Leisure }
  | ({ readonly kind: 'confirm'; readonly leisure: Leisure } & Choice)
  | ({ readonly kind: 'means'; readonly leisure: Leisure } & Choice)
  | {
      readonly kind: 'refused-card';
      readonly reason: ScreenOf<'refused-card'>['reason'];
      readonly name: string | null;
      readonly leisure: Leisure;
    }
  | {
      readonly kind: 'declined';
      /** Null where it was not read since the start: there is no other try then. */
      readonly card: CardFacts | null;
      readonly attempt: Attempt;
      readonly reason: DeclineReason;
      readonly leisure: Leisure;
    }
  /** "Where is my money?": a card or a reference is waited for. */
  | {
      readonly kind: 'finding';
      /** What was keyed in and is not in the journal. */
      readonly unknownReference: string | null;
      readonly leisure: Leisure;
    }
  | {
      readonly kind: 'account';
      /** The card in the reader, whose account it is. Null: a reference was keyed in. */
      readonly card: CardFacts | null;
      /** Newest first, as the journal has them: shown here, and in hand only once something is done about one. */
      readonly found: readonly Attempt[];
      readonly leisure: Leisure;
    };

/** Why the money goes back. */
export type ReversalReason = ScreenOf<'money-back'>['why'];

/** Why the card cannot go on. */
export type AwaitedFor = ScreenOf<'put-card-back'>['why'];

export type ClosingPage =
  | { readonly kind: 'done' }
  | { readonly kind: 'receipt' }
  | { readonly kind: 'money-back'; readonly why: ReversalReason }
  | {
      readonly kind: 'see-staff';
      readonly why: ClaimReason;
    };

/** What a card is read for. */
export type Purpose = 'top-up' | 'account';

/**
 * What the kiosk is doing. A state in which an effect is under way is left only by that effect's answer, so an answer can
 * never meet a state that did not ask for it.
 */
export type State =
  /** Waiting for the devices to speak, at most until the deadline. */
  | { readonly kind: 'starting'; readonly deadlineMs: number }
  /** The deadline: when a language that was chosen here, by somebody who then left, gives way to the station's own. */
  | {
      readonly kind: 'idle';
      readonly deadlineMs: number | null;
      /** What was spoken here until just now: it may yet turn out that it was the reader that went, and not the person. */
      readonly spoken: { readonly language: Language; readonly untilMs: number } | null;
    }
  /** `disturbed`: the card was moved while it was read, so the answer may be another card's. */
  | {
      readonly kind: 'reading';
      readonly tries: number;
      readonly disturbed: boolean;
      readonly purpose: Purpose;
    }
  /** The journal is asked for somebody's top-ups. */
  | { readonly kind: 'looking-up'; readonly by: LookUp; readonly card: CardFacts | null }
  | VisitState
  | {
      readonly kind: 'opening';
      readonly attempt: Attempt;
      readonly card: CardFacts;
      readonly cancelled: boolean;
    }
  | {
      readonly kind: 'authorising';
      readonly attempt: Attempt;
      readonly card: CardFacts;
      /** Who had the terminal stopped, if anybody. It may approve all the same. */
      readonly cancelledBy: 'nobody' | 'person' | 'card-away' | 'device-down';
    }
  | {
      readonly kind: 'preparing';
      readonly attempt: Attempt;
      readonly tries: number;
    }
  | { readonly kind: 'crediting'; readonly attempt: Attempt }
  /** `wanted`: the person is here for this load, so an unwritten card is written after all instead of paid back. */
  | {
      readonly kind: 'checking';
      readonly attempt: Attempt;
      readonly wanted: boolean;
      readonly tries: number;
    }
  | {
      readonly kind: 'awaiting-card';
      readonly attempt: Attempt;
      readonly wanted: boolean;
      /** What lies in the reader in the place of the card that is waited for. */
      readonly wrongCard: 'other-card' | 'two-cards' | null;
      readonly deadlineMs: number;
      /** Its time was given anew when the reader came back: once, or one that comes and goes would never let it end. */
      readonly prolonged: boolean;
    }
  /** An earlier top-up that was paid for; its card is here, and has proved that it was never loaded. Whose is it to choose? */
  | { readonly kind: 'unfinished'; readonly attempt: Attempt; readonly deadlineMs: number }
  | {
      readonly kind: 'capturing';
      readonly attempt: Attempt;
      readonly patience: Patience | null;
      readonly tries: number;
    }
  | {
      readonly kind: 'reversing';
      readonly attempt: Attempt;
      readonly why: ReversalReason;
      readonly patience: Patience | null;
      readonly tries: number;
    }
  | {
      readonly kind: 'inquiring';
      readonly attempt: Attempt;
      readonly why: ReversalReason;
      readonly patience: Patience | null;
      readonly tries: number;
    }
  /** Between two inquiries. */
  | {
      readonly kind: 'resting';
      readonly attempt: Attempt;
      readonly why: ReversalReason;
      readonly patience: Patience | null;
      readonly tries: number;
      readonly deadlineMs: number;
    }
  /** It cannot be settled now: the station signs that it owes an answer. `isTold`: the person is here, and is told. */
  | {
      readonly kind: 'claiming';
      readonly attempt: Attempt;
      readonly why: ClaimReason;
      readonly isTold: boolean;
    }
  | {
      readonly kind: 'closing';
      readonly attempt: Attempt;
      readonly page: ClosingPage;
      /** Somebody is done with it; it ends as soon as the printer has answered. */
      readonly leaving: boolean;
      readonly deadlineMs: number;
      /** Its time was given anew when the printer came back: once, as above. */
      readonly prolonged: boolean;
    }
  | { readonly kind: 'take-card' };

/** A person who waits while the terminal is asked. Null in a state: nobody waits. */
export type Patience = {
  readonly untilMs: number;
  /** True while they still want the load; false once they have cancelled, were cut off, or came only to settle an earlier attempt. */
  readonly wanted: boolean;
  /** The card as it was read, for another try after a decline. */
  readonly card: CardFacts | null;
};

export type StateKind = State['kind'];
export type StateOf<K extends StateKind> = Extract<State, { readonly kind: K }>;

/** An open attempt whose terminal was asked in vain for long. It is left alone for a while, so that others can be served. */
type SetAside = {
  readonly reference: string;
  readonly untilMs: number;
  /** How often it was tried. */
  readonly tries: number;
};

/** How often in a row a means of payment has left a payment unanswered. */
export type Breaker = {
  readonly unanswered: number;
  /** Not offered until then. Null: it is. */
  readonly suspended: { readonly untilMs: number } | null;
};

export type Session = {
  readonly terms: Terms;
  readonly devices: Devices;
  /** By the means' id. Absent: its last payment was answered. */
  readonly breakers: Readonly<Record<string, Breaker>>;
  readonly language: Language;
  readonly cardPresent: boolean;
  /** The card in the reader was put in and has not been read since. */
  readonly cardFresh: boolean;
  /** The reader was lost and is back: until then the card that was in it all the time may still be told of. */
  readonly slotDue: { readonly untilMs: number } | null;
  readonly state: State;
  /** Attempts that are not settled and not in hand: their card, or their terminal, has to answer first. Oldest first. */
  readonly open: readonly Attempt[];
  readonly setAside: readonly SetAside[];
  /** The open attempt that the last process was cut off in, by its reference, until the person who may still be there was turned to. */
  readonly cutOff: string | null;
};

export type Step = {
  readonly next: Session;
  readonly effects: readonly Effect[];
  /** An attempt that leaves the session with this step, in its final form, for the journal. */
  readonly closed: Attempt | null;
};

/** The attempt in hand, if any. */
export function attemptInHand(state: State): Attempt | null {
  return 'attempt' in state ? state.attempt : null;
}

/** Every attempt that the session knows: the one in hand and the open ones. */
export function attemptsOf(session: Session): readonly Attempt[] {
  const inHand = attemptInHand(session.state);
  return inHand === null ? session.open : [inHand, ...session.open];
}

/** Whether only the order of a terminal's books tells what became of this payment: nothing may follow it there. */
export function owesName(attempt: Attempt): boolean {
  return attempt.terminalReference === null && awaitsTerminal(attempt);
}

/** Whether this attempt's terminal has to be asked for the name of another payment before it is given an order. */
export function mustWaitForName(
  { open, setAside }: Session,
  attempt: Attempt,
  at: Pick<Moment, 'nowMs'>,
): boolean {
  if (!['capture', 'reverse'].includes(nextDeed(attempt)) || owesName(attempt)) return false;
  // What was asked for in vain just now, though the terminal answers, keeps nothing waiting.
  const isVain = ({ reference }: Attempt) =>
    setAside.some((one) => one.reference === reference && at.nowMs < one.untilMs);
  return open.some(
    (other) => other.means.id === attempt.means.id && owesName(other) && !isVain(other),
  );
}

/** Whether this attempt's terminal is to be asked before anything is offered. */
export function isPressing({ setAside }: Session, attempt: Attempt): boolean {
  return (
    awaitsTerminal(attempt) && setAside.every(({ reference }) => reference !== attempt.reference)
  );
}

/** Whether an attempt's person may be out of money with nothing to show for it: nobody else is served before it is claimed. */
export function mustBeClaimed(attempt: Attempt): boolean {
  return resolve(attempt).claim === 'due';
}

/** Whether the reader cannot tell what is in it. One that somebody else holds still can. */
export function isBlind({ devices: { reader } }: Session): boolean {
  return reader.kind === 'down' && reader.fault !== 'busy';
}

/** Whether a card may be in the reader that has not been told of yet. */
export function isSlotDue({ slotDue, cardPresent }: Session): boolean {
  return slotDue !== null && !cardPresent;
}

/** When the session wants to be told that time has passed. Null: only the world can move it. */
export function deadlineOf(session: Session): number | null {
  const { state, slotDue } = session;
  if (state.kind === 'awaiting-card' && slotDue !== null && isSlotDue(session)) {
    return Math.min(slotDue.untilMs, state.deadlineMs);
  }
  if ('leisure' in state) return state.leisure.deadlineMs;
  if (state.kind === 'idle') return earliest([state.deadlineMs, ...suspensionEnds(session)]);
  if ('deadlineMs' in state) return state.deadlineMs;
  return null;
}

/** When each means of payment that is suspended is offered again. */
function suspensionEnds({ breakers }: Session): readonly number[] {
  return Object.values(breakers).flatMap(({ suspended }) =>
    suspended === null ? [] : [suspended.untilMs],
  );
}

function earliest(times: readonly (number | null)[]): number | null {
  const known = times.filter((ms) => ms !== null);
  return known.length === 0 ? null : Math.min(...known);
}
