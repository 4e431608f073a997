import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { openJournal } from '../../db/sqlite-journal.ts';
import { printerProfiles } from '../../hardware/printer/profile.ts';
import type { PcscSurvey } from '../../hardware/reader/pcsc-survey.ts';
import { compiledFinding, readerFinding } from '../../main/shell/doctor/card-reader.ts';
import { clockFinding, zoneFinding } from '../../main/shell/doctor/clock.ts';
import type { Finding } from '../../main/shell/doctor/finding.ts';
import { fontsIn, receiptFonts } from '../../main/shell/doctor/fonts.ts';
import { diskFindings, journalFinding, spaceFinding } from '../../main/shell/doctor/journal.ts';
import { lockerOf } from '../../main/shell/doctor/lock-holder.ts';
import { nodeFinding } from '../../main/shell/doctor/program.ts';
import { reach } from '../../main/shell/doctor/reach.ts';
import { printerFindings } from '../../main/shell/doctor/receipt-printer.ts';
import { configuredPort, isKiosk, listSerialPorts } from '../../main/shell/doctor/serial-ports.ts';
import { type PcscdTraces, smartCardService } from '../../main/shell/doctor/smart-card-service.ts';

const world = mkdtempSync(path.join(tmpdir(), 'addvalue-world-'));
afterAll(() => rmSync(world, { recursive: true }));

let places = 0;
function newFolder(): string {
  places += 1;
  const folder = path.join(world, String(places));
  mkdirSync(folder);
  return folder;
}

const never = new AbortController().signal;

/** A compiled part that loads here, whatever it is for. */
function nativePart(): string {
  const folder = path.dirname(
    createRequire(import.meta.url).resolve('better-sqlite3/package.json'),
  );
  return path.join(folder, `prebuilds/${process.platform}-${process.arch}.node`);
}

/** "fault: It is not installed. / apt install pcscd" */
function said({ verdict, found, remedy }: Finding): string {
  const steps = remedy.map((step) => ('deed' in step ? step.deed : step.command));
  return [`${verdict}: ${found}`, ...steps].join(' / ').replaceAll('sudo ', '');
}

describe('pcscd', () => {
  const there: PcscdTraces = {
    hasLibrary: true,
    isInstalled: true,
    pid: 71,
    asksPolkit: false,
    hasSystemd: true,
    user: 'kiosk',
    isAtScreen: false,
  };
  const noService: PcscSurvey = { kind: 'no-service', code: 'NoService' };
  const up: PcscSurvey = { kind: 'up', readers: [] };
  const toldOf = (survey: PcscSurvey, traces: Partial<PcscdTraces>) =>
    smartCardService(survey, { ...there, ...traces }).map(said);

  test('that is not installed is named as a package', () => {
    expect(toldOf(noService, { isInstalled: false, pid: null })).toEqual([
      'fault: It is not installed. / apt install pcscd',
    ]);
  });

  test('that is not running is started through its socket', () => {
    expect(toldOf(noService, { pid: null })).toEqual([
      'fault: It is installed, but not running. / systemctl enable --now pcscd.socket',
    ]);
    expect(toldOf(noService, { pid: null, hasSystemd: false })).toEqual([
      'fault: It is installed, but not running. / service pcscd start',
    ]);
  });

  test('that turns a user away is given a rule for polkit, whatever it says to them', () => {
    for (const [code, asksPolkit] of [
      ['SecurityViolation', false],
      ['NoService', true],
    ] as const) {
      const [line = ''] = toldOf({ kind: 'no-service', code }, { asksPolkit });
      expect(line).toMatch(/does not let in kiosk.*sed s\/USER\/kiosk\/ .*pcscd[.]rules > \/etc/);
    }
  });

  test('that lets a person in at a screen may still turn a unit away', () => {
    expect(toldOf(up, {})).toEqual(['ok: Runs and answers.']);
    expect(toldOf(up, { asksPolkit: true })).toEqual(['ok: Runs and answers.']);
    const [line = ''] = toldOf(up, { asksPolkit: true, isAtScreen: true });
    expect(line).toMatch(/^note: .*50-addvalue[.]rules/);
  });

  test('is not blamed where only the package in front of it does not load', () => {
    expect(toldOf({ kind: 'no-library', detail: 'wrong processor' }, {})).toEqual([
      'fault: pcsc-mini does not load (wrong processor). / npm ci',
    ]);
  });
});

