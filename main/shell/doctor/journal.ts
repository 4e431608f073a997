import { existsSync } from 'node:fs';
import { access, constants, stat, statfs } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { asRoot, command, deed, type Finding, fault, note, ok, systemCode } from './finding.ts';
import type { Patient } from './patient.ts';
import { runProgram } from './run-program.ts';
import { stationUser, userName } from './station-user.ts';

/** So long the journal is read; a longer one is for `npm run journal`. The examination takes a little more. */
export const journalReadMs = 8_000;

const megabyte = 1_000_000;
/** A top-up writes 6 kB (measured with faults and receipts among them): with less, a busy station is full within three months. */
const leastMegabytes = 200;
/** Three years of 300 top-ups a day, or the system's own logs and updates. */
const easyMegabytes = 2_000;

/** Kinds of file system (statfs(2), f_type) that lose or garble what a journal has to keep. */
const unfit = new Map([
  [0x6969, 'a network share (NFS), where its locks do not hold'],
  [0xff534d42, 'a network share (CIFS), where its locks do not hold'],
  [0xfe534d42, 'a network share (SMB), where its locks do not hold'],
  [0x01021994, 'memory (tmpfs): it is gone after a power cut'],
  [0x858458f6, 'memory (ramfs): it is gone after a power cut'],
]);

/** The disk on which the journal lies, or, where none is configured, this program. */
export async function examineDisk({ config }: Patient): Promise<readonly Finding[]> {
  const folder = path.dirname(path.resolve(config?.journal ?? 'package.json'));
  return diskFindings(folder, config?.journal !== undefined);
}

export async function diskFindings(
  folder: string,
  isForJournal: boolean,
  user: string = userName(),
): Promise<readonly Finding[]> {
  if (!existsSync(folder)) {
    const owner = stationUser(user);
    const whose = `It must belong to the user that the station runs as: if that is not ${owner}, write its name instead.`;
    return [
      fault(
        'disk',
        `The journal's folder ${folder} is not there.`,
        asRoot(`install -d -o ${owner} ${folder}`),
        deed(whose),
      ),
    ];
  }
  const { bavail, bsize, type } = await statfs(folder);
  const findings = [spaceFinding(folder, Math.floor((bavail * bsize) / megabyte))];
  const why = unfit.get(type);
  if (isForJournal && why !== undefined) {
    findings.push(
      fault(
        'disk',
        `${folder} lies on ${why}.`,
        deed('Put the journal on a disk of this computer ("journal" in the configuration).'),
      ),
    );
  }
  if (isForJournal && (await isReadOnly(folder))) {
    findings.push(
      fault(
        'disk',
        `The disk of ${folder} can only be read: it is mounted so, or it fails.`,
        command('dmesg | grep -i -e error -e remount'),
        deed('If it names this disk, replace it. If not:'),
        asRoot(`mount -o remount,rw "$(findmnt -no TARGET -T ${folder})"`),
      ),
    );
  }
  return findings;
}

export function spaceFinding(folder: string, freeMegabytes: number): Finding {
  const free =
    freeMegabytes < 10_000 ? `${freeMegabytes} MB` : `${Math.floor(freeMegabytes / 1_000)} GB`;
  const found = `${free} free where ${folder} lies`;
  const look = command(`du -xh --max-depth=2 / 2>/dev/null | sort -h | tail`);
  if (freeMegabytes < leastMegabytes) {
    return fault('disk', `${found}: a full one puts the station out of service.`, look);
  }
  if (freeMegabytes < easyMegabytes) {
    return note('disk', `${found}: logs and updates may fill it within the year.`, look);
  }
  return ok('disk', `${found}.`);
}

async function isReadOnly(folder: string): Promise<boolean> {
  try {
    await access(folder, constants.W_OK);
    return false;
  } catch (error) {
    return systemCode(error) === 'EROFS';
  }
}

/** The journal itself, row by row, in a process of its own that is ended when it takes too long. */
export async function examineJournal(
  { config }: Patient,
  late: AbortSignal,
): Promise<readonly Finding[]> {
  if (config?.journal === undefined) return [];
  const { journal, journalKey } = config;
  const key = journalKey === undefined ? [] : ['--key', path.resolve(journalKey)];
  return [await journalFinding(path.resolve(journal), late, key)];
}

/** `key`: where it is, as the command line is told; nothing where it lies beside the journal. */
export async function journalFinding(
  file: string,
  late: AbortSignal,
  key: readonly string[] = [],
): Promise<Finding> {
  const found = await stat(file).catch(() => null);
  if (found === null) return ok('journal', `${file} is not there yet: the first start makes it.`);
  const program = fileURLToPath(new URL('../../../db/journal-cli.ts', import.meta.url));
  const inTime = AbortSignal.any([late, AbortSignal.timeout(journalReadMs)]);
  const answer = await runProgram(process.execPath, [program, 'verify', file, ...key], inTime);
  if (answer.kind === 'ended' && answer.code === 0) return ok('journal', answer.out.trim());
  if (inTime.aborted) {
    return note(
      'journal',
      `${file} has ${Math.round(found.size / megabyte)} MB: too much to read here to its end.`,
      command(['npm run journal -- verify', file, ...key].join(' ')),
    );
  }
  const said = answer.kind === 'ended' ? answer.err.trim().split('\n') : [];
  const [what = `${file} could not be read.`, ...remedy] = said;
  return fault(
    'journal',
    what,
    deed(remedy.join(' ') || 'See "The journal" in docs/deployment.md.'),
  );
}
