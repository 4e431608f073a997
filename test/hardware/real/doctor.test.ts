import { execFile, spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSerialLine } from '../../../hardware/line/serialport.ts';
import { SimulatedPrinter } from '../../../hardware/printer/simulated.ts';
import { Pcscd } from '../../../hardware/rig/virtual/pcscd.ts';
import { SerialCable } from '../../../hardware/rig/virtual/serial-cable.ts';
import { insertCard } from '../../../hardware/rig/virtual/vpcd-card.ts';
import { systemClock } from '../../../main/runtime/clock.ts';
import type { Finding } from '../../../main/shell/doctor/finding.ts';
import { issueSam } from '../sam/card-slot.ts';
import { StationFiles } from '../sam/remote-station.ts';

const checkout = fileURLToPath(new URL('../../..', import.meta.url));
const doctor = join(checkout, 'main/shell/doctor/doctor.ts');

const asNobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];
/** Without root there is only one user, and a checkout in root's own folder is closed to others. */
const canNobodyRun =
  spawnSync('setpriv', [...asNobody.slice(1), 'test', '-r', doctor]).status === 0;

const pcscd = new Pcscd();
let cable: SerialCable;
let terminal: Server;
let folder: string;
let files: StationFiles;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'addvalue-doctor-'));
  files = new StationFiles();
  cable = await SerialCable.make();
  terminal = createServer((socket) => socket.resume());
  await new Promise<void>((resolve) => terminal.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  await pcscd.kill();
  await cable.dispose();
  terminal.close();
  files.remove();
  rmSync(folder, { recursive: true });
});

type Devices = {
  reader: { driver: string; pattern: string };
  printer: { line: { path: string; baudRate: number }; profile: string };
  terminals: { line: { host: string; port: number } }[];
  sams: [
    { reader: { pattern: string } },
    {
      host: string;
      port: number;
      caFile: string;
      certificateFile: string;
      privateKeyFile: string;
    },
  ];
};

/** The station that the manual shows, with these wires. */
function configured(change: (devices: Devices) => void = () => {}): string {
  const manual = readFileSync(join(checkout, 'docs/configuration.md'), 'utf8');
  const [, example = ''] = manual.match(/```json\n([\s\S]*?)```/) ?? [];
  const config = JSON.parse(example) as { journal: string; devices: Devices };
  config.journal = join(folder, 'journal.sqlite');
  config.devices.reader.pattern = 'PCD 00 00$';
  config.devices.printer.line = { ...config.devices.printer.line, path: cable.path };
  const address = terminal.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  const [samCard, samHost] = config.devices.sams;
  samCard.reader.pattern = 'PCD 00 01$';
  const { caFile, certificateFile, privateKeyFile } = files;
  Object.assign(samHost, { host: '127.0.0.1', port, caFile, certificateFile, privateKeyFile });
  for (const { line } of config.devices.terminals) Object.assign(line, { host: '127.0.0.1', port });
  change(config.devices);
  const file = join(folder, 'station.json');
  writeFileSync(file, JSON.stringify(config));
  return file;
}

type Report = { readonly code: number | null; readonly findings: readonly Finding[] };

/** What the doctor says, run through `before`: a command line to its left. */
function examined(config: string, before: readonly string[] = []): Promise<Report> {
  const [file = '', ...args] = [...before, process.execPath, doctor, '--json', '--config', config];
  return new Promise((resolve, reject) => {
    const child = execFile(file, args, { encoding: 'utf8' }, (_error, out, err) => {
      if (out === '') reject(new Error(err));
      else resolve({ code: child.exitCode, findings: JSON.parse(out).findings });
    });
  });
}

/** "fault: It is not installed. / apt install pcscd", for each finding about this. */
function about(what: string, { findings }: Report): string[] {
  return findings
    .filter((finding) => finding.examined === what)
    .map(({ verdict, found, remedy }) => {
      const steps = remedy.map((step) => ('deed' in step ? step.deed : step.command));
      return [`${verdict}: ${found}`, ...steps].join(' / ');
    });
}

function groupNumber(name: string): number {
  const groups = readFileSync('/etc/group', 'utf8');
  return Number(groups.match(new RegExp(`^${name}:[^:]*:(\\d+):`, 'm'))?.[1]);
}

function plugPrinter(options: { encoding?: { kind: 'big5' } } = {}): SimulatedPrinter {
  return new SimulatedPrinter({
    clock: systemClock,
    far: { listen: (onBytes) => cable.listen(onBytes), send: (bytes) => cable.send(bytes) },
    ...options,
  });
}