describe('the card reader', () => {
  const readers = (...names: string[]): PcscSurvey => ({
    kind: 'up',
    readers: names.map((name) => ({ name, cardPresent: name.endsWith('01') })),
  });

  test('is named, with the card in it', () => {
    expect(said(readerFinding(readers('ACS 00 00', 'ACS 00 01'), null))).toBe(
      'ok: "ACS 00 00", "ACS 00 01" (with a card in it).',
    );
  });

  test('that is not there at all may lack its cable or its driver', () => {
    const line = said(readerFinding(readers(), 'ACS'));
    expect(line).toMatch(/^fault: There is none[.] .*lsusb .*apt install libccid libacsccid1$/);
  });

  test('that the pattern does not fit comes with a pattern that does', () => {
    const name = 'ACS ACR1252 Dual Reader [PICC] (1.00) 00 01';
    const line = said(readerFinding(readers(name), 'ACR1281'));
    expect(line).toMatch(/^fault: None has "ACR1281" in its name/);
    const advised: string = JSON.parse(line.match(/such as (".*")[.]$/)?.[1] ?? '""');
    expect(advised).not.toBe('');
    expect(readerFinding(readers(name), advised).verdict).toBe('ok');
  });

  test('whose driver is compiled for no Node, or another one, is told how to compile it', async () => {
    const addon = path.join(newFolder(), 'pcsclite.node');
    const line = said(await compiledFinding(addon, never));
    expect(line).toMatch(/^fault: .*apt install libpcsclite-dev .*npm run rebuild:pcsclite$/);
    writeFileSync(addon, 'compiled for another processor');
    expect((await compiledFinding(addon, never)).verdict).toBe('fault');
    copyFileSync(nativePart(), addon);
    expect(said(await compiledFinding(addon, never))).toBe('ok: Compiled for this Node.');
  });

  test('that is one of several is named, and the others too', () => {
    expect(said(readerFinding(readers('A 00 00', 'A 01 00', 'B 02 00'), '^A'))).toMatch(
      /^note: "\^A" fits 2: "A 00 00" is taken; "A 01 00" only when that is unplugged/,
    );
  });
});

describe('serial ports', () => {
  test('are those with hardware behind them, under the name that stays', async () => {
    const root = newFolder();
    const port = (name: string, type?: string) => {
      const folder = path.join(root, 'sys/class/tty', name);
      mkdirSync(path.join(folder, 'device'), { recursive: true });
      if (type !== undefined) writeFileSync(path.join(folder, 'type'), `${type}\n`);
    };
    port('ttyUSB0');
    port('ttyS0', '4');
    port('ttyS1', '0');
    mkdirSync(path.join(root, 'sys/class/tty/tty1'));
    mkdirSync(path.join(root, 'dev/serial/by-id'), { recursive: true });
    writeFileSync(path.join(root, 'dev/ttyUSB0'), '');
    symlinkSync('../../ttyUSB0', path.join(root, 'dev/serial/by-id/usb-FTDI_A1-if00'));
    expect(await listSerialPorts(root)).toEqual([
      { path: '/dev/ttyS0', byId: null },
      { path: '/dev/ttyUSB0', byId: '/dev/serial/by-id/usb-FTDI_A1-if00' },
    ]);
    expect(await listSerialPorts(newFolder())).toEqual([]);
  });

  test('that are not there come with those that are', async () => {
    const found = [{ path: '/dev/ttyUSB1', byId: '/dev/serial/by-id/usb-x' }];
    const [line] = (await configuredPort('/dev/none-such', found)).map(said);
    expect(line).toMatch(
      /^fault: \/dev\/none-such is not there[.] There is \/dev\/serial\/by-id\/usb-x/,
    );
  });

  test('that are only files are refused', async () => {
    const file = path.join(newFolder(), 'tty');
    writeFileSync(file, '');
    expect((await configuredPort(file, [])).map(said)).toEqual([
      expect.stringMatching(/^fault: .* is no serial port/),
    ]);
  });

  test('held by the kiosk are told from those held by somebody else', () => {
    expect(isKiosk('/opt/addvalue/node_modules/.bin/node main/shell/web/main.ts --config=x')).toBe(
      true,
    );
    expect(isKiosk('/opt/AddValue/addvalue --config=x')).toBe(true);
    expect(isKiosk('minicom -D /dev/serial/by-id/addvalue-printer')).toBe(false);
  });
});

