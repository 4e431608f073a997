import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import {
  optionsText,
  readOptions,
  readProductionOptions,
  usage,
} from '../../main/shell/options.ts';

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

type Ended = { readonly code: unknown; readonly said: string; readonly shown: string };

/** An entry that is started by itself, at its end. */
function ended(entry: string, ...args: readonly string[]): Promise<Ended> {
  const file = fileURLToPath(new URL(`../../main/shell/${entry}`, import.meta.url));
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [file, ...args],
      { timeout: 20_000 },
      (_error, shown, said) => resolve({ code: child.exitCode, said, shown }),
    );
  });
}

test.each(['start.ts', 'web/main.ts'])(
  '%s tells whoever asks how it is used, and starts nothing',
  async (entry) => {
    for (const args of [['--help'], ['-h'], ['--port', '0', '--help']]) {
      expect(await ended(entry, ...args)).toEqual({ code: 0, said: '', shown: usage });
    }
  },
  60_000,
);

describe('a station with real devices', () => {
  test.each([
    ['web', '--station=simulated', 'npm start -- --station simulated'],
    ['web', '--station=virtual', 'npm start -- --station virtual'],
    ['web', '--shell=electron', 'npm start -- --shell electron'],
    ['electron', '--shell=web', 'npm start -- --shell web'],
    ['web', '--dev', 'npm run dev'],
    ['electron', '--dev', 'npm run dev'],
  ] as const)('in the %s shell is not what %s asks for', (shell, option, instead) => {
    const [name] = option.split('=');
    for (const among of ['own', 'own-among-others'] as const) {
      const answer = readProductionOptions(['--config=a.json', option], shell, among);
      expect(answer).toMatchObject({
        kind: 'refused',
        why: expect.stringMatching(new RegExp(`^${name}.*${instead}`)),
      });
    }
  });

  test.each(['web', 'electron'] as const)(
    'in the %s shell is what its own name asks for',
    (shell) => {
      const args = ['--config=a.json', `--shell=${shell}`];
      expect(readProductionOptions(args, shell)).toEqual(readOptions(args));
    },
  );

  test.each(['web', 'electron'] as const)(
    'starts in the %s shell as npm start hands it on',
    (shell) => {
      const args = optionsText({ ...nothing, configFile: 'a.json', port: 0, shell });
      expect(readProductionOptions(args, shell)).toEqual(readOptions(args));
    },
  );

  test('says so where it is started by itself, and opens no device', async () => {
    expect(await ended('web/main.ts', '--station', 'virtual', '--port', '0')).toEqual({
      code: 2,
      said: expect.stringContaining('--station virtual: this'),
      shown: '',
    });
    expect(await ended('web/main.ts', '--dev', '--port', '0')).toMatchObject({
      code: 2,
      shown: '',
    });
  });
});