describe('a station on which everything is well', () => {
  it('has no fault, and nothing was printed to find that out', async () => {
    await pcscd.start();
    const printer = plugPrinter();
    const sam = await insertCard(issueSam(), 1);
    const report = await examined(configured());
    await sam.pull();
    // A computer that only runs tests may have no browser.
    const faults = report.findings.filter(({ verdict }) => verdict === 'fault');
    expect(faults.filter((finding) => finding.examined !== 'Chromium')).toEqual([]);
    expect(report.code).toBe(faults.length === 0 ? 0 : 1);
    expect(about('pcscd', report)).toEqual(['ok: Runs and answers.']);
    expect(about('card reader', report)).toEqual(['ok: "Virtual PCD 00 00".']);
    expect(about('load authority', report)).toEqual([
      'ok: A card for pboc cards lies in "Virtual PCD 00 01". It was not spoken to.',
      expect.stringMatching(/^ok: 127[.]0[.]0[.]1:\d+, for desfire cards, can be reached/),
    ]);
    expect(about('printer', report)).toEqual([
      'ok: ADDVALUE SIMULATED-80, serial number 00000001. It can print.',
    ]);
    expect(about('characters', report)).toEqual([
      'ok: It says "CHINA GB18030". Receipts are printed in mainland Chinese (GB18030).',
    ]);
    expect(about('serial port', report)).toEqual([
      `ok: ${cable.path} is there, free, and can be opened.`,
    ]);
    expect(about('bank-card', report)[0]).toMatch(/^ok: .* No more was tried/);
    expect(printer.slips).toEqual([]);
    expect(printer.hanging.items).toEqual([]);
    expect(printer.protocolErrors).toEqual([]);
  });
});

describe('a station whose load authorities are away', () => {
  it('is told which slot is empty, which family has none, and which file is missing', async () => {
    await pcscd.start();
    rmSync(files.caFile);
    const left = await examined(configured());
    expect(left.code).toBe(1);
    expect(about('load authority', left)).toEqual([
      expect.stringMatching(/^fault: There is no card for pboc cards in "Virtual PCD 00 01"[.]/),
      expect.stringMatching(/^fault: For desfire cards: .*ca[.]pem cannot be read/),
    ]);
    const none = await examined(configured((devices) => Object.assign(devices, { sams: [] })));
    expect(about('load authority', none)).toEqual([
      expect.stringMatching(/^fault: None is configured for pboc cards/),
      expect.stringMatching(/^fault: None is configured for desfire cards/),
    ]);
  });
});

describe('a computer on which cards cannot be read', () => {
  beforeEach(() => {
    plugPrinter();
  });

  it('because pcscd is not installed, is told the package', async () => {
    const hidden = 'mount --bind /dev/null "$(command -v pcscd)"; exec "$@"';
    const report = await examined(configured(), ['unshare', '--mount', 'sh', '-euc', hidden, 'sh']);
    expect(report.code).toBe(1);
    expect(about('pcscd', report)).toEqual([
      expect.stringMatching(/^fault: It is not installed. \/ (sudo )?apt install pcscd$/),
    ]);
  });

  it('because neither pcscd nor its library is installed, is told both packages', async () => {
    const hidden = [
      'library=$(ldconfig -p | grep -o "/.*libpcsclite.so.1$" | head -n 1)',
      'mount --bind /dev/null "$(readlink -f "$library")"',
      'mount --bind /dev/null "$(command -v pcscd)"',
      'exec "$@"',
    ].join('\n');
    const report = await examined(configured(), ['unshare', '--mount', 'sh', '-euc', hidden, 'sh']);
    expect(report.code).toBe(1);
    expect(about('PC/SC library', report)).toEqual([
      expect.stringMatching(/^fault: It is not installed. .*apt install libpcsclite1$/),
    ]);
    expect(about('pcscd', report)).toEqual([expect.stringMatching(/apt install pcscd$/)]);
  });

  it('because pcscd was killed, is told how to start it', async () => {
    await pcscd.start();
    await pcscd.kill();
    const report = await examined(configured());
    expect(report.code).toBe(1);
    expect(about('pcscd', report)).toEqual([
      expect.stringMatching(
        /^fault: It is installed, but not running. \/ .*(systemctl enable --now pcscd.socket|service pcscd start)$/,
      ),
    ]);
  });

  it('because pcscd hangs, is told to restart it, and everything else is examined all the same', async () => {
    await pcscd.start();
    pcscd.suspend();
    const report = await examined(configured());
    expect(report.code).toBe(1);
    expect(about('pcscd', report)).toEqual([
      expect.stringMatching(/^fault: It runs \(process \d+\), but hangs.* restart/),
    ]);
    expect(about('card reader', report)).toEqual(['note: Not looked for: pcscd comes first.']);
    expect(about('printer', report)).toEqual([expect.stringMatching(/^ok: /)]);
  });

  it('because pcsclite is to drive the reader and is not compiled, is told how to compile it', async () => {
    const config = configured(({ reader }) => {
      reader.driver = 'pcsclite';
    });
    const addon = join(checkout, 'node_modules/pcsclite/build/Release/pcsclite.node');
    const hidden = `test ! -e ${addon} || mount --bind /dev/null ${addon}; exec "$@"`;
    const report = await examined(config, ['unshare', '--mount', 'sh', '-euc', hidden, 'sh']);
    expect(report.code).toBe(1);
    expect(about('pcsclite', report)).toEqual([
      expect.stringMatching(/^fault: .*not compiled.*npm run rebuild:pcsclite$/),
    ]);
    if (existsSync(addon)) {
      expect(about('pcsclite', await examined(config))).toEqual(['ok: Compiled for this Node.']);
    }
  });

  it('because the configuration names another reader, is told what is there', async () => {
    await pcscd.start();
    const report = await examined(
      configured(({ reader }) => {
        reader.pattern = 'ACR1252';
      }),
    );
    expect(report.code).toBe(1);
    expect(about('card reader', report)).toEqual([
      'fault: None has "ACR1252" in its name. There is "Virtual PCD 00 00", "Virtual PCD 00 01". / ' +
        'Plug in the right one, or set "devices.reader.pattern" to a part of its name, such as "Virtual PCD".',
    ]);
  });
});

