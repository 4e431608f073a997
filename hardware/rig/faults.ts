import type { AnswerGroup } from '../terminal/zvt/simulated-behaviour.ts';

/**
 * What the n of "the n-th" counts: commands to the card, rows of the journal, orders to a device (read, write, pay, print …),
 * bytes that the printer has dealt with, pictures on the screen, questions to a load authority, and the terminal's commands
 * by what they are for.
 */
export type Step = 'apdu' | 'row' | 'order' | 'print-byte' | 'picture' | 'sam' | AnswerGroup;

type Line = { readonly at: Step; readonly what: string };

/**
 * Everything that can go wrong at a station, one line each. The list is closed: whoever adds a line has to say in
 * test/campaign/arms.ts how it is brought about, and the campaign fails until it has been seen to happen.
 */
export const faults = {
  'apdu-before': { at: 'apdu', what: 'the card is pulled before it has the command' },
  'apdu-after': { at: 'apdu', what: 'the card is pulled when it has executed the command' },
  'apdu-mute': { at: 'apdu', what: 'the card never hears the command, and stays' },
  'apdu-garbled': { at: 'apdu', what: 'executed, and the answer is damaged' },
  'apdu-late': { at: 'apdu', what: 'executed, and answered too late' },
  'apdu-other': { at: 'apdu', what: 'executed, and the card says something else' },
  'kill-before-apdu': { at: 'apdu', what: 'the process dies before the command reaches the card' },
  'kill-after-apdu': { at: 'apdu', what: 'the process dies when the card has answered' },
  'reader-busy': { at: 'apdu', what: 'another program takes the reader' },

  'row-before': { at: 'row', what: 'the process dies before the row is written' },
  'row-after': { at: 'row', what: 'the process dies when the row is written' },
  'row-full': { at: 'row', what: 'the disk is full' },
  'row-read-only': { at: 'row', what: 'the disk takes no more writes' },
  'row-slow': { at: 'row', what: 'writing the row takes eight seconds' },

  'kill-before-order': { at: 'order', what: 'the process dies before the order leaves it' },
  'kill-after-order': { at: 'order', what: 'the process dies before it hears the answer' },

  'print-paper-out': { at: 'print-byte', what: 'the paper ends' },
  'print-cover-open': { at: 'print-byte', what: 'the cover is opened' },
  'print-cutter-jam': { at: 'print-byte', what: 'the cutter will stick at the next cut' },
  'print-head-hot': { at: 'print-byte', what: 'the head is too hot' },
  'print-power-off': { at: 'print-byte', what: 'the printer loses its power' },

  'authorise-lost': { at: 'authorise', what: 'paid, and nothing of it arrives' },
  'authorise-late': { at: 'authorise', what: 'paid, and the answer comes after eight seconds' },
  'authorise-duplicated': { at: 'authorise', what: 'each message comes twice' },
  'authorise-contradictory': {
    at: 'authorise',
    what: 'paid, reported as paid, and ended as refused',
  },
  'authorise-ignored': { at: 'authorise', what: 'the terminal never notices the order' },
  'authorise-refused': { at: 'authorise', what: 'the terminal refuses' },
  'capture-lost': { at: 'capture', what: 'booked, and nothing of it arrives' },
  'capture-late': { at: 'capture', what: 'booked, and the answer comes after eight seconds' },
  'capture-duplicated': { at: 'capture', what: 'each message comes twice' },
  'capture-contradictory': {
    at: 'capture',
    what: 'booked, reported as booked, and ended as refused',
  },
  'capture-ignored': { at: 'capture', what: 'the terminal never notices the order' },
  'capture-refused': { at: 'capture', what: 'the terminal refuses' },
  'reverse-lost': { at: 'reverse', what: 'given back, and nothing of it arrives' },
  'reverse-late': { at: 'reverse', what: 'given back, and the answer comes after eight seconds' },
  'reverse-duplicated': { at: 'reverse', what: 'each message comes twice' },
  'reverse-contradictory': { at: 'reverse', what: 'given back, reported so, and ended as refused' },
  'reverse-ignored': { at: 'reverse', what: 'the terminal never notices the order' },
  'reverse-refused': { at: 'reverse', what: 'the terminal refuses' },
  'inquire-lost': { at: 'inquire', what: 'the answer is lost' },
  'inquire-late': { at: 'inquire', what: 'the answer comes after eight seconds' },
  'inquire-duplicated': { at: 'inquire', what: 'each message comes twice' },
  'inquire-contradictory': { at: 'inquire', what: 'answered, and ended as refused' },
  'inquire-ignored': { at: 'inquire', what: 'the terminal never notices the question' },
  'inquire-refused': { at: 'inquire', what: 'the terminal refuses' },

  'sam-gone-before': { at: 'sam', what: 'the SAM falls out before it has the question' },
  'sam-gone-after': { at: 'sam', what: 'the SAM falls out when it has answered, unheard' },
  'sam-late': { at: 'sam', what: 'answered, after eight seconds' },
  'sam-silent': { at: 'sam', what: 'the SAM never hears the question' },
  'sam-failed': { at: 'sam', what: 'the SAM says that it cannot' },
  'sam-not-ready': { at: 'sam', what: 'the SAM is locked before it has the question' },
  'kill-at-sam': { at: 'sam', what: 'the process dies when the SAM has the question' },

  'clock-back': { at: 'order', what: 'somebody sets the clock back by 26 hours' },
  'clock-forward': { at: 'order', what: 'somebody sets the clock forward by 26 hours' },

  'unplug-reader': { at: 'order', what: 'the reader’s cable falls out' },
  'unplug-sam': { at: 'order', what: 'the SAM falls out of its socket' },
  'unplug-printer': { at: 'order', what: 'the printer’s cable falls out' },
  'unplug-bank-card': { at: 'order', what: 'the bank card terminal’s cable falls out' },
  'unplug-mobile': { at: 'order', what: 'the mobile payment terminal’s cable falls out' },

  'person-pulls': { at: 'picture', what: 'they pull their card' },
  'person-swaps': { at: 'picture', what: 'they pull it and put another one in' },
  'person-double-taps': { at: 'picture', what: 'they tap twice from here on' },
  'person-walks-away': { at: 'picture', what: 'they take their card and go' },
  'person-leaves-card': { at: 'picture', what: 'they go, and the card stays in' },
  'person-brings-other': { at: 'picture', what: 'they go, and come back with the other card' },
  'person-swaps-family': { at: 'picture', what: 'they pull it and put one of another family in' },
  'person-brings-family': { at: 'picture', what: 'they come back with one of another family' },
  'person-adds-card': { at: 'picture', what: 'they lay another card on top of it' },
  'person-adds-family': { at: 'picture', what: 'they lay one of another family on top of it' },
} as const satisfies Readonly<Record<string, Line>>;

export type FaultKind = keyof typeof faults;
