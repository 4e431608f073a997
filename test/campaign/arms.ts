import { JournalFault } from '../../db/port.ts';
import type { PrinterTrouble } from '../../hardware/printer/simulated.ts';
import type { ApduFault } from '../../hardware/reader/simulated.ts';
import type { FaultKind, faults, Step } from '../../hardware/rig/faults.ts';
import type { Rig } from '../../hardware/rig/rig.ts';
import type { SamFault } from '../../hardware/rig/sam-socket.ts';
import type { AnswerFault } from '../../hardware/terminal/zvt/simulated-behaviour.ts';
import type { VirtualClock } from '../support/virtual-clock.ts';

/** What a fault can lay hands on. */
export type Hands = {
  readonly rig: Rig;
  readonly clock: VirtualClock;
  /** The kiosk's process ends where it stands. */
  readonly die: () => void;
  /** Whoever stands before the screen. */
  readonly person: {
    pull(): void;
    /** Put somebody else's card in, now or a little later. */
    insertOther(afterMs: number, family: OtherCard): void;
    /** Lay somebody else's card on top of the one that is in. */
    addOther(family: OtherCard): void;
    /** The next tap is two; or all of them are. */
    tapTwice(always: boolean): void;
    /** They do nothing any more. */
    leave(): void;
  };
};

/** Whose card: of the same family where there is one, or of another. */
export type OtherCard = 'same' | 'other';

/** `lasting`: it stays so until a technician comes. */
type Deed = (hands: Hands, lasting: boolean) => void;

/** A deed just before a step, or just after it. */
type AroundStep = { readonly before: Deed } | { readonly after: Deed };

type ArmOf = {
  readonly apdu: AroundStep | { readonly apdu: ApduFault };
  readonly row: AroundStep;
  readonly order: AroundStep;
  readonly picture: { readonly after: Deed };
  readonly 'print-byte': { readonly trouble: PrinterTrouble };
  readonly sam: { readonly before: Deed } | { readonly before: Deed; readonly sam: SamFault };
  readonly authorise: { readonly answer: AnswerFault };
  readonly capture: { readonly answer: AnswerFault };
  readonly reverse: { readonly answer: AnswerFault };
  readonly inquire: { readonly answer: AnswerFault };
};

/** How one kind of fault is brought about. */
export type Arm = ArmOf[Step];

/** Until somebody who passes has put it right. */
const passingMs = 8_000;
const busyMs = 5_000;
const slowMs = 8_000;
const lateMs = 8_000;
const clockJumpMs = 26 * 3_600_000;
/** How long it takes to fetch another card. */
const fetchMs = 3_000;

const die: Deed = ({ die: end }) => end();

const broken =
  (kind: JournalFault['kind'], what: string): Deed =>
  () => {
    throw new JournalFault(kind, what);
  };

const unplugged =
  (cable: string): Deed =>
  ({ rig, clock }, lasting) => {
    rig.setCable(cable, false);
    if (!lasting) clock.after(passingMs, () => rig.setCable(cable, true));
  };

const occupied: Deed = ({ rig: { reader }, clock }, lasting) => {
  reader.setBusy(true);
  if (!lasting) clock.after(busyMs, () => reader.setBusy(false));
};

/** The SAM is well again after a while, or a technician sees to it. */
const samTrouble = (sam: SamFault) => ({
  before: ({ rig, clock }: Hands, lasting: boolean): void => {
    if (!lasting) clock.after(passingMs, () => rig.setCable('sam', true));
  },
  sam,
});

const locked: Deed = ({ rig, clock }, lasting) => {
  for (const sam of rig.sams) sam.setReady(false);
  if (lasting) return;
  clock.after(passingMs, () => {
    for (const sam of rig.sams) sam.setReady(true);
  });
};

const answers = {
  lost: { answer: { kind: 'lost' } },
  late: { answer: { kind: 'late', ms: lateMs } },
  duplicated: { answer: { kind: 'duplicated' } },
  contradictory: { answer: { kind: 'contradictory' } },
  ignored: { answer: { kind: 'ignored' } },
  // System error, with nothing done (ZVT result code FF).
  refused: { answer: { kind: 'refused', code: 0xff } },
} as const;