describe('the printer', () => {
  const profile = printerProfiles['big5-80mm'];
  const line = { kind: 'tcp', host: '10.0.0.7', port: 9100 } as const;
  const told = (language: string | null, paperLow = false) =>
    printerFindings(
      { maker: 'ACME', model: 'P1', serial: null, language, paperLow, fault: null },
      { line, profile },
    ).map(said);

  test('with the characters of the configuration is well, also near the end of its roll', () => {
    expect(told('TAIWAN BIG-5', true)).toEqual([
      'ok: ACME P1. It can print.',
      'note: The paper is near its end. / Put in a new roll soon.',
      'ok: It says "TAIWAN BIG-5". Receipts are printed in Taiwan Chinese (Big5).',
    ]);
  });

  test('with others is told a profile that would do', () => {
    expect(told('CHINA GB2312')[1]).toMatch(/^fault: .*unreadable.*"80mm" or "gb18030-80mm"[.]$/);
    expect(told('KANJI JAPANESE')[1]).toMatch(/^fault: .*"80mm" or "western-80mm"[.]$/);
  });

  test('that does not say which it has is to be tried', () => {
    expect(told(null)[1]).toMatch(/^note: .*self-test/);
  });
});

describe('the clock', () => {
  const nowMs = Date.UTC(2026, 10, 21, 17, 24);
  const dayMs = 86_400_000;
  const facts = { nowMs, installedMs: nowMs - dayMs, newestRowMs: null, isKept: true };

  test('that is kept in step is well; one that is left alone is worth knowing', () => {
    expect(said(clockFinding(facts))).toBe(
      'ok: 2026-11-21 17:24 UTC, kept in step over the network.',
    );
    expect(clockFinding({ ...facts, isKept: false }).verdict).toBe('note');
    expect(clockFinding({ ...facts, isKept: null }).verdict).toBe('note');
  });

  test('that says a time before what has happened already is at fault', () => {
    expect(said(clockFinding({ ...facts, newestRowMs: nowMs + dayMs }))).toMatch(
      /^fault: It says 2026-11-21 17:24 UTC, but the journal was last written at 2026-11-22/,
    );
    expect(said(clockFinding({ ...facts, installedMs: nowMs + dayMs }))).toMatch(
      /^fault: .*installed at 2026-11-22 .*timedatectl set-ntp true/,
    );
  });

  test('in no zone of its own is asked about', () => {
    expect(zoneFinding('UTC').verdict).toBe('note');
    expect(said(zoneFinding('Asia/Taipei'))).toContain('ok: Asia/Taipei');
  });
});

