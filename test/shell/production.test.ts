import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Shown } from '../../main/contract/channel.ts';
import { createLog } from '../../main/runtime/log.ts';
import { openProduction } from '../../main/shell/production.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'addvalue-production-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

/** The views that a station with this configuration shows first. */
async function firstViews(configText: string | null): Promise<readonly Shown[]> {
  const configFile = path.join(folder, 'station.json');
  if (configText !== null) writeFileSync(configFile, configText);
  const journalFile = path.join(folder, 'journal.sqlite');
  const station = openProduction({ configFile, journalFile }, createLog('silent'));
  const shown: Shown[] = [];
  const detach = station.attach({
    send: (message) => shown.push(message),
    watch: () => () => {},
    close: () => {},
  });
  detach();
  await station.close();
  return shown;
}

const manual = readFileSync(new URL('../../docs/configuration.md', import.meta.url), 'utf8');
const documented = manual.match(/```json\n([\s\S]*?)```/)?.[1] ?? '';

test('without a configuration the station is out of service and names the missing file', async () => {
  const [first] = await firstViews(null);
  expect(first?.view.screen.kind).toBe('out-of-service');
  expect(first?.view.helpLine).toContain(path.join(folder, 'station.json'));
  expect(first?.view.helpLine).toContain('cannot be read (ENOENT)');
});

test('with a wrong configuration it is out of service and names each key', async () => {
  const [first] = await firstViews('{"terminalId":"1"}');
  expect(first?.view.screen.kind).toBe('out-of-service');
  expect(first?.view.helpLine).toContain('"terminalId" is wrong');
  expect(first?.view.helpLine).toContain('"stationName" is missing');
});

test('with a simulated device it is out of service, whatever else is right', async () => {
  const text = documented.replace(/"reader": \{[^}]*\}/, '"reader": { "driver": "simulated" }');
  const [first] = await firstViews(text);
  expect(first?.view.screen.kind).toBe('out-of-service');
  expect(first?.view.helpLine).toContain('names a simulated device');
});

test('with real devices that are not there it offers nothing and says what is wrong', async () => {
  const shown = await firstViews(documented.replace('192.168.1.20', '127.0.0.1'));
  const screen = shown.at(-1)?.view.screen;
  expect(shown.at(-1)?.view.stationName).toBe('人民广场 2 号机');
  expect(['starting', 'out-of-service']).toContain(screen?.kind);
});
