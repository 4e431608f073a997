import type { Answer, Channel, Shown } from '../main/contract/channel.ts';

/** Whether the station can be heard. */
export type Connection = 'open' | 'lost';

/** What the Electron shell's preload puts on the window (main/shell/electron/preload.ts). */
type Bridge = {
  send(message: unknown): void;
  watch(onMessage: (message: unknown) => void): () => void;
};

/** As main/shell/web/channel.ts closes its sockets. */
const inUseElsewhere = 4001;
const replaced = 4002;
const rebuilt = 4003;
const ping = 'ping';
const pong = '"pong"';

const firstRetryMs = 250;
const lastRetryMs = 2000;
/** The station beats once a second; a loaded machine may miss a few. */
const silenceLimitMs = 5000;

/** The kiosk's channel, whichever shell this page runs in. `onConnection` is called at each change. */
export function openChannel(
  onConnection: (connection: Connection) => void,
): Channel<Answer, Shown> {
  const bridge = (globalThis as { addvalue?: Bridge }).addvalue;
  if (bridge === undefined) return openSocketChannel('/channel/kiosk', onConnection);
  // Both ends of the bridge live and die with the window.
  onConnection('open');
  return {
    send: (message) => bridge.send(message),
    watch: (onMessage) => bridge.watch((message) => onMessage(message as Shown)),
    close: () => {},
  };
}

/**
 * A channel to the page's own origin that connects again, with growing pauses, for as long as the page is open. The
 * newest message is kept for whoever watches later: messages are whole views, so only the newest one counts. What is
 * sent while the connection is lost is dropped: it answered a view that may no longer hold.
 */
export function openSocketChannel<Sent, Received>(
  socketPath: string,
  onConnection: (connection: Connection) => void,
): Channel<Sent, Received> {
  const address = new URL(socketPath, location.href);
  address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
  address.searchParams.set('page', pageId());

  const watchers = new Set<(message: Received) => void>();
  let newest: { readonly message: Received } | null = null;
  let connection: Connection | null = null;
  let socket: WebSocket | null = null;
  let retryMs = firstRetryMs;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let closed = false;

  function became(now: Connection): void {
    if (now === connection) return;
    connection = now;
    onConnection(now);
  }

  function heard(current: WebSocket): void {
    clearTimeout(timer);
    timer = setTimeout(() => lost(current, 0), silenceLimitMs);
  }

  function lost(current: WebSocket, code: number): void {
    if (socket !== current) return;
    socket = null;
    current.close();
    clearTimeout(timer);
    became('lost');
    if (closed) return;
    if (code === rebuilt) {
      location.reload();
      return;
    }
    if (code === inUseElsewhere || code === replaced) {
      // Says that another window shows the station, and offers to go on here.
      location.replace(socketPath);
      return;
    }
    timer = setTimeout(connect, retryMs);
    retryMs = Math.min(retryMs * 2, lastRetryMs);
  }

  function connect(): void {
    const current = new WebSocket(address);
    socket = current;
    heard(current);
    current.onmessage = ({ data }) => {
      if (socket !== current) return;
      heard(current);
      retryMs = firstRetryMs;
      const message: unknown = JSON.parse(data);
      // The first beat, not the handshake, says that we are let in.
      became('open');
      if (message === ping) {
        current.send(pong);
        return;
      }
      newest = { message: message as Received };
      for (const watcher of [...watchers]) watcher(newest.message);
    };
    current.onclose = ({ code }) => lost(current, code);
  }

  connect();
  return {
    send(message) {
      if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
    },
    watch(onMessage) {
      watchers.add(onMessage);
      if (newest !== null) onMessage(newest.message);
      return () => watchers.delete(onMessage);
    },
    close() {
      closed = true;
      clearTimeout(timer);
      const current = socket;
      socket = null;
      current?.close();
    },
  };
}

/** Names this tab across reloads, so that the station can tell a reload from a second window. */
function pageId(): string {
  const known = sessionStorage.getItem('page');
  if (known !== null) return known;
  const made = crypto.randomUUID();
  sessionStorage.setItem('page', made);
  return made;
}