/** Every fault of the list, and how it is brought about. Whatever is missing here does not compile. */
export const arms: { readonly [K in FaultKind]: ArmOf[(typeof faults)[K]['at']] } = {
  'apdu-before': { apdu: { kind: 'tear-before' } },
  'apdu-after': { apdu: { kind: 'tear-after' } },
  'apdu-mute': { apdu: { kind: 'mute' } },
  'apdu-garbled': { apdu: { kind: 'garbled' } },
  'apdu-late': { apdu: { kind: 'late' } },
  'apdu-other': { apdu: { kind: 'answered-with', response: Uint8Array.of(0x6f, 0x00) } },
  'kill-before-apdu': { before: die },
  'kill-after-apdu': { after: die },
  'reader-busy': { after: occupied },

  'row-before': { before: die },
  'row-after': { after: die },
  'row-full': { before: broken('disk-full', 'no room for another row') },
  'row-read-only': { before: broken('read-only', 'the disk takes no more writes') },
  'row-slow': { before: ({ clock }) => clock.stall(slowMs) },

  'kill-before-order': { before: die },
  'kill-after-order': { after: die },

  'print-paper-out': { trouble: 'paper-out' },
  'print-cover-open': { trouble: 'cover-open' },
  'print-cutter-jam': { trouble: 'cutter-jam' },
  'print-head-hot': { trouble: 'head-hot' },
  'print-power-off': { trouble: 'switched-off' },

  'authorise-lost': answers.lost,
  'authorise-late': answers.late,
  'authorise-duplicated': answers.duplicated,
  'authorise-contradictory': answers.contradictory,
  'authorise-ignored': answers.ignored,
  'authorise-refused': answers.refused,
  'capture-lost': answers.lost,
  'capture-late': answers.late,
  'capture-duplicated': answers.duplicated,
  'capture-contradictory': answers.contradictory,
  'capture-ignored': answers.ignored,
  'capture-refused': answers.refused,
  'reverse-lost': answers.lost,
  'reverse-late': answers.late,
  'reverse-duplicated': answers.duplicated,
  'reverse-contradictory': answers.contradictory,
  'reverse-ignored': answers.ignored,
  'reverse-refused': answers.refused,
  'inquire-lost': answers.lost,
  'inquire-late': answers.late,
  'inquire-duplicated': answers.duplicated,
  'inquire-contradictory': answers.contradictory,
  'inquire-ignored': answers.ignored,
  'inquire-refused': answers.refused,

  'sam-gone-before': samTrouble('gone-before'),
  'sam-gone-after': samTrouble('gone-after'),
  'sam-late': samTrouble('late'),
  'sam-silent': samTrouble('silent'),
  'sam-failed': samTrouble('failed'),
  'sam-not-ready': { before: locked },
  'kill-at-sam': { before: die },

  'clock-back': { before: ({ clock }) => clock.jumpWall(-clockJumpMs) },
  'clock-forward': { before: ({ clock }) => clock.jumpWall(clockJumpMs) },

  'unplug-reader': { before: unplugged('reader') },
  'unplug-sam': { before: unplugged('sam') },
  'unplug-printer': { before: unplugged('printer') },
  'unplug-bank-card': { before: unplugged('bank-card') },
  'unplug-mobile': { before: unplugged('mobile') },

  'person-pulls': { after: ({ person }) => person.pull() },
  'person-swaps': { after: swapFor('same') },
  'person-double-taps': { after: ({ person }, lasting) => person.tapTwice(lasting) },
  'person-walks-away': {
    after: ({ person }) => {
      person.pull();
      person.leave();
    },
  },
  'person-leaves-card': { after: ({ person }) => person.leave() },
  'person-brings-other': {
    after: ({ person }) => {
      person.pull();
      person.insertOther(fetchMs, 'same');
    },
  },
  'person-swaps-family': { after: swapFor('other') },
  'person-brings-family': {
    after: ({ person }) => {
      person.pull();
      person.insertOther(fetchMs, 'other');
    },
  },
  'person-adds-card': { after: ({ person }) => person.addOther('same') },
  'person-adds-family': { after: ({ person }) => person.addOther('other') },
};

function swapFor(family: OtherCard): Deed {
  return ({ person }) => {
    person.pull();
    person.insertOther(0, family);
  };
}

/** All that a technician puts right at the printer. */
export const printTroubles: readonly PrinterTrouble[] = Object.values(arms).flatMap((arm) =>
  'trouble' in arm ? [arm.trouble] : [],
);
/** After how long somebody who passes puts it right. */
export const printTroubleMs = 20_000;
