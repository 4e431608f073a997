import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { optionsText, readOptions, readProductionOptions } from '../../main/shell/options.ts';

const nothing = {
  configFile: null,
  journalFile: null,
  shell: null,
  station: null,
  port: null,
  dev: false,
};

describe('the command line', () => {
  test('may be empty', () => {
    expect(readOptions([])).toEqual({ kind: 'done', options: nothing });
  });

  test('names the configuration, the journal, the shell and the port', () => {
    const args = ['--config', 'a.json', '--journal=b.sqlite', '--shell', 'web', '--port', '0'];
    expect(readOptions(args)).toMatchObject({
      options: { configFile: 'a.json', journalFile: 'b.sqlite', shell: 'web', port: 0 },
    });
  });

  test.each(['simulated', 'virtual'] as const)('asks for the %s station', (station) => {
    expect(readOptions(['--station', station])).toMatchObject({ options: { station } });
  });

  test.each([
    [['--confg', 'a.json'], '--confg'],
    [['--shell', 'gtk'], 'must be electron or web'],
    [['--station', 'real'], '--station real: must be simulated or virtual'],
    [['--station', 'virtual', '--shell', 'electron'], 'is shown in a browser'],
    [['--port', 'http'], 'must be a TCP port'],
    [['--port', '65536'], 'must be a TCP port'],
    [['station.json'], 'station.json'],
  ])('%j is refused in words', (args, words) => {
    const answer = readOptions(args);
    expect(answer.kind === 'refused' && answer.why).toContain(words);
  });

  test("among Chromium's switches ours are found", () => {
    const args = ['main.js', '--remote-debugging-port=0', '--config=a.json', '--inspect=0', 'x'];
    const answer = readOptions(args, 'own-among-others');
    expect(answer).toEqual({ kind: 'done', options: { ...nothing, configFile: 'a.json' } });
  });

  test('is handed on to another process as it was', () => {
    const options = { ...nothing, configFile: 'a b.json', journalFile: 'j', port: 1 };
    expect(readOptions(optionsText(options))).toEqual({ kind: 'done', options });
  });
});

describe('a station with real devices', () => {
  test.each(['simulated', 'virtual'])('is not the %s one that was asked for', (station) => {
    for (const among of ['own', 'own-among-others'] as const) {
      const answer = readProductionOptions(['--config=a.json', `--station=${station}`], among);
      expect(answer).toMatchObject({
        kind: 'refused',
        why: expect.stringContaining(`npm start -- --station ${station}`),
      });
    }
    expect(readProductionOptions(['--config=a.json'])).toEqual(readOptions(['--config=a.json']));
  });

  test('says so where it is started by itself, and opens no device', async () => {
    const entry = fileURLToPath(new URL('../../main/shell/web/main.ts', import.meta.url));
    const args = [entry, '--station', 'virtual', '--port', '0'];
    const ended = await new Promise<{ code: unknown; said: string; shown: string }>((resolve) => {
      execFile(process.execPath, args, { timeout: 20_000 }, (error, shown, said) =>
        resolve({ code: error?.code, said, shown }),
      );
    });
    expect(ended).toMatchObject({
      code: 2,
      said: expect.stringContaining('--station virtual: this'),
    });
    expect(ended.shown).toBe('');
  });
});
