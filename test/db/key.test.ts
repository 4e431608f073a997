import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { newKey } from '../../db/key.ts';
import { readKey, usualKeyFile } from '../../db/key-file.ts';
import { openJournal, openJournalToRead } from '../../db/sqlite-journal.ts';
import { faultOf, journalPath, step, writtenJournal } from './journal-file.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

describe("a journal's key", () => {
  it('is made at the first start, for the station alone', () => {
    const path = journalPath();
    openJournal(path).close();
    expect(statSync(usualKeyFile(path)).mode & 0o777).toBe(0o600);
    expect(readKey(usualKeyFile(path)).publicPem).toContain('BEGIN PUBLIC KEY');
  });

  it('can be kept elsewhere, and is the same at each start', () => {
    const path = journalPath();
    const folder = join(dirname(path), 'keys');
    mkdirSync(folder);
    const keyFile = join(folder, 'journal-key');
    for (const kind of ['credit-unknown', 'credit-done']) {
      const journal = openJournal(path, { keyFile });
      journal.append([step('A-1', kind)]);
      journal.close();
    }
    expect(existsSync(usualKeyFile(path))).toBe(false);
    const reader = openJournalToRead(path, { keyFile });
    expect(reader.verify()).toEqual({ kind: 'whole', rows: 2 });
    reader.close();
  });

  it('that is lost is not replaced: the kiosk takes no money and says what to do', () => {
    const path = writtenJournal();
    rmSync(usualKeyFile(path));
    const fault = faultOf(() => openJournal(path));
    expect(fault.kind).toBe('not-ready');
    expect(fault.message).toContain(`${usualKeyFile(path)} of the journal is missing. Put back`);
    expect(existsSync(usualKeyFile(path))).toBe(false);
  });

  it("that is another journal's is told apart from a row that was changed", () => {
    const path = writtenJournal();
    const id = readKey(usualKeyFile(path)).id;
    const other = newKey();
    writeFileSync(usualKeyFile(path), other.text);
    const reader = openJournalToRead(path);
    for (const fault of [faultOf(() => openJournal(path)), faultOf(() => reader.verify())]) {
      expect(fault.kind).toBe('not-ready');
      expect(fault.message).toContain(
        `written with the key ${id}, and was given the key ${other.id}`,
      );
    }
    reader.close();
  });

  it.each([0o640, 0o604, 0o666])(
    'that others may read (%o) is refused, with the command',
    (mode) => {
      const path = writtenJournal();
      chmodSync(usualKeyFile(path), mode);
      const fault = faultOf(() => openJournal(path));
      expect(fault.kind).toBe('not-ready');
      expect(fault.message).toContain(`chmod 600 ${usualKeyFile(path)}`);
    },
  );

  it('may show the bits of its group where systemd hands it over', () => {
    const path = journalPath();
    const handedOver = join(dirname(path), 'credentials');
    mkdirSync(handedOver);
    const keyFile = join(handedOver, 'journal-key');
    writeFileSync(keyFile, newKey().text, { mode: 0o440 });
    expect(faultOf(() => openJournal(path, { keyFile })).message).toContain('chmod 600');
    vi.stubEnv('CREDENTIALS_DIRECTORY', handedOver);
    openJournal(path, { keyFile }).close();
    chmodSync(keyFile, 0o444);
    expect(faultOf(() => openJournal(path, { keyFile })).message).toContain('chmod 600');
  });

  it.each([
    ['cut off', (text: string) => text.slice(0, 150)],
    ['empty', () => ''],
    ['no key', () => '{"rows":"AAAA","signatures":"AAAA"}'],
    ['a list', () => '[]'],
  ])('that is %s is named, and nothing of it is quoted', (_, spoil) => {
    const path = writtenJournal();
    const text = readFileSync(usualKeyFile(path), 'utf8');
    writeFileSync(usualKeyFile(path), spoil(text));
    const fault = faultOf(() => openJournal(path));
    expect(fault.kind).toBe('not-ready');
    expect(fault.message).toContain(`${usualKeyFile(path)} is no key of a journal`);
    const held: { rows: string } = JSON.parse(text);
    expect(inspect(fault, { depth: 9 })).not.toContain(held.rows.slice(0, 8));
  });

  it('that is a folder, or is to be in a folder that is missing, is named', () => {
    const path = journalPath();
    const folder = dirname(path);
    expect(faultOf(() => openJournal(path, { keyFile: folder })).message).toContain('not a file');
    const keyFile = join(folder, 'missing', 'key');
    expect(faultOf(() => openJournal(path, { keyFile })).message).toContain(
      'folder does not exist',
    );
    expect(existsSync(path), 'a journal without its key').toBe(false);
    openJournal(path).close();
  });

  it('shows nothing of itself to whoever prints it', () => {
    const key = newKey();
    const { rows, signatures }: { rows: string; signatures: string } = JSON.parse(key.text);
    const printed = inspect(key, { depth: 9, showHidden: true }) + JSON.stringify(key);
    expect(printed).not.toContain(rows.slice(0, 8));
    expect(printed).not.toContain(Buffer.from(rows, 'base64').toString('hex').slice(0, 8));
    expect(printed).not.toContain(signatures.slice(-12));
  });
});

describe('whoever only lists rows', () => {
  it('needs no key', () => {
    const path = writtenJournal();
    rmSync(usualKeyFile(path));
    const reader = openJournalToRead(path);
    expect(reader.rows(0, 100)).toHaveLength(22);
    expect(faultOf(() => reader.verify()).kind).toBe('not-ready');
    reader.close();
  });
});
