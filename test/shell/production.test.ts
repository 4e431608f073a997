import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Shown } from '../../main/contract/channel.ts';
import type { Log } from '../../main/runtime/log.ts';
import { openProduction } from '../../main/shell/production.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'addvalue-production-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

/** What a station with this configuration shows first, and what it says in its log. */
async function started(configText: string | null): Promise<{ shown: Shown[]; logged: string[] }> {
  const configFile = path.join(folder, 'station.json');
  if (configText !== null) writeFileSync(configFile, configText);
  const journalFile = path.join(folder, 'journal.sqlite');
  const logged: string[] = [];
  const note = (_facts: object, sentence: string) => logged.push(sentence);
  const log = { debug: note, info: note, warn: note, error: note, fatal: note };
  const station = openProduction({ configFile, journalFile }, log as unknown as Log);
  const shown: Shown[] = [];
  const detach = station.attach({
    send: (message) => shown.push(message),
    watch(onMessage) {
      onMessage({ seq: 1, command: { kind: 'choose-language', language: 'zh-Hant' } });
      onMessage({ seq: 1, command: { kind: 'choose-language', language: 'xx' } });
      onMessage('nonsense');
      return () => {};
    },
    close: () => {},
  });
  detach();
  await station.close();
  return { shown, logged };
}

/** What a technician reads on the screen. */
function notesOf(shown: Shown | undefined): readonly string[] {
  const screen = shown?.view.screen;
  return screen?.kind === 'out-of-service' ? screen.notes : [];
}

const manual = readFileSync(new URL('../../docs/configuration.md', import.meta.url), 'utf8');
const documented = manual.match(/```json\n([\s\S]*?)```/)?.[1] ?? '';

test('without a configuration the station is out of service and names the missing file', async () => {
  const { shown, logged } = await started(null);
  expect(shown[0]?.view.screen.kind).toBe('out-of-service');
  expect(notesOf(shown[0])).toEqual(logged);
  expect(logged).toHaveLength(1);
  expect(logged[0]).toContain(path.join(folder, 'station.json'));
  expect(logged[0]).toContain('cannot be read (ENOENT)');
});

test('out of service for want of a configuration is said in the language one chooses', async () => {
  const { shown } = await started(null);
  expect(shown.map(({ seq, view }) => [seq, view.language])).toEqual([
    [1, 'en'],
    [2, 'zh-Hant'],
  ]);
});

test('with a wrong configuration it is out of service, and the log names each key', async () => {
  const { shown, logged } = await started('{"terminalId":"1"}');
  expect(shown[0]?.view.screen.kind).toBe('out-of-service');
  expect(notesOf(shown[0])).toEqual(logged);
  expect(logged.join()).toContain('"terminalId" is wrong');
  expect(logged.join()).toContain('"stationName" is missing');
});

test('with a simulated device it is out of service, whatever else is right', async () => {
  const text = documented.replace(/"reader": \{[^}]*\}/, '"reader": { "driver": "simulated" }');
  const { shown, logged } = await started(text);
  expect(shown[0]?.view.screen.kind).toBe('out-of-service');
  expect(logged[0]).toContain('names a simulated device');
});

test('with real devices that are not there it offers nothing and says what is wrong', async () => {
  const { shown } = await started(documented.replace('192.168.1.20', '127.0.0.1'));
  const last = shown.at(-1)?.view;
  expect(last?.stationName).toBe('人民广场 2 号机');
  expect(['starting', 'out-of-service']).toContain(last?.screen.kind);
});
