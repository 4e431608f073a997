import type { Currency, MinorUnits } from './money.ts';
import type { MeansKind, PaymentPhases, PaymentStatus } from './payment.ts';

/** A card in the drawer, as somebody holding it sees it: the face is printed, the purse is read by a loupe. */
export type BenchCard = {
  readonly id: string;
  readonly name: string;
  /** What it is good for: one short sentence. */
  readonly note: string;
  /** `contactless`: no chip is seen on it, only the sign of its waves. */
  readonly face: 'transit' | 'campus' | 'contactless' | 'foreign' | 'worn';
  /** Null for a card that is not a purse. */
  readonly purse: {
    readonly maskedNumber: string;
    readonly balanceMinor: MinorUnits;
    readonly loads: number;
    readonly blocked: boolean;
    /** YYYYMMDD. */
    readonly validTo: string;
  } | null;
  /** As it was in the drawer when the station was built. */
  readonly fresh: boolean;
};

/** What passed between reader and card, in words. */
export type TraceRow = {
  /** From 1, without gaps. */
  readonly seq: number;
  /** The station's own clock. */
  readonly atMs: number;
  /** "CREDIT FOR LOAD", or what happened to the card: "pulled". */
  readonly what: string;
  /** "9000 done", "no answer: the card was pulled". */
  readonly answer: string;
  readonly outcome: 'done' | 'refused' | 'failed' | 'hand';
  /** Hex, as on the wire; empty for what hands do. */
  readonly command: string;
  readonly response: string;
};

export type BenchTerminal = {
  /** As in the configuration. Also names its cable. */
  readonly id: string;
  readonly kind: MeansKind;
  readonly phases: PaymentPhases;
  readonly plugged: boolean;
  /** Two or three lines, as its own display shows them. */
  readonly display: readonly string[];
  /** The payment that waits for a person, null when none does. */
  readonly waitingMinor: MinorUnits | null;
  /** It takes bytes and says nothing. */
  readonly silenced: boolean;
  /** Its own books, newest first. */
  readonly books: readonly {
    readonly reference: string;
    readonly amountMinor: MinorUnits;
    readonly status: PaymentStatus;
  }[];
};

/** One receipt as it came out, newest first. */
export type BenchSlip = {
  /** From 1, in the order in which they were printed. */
  readonly number: number;
  /** The paper as a picture, a whole SVG document. */
  readonly svg: string;
  readonly text: readonly string[];
  readonly qrTexts: readonly string[];
  /** False while it still hangs on the roll. */
  readonly cut: boolean;
};

export type BenchPrinter = {
  readonly plugged: boolean;
  readonly paperOut: boolean;
  readonly coverOpen: boolean;
  readonly slips: readonly BenchSlip[];
};

/** One thing that can go wrong, once, at an exact place. */
export type BenchTrap = {
  readonly id: string;
  readonly place: 'card' | 'payment' | 'paper';
  readonly title: string;
  /** What a customer must see when the kiosk is right. */
  readonly expect: string;
  readonly armed: boolean;
};

export type BenchJournalRow = {
  readonly seq: number;
  readonly wallMs: number;
  readonly kind: string;
  readonly attempt: string;
  readonly settled: boolean;
};

/** Everything the bench's page needs to draw itself, whole, each time. */
export type BenchView = {
  /** `virtual`: the simulated reader and printer are reached through a real PC/SC service and a real serial port. */
  readonly station: 'simulated' | 'virtual';
  readonly currency: Currency;
  /** The cables that lead to real devices: reader, printer, a terminal's id. Only one's own hands can work those. */
  readonly real: readonly string[];
  readonly cards: readonly BenchCard[];
  /** The id of the card in the reader. */
  readonly inserted: string | null;
  readonly readerPlugged: boolean;
  /** The load authority of each family of cards. */
  readonly sams: readonly { readonly family: string; readonly plugged: boolean }[];
  readonly terminals: readonly BenchTerminal[];
  readonly printer: BenchPrinter;
  readonly traps: readonly BenchTrap[];
  /** Newest first, the last hundred or so. */
  readonly trace: readonly TraceRow[];
  readonly journal: {
    /** Newest first, the last fifty or so. */
    readonly rows: readonly BenchJournalRow[];
    /** How many attempts wait to be finished. */
    readonly unsettled: number;
  };
  /** How often the kiosk's process was killed since the station was built. */
  readonly kills: number;
};

/** What a person with two hands and a side cutter can do. */
export type BenchCommand =
  | { readonly kind: 'insert-card'; readonly card: string }
  | { readonly kind: 'pull-card' }
  /** Put every card back as it was. */
  | { readonly kind: 'fresh-cards' }
  | { readonly kind: 'approve-payment'; readonly terminal: string }
  | { readonly kind: 'decline-payment'; readonly terminal: string }
  | { readonly kind: 'silence-terminal'; readonly terminal: string; readonly silent: boolean }
  /** Take the roll out, or put a new one in. */
  | { readonly kind: 'set-paper'; readonly out: boolean }
  | { readonly kind: 'set-cover'; readonly open: boolean }
  /** Throw away what was printed. */
  | { readonly kind: 'tear-off' }
  /** `cable`: reader, printer, a terminal's id, sam-pboc for the load authority of that family, or sam for them all. */
  | { readonly kind: 'set-cable'; readonly cable: string; readonly plugged: boolean }
  | { readonly kind: 'arm-trap'; readonly trap: string; readonly armed: boolean }
  /** Kill the kiosk's process where it stands and start it again, as a power cut would. */
  | { readonly kind: 'kill-process' };
