import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { openIpcChannel } from '../../../main/shell/electron/channel.ts';
import { fromPage, toPage } from '../../../main/shell/electron/ipc.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

const page = { url: 'app://kiosk/index.html', parent: null };

/** A window's ipc with a page at its other end. */
function openedChannel() {
  const clock = new VirtualClock();
  const ipc = new EventEmitter();
  const seen = {
    shown: [] as unknown[],
    received: [] as unknown[],
    unfit: [] as string[],
    ready: 0,
  };
  const logged: string[] = [];
  const note = (_facts: object, sentence: string) => logged.push(sentence);
  const say = (name: string, text?: unknown, senderFrame: unknown = page) =>
    ipc.emit(name, { senderFrame }, text);
  const pageSide = { hangs: false };
  const channel = openIpcChannel({
    contents: {
      ipc: ipc as unknown as Parameters<typeof openIpcChannel>[0]['contents']['ipc'],
      isDestroyed: () => false,
      send(name: string, text?: string) {
        if (name === toPage.beat && !pageSide.hangs) clock.after(1, () => say(fromPage.alive));
        if (name === toPage.shown) seen.shown.push(JSON.parse(text ?? ''));
      },
    },
    clock,
    log: { info: note, warn: note, error: note },
    onReady: () => {
      seen.ready += 1;
    },
    onUnfit: (why) => seen.unfit.push(why),
  });
  channel.watch((message) => seen.received.push(message));
  return { clock, channel, say, seen, logged, pageSide };
}

test('a page that watches is shown views, and its answers arrive', () => {
  const { channel, say, seen } = openedChannel();
  say(fromPage.ready);
  expect(seen.ready).toBe(1);
  channel.send({ seq: 1 });
  expect(seen.shown).toEqual([{ seq: 1 }]);
  say(fromPage.said, '{"seq":1,"command":{"kind":"finish"}}');
  expect(seen.received).toEqual([{ seq: 1, command: { kind: 'finish' } }]);
});

test('what does not come from the page itself is dropped and logged', () => {
  const { say, seen, logged } = openedChannel();
  say(fromPage.ready);
  const text = '{"seq":1,"command":{"kind":"confirm"}}';
  say(fromPage.said, text, { url: 'https://example.invalid/', parent: null });
  say(fromPage.said, text, { url: page.url, parent: {} });
  say(fromPage.said, text, null);
  expect(seen.received).toEqual([]);
  expect(logged).toHaveLength(3);
});

test.each([
  ['a message above 4 KB', JSON.stringify('x'.repeat(5000)), 'at most 4096'],
  ['text that is not JSON', '{', 'not JSON'],
  ['something that is not text', { seq: 1 }, 'not JSON'],
])('%s: the page is replaced, and nothing is passed on', (_what, text, why) => {
  const { say, seen } = openedChannel();
  say(fromPage.ready);
  say(fromPage.said, text);
  say(fromPage.said, '{"seq":1}');
  expect(seen.received).toEqual([]);
  expect(seen.unfit).toHaveLength(1);
  expect(seen.unfit[0]).toContain(why);
});

test('a page that answers its beats is left alone for ever', async () => {
  const { clock, say, seen } = openedChannel();
  say(fromPage.ready);
  await clock.advance(60_000);
  expect(seen.unfit).toEqual([]);
});

test('a page whose script hangs is replaced after two seconds', async () => {
  const { clock, say, seen, pageSide } = openedChannel();
  say(fromPage.ready);
  await clock.advance(10_000);
  pageSide.hangs = true;
  await clock.advance(1_400);
  expect(seen.unfit).toEqual([]);
  await clock.advance(700);
  expect(seen.unfit).toEqual(['the page hangs']);
});

test('a page that never starts is replaced', async () => {
  const { clock, seen } = openedChannel();
  await clock.advance(15_000);
  expect(seen.unfit).toEqual(['the page did not start']);
});

test('a page that was loaded anew is shown to again', () => {
  const { say, seen } = openedChannel();
  say(fromPage.ready);
  say(fromPage.ready);
  expect(seen.ready).toBe(2);
});
