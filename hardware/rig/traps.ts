import type { BenchTrap } from '../../main/contract/bench.ts';
import type { PrinterTrouble } from '../printer/simulated.ts';
import type { ApduFault } from '../reader/simulated.ts';
import type { AnswerFault, AnswerGroup } from '../terminal/zvt/simulated-behaviour.ts';

/** How a trap is set: exactly one hook of one simulated device. */
export type TrapHook =
  /** The next command that changes a card for good. */
  | { readonly kind: 'credit'; readonly fault: ApduFault }
  /** One of the next commands to the card; 0 is the very next. */
  | { readonly kind: 'apdu'; readonly nth: number; readonly fault: ApduFault }
  /** The next approval at any terminal is booked, and nothing of it arrives. */
  | { readonly kind: 'approval-lost' }
  /** The next command of a group, at any terminal. */
  | { readonly kind: 'settlement'; readonly group: AnswerGroup; readonly fault: AnswerFault }
  /** After so many more bytes of commands to the printer. */
  | { readonly kind: 'printer'; readonly afterBytes: number; readonly trouble: PrinterTrouble };

export type Trap = Omit<BenchTrap, 'armed'> & { readonly hook: TrapHook };

/** The middle of a slip, on every printer profile: its set-up takes some 40 bytes, a receipt some 700. */
const midSlipBytes = 350;
/** What the status of a reservation that cannot be booked any more says (ZVT result code: pre-authorisation error). */
const bookingRefused = 0xb8;

/** Everything that can be set to go wrong at the bench. One line each: where, what, and what a customer must see. */
export const traps: readonly Trap[] = [
  {
    id: 'credit-torn-before',
    place: 'card',
    title: 'Pulled just before the write',
    expect: 'Asked to put the card back. Loaded once, then paid.',
    hook: { kind: 'credit', fault: { kind: 'tear-before' } },
  },
  {
    id: 'credit-torn-after',
    place: 'card',
    title: 'Pulled just after the write',
    expect: 'Asked to put the card back. Found loaded, not loaded again.',
    hook: { kind: 'credit', fault: { kind: 'tear-after' } },
  },
  {
    id: 'credit-garbled',
    place: 'card',
    title: 'The answer to the write is damaged',
    expect: 'The card is asked. Found loaded, without a word to the customer.',
    hook: { kind: 'credit', fault: { kind: 'garbled' } },
  },
  {
    id: 'credit-mute',
    place: 'card',
    title: 'The card does not hear the write',
    expect: 'The card is asked. Found not loaded; loaded again or paid back.',
    hook: { kind: 'credit', fault: { kind: 'mute' } },
  },
  {
    id: 'read-torn',
    place: 'card',
    title: 'Pulled while it is being read',
    expect: 'Asked to put the card in again. No money is at risk.',
    hook: { kind: 'apdu', nth: 2, fault: { kind: 'tear-after' } },
  },
  {
    id: 'approval-lost',
    place: 'payment',
    title: 'The approval is lost on its way',
    expect: 'The terminal is asked: at Cancel, or when two minutes are over. Never paid twice.',
    hook: { kind: 'approval-lost' },
  },
  {
    id: 'capture-lost',
    place: 'payment',
    title: 'The booking is done, its answer lost',
    expect: 'Done on screen at once; the terminal is asked behind it. Booked once.',
    hook: { kind: 'settlement', group: 'capture', fault: { kind: 'lost' } },
  },
  {
    id: 'capture-refused',
    place: 'payment',
    title: 'The booking is refused',
    expect: 'Done on screen at once; the terminal is asked behind it and books it after all. Once.',
    hook: {
      kind: 'settlement',
      group: 'capture',
      fault: { kind: 'refused', code: bookingRefused },
    },
  },
  {
    id: 'reverse-lost',
    place: 'payment',
    title: 'Money back is done, its answer lost',
    expect: 'The terminal is asked. Given back once.',
    hook: { kind: 'settlement', group: 'reverse', fault: { kind: 'lost' } },
  },
  {
    id: 'paper-out',
    place: 'paper',
    title: 'The paper ends in mid-slip',
    expect: 'Shows its code and waits for paper: one whole slip. After 30 s offers a copy.',
    hook: { kind: 'printer', afterBytes: midSlipBytes, trouble: 'paper-out' },
  },
  {
    id: 'printer-dark',
    place: 'paper',
    title: 'The printer loses power in mid-slip',
    expect: 'Asks whether the slip came out, shows its code, and offers a copy, marked as one.',
    hook: { kind: 'printer', afterBytes: midSlipBytes, trouble: 'switched-off' },
  },
];
