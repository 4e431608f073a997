import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, describe, expect, test } from 'vitest';
import { conduct, type Examination } from '../../main/shell/doctor/conduct.ts';
import { command, deed, type Finding, fault, note, ok } from '../../main/shell/doctor/finding.ts';
import type { Patient } from '../../main/shell/doctor/patient.ts';
import { findingText, reportJson, summaryText } from '../../main/shell/doctor/report.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const doctor = fileURLToPath(new URL('../../main/shell/doctor/doctor.ts', import.meta.url));
const folder = mkdtempSync(path.join(tmpdir(), 'addvalue-doctor-'));
afterAll(() => rmSync(folder, { recursive: true }));

type Ran = { readonly code: number | null; readonly out: string; readonly err: string };

function run(...args: readonly string[]): Promise<Ran> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [doctor, ...args], (_error, out, err) =>
      resolve({ code: child.exitCode, out, err }),
    );
  });
}

describe('npm run doctor', () => {
  test('tells a wrong command line how it is used, and examines nothing', () => {
    const ran = spawnSync(process.execPath, [doctor, '--confg', 'x'], { encoding: 'utf8' });
    expect(ran.status).toBe(2);
    expect(ran.stdout).toBe('');
    expect(ran.stderr).toContain('--config FILE');
  });

  test('tells whoever asks how it is used, and examines nothing', () => {
    for (const ask of ['--help', '-h']) {
      const ran = spawnSync(process.execPath, [doctor, ask], { encoding: 'utf8' });
      expect([ran.status, ran.stderr]).toEqual([0, '']);
      expect(ran.stdout).toMatch(/^npm run doctor \[.*\]\n\n {2}--config FILE/);
    }
  });

  test('repeats each problem of a wrong configuration, and examines the rest without it', async () => {
    const file = path.join(folder, 'wrong.json');
    const manual = readFileSync(new URL('../../docs/configuration.md', import.meta.url), 'utf8');
    const [, example = ''] = manual.match(/```json\n([\s\S]*?)```/) ?? [];
    writeFileSync(
      file,
      example.replace('"terminalId": "0000000000A1"', '"terminalId": "A1", "colour": "red"'),
    );
    const { code, out } = await run('--config', file, '--json');
    const { ok: isWell, config, findings } = JSON.parse(out);
    expect({ code, isWell, config }).toEqual({ code: 1, isWell: false, config: file });
    expect(findings[0]).toEqual({
      verdict: 'fault',
      examined: 'configuration',
      found: `${file}: "terminalId" is wrong: it must be 12 hex digits, like "0000000000A1".`,
      remedy: [{ deed: 'Correct it (docs/configuration.md).' }],
    });
    expect(findings[1].found).toContain('"colour" is not a known key');
    expect(findings.map(({ examined }: { examined: string }) => examined)).toContain('clock');
  }, 30_000);

  test('reads well on 80 columns, and says nothing by colour', async () => {
    const { out } = await run();
    const lines = out.split('\n');
    expect(lines.filter((line) => line.length > 80 && !line.trim().startsWith('$'))).toEqual([]);
    expect(lines.filter((line) => line.includes('\u001b'))).toEqual([]);
    expect(lines[0]).toMatch(/^note {3}configuration {3}None was given/);
    expect(out).toMatch(/^(ok {5}|note {3}|fault {2})Node {12}\S/m);
    expect(lines.at(-2)).toMatch(/Nothing is at fault|run this again/);
  }, 30_000);
});

describe('one examination', () => {
  const clock = new VirtualClock();
  const patient: Patient = {
    configFile: null,
    config: null,
    kiosk: null,
    pcsc: async () => ({ kind: 'silent' }),
    clock,
  };
  const examination = (name: string, examine: Examination['examine']): Examination => ({
    name,
    deadlineMs: 5_000,
    examine,
  });

  test('that hangs, fails or lacks a package costs its own line, and the order stays', async () => {
    let wasEnded = false;
    const answers = conduct(
      [
        [
          examination('hangs', async (_patient, late) => {
            late.addEventListener('abort', () => {
              wasEnded = true;
            });
            return new Promise(() => {});
          }),
        ],
        [examination('works', async () => [ok('works', 'Well.')])],
        [
          examination('throws', () => {
            throw new Error('no such thing\n    at somewhere');
          }),
        ],
        [
          examination('lacks', async () => {
            const error = new Error("Cannot find package 'zod'");
            throw Object.assign(error, { code: 'ERR_MODULE_NOT_FOUND' });
          }),
        ],
      ],
      patient,
    );
    await clock.advance(5_000);
    expect((await Promise.all(answers)).flat()).toEqual([
      fault(
        'hangs',
        'Not examined: it did not answer within 5 s.',
        deed('Run this again. If it is the same, start the computer again.'),
      ),
      ok('works', 'Well.'),
      fault('throws', 'Not examined: no such thing.', deed('Report this line.')),
      fault(
        'lacks',
        "Not examined: a package is missing (Cannot find package 'zod').",
        command('npm ci'),
      ),
    ]);
    expect(wasEnded).toBe(true);
  });

  test('waits for the one before it on the same wire, also where that one hangs', async () => {
    const order: string[] = [];
    const [first, second] = conduct(
      [
        [
          examination('first', async () => {
            order.push('first');
            return new Promise(() => {});
          }),
          examination('second', async () => {
            order.push('second');
            return [];
          }),
        ],
      ],
      patient,
    );
    await clock.settle();
    expect(order).toEqual(['first']);
    await clock.advance(5_000);
    await Promise.all([first, second]);
    expect(order).toEqual(['first', 'second']);
  });
});

describe('a line', () => {
  const text = (finding: Finding) => stripVTControlCharacters(findingText(finding, process.stdout));

  test('keeps a command whole, so that it can be copied', () => {
    const long = `sudo ${'x'.repeat(90)} y`;
    expect(text(note('this', 'That is so.', command('npm ci'), command(long)))).toBe(
      [
        'note   this            That is so.',
        '                       $ npm ci',
        `       $ ${long}`,
        '',
      ].join('\n'),
    );
  });

  test('lets no name of a device write to the terminal', () => {
    const line = text(ok('card reader', 'A\u001b[2J\u0007B\u202e.'));
    expect(line).toContain('A?[2J?B?.');
  });

  test('for monitoring makes a station ill only where it is a fault', () => {
    const where = { host: 'kiosk-7', version: '1.0.0', configFile: null };
    const worth = [ok('a', 'x'), note('b', 'x')];
    expect(JSON.parse(reportJson(worth, where, 0))).toMatchObject({
      host: 'kiosk-7',
      at: '1970-01-01T00:00:00.000Z',
      ok: true,
      findings: worth,
    });
    const ill = [...worth, fault('c', 'x', deed('y'))];
    expect(JSON.parse(reportJson(ill, where, 0)).ok).toBe(false);
  });

  test('at the end names what is at fault', () => {
    expect(summaryText([ok('a', 'x'), note('b', 'x')])).toBe('\nNothing is at fault.\n');
    const faults = [fault('pcscd', 'x', deed('y')), fault('clock', 'x', deed('y'))];
    expect(summaryText(faults)).toContain('2 faults: pcscd, clock.');
  });
});
