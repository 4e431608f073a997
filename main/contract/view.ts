import type { CardLogRow } from './card.ts';
import type { ClaimReason } from './claim.ts';
import type { DeviceFault, DeviceName } from './device.ts';
import type { Language } from './language.ts';
import type { Currency, MinorUnits } from './money.ts';
import type { DeclineReason, MeansKind } from './payment.ts';

/** Everything the renderer needs to draw the kiosk, whole, each time. */
export type View = {
  readonly language: Language;
  readonly currency: Currency;
  readonly stationName: string;
  /** Empty where no configuration names one. */
  readonly helpLine: string;
  /** Not null: nobody has touched the screen for a while and the visit ends in `remainingMs` unless they say more-time. */
  readonly idleWarning: { readonly remainingMs: number } | null;
  readonly screen: Screen;
};

/** A card as it may be shown. Dates are YYYYMMDD. */
export type CardFace = {
  readonly maskedNumber: string;
  /** What people call this card, in the view's language. */
  readonly title: string;
  readonly balanceMinor: MinorUnits;
  readonly validTo: string | null;
};

/** Why something that a person might expect is not possible now. */
export type Obstacle =
  | { readonly kind: 'above-balance-cap'; readonly capMinor: MinorUnits }
  | { readonly kind: 'above-load-cap'; readonly capMinor: MinorUnits }
  | { readonly kind: 'below-minimum'; readonly minimumMinor: MinorUnits }
  | { readonly kind: 'not-a-step'; readonly stepMinor: MinorUnits }
  | { readonly kind: 'card-full' }
  | { readonly kind: 'card-expired'; readonly validTo: string }
  | { readonly kind: 'card-not-yet-valid'; readonly validFrom: string }
  | { readonly kind: 'card-disabled' }
  | { readonly kind: 'device-down'; readonly device: DeviceName; readonly fault: DeviceFault };

/** Cards that can be read here and not topped up, for their load authority (SAM) does not work. `title`: what people call them. */
export type CardsOut = {
  readonly title: string;
  readonly family: string;
  readonly fault: DeviceFault;
};

/** A part that does not work. `which`: where there are several, the terminal's id or the family of the load authority (SAM). */
export type StationFault = {
  readonly device: DeviceName;
  readonly which: string | null;
  readonly fault: DeviceFault;
};

export type AmountChoice = {
  readonly amountMinor: MinorUnits;
  readonly afterMinor: MinorUnits;
  /** `fill-to`: the amount that brings the balance to `afterMinor`. */
  readonly kind: 'preset' | 'fill-to';
  /** Null when it can be chosen. */
  readonly obstacle: Obstacle | null;
};

export type MeansChoice = {
  readonly id: string;
  readonly kind: MeansKind;
  readonly obstacle: Obstacle | null;
};

/** The three steps that stay on screen while money is under way. */
export type LoadStep = 'paid' | 'writing' | 'done';

/** What has become of a slip that is wanted. */
export type Slip = {
  /** `paper-out`, `cover-open`: it is under way, and comes as soon as somebody has seen to that. */
  readonly state:
    | 'printing'
    | 'paper-out'
    | 'cover-open'
    | 'printed'
    | 'not-printed'
    | 'maybe-printed';
  /** True while it can be printed now, by print-again: marked as a duplicate where it may be on paper already. */
  readonly canPrint: boolean;
};

/**
 * How a top-up stands, as it is told to whoever asks where their money is. `not-paid`: no money was taken. `going-back`,
 * `being-checked`: the payment's terminal has not answered yet. `card-needed`: only the card can tell; it is to be put in.
 */
export type AccountEnding =
  | 'loaded'
  | 'paid-back'
  | 'not-paid'
  | 'going-back'
  | 'being-checked'
  | 'card-needed';

/** One top-up at this machine, told plainly. */
export type AccountRow = {
  readonly reference: string;
  /** Local time, YYYYMMDDhhmmss. */
  readonly at: string;
  readonly amountMinor: MinorUnits;
  readonly means: MeansKind;
  readonly maskedNumber: string;
  readonly ending: AccountEnding;
  /** The balance that was read from the card after the load. */
  readonly afterMinor: MinorUnits | null;
  /** By print-slip: marked as a duplicate where one is on paper, or may be. */
  readonly canPrint: boolean;
  /** By settle: the terminal can be asked now. */
  readonly canSettle: boolean;
};

