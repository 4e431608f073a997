import { contextBridge, ipcRenderer } from 'electron';
import { type Bridge, fromPage, toPage } from './ipc.ts';

/** As in main/shell/message-gate.ts, which holds whatever happens here. */
const limitCharacters = 4096;

const watchers = new Set<(message: unknown) => void>();
let newest: { readonly message: unknown } | null = null;

ipcRenderer.on(toPage.beat, () => ipcRenderer.send(fromPage.alive));
ipcRenderer.on(toPage.shown, (_event, text: string) => {
  newest = { message: JSON.parse(text) };
  for (const watcher of [...watchers]) watcher(newest.message);
});

const bridge: Bridge = {
  send(message) {
    if (!isAnswer(message)) throw new TypeError('only an answer to a view can be sent');
    const text = JSON.stringify({ seq: message.seq, command: message.command });
    if (text.length > limitCharacters) throw new TypeError('the answer is too long');
    ipcRenderer.send(fromPage.said, text);
  },
  watch(onMessage) {
    if (typeof onMessage !== 'function') throw new TypeError('watch takes a function');
    watchers.add(onMessage);
    if (newest !== null) onMessage(newest.message);
    ipcRenderer.send(fromPage.ready);
    return () => watchers.delete(onMessage);
  },
};

/** Only the outline: what a command says is checked by the runtime. */
function isAnswer(message: unknown): message is { seq: number; command: { kind: string } } {
  if (typeof message !== 'object' || message === null) return false;
  const { seq, command } = message as { seq?: unknown; command?: { kind?: unknown } | null };
  return Number.isSafeInteger(seq) && typeof command?.kind === 'string';
}

// Checklist item 20: two functions of our own, never ipcRenderer or an event that leads back to it.
contextBridge.exposeInMainWorld('addvalue', bridge);
