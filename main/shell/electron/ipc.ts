/*
 * Everything that passes between the page and Electron's main process: these four messages. The preload script and
 * channel.ts are the only two files that use them, and the only ones that touch Electron's ipc.
 */

/** From the page. */
export const fromPage = {
  /** The page watches: it can be shown something. No argument. */
  ready: 'addvalue:ready',
  /** The page's script lives: the answer to a beat. No argument. */
  alive: 'addvalue:alive',
  /** One message of the channel, as JSON text. */
  said: 'addvalue:said',
} as const;

/** To the page. */
export const toPage = {
  /** Are you alive? No argument. */
  beat: 'addvalue:beat',
  /** One message of the channel, as JSON text. */
  shown: 'addvalue:shown',
} as const;

/** What the preload script puts on the page's window as `addvalue`: all that the page is given. */
export type Bridge = {
  /** Send one message. Throws a TypeError when it is not an answer to a view. */
  send(message: unknown): void;
  /** Be called with each message; the answer stops it. */
  watch(onMessage: (message: unknown) => void): () => void;
};
