import type { RawData, WebSocket } from 'ws';
import type { Channel } from '../../contract/channel.ts';
import type { Clock } from '../../contract/clock.ts';
import type { Log } from '../log.ts';
import { MessageGate, messageLimitBytes } from '../message-gate.ts';

/** Why a socket is closed, as the page's end of the channel understands it (renderer/channel.ts). RFC 6455 7.4. */
export const closeCodes = {
  notText: 1003,
  notJson: 1007,
  brokeRules: 1008,
  tooLong: 1009,
  /** Another page shows this surface. Try again later. */
  inUseElsewhere: 4001,
  /** The same page, or a newer browser, has connected again: stay away. */
  replaced: 4002,
  /** The renderer has been built again: load it anew. */
  rebuilt: 4003,
} as const;

/** Beats go between the page's script and this process, so that a page whose script hangs is known to be dead. */
const beatEveryMs = 1000;
const deadAfterBeats = 3;
/** JSON strings, so that they pass the same gate and count against the same limits as everything else. */
const ping = '"ping"';
const pong = 'pong';

/** A page that does not read its socket is dead; views must not pile up for it. */
const backlogLimitBytes = 1_000_000;

export type WebChannel = Channel<unknown, unknown> & { end(code: number, reason: string): void };

/** A channel over one connected socket. `onGone` is called once, whoever ended it. */
export function openWebChannel(
  socket: WebSocket,
  surface: string,
  options: { readonly clock: Clock; readonly log: Log; readonly onGone: () => void },
): WebChannel {
  const { clock, log, onGone } = options;
  const gate = new MessageGate(clock);
  const watchers = new Set<(message: unknown) => void>();
  let silentBeats = 0;
  let open = true;
  let cancelBeat = () => {};

  function gone(): void {
    if (!open) return;
    open = false;
    cancelBeat();
    watchers.clear();
    onGone();
  }

  function end(code: number, reason: string): void {
    socket.close(code, reason);
    // The closing handshake needs a live page; nobody waits for a dead one.
    clock.after(beatEveryMs, () => socket.terminate());
    gone();
  }

  function refuse(code: number, what: string): void {
    log.warn({ surface }, `${what}; its connection is closed`);
    end(code, 'the channel takes small JSON messages only');
  }

  function beat(): void {
    if (silentBeats >= deadAfterBeats) {
      log.warn({ surface }, `the page has not answered for ${deadAfterBeats} beats; it is let go`);
      socket.terminate();
      gone();
      return;
    }
    silentBeats += 1;
    socket.send(ping);
    cancelBeat = clock.after(beatEveryMs, beat);
  }

  socket.on('message', (data: RawData, isBinary: boolean) => {
    if (!open) return;
    silentBeats = 0;
    if (isBinary) {
      refuse(closeCodes.notText, 'the page sent a binary message');
      return;
    }
    const answer = gate.pass(data.toString());
    if (answer.kind === 'refused') {
      const code = answer.why === 'not-json' ? closeCodes.notJson : closeCodes.brokeRules;
      refuse(code, answer.what);
      return;
    }
    if (answer.message === pong) return;
    for (const watcher of [...watchers]) watcher(answer.message);
  });
  // ws answers a message above its limit by itself, with 1009, and reports it here.
  socket.on('error', (error) => {
    const what =
      'code' in error && error.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH'
        ? `the page sent a message of more than ${messageLimitBytes} bytes`
        : `the page broke the WebSocket protocol (${error.message})`;
    log.warn({ surface }, `${what}; its connection is closed`);
  });
  socket.on('close', gone);
  beat();

  return {
    send(message) {
      if (!open) return;
      if (socket.bufferedAmount > backlogLimitBytes) {
        log.warn({ surface }, 'the page does not read what it is sent; it is let go');
        socket.terminate();
        gone();
        return;
      }
      socket.send(JSON.stringify(message));
    },
    watch(onMessage) {
      watchers.add(onMessage);
      return () => watchers.delete(onMessage);
    },
    close: () => end(1001, 'the station ends'),
    end,
  };
}
