import type { Answer, Channel, Shown } from '../main/contract/channel.ts';
import type { Command } from '../main/contract/command.ts';
import { show, useStore } from './store.ts';

/** Say something to main about the view on screen. False: nothing was sent, as that view has its answer already. */
export type Say = (command: Command) => boolean;

export type Connected = {
  readonly say: Say;
  readonly close: () => void;
};

/**
 * How long a view takes no second answer. A view that main did not replace by then was answered with
 * something main had no use for: the person may try again, and main still voids what is late or doubled.
 */
export const oneAnswerMs = 1_200;

/** Feed the store from the channel, and send each command with the seq of the view it answers. */
export function connect(
  channel: Channel<Answer, Shown>,
  nowMs: () => number = () => performance.now(),
): Connected {
  let answered: { readonly seq: number; readonly atMs: number } | null = null;
  const stop = channel.watch(show);
  return {
    say: (command) => {
      const { shown, connection } = useStore.getState();
      if (shown === null || connection === 'lost') return false;
      const atMs = nowMs();
      if (answered?.seq === shown.seq && atMs - answered.atMs < oneAnswerMs) return false;
      answered = { seq: shown.seq, atMs };
      channel.send({ seq: shown.seq, command });
      return true;
    },
    close: () => {
      stop();
      channel.close();
    },
  };
}