describe('a printer that would not print', () => {
  it('for want of paper, is said to have none', async () => {
    plugPrinter().trouble('paper-out');
    const report = await examined(configured());
    expect(report.code).toBe(1);
    expect(about('printer', report)).toEqual([
      'fault: It has no paper. / Put in a roll, and close the cover.',
    ]);
  });

  it('readably, is told the profile that fits its characters', async () => {
    plugPrinter({ encoding: { kind: 'big5' } });
    const report = await examined(configured());
    expect(report.code).toBe(1);
    expect(about('characters', report)).toEqual([
      'fault: It says "TAIWAN BIG-5", but receipts are printed in mainland Chinese (GB18030): they would be unreadable. / ' +
        'Set "devices.printer.profile" to "80mm" or "big5-80mm".',
    ]);
  });

  it('because nothing answers, has its power, its cable and its speed looked at', async () => {
    const [said = ''] = about('printer', await examined(configured()));
    expect(said).toMatch(/^fault: Nothing answers at .*, 38400 baud/);
    expect(said).toContain('power');
    expect(said).toContain('cable');
    expect(said).toContain('baud rate');
  });

  it('because another program has its port, is not disturbed, and the program is named', async () => {
    const printer = plugPrinter();
    const line = createSerialLine({ path: cable.path, baudRate: 38_400, clock: systemClock });
    await new Promise<void>((onOpen) => {
      line.watch({ onOpen, onBytes: () => {}, onLost: () => {} });
    });
    const report = await examined(configured());
    await line.close();
    expect(about('serial port', report)).toEqual([
      expect.stringMatching(new RegExp(`^fault: .* is in use by process ${process.pid} \\(`)),
    ]);
    expect(about('printer', report)).toEqual([expect.stringMatching(/^note: Not asked: process/)]);
    expect(printer.protocolErrors).toEqual([]);
  });

  it.runIf(canNobodyRun)(
    'because the user may not open its port, is left alone, and the group is named',
    async () => {
      chmodSync(folder, 0o755);
      chmodSync(dirname(cable.path), 0o755);
      const port = realpathSync(cable.path);
      // As udev sets up a serial port on Debian, and as it is without udev.
      chownSync(port, 0, groupNumber('dialout'));
      chmodSync(port, 0o660);
      const report = await examined(configured(), asNobody);
      expect(report.code).toBe(1);
      expect(about('user', report)).toEqual(['ok: nobody.']);
      expect(about('serial access', report)).toEqual([
        `fault: nobody may not open ${cable.path}: that is for the group dialout. / ` +
          'sudo usermod -aG dialout nobody / Then log out and in again.',
      ]);
      expect(about('printer', report)).toEqual(['note: Not asked: its port may not be opened.']);
      chownSync(port, 0, 0);
      const [said = ''] = about('serial access', await examined(configured(), asNobody));
      expect(said).toContain(`sudo chgrp dialout ${cable.path}`);
      expect(said).not.toContain('usermod -aG root');
    },
  );

  it('because its cable is out, is said to have no port', async () => {
    await cable.unplug();
    const report = await examined(configured());
    expect(about('serial port', report)).toEqual([
      expect.stringMatching(/^fault: .*tty is not there/),
    ]);
  });
});