describe('the disk and the journal', () => {
  test('a disk with little room is said before it is full', () => {
    expect(spaceFinding('/j', 100).verdict).toBe('fault');
    expect(spaceFinding('/j', 1_000).verdict).toBe('note');
    expect(said(spaceFinding('/j', 83_000))).toBe('ok: 83 GB free where /j lies.');
  });

  test('a folder that is not there is to be made', async () => {
    const [finding] = await diskFindings(path.join(world, 'none'), true);
    expect(finding && said(finding)).toMatch(/^fault: .*is not there[.] .* install -d -o \S+ \//);
  });

  test.each([
    ['root', 'addvalue'],
    ['kiosk', 'kiosk'],
  ])('the folder that %s is told to make belongs to %s, who writes in it', async (user, owner) => {
    const [finding] = await diskFindings('/none/j', true, user);
    expect(finding && said(finding)).toContain(`install -d -o ${owner} /none/j`);
    const manual = readFileSync(new URL('../../docs/deployment.md', import.meta.url), 'utf8');
    expect(manual).toContain('User=addvalue');
  });

  test('a journal is read row by row; one that is damaged or gone is said to be', async () => {
    const file = path.join(newFolder(), 'journal.sqlite');
    expect((await journalFinding(file, never)).verdict).toBe('ok');
    const journal = openJournal(file);
    journal.append([{ wallMs: 0, kind: 'tried', attempt: 'A1', settled: true, body: '{}' }]);
    expect((await lockerOf(`${file}-writer`))?.pid).toBe(process.pid);
    journal.close();
    expect(await lockerOf(`${file}-writer`)).toBe(null);
    expect(said(await journalFinding(file, never))).toMatch(/^ok: .* is whole: 1 rows/);
    const bytes = readFileSync(file);
    writeFileSync(file, Buffer.from(bytes.toString('latin1').replace('tried', 'tired'), 'latin1'));
    expect(said(await journalFinding(file, never))).toMatch(
      /^fault: .*Row 1: .* \/ Stop the kiosk/,
    );
    truncateSync(file, 0);
    expect(said(await journalFinding(file, never))).toMatch(
      /^fault: .* is broken\. Row 1: it cannot be read/,
    );
  }, 30_000);

  test('a journal that takes too long is left to its own command', async () => {
    const file = path.join(newFolder(), 'journal.sqlite');
    writeFileSync(file, Buffer.alloc(2_000_000));
    expect(said(await journalFinding(file, AbortSignal.abort()))).toMatch(
      /^note: .*2 MB: too much to read here to its end[.] \/ npm run journal -- verify/,
    );
  });
});

describe('fonts', () => {
  test('that a style sheet names are there and are fonts', async () => {
    const folder = newFolder();
    const assets = path.join(folder, 'assets');
    mkdirSync(assets);
    writeFileSync(path.join(folder, 'index.html'), '');
    const sheet = '@font-face{src:url(./a.woff2)format("woff2")}@font-face{src:url("b.woff2")}';
    writeFileSync(path.join(assets, 'kiosk.css'), sheet);
    // The header of a font that is no longer than it: what it is, what it holds, and its length.
    const font = Buffer.concat([Buffer.from('wOF2\0\u0001\0\0'), Buffer.of(0, 0, 0, 12)]);
    writeFileSync(path.join(assets, 'a.woff2'), font);
    expect(said(await fontsIn(folder))).toMatch(
      /^fault: 1 of 2 are missing or damaged, b[.]woff2 .*npm ci/,
    );
    writeFileSync(path.join(assets, 'b.woff2'), '<html>not found</html>');
    expect((await fontsIn(folder)).verdict).toBe('fault');
    writeFileSync(path.join(assets, 'b.woff2'), Buffer.concat([font, Buffer.of(0)]));
    expect((await fontsIn(folder)).verdict).toBe('fault');
    writeFileSync(path.join(assets, 'b.woff2'), font);
    expect(said(await fontsIn(folder))).toMatch(/^ok: 2 files/);
  });

  test('for receipts are tried by drawing with them', async () => {
    const tried = { en: 'é', 'zh-Hans': '园', 'zh-Hant': '園' };
    expect((await receiptFonts(tried)).verdict).toBe('ok');
    const noCharacter = String.fromCodePoint(0x10fffd);
    expect(said(await receiptFonts({ ...tried, 'zh-Hant': noCharacter }))).toMatch(
      /^fault: .* cannot be drawn[.] \/ npm ci/,
    );
  });

  test('are not looked for where the screens are not built yet', async () => {
    expect(said(await fontsIn(newFolder()))).toMatch(/^note: They are not built.*vite build/);
  });
});

describe('on the network', () => {
  test('whoever listens is reached, and told nothing', async () => {
    const heard: Buffer[] = [];
    const server = createServer((socket) => socket.on('data', (bytes) => heard.push(bytes)));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    expect(await reach('127.0.0.1', port, never)).toBe(null);
    await new Promise((resolve) => server.close(resolve));
    expect(heard).toEqual([]);
    expect(await reach('127.0.0.1', port, never)).toMatchObject({
      why: 'is there, but nothing listens on that port',
    });
  });
});

test('a Node that the program does not run on is named, with the one that it needs', () => {
  expect(nodeFinding('v24.21.0').verdict).toBe('ok');
  expect(said(nodeFinding('v20.11.1'))).toMatch(/^fault: 20[.]11[.]1 .*runs on Node 24.*npm ci$/);
});
