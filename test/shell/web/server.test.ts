import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WebStation } from './web-station.ts';

let station: WebStation;

beforeEach(async () => {
  station = await WebStation.open(['kiosk', 'bench']);
});

afterEach(() => station.close());

describe('the printed address', () => {
  test('opens the kiosk in one browser, which may reload as often as it likes', async () => {
    const address = new URL(station.server.newAddress('/'));
    const first = await station.get(address.pathname + address.search);
    expect(first.status).toBe(303);
    expect(first.headers.location).toBe('/');
    const [cookie = ''] = first.headers['set-cookie'] as string[];
    expect(cookie).toContain('HttpOnly');
    expect(cookie).toContain('SameSite=Strict');

    const Cookie = cookie.split(';')[0] ?? '';
    for (const target of ['/', '/', address.pathname + address.search]) {
      expect((await station.get(target, { Cookie })).status).toBeLessThan(400);
    }
    expect((await station.get('/', { Cookie })).body).toContain('kiosk');
  });

  test('refuses a second browser, and says why in words', async () => {
    const address = new URL(station.server.newAddress('/'));
    await station.get(address.pathname + address.search);
    const second = await station.get(address.pathname + address.search);
    expect(second.status).toBe(403);
    expect(second.headers['set-cookie']).toBeUndefined();
    expect(second.body).toContain('This address has been used');
    expect(station.logged).toContain('a used or false address was opened; it was refused');
  });

  test('of a restarted browser shuts the one before it out', async () => {
    const before = await station.admit();
    const after = await station.admit();
    expect((await station.get('/', { Cookie: before })).status).toBe(403);
    expect((await station.get('/', { Cookie: after })).status).toBe(200);
  });

  test('of the kiosk does not open the bench', async () => {
    const Cookie = await station.admit('/');
    expect((await station.get('/bench', { Cookie })).status).toBe(403);
    const address = new URL(station.server.newAddress('/'));
    expect((await station.get(`/bench${address.search}`)).status).toBe(403);
  });
});

describe('nobody else is answered', () => {
  test.each(['/', '/index.html', '/assets/main-4f2a.js', '/bench', '/no-such-page'])(
    'a browser without the cookie gets nothing at %s',
    async (target) => {
      const answer = await station.get(target);
      expect(answer.status).toBe(403);
      expect(answer.body).toContain('Open the printed address');
    },
  );

  test('a name that was rebound to this machine is not answered, token or not', async () => {
    const Cookie = await station.admit();
    const address = new URL(station.server.newAddress('/'));
    for (const Host of ['evil.example', `evil.example:${station.server.port}`, '127.0.0.1']) {
      const answer = await station.get('/', { Cookie, Host });
      expect(answer.status).toBe(421);
      expect((await station.get(`/${address.search}`, { Host })).status).toBe(421);
    }
  });

  test('a request that another page makes is refused', async () => {
    const Cookie = await station.admit();
    const Origin = 'http://evil.example';
    expect((await station.get('/assets/main-4f2a.js', { Cookie, Origin })).status).toBe(403);
  });

  test('nothing can be sent to it but a question', async () => {
    const Cookie = await station.admit();
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
      expect((await station.get('/', { Cookie }, method)).status).toBe(405);
    }
  });

  test.each([
    '/../secret.json',
    '/assets/../../secret.json',
    '/%2e%2e/secret.json',
    '/..%2fsecret.json',
    '/assets/..%5c..%5csecret.json',
    '/%00/secret.json',
    '//secret.json',
    '/assets/',
    '/assets',
  ])('no address climbs out of the renderer: %s', async (target) => {
    const Cookie = await station.admit();
    expect((await station.get(target, { Cookie })).status).toBe(404);
  });

  test('a server without the bench does not serve its page, though the file is there', async () => {
    const production = await WebStation.open(['kiosk']);
    const Cookie = await production.admit();
    for (const target of ['/bench', '/bench/', '/bench/index.html']) {
      expect((await production.get(target, { Cookie })).status).toBe(404);
    }
    expect(await production.connect(Cookie, 'a', undefined, '/channel/bench').ended).toBe(404);
    await production.close();
  });
});

describe('what is served', () => {
  test('a page may run and draw only what came with it', async () => {
    const Cookie = await station.admit();
    const { headers } = await station.get('/', { Cookie });
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).toContain(`connect-src 'self' ws://${station.host}`);
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['referrer-policy']).toBe('no-referrer');
    expect(headers['cross-origin-resource-policy']).toBe('same-origin');
  });

  test('a page is asked for anew each time; what carries a hash in its name is kept', async () => {
    const Cookie = await station.admit();
    const page = await station.get('/', { Cookie });
    expect(page.headers['cache-control']).toBe('no-store');
    const script = await station.get('/assets/main-4f2a.js', { Cookie });
    expect(script.status).toBe(200);
    expect(script.headers['cache-control']).toContain('immutable');
    expect(script.headers['content-type']).toContain('text/javascript');
  });

  test('refusals carry the same policy as pages', async () => {
    const { headers } = await station.get('/');
    expect(headers['content-security-policy']).toContain("default-src 'none'");
  });
});
