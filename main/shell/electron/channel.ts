import type { IpcMainEvent, WebContents } from 'electron';
import type { Channel } from '../../contract/channel.ts';
import type { Clock } from '../../contract/clock.ts';
import type { Log } from '../log.ts';
import { MessageGate } from '../message-gate.ts';
import { fromPage, toPage } from './ipc.ts';
import { isTrustedSender } from './lockdown.ts';

const beatEveryMs = 500;
/** A view is drawn in far less; with a new window's own start this stays within 3 s (product.md). */
const silenceLimitMs = 2_000;
/** From nothing to a page that watches, on a slow machine. */
const startLimitMs = 15_000;

export type IpcChannelParts = {
  readonly contents: Pick<WebContents, 'ipc' | 'send' | 'isDestroyed'>;
  readonly clock: Clock;
  readonly log: Log;
  /** The page watches, for the first time or after it was loaded anew: show it something. */
  readonly onReady: () => void;
  /** The page hangs, or broke the rules of the channel: it must be replaced. Called once; `why` is for the log. */
  readonly onUnfit: (why: string) => void;
};

/** A channel over the window's own ipc. Messages from anywhere but our page are dropped and logged. */
export function openIpcChannel(parts: IpcChannelParts): Channel<unknown, unknown> {
  const { contents, clock, log } = parts;
  const gate = new MessageGate(clock);
  const watchers = new Set<(message: unknown) => void>();
  let open = true;
  let cancelBeat = () => {};
  let cancelLimit = clock.after(startLimitMs, () => unfit('the page did not start'));

  function unfit(why: string): void {
    if (!open) return;
    close();
    parts.onUnfit(why);
  }

  function listen(name: string, onMessage: (text: unknown) => void): void {
    contents.ipc.on(name, (event: IpcMainEvent, text: unknown) => {
      if (!open) return;
      if (isTrustedSender(event)) onMessage(text);
      else log.warn({ name }, 'a message that did not come from the page was dropped');
    });
  }

  function heard(): void {
    cancelLimit();
    cancelLimit = clock.after(silenceLimitMs, () => unfit('the page hangs'));
  }

  function beat(): void {
    if (!open || contents.isDestroyed()) return;
    contents.send(toPage.beat);
    cancelBeat = clock.after(beatEveryMs, beat);
  }

  function close(): void {
    open = false;
    cancelBeat();
    cancelLimit();
    watchers.clear();
    if (contents.isDestroyed()) return;
    for (const name of Object.values(fromPage)) contents.ipc.removeAllListeners(name);
  }

  listen(fromPage.alive, heard);
  listen(fromPage.ready, () => {
    heard();
    cancelBeat();
    beat();
    parts.onReady();
  });
  listen(fromPage.said, (text) => {
    const answer = gate.pass(typeof text === 'string' ? text : '');
    if (answer.kind === 'refused') unfit(answer.what);
    else for (const watcher of [...watchers]) watcher(answer.message);
  });

  return {
    send(message) {
      if (open && !contents.isDestroyed()) contents.send(toPage.shown, JSON.stringify(message));
    },
    watch(onMessage) {
      watchers.add(onMessage);
      return () => watchers.delete(onMessage);
    },
    close,
  };
}
