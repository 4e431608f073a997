import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WebStation } from './web-station.ts';

let station: WebStation;
let cookie: string;

beforeEach(async () => {
  station = await WebStation.open(['kiosk', 'bench']);
  cookie = await station.admit();
});

afterEach(() => station.close());

describe('who may connect', () => {
  test('the page that was admitted talks both ways', async () => {
    const page = station.connect(cookie);
    await page.beats(1);
    station.channel?.send({ seq: 1, view: 'attract' });
    await page.hear({ seq: 1, view: 'attract' });
    page.socket.send('{"seq":1,"command":{"kind":"finish"}}');
    await expect.poll(() => station.received).toEqual([{ seq: 1, command: { kind: 'finish' } }]);
    expect(station.server.connected('/')).toBe(true);
  });

  test('another site, a rebound name, a stranger and an unknown channel are refused', async () => {
    const mine = `http://${station.host}`;
    expect(await station.connect(cookie, 'a', { Origin: 'http://evil.example' }).ended).toBe(403);
    expect(await station.connect(cookie, 'a', {}).ended).toBe(403);
    const rebound = { Origin: 'http://evil.example', Host: 'evil.example' };
    expect(await station.connect(cookie, 'a', rebound).ended).toBe(421);
    expect(await station.connect('', 'a', { Origin: mine }).ended).toBe(403);
    expect(await station.connect('addvalue=x', 'a', { Origin: mine }).ended).toBe(403);
    expect(await station.connect(cookie, 'a', { Origin: mine }, '/channel/x').ended).toBe(404);
    expect(station.channel).toBeNull();
  });

  test("the kiosk's cookie does not open the bench's channel", async () => {
    expect(await station.connect(cookie, 'a', undefined, '/channel/bench').ended).toBe(403);
  });

  test('a second window is told that the kiosk is in use, and the first goes on', async () => {
    const first = station.connect(cookie, 'a');
    await first.beats(1);
    const second = station.connect(cookie, 'b');
    expect(await second.ended).toBe(4001);
    const told = await station.get('/channel/kiosk', { Cookie: cookie });
    expect(told.body).toContain('open in another window');
    station.channel?.send('still here');
    await first.hear('still here');
    expect(station.detached).toBe(0);
  });

  test('a reload takes the place of its own old connection', async () => {
    const before = station.connect(cookie, 'a');
    await before.beats(1);
    const after = station.connect(cookie, 'a');
    await after.beats(1);
    expect(await before.ended).toBe(4002);
    expect(station.detached).toBe(1);
    station.channel?.send('to the new one');
    await after.hear('to the new one');
  });

  test('a restarted browser takes over from one that hangs', async () => {
    const before = station.connect(cookie, 'a');
    await before.beats(1);
    const after = station.connect(await station.admit(), 'b');
    await after.beats(1);
    expect(await before.ended).toBe(4002);
  });
});

describe('what is taken', () => {
  test('a message above 4 KB closes the connection and is never passed on', async () => {
    const page = station.connect(cookie);
    await page.beats(1);
    page.socket.send(JSON.stringify({ seq: 1, command: 'x'.repeat(4096) }));
    expect(await page.ended).toBe(1009);
    await expect.poll(() => station.detached).toBe(1);
    expect(station.received).toEqual([]);
    expect(station.logged.at(-1)).toContain('more than 4096 bytes');
  });

  test.each([
    ['text that is not JSON', '{"seq":', 1007],
    ['bytes', Buffer.from([1, 2, 3]), 1003],
  ])('%s closes the connection', async (_what, sent, code) => {
    const page = station.connect(cookie);
    await page.beats(1);
    page.socket.send(sent);
    expect(await page.ended).toBe(code);
    expect(station.received).toEqual([]);
    expect(station.logged.at(-1)).toContain('its connection is closed');
  });

  test('a page that sends without end is shut out after fifty messages', async () => {
    const page = station.connect(cookie);
    await page.beats(1);
    for (let count = 0; count < 200; count += 1) page.socket.send('{}');
    expect(await page.ended).toBe(1008);
    expect(station.received.length).toBeLessThanOrEqual(50);
    expect(station.logged.at(-1)).toContain('more than 50 messages in a second');
  });
});

describe('the heartbeat', () => {
  test('a page whose script hangs is let go within four seconds', async () => {
    const page = station.connect(cookie);
    page.hangs = true;
    await page.beats(1);
    for (let beat = 2; beat <= 3; beat += 1) {
      await station.clock.advance(1000);
      await page.beats(beat);
    }
    expect(station.server.connected('/')).toBe(true);
    await station.clock.advance(1000);
    expect(await page.ended).toBe(1006);
    expect(station.server.connected('/')).toBe(false);
    expect(station.detached).toBe(1);
  });

  test('a page that answers is never let go', async () => {
    const page = station.connect(cookie);
    for (let beat = 1; beat <= 10; beat += 1) {
      await page.beats(beat);
      station.channel?.send(beat);
      // The answer to the beat arrives before this is answered: one socket, one order.
      page.socket.send(JSON.stringify({ beat }));
      await expect.poll(() => station.received.length).toBe(beat);
      await station.clock.advance(1000);
    }
    expect(station.server.connected('/')).toBe(true);
    expect(station.detached).toBe(0);
  });
});

test('closing the station closes its pages', async () => {
  const page = station.connect(cookie);
  await page.beats(1);
  await station.server.close();
  expect([1001, 1006]).toContain(await page.ended);
  expect(station.detached).toBe(1);
});
