import type { Clock } from '../../contract/clock.ts';
import { command, deed, type Finding, fault, reasonOf, systemCode } from './finding.ts';
import type { Patient } from './patient.ts';

/** One part of a station, and how it is looked at. */
export type Examination = {
  /** Stands where there is no finding to name it: when it took too long or failed. At most 14 characters. */
  readonly name: string;
  readonly deadlineMs: number;
  /** `late` fires at the deadline: whatever it began is to end then. */
  readonly examine: (patient: Patient, late: AbortSignal) => Promise<readonly Finding[]>;
};

/**
 * Begin every examination: those of one lane one after the other, for they use the same wire; lanes at the same time. The answers
 * stand in the order of the examinations. None rejects, and none takes longer than the deadlines of its lane up to it.
 */
export function conduct(
  lanes: readonly (readonly Examination[])[],
  patient: Patient,
): readonly Promise<readonly Finding[]>[] {
  return lanes.flatMap((lane) => {
    let before: Promise<unknown> = Promise.resolve();
    return lane.map((examination) => {
      const findings = before.then(() => examineInTime(examination, patient));
      before = findings;
      return findings;
    });
  });
}

async function examineInTime(
  { name, deadlineMs, examine }: Examination,
  patient: Patient,
): Promise<readonly Finding[]> {
  const late = new AbortController();
  const { tooLate, cancel } = deadline(patient.clock, deadlineMs);
  try {
    return await Promise.race([
      examine(patient, late.signal),
      tooLate.then(() => [
        fault(
          name,
          `Not examined: it did not answer within ${deadlineMs / 1000} s.`,
          deed('Run this again. If it is the same, start the computer again.'),
        ),
      ]),
    ]);
  } catch (error) {
    const isPackageMissing = /MODULE_NOT_FOUND/.test(systemCode(error) ?? '');
    const found = isPackageMissing
      ? `Not examined: a package is missing (${reasonOf(error)}).`
      : `Not examined: ${reasonOf(error)}.`;
    return [fault(name, found, isPackageMissing ? command('npm ci') : deed('Report this line.'))];
  } finally {
    cancel();
    late.abort();
  }
}

function deadline(clock: Clock, deadlineMs: number) {
  let cancel = () => {};
  const tooLate = new Promise<void>((resolve) => {
    cancel = clock.after(deadlineMs, resolve);
  });
  return { tooLate, cancel };
}
