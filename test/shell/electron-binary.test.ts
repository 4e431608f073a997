import { mkdtempSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { electronBinary } from '../../main/shell/electron-binary.ts';
import { electronHere } from '../support/electron-stand-in/launch.ts';

/** Where Electron's binary is installed, nothing is ever downloaded, and there is nothing to see here. */
describe.skipIf(electronHere === 'electron')("the arrival of Electron's binary", () => {
  let mirror: Server;
  let begin = false;

  beforeEach(async () => {
    begin = false;
    mirror = createServer((_request, response) => {
      if (!begin) return;
      response.writeHead(200, { 'Content-Length': '1000' });
      response.write(Buffer.alloc(500));
    });
    await new Promise<void>((resolve) => mirror.listen(0, '127.0.0.1', resolve));
    const address = mirror.address();
    const port = typeof address === 'object' ? address?.port : 0;
    vi.stubEnv('ELECTRON_MIRROR', `http://127.0.0.1:${port}/`);
    vi.stubEnv('electron_config_cache', mkdtempSync(path.join(tmpdir(), 'addvalue-cache-')));
  });

  afterEach(() => {
    vi.unstubAllEnvs();
    mirror.closeAllConnections();
    mirror.close();
  });

  test('a network that refuses is given up at once, and named', async () => {
    mirror.close();
    const answer = await electronBinary(10_000, () => {});
    expect(answer.kind).toBe('refused');
    expect(answer.kind === 'refused' && answer.why).toMatch(/cannot be fetched \(.*ECONNREFUSED/);
  });

  test('a network that swallows everything is given up in time', async () => {
    const answer = await electronBinary(200, () => {});
    expect(answer).toMatchObject({
      kind: 'refused',
      why: expect.stringContaining('it did not begin to arrive within 0.2 s'),
    });
  });

  test('what has begun to arrive is waited for, and shown; what breaks off is given up', async () => {
    begin = true;
    const parts: number[] = [];
    const answer = await electronBinary(2_000, (part) => {
      parts.push(part);
      mirror.closeAllConnections();
    });
    expect(parts[0]).toBe(0.5);
    expect(answer.kind).toBe('refused');
  });
});
