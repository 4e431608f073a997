import { existsSync } from 'node:fs';
import { access, constants } from 'node:fs/promises';
import type { PrinterIdentity } from '../../../hardware/printer/identify.ts';
import {
  type PrinterEncoding,
  type PrinterProfile,
  printerProfiles,
  settleProfile,
} from '../../../hardware/printer/profile.ts';
import type { DeviceFault } from '../../contract/device.ts';
import type { RealPrinter } from '../config.ts';
import { deed, type Finding, fault, note, ok } from './finding.ts';
import { holderOf } from './lock-holder.ts';
import { type Patient, realDevices } from './patient.ts';
import { reach } from './reach.ts';

const examined = 'printer';

/** All its answers together are 100 bytes: at 1200 baud, one second. */
const answerMs = 4_000;

/** Who the printer is and how it is. Nothing is put on paper. */
export async function examinePrinter(
  { config, kiosk, clock }: Patient,
  late: AbortSignal,
): Promise<readonly Finding[]> {
  const { printer } = realDevices(config);
  if (printer === null) {
    return config === null ? [note(examined, 'Not asked: no configuration says where it is.')] : [];
  }
  const obstacle = await obstacleBefore(printer, kiosk !== null, late);
  if (obstacle !== null) return [obstacle];
  const { openLine } = await import('../real-ports.ts');
  const { identifyPrinter } = await import('../../../hardware/printer/identify.ts');
  const line = openLine(printer.line, clock);
  try {
    return printerFindings(await identifyPrinter(line, clock, answerMs), printer);
  } finally {
    await line.close();
  }
}

/** Why the printer is not asked, where its wire already tells. */
async function obstacleBefore(
  { line }: RealPrinter,
  isKioskRunning: boolean,
  late: AbortSignal,
): Promise<Finding | null> {
  if (line.kind === 'tcp') {
    const place = `${line.host}:${line.port}`;
    if (isKioskRunning) return note(examined, 'Not asked: the kiosk uses it.');
    const reached = await reach(line.host, line.port, late);
    return reached === null
      ? null
      : fault(examined, `${place} ${reached.why}.`, deed(reached.remedy));
  }
  if (!existsSync(line.path)) return note(examined, 'Not asked: its port is not there.');
  const mayOpen = await access(line.path, constants.R_OK | constants.W_OK).then(
    () => true,
    () => false,
  );
  if (!mayOpen) return note(examined, 'Not asked: its port may not be opened.');
  const holder = await holderOf(line.path);
  if (holder === null) return null;
  return note(examined, `Not asked: process ${holder.pid} uses its port.`);
}

/** What the printer said, against what is configured. Null: it said nothing. */
export function printerFindings(
  identity: PrinterIdentity | null,
  { line, profile }: Pick<RealPrinter, 'line' | 'profile'>,
): readonly Finding[] {
  if (identity === null) return [silent(line)];
  const { maker, model, serial, language, paperLow } = identity;
  const names = [maker, model].filter((text) => text !== null).join(' ');
  const number = serial === null ? '' : `, serial number ${serial}`;
  if (identity.fault !== null) {
    // Stopped, it answers no question that waits its turn: who it is comes once that is mended.
    const { found, remedy } = troubleOf(identity.fault);
    return [fault(examined, names === '' ? found : `${names}. ${found}`, deed(remedy))];
  }
  const who = names === '' ? 'It answers, but does not say who it is.' : `${names}${number}.`;
  const findings: Finding[] = [ok(examined, `${who} It can print.`)];
  if (paperLow === true) {
    findings.push(note(examined, 'The paper is near its end.', deed('Put in a new roll soon.')));
  }
  findings.push(...languageFindings(language, profile));
  return findings;
}

function silent(line: RealPrinter['line']): Finding {
  const found =
    line.kind === 'serial'
      ? `Nothing answers at ${line.path}, ${line.baudRate} baud.`
      : `It can be reached, but nothing answers at ${line.host}:${line.port}.`;
  const speed =
    line.kind === 'serial'
      ? [
          deed(
            'Switch it on while holding its feed key: it prints its baud rate, parity and handshake. They must be those of "devices.printer.line".',
          ),
        ]
      : [];
  return fault(
    examined,
    found,
    deed('Look at its power and its lamp, and at both ends of the cable.'),
    ...speed,
  );
}

type Kind = PrinterEncoding['kind'];

const kindNames: Readonly<Record<Kind, string>> = {
  gb18030: 'mainland Chinese (GB18030)',
  big5: 'Taiwan Chinese (Big5)',
  'code-page': 'western letters',
};

/** Sent in the wrong encoding, every receipt is nonsense. */
function languageFindings(language: string | null, profile: PrinterProfile): readonly Finding[] {
  const configured = profile.encoding.kind;
  const own = encodingOf(language, printerProfiles['80mm']);
  const says = language === null ? 'It does not say which it has' : `It says "${language}"`;
  if (configured === 'ask') {
    const printed = kindNames[encodingOf(language, profile)];
    return [ok('characters', `${says}. Receipts are printed in ${printed}.`)];
  }
  // Western letters are in every printer, whatever it has besides.
  if (configured === 'code-page' || own === configured) {
    return [ok('characters', `${says}. Receipts are printed in ${kindNames[configured]}.`)];
  }
  if (language === null) {
    const found = `${says}; receipts are printed in ${kindNames[configured]}.`;
    return [note('characters', found, deed('Print its self-test: it names or shows them.'))];
  }
  return [
    fault(
      'characters',
      `${says}, but receipts are printed in ${kindNames[configured]}: they would be unreadable.`,
      deed(`Set "devices.printer.profile" to ${profilesFor(own, profile.columns)}.`),
    ),
  ];
}

function encodingOf(language: string | null, profile: PrinterProfile): Kind {
  const answers = { language, hasProcessId: false, hasNativeQr: false };
  return settleProfile(profile, answers).encoding.kind;
}

/** The names of the standard profiles that would do. */
function profilesFor(kind: Kind, columns: number): string {
  const names = Object.entries<PrinterProfile>(printerProfiles)
    .filter(([, { encoding }]) => encoding.kind === kind || encoding.kind === 'ask')
    .filter(([, profile]) => profile.columns === columns)
    .map(([name]) => `"${name}"`);
  return names.length === 0 ? `one for ${kindNames[kind]}` : names.join(' or ');
}

/** What keeps it from printing, in words, and what hands can do about it. */
function troubleOf(trouble: DeviceFault): { readonly found: string; readonly remedy: string } {
  switch (trouble) {
    case 'paper-out':
      return { found: 'It has no paper.', remedy: 'Put in a roll, and close the cover.' };
    case 'cover-open':
      return { found: 'Its cover is open.', remedy: 'Close it until it clicks.' };
    case 'cutter-jam':
      return {
        found: 'Its cutter is stuck.',
        remedy:
          'Open the cover, take out the paper that is caught, close it, switch it off and on.',
      };
    case 'head-hot':
      return { found: 'Its head is too hot.', remedy: 'Let it cool for some minutes.' };
    case 'garbled':
      return {
        found: 'What answers there does not answer as a printer does.',
        remedy:
          'Correct "devices.printer.line": another device has that address, or the baud rate is another.',
      };
    default:
      return {
        found: `It cannot print (${trouble}).`,
        remedy: 'Switch it off and on; if its lamp still blinks, its manual says what that means.',
      };
  }
}