/** `kind` is the name of the screen's file in renderer/screens. */
export type Screen =
  | { readonly kind: 'starting' }
  | {
      readonly kind: 'attract';
      /** Null when a card can be topped up now: some card, not each. */
      readonly topUpObstacle: Obstacle | null;
      /** The cards that cannot. */
      readonly cardsOut: readonly CardsOut[];
      readonly receiptObstacle: Obstacle | null;
      readonly means: readonly MeansChoice[];
    }
  | { readonly kind: 'reading' }
  | {
      readonly kind: 'card';
      readonly card: CardFace;
      readonly history: readonly CardLogRow[];
      /** Null when the card can be topped up. */
      readonly topUpObstacle: Obstacle | null;
    }
  | {
      readonly kind: 'amount';
      readonly card: CardFace;
      readonly choices: readonly AmountChoice[];
      /** For the keypad: the least and the most that can be loaded now, in whole steps. */
      readonly minimumMinor: MinorUnits;
      readonly maximumMinor: MinorUnits;
      readonly stepMinor: MinorUnits;
      readonly balanceCapMinor: MinorUnits;
    }
  | {
      readonly kind: 'confirm';
      readonly card: CardFace;
      readonly amountMinor: MinorUnits;
      readonly afterMinor: MinorUnits;
      /** Room left under the balance cap after this load. */
      readonly roomAfterMinor: MinorUnits;
      readonly receiptWanted: boolean;
      readonly receiptObstacle: Obstacle | null;
    }
  | {
      readonly kind: 'means';
      readonly amountMinor: MinorUnits;
      readonly choices: readonly MeansChoice[];
    }
  | {
      readonly kind: 'pay';
      readonly amountMinor: MinorUnits;
      readonly means: MeansKind;
      /** preparing: the terminal is being woken; present: pay at the terminal now; cancelling: a stop has been asked for. */
      readonly step: 'preparing' | 'present' | 'cancelling';
    }
  /** The terminal's answer is missing; it is being asked. Do not pay again. */
  | {
      readonly kind: 'checking-payment';
      readonly amountMinor: MinorUnits;
      readonly reference: string;
    }
  /** The card is being written, or read again to prove the write: hold it still. */
  | {
      readonly kind: 'hold-card';
      readonly amountMinor: MinorUnits;
      readonly step: LoadStep;
    }
  | {
      readonly kind: 'put-card-back';
      readonly amountMinor: MinorUnits;
      readonly reference: string;
      /** The card that must come back. */
      readonly maskedNumber: string;
      /**
       * `two-cards`: the card lies there together with another one, which answers in its place. `card-mute`: it is in and does
       * not answer. `reader-down`: the reader's fault; it goes on by itself when that is over.
       */
      readonly why: 'card-away' | 'other-card' | 'two-cards' | 'card-mute' | 'reader-down';
      /** True: with the card back the top-up is finished. False, after a restart: it is finished or paid back, as the card tells. */
      readonly finishes: boolean;
      /** True while nothing has been written, so that the payment can still be cancelled. */
      readonly canCancel: boolean;
      readonly remainingMs: number;
    }
  | {
      readonly kind: 'money-back';
      readonly amountMinor: MinorUnits;
      readonly reference: string;
      /** `released`: an authorisation that was never captured; `refunded`: taken money given back. */
      readonly step: 'under-way' | 'released' | 'refunded';
      /** Why the load did not happen. */
      readonly why: 'card-not-written' | 'card-away' | 'cancelled';
      /** Null where none is wanted, and until the money is back. */
      readonly slip: Slip | null;
    }
  /** The load is proved by the card itself. `afterMinor` was read from it. */
  | {
      readonly kind: 'done';
      readonly amountMinor: MinorUnits;
      readonly beforeMinor: MinorUnits;
      readonly afterMinor: MinorUnits;
      readonly maskedNumber: string;
      readonly reference: string;
      readonly receiptWanted: boolean;
    }
  | ({
      readonly kind: 'receipt';
      readonly amountMinor: MinorUnits;
      readonly afterMinor: MinorUnits | null;
      readonly reference: string;
      /** The receipt's QR text, to photograph when the paper did not come. */
      readonly qrText: string;
    } & Slip)
  /** Somebody wants to go on, and the slip of whoever was here before is still being printed. */
  | { readonly kind: 'slip-first' }
  | { readonly kind: 'take-card' }
  /** No money was taken. */
  | {
      readonly kind: 'declined';
      readonly amountMinor: MinorUnits;
      readonly reason: DeclineReason;
      readonly canRetry: boolean;
    }
  | {
      readonly kind: 'refused-card';
      readonly reason:
        | 'unknown-card'
        | 'card-blocked'
        | 'card-defective'
        | 'not-readable-now'
        | 'unreadable'
        | 'reader-fault';
      readonly name: string | null;
    }
  | {
      readonly kind: 'see-staff';
      readonly amountMinor: MinorUnits;
      readonly reference: string;
      readonly why: ClaimReason;
      /** The signed claim: the text of its QR code, to photograph when the paper did not come. */
      readonly qrText: string;
      readonly slip: Slip;
    }
  /** An earlier top-up of the card in the reader: paid for, and the card has proved that it was never loaded. */
  | {
      readonly kind: 'unfinished';
      readonly amountMinor: MinorUnits;
      readonly reference: string;
      readonly maskedNumber: string;
      /** Why finish-top-up is not possible now. pay-back always is. */
      readonly finishObstacle: Obstacle | null;
      /** Until the money goes back by itself. */
      readonly remainingMs: number;
    }
  /** "Where is my money?": put the card in, or key in a reference (look-up). */
  | {
      readonly kind: 'find-money';
      readonly step: 'ask' | 'looking';
      /** What was keyed in and is not known at this machine. */
      readonly unknownReference: string | null;
      /** False while no card can be read. */
      readonly cardWorks: boolean;
    }
  /** What became of the last top-ups here, newest first. */
  | {
      readonly kind: 'account';
      /** The card in the reader. Null: looked up by reference. */
      readonly maskedNumber: string | null;
      readonly rows: readonly AccountRow[];
    }
  | {
      readonly kind: 'out-of-service';
      /** What is wrong, worst first. Empty while earlier payments are being settled, and without a configuration. */
      readonly faults: readonly StationFault[];
      /** An earlier payment is being settled; nothing is offered until it is. */
      readonly settling: boolean;
      /** What still works. */
      readonly balanceWorks: boolean;
      /** Whether find-money works: the journal can be asked. */
      readonly canFindMoney: boolean;
      /** For the technician, in English, as in the log: what to do first. Empty in normal operation. */
      readonly notes: readonly string[];
    };

export type ScreenKind = Screen['kind'];
