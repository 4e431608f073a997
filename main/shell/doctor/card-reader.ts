import { createRequire } from 'node:module';
import path from 'node:path';
import type { PcscSurvey } from '../../../hardware/reader/pcsc-survey.ts';
import { asRoot, command, deed, type Finding, fault, note, ok } from './finding.ts';
import { type Patient, realDevices } from './patient.ts';
import { runProgram } from './run-program.ts';

const examined = 'card reader';

export async function examineCardReader(
  patient: Patient,
  late: AbortSignal,
): Promise<readonly Finding[]> {
  const { reader } = realDevices(patient.config);
  const library = reader?.driver === 'pcsclite' ? await pcscliteFinding(late) : null;
  const readers = readerFinding(await patient.pcsc(), reader?.pattern ?? null);
  return library === null ? [readers] : [library, readers];
}

/** Which reader the station takes. `pattern` is null where no configuration names one. */
export function readerFinding(survey: PcscSurvey, pattern: string | null): Finding {
  if (survey.kind !== 'up') return note(examined, 'Not looked for: pcscd comes first.');
  const { readers } = survey;
  const [first] = readers;
  if (first === undefined) {
    return fault(
      examined,
      'There is none.',
      deed("Plug it in. Is it listed, under its maker's name?"),
      command('lsusb'),
      deed(
        'If it is, its driver is missing. Most readers need the first, those of ACS the second:',
      ),
      asRoot('apt install libccid libacsccid1'),
    );
  }
  const list = readers
    .map(({ name, cardPresent }) => `"${name}"${cardPresent ? ' (with a card in it)' : ''}`)
    .join(', ');
  if (pattern === null) return ok(examined, `${list}.`);
  const wanted = new RegExp(pattern);
  const fitting = readers.filter(({ name }) => wanted.test(name));
  const [taken, ...reserve] = fitting;
  if (taken === undefined) {
    return fault(
      examined,
      `None has "${pattern}" in its name. There is ${list}.`,
      deed(
        `Plug in the right one, or set "devices.reader.pattern" to a part of its name, such as ${JSON.stringify(partOf(first.name))}.`,
      ),
    );
  }
  const card = taken.cardPresent ? ', with a card in it' : '';
  if (reserve.length === 0) return ok(examined, `"${taken.name}"${card}.`);
  return note(
    examined,
    `"${pattern}" fits ${fitting.length}: "${taken.name}" is taken${card}; ${reserve
      .map(({ name }) => `"${name}"`)
      .join(', ')} only when that is unplugged.`,
    deed('If that is not meant, write more of the name into "devices.reader.pattern".'),
  );
}

/** The name as a pattern that fits nothing else, without the numbers that pcscd counts at its end. */
function partOf(name: string): string {
  return name.replace(/( [0-9A-F]{2}){1,2}$/, '').replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

function pcscliteFinding(late: AbortSignal): Promise<Finding> {
  const about = createRequire(import.meta.url).resolve('pcsclite/package.json');
  return compiledFinding(path.join(path.dirname(about), 'build/Release/pcsclite.node'), late);
}

/** pcsclite is compiled for one Node, and loads in no other. It is tried in a process of its own. */
export async function compiledFinding(addon: string, late: AbortSignal): Promise<Finding> {
  const load = `process.dlopen({ exports: {} }, ${JSON.stringify(addon)})`;
  const answer = await runProgram(process.execPath, ['--eval', load], late);
  if (answer.kind === 'ended' && answer.code === 0) {
    return ok('pcsclite', 'Compiled for this Node.');
  }
  return fault(
    'pcsclite',
    'It is the configured driver, and not compiled for this Node.',
    asRoot('apt install libpcsclite-dev g++ make python3'),
    command('npm run rebuild:pcsclite'),
  );
}
