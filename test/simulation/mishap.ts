import type { PrinterTrouble } from '../../hardware/printer/simulated.ts';
import type { ApduFault } from '../../hardware/reader/simulated.ts';
import type { Rig } from '../../hardware/rig/rig.ts';
import type { AnswerFault, Person } from '../../hardware/terminal/zvt/simulated.ts';
import type { Random } from '../support/random.ts';

/** Where the process may die: at a row of the journal, or when the card has just answered. */
export type KillPoint =
  | { readonly kind: 'before-row' | 'after-row'; readonly nth: number }
  | { readonly kind: 'at-apdu'; readonly nth: number };

/** What meets the printer while a slip is on its way. */
export type SlipTrouble = {
  readonly at: 'queued' | 'printing';
  readonly what: PrinterTrouble | 'unplugged';
};

/** What goes wrong during one visit. */
export type Mishap = {
  /** `credit`: whichever command is the CREDIT FOR LOAD. */
  readonly apdu: { readonly nth: number | 'credit'; readonly fault: ApduFault } | null;
  readonly payment: Person | null;
  readonly settlement: {
    readonly group: 'capture' | 'reverse' | 'inquire';
    readonly fault: AnswerFault;
  } | null;
  readonly printer: { readonly bytes: number; readonly trouble: PrinterTrouble } | null;
  readonly slip: SlipTrouble | null;
  /** Another program takes the card after so many commands, and holds it so long. */
  readonly busy: { readonly nth: number; readonly ms: number } | null;
  readonly kill: KillPoint | null;
  readonly journalRow: number | null;
  readonly cable: 'reader' | 'printer' | 'bank-card' | 'mobile' | 'sam' | null;
};

export const noMishap: Mishap = {
  apdu: null,
  payment: null,
  settlement: null,
  printer: null,
  slip: null,
  busy: null,
  kill: null,
  journalRow: null,
  cable: null,
};

const apduFaults: readonly ApduFault['kind'][] = [
  'tear-before',
  'tear-after',
  'tear-at',
  'garbled',
  'answered-with',
  'mute',
  'late',
];
export const persons: readonly Person[] = [
  { kind: 'decline' },
  { kind: 'stop' },
  { kind: 'wait' },
  { kind: 'slow', ms: 5_000 },
  { kind: 'silent-after-approving' },
  { kind: 'line-drop-after-approving' },
  { kind: 'lost-completion' },
];
export const answerFaults: readonly AnswerFault[] = [
  { kind: 'ignored' },
  { kind: 'lost' },
  { kind: 'late', ms: 8_000 },
  { kind: 'duplicated' },
  { kind: 'refused', code: 0x6c },
];
export const troubles: readonly PrinterTrouble[] = [
  'paper-out',
  'cover-open',
  'cutter-jam',
  'head-hot',
  'switched-off',
];

export const slipTroubles: readonly SlipTrouble[] = (['queued', 'printing'] as const).flatMap(
  (at) => ([...troubles, 'unplugged'] as const).map((what) => ({ at, what })),
);

function apduFault(random: Random): ApduFault {
  const kind = random.pick(apduFaults);
  if (kind === 'tear-at') return { kind, bytes: random.below(60) };
  if (kind === 'answered-with') return { kind, response: Uint8Array.of(0x6f, 0x00) };
  return { kind };
}

function killPoint(random: Random): KillPoint {
  const kind = random.pick(['before-row', 'after-row', 'at-apdu'] as const);
  return { kind, nth: random.below(kind === 'at-apdu' ? 25 : 9) };
}

/** Half of all visits go well; in the others one thing goes wrong, sometimes several. */
export function drawMishap(random: Random): Mishap {
  if (random.chance(0.5)) return noMishap;
  const several = random.chance(0.3);
  const one = random.below(9);
  const hit = (which: number): boolean => which === one || (several && random.chance(0.3));
  return {
    apdu: hit(0)
      ? { nth: random.chance(0.4) ? 'credit' : random.below(30), fault: apduFault(random) }
      : null,
    payment: hit(1) ? random.pick(persons) : null,
    settlement: hit(2)
      ? {
          group: random.pick(['capture', 'reverse', 'inquire'] as const),
          fault: random.pick(answerFaults),
        }
      : null,
    printer: hit(3) ? { bytes: random.below(1_000), trouble: random.pick(troubles) } : null,
    kill: hit(4) ? killPoint(random) : null,
    journalRow: hit(5) ? random.below(9) : null,
    cable: hit(6)
      ? random.pick(['reader', 'printer', 'bank-card', 'mobile', 'sam'] as const)
      : null,
    slip: hit(7) ? random.pick(slipTroubles) : null,
    busy: hit(8) ? { nth: random.below(30), ms: random.below(20_000) } : null,
  };
}

/** Set what can be set beforehand. */
export function arm(mishap: Mishap, rig: Rig): void {
  const { apdu } = mishap;
  if (apdu !== null && apdu.nth !== 'credit') rig.reader.injectFault(apdu.nth, apdu.fault);
  for (const { device } of rig.terminals) {
    if (mishap.payment !== null) device.present(mishap.payment, 'next');
    if (mishap.settlement !== null) {
      device.answer(mishap.settlement.group, mishap.settlement.fault, 'next');
    }
  }
  if (mishap.printer !== null) {
    rig.printer.device.troubleAfter(mishap.printer.bytes, mishap.printer.trouble);
  }
}

/** The technician has been: everything works again. */
export function mend(rig: Rig): void {
  rig.reader.clearFaults();
  rig.reader.setBusy(false);
  for (const cable of ['reader', 'printer', 'sam', ...rig.terminals.map(({ means }) => means.id)]) {
    rig.setCable(cable, true);
  }
  for (const trouble of troubles) rig.printer.device.mend(trouble);
}
