import type { Command } from './command.ts';
import type { View } from './view.ts';

/** A whole view. `seq` grows with each one sent. */
export type Shown = { readonly seq: number; readonly view: View };

/** A command and the `seq` of the view that the person was looking at when they gave it. */
export type Answer = { readonly seq: number; readonly command: Command };

/** All that differs between the two shells. Main holds a Channel<Shown, Answer>, the renderer a Channel<Answer, Shown>. */
export interface Channel<Sent, Received> {
  send(message: Sent): void;
  /** Be called with each message; the answer stops it. */
  watch(onMessage: (message: Received) => void): () => void;
  close(): void;
}
