import type { Examination } from './conduct.ts';

/*
 * Everything that is examined, in the order in which it is told: what others need comes before them. Each file is only loaded for
 * its own examination, so that a package that is missing or does not load costs no more than that one.
 */

const program: Examination = {
  name: 'program',
  deadlineMs: 10_000,
  examine: async (_patient, late) => (await import('./program.ts')).examineProgram(late),
};

const permissions: Examination = {
  name: 'permissions',
  deadlineMs: 5_000,
  examine: async (patient) => (await import('./permissions.ts')).examinePermissions(patient),
};

const smartCardService: Examination = {
  name: 'pcscd',
  deadlineMs: 10_000,
  examine: async (patient, late) =>
    (await import('./smart-card-service.ts')).examineSmartCardService(patient, late),
};

const cardReader: Examination = {
  name: 'card reader',
  deadlineMs: 10_000,
  examine: async (patient, late) =>
    (await import('./card-reader.ts')).examineCardReader(patient, late),
};

const serialPorts: Examination = {
  name: 'serial ports',
  deadlineMs: 5_000,
  examine: async (patient) => (await import('./serial-ports.ts')).examineSerialPorts(patient),
};

const receiptPrinter: Examination = {
  name: 'printer',
  deadlineMs: 10_000,
  examine: async (patient, late) =>
    (await import('./receipt-printer.ts')).examinePrinter(patient, late),
};

const paymentTerminals: Examination = {
  name: 'terminals',
  deadlineMs: 5_000,
  examine: async (patient, late) =>
    (await import('./payment-terminals.ts')).examineTerminals(patient, late),
};

const loadAuthorities: Examination = {
  name: 'load authority',
  deadlineMs: 10_000,
  examine: async (patient, late) =>
    (await import('./load-authority.ts')).examineLoadAuthorities(patient, late),
};

const clock: Examination = {
  name: 'clock',
  deadlineMs: 8_000,
  examine: async (patient, late) => (await import('./clock.ts')).examineClock(patient, late),
};

const disk: Examination = {
  name: 'disk',
  deadlineMs: 5_000,
  examine: async (patient) => (await import('./journal.ts')).examineDisk(patient),
};

const journal: Examination = {
  name: 'journal',
  deadlineMs: 12_000,
  examine: async (patient, late) => (await import('./journal.ts')).examineJournal(patient, late),
};

const fonts: Examination = {
  name: 'fonts',
  deadlineMs: 5_000,
  examine: async () => (await import('./fonts.ts')).examineFonts(),
};

const screen: Examination = {
  name: 'screen',
  deadlineMs: 10_000,
  examine: async (_patient, late) => (await import('./screen.ts')).examineScreen(late),
};

/** The printer hangs on the port that is tried before it: they share a lane. */
export const lanes: readonly (readonly Examination[])[] = [
  [program],
  [permissions],
  [smartCardService],
  [cardReader],
  [loadAuthorities],
  [serialPorts, receiptPrinter],
  [paymentTerminals],
  [clock],
  [disk],
  [journal],
  [fonts],
  [screen],
];
