import type { Channel, Shown } from '../contract/channel.ts';
import type { Command } from '../contract/command.ts';
import type { View } from '../contract/view.ts';
import { checkAnswer } from './answer.ts';
import type { Log } from './log.ts';

/** Where views are shown and commands come from, whoever is watching. */
export interface Stage {
  /** Show to this channel from now on, and be commanded by it; the answer stops both. */
  attach(channel: Channel<Shown, unknown>): () => void;
  /** True while somebody watches. */
  readonly watched: boolean;
  /** Show a view where it differs from the last one. */
  show(view: View): void;
  /** Be given each command that answers the question on screen. One listener. */
  listen(onCommand: (command: Command) => void): void;
  /** Be asked for a view when a channel is attached. One listener. */
  prompt(onAttached: () => void): void;
}

export function createStage(log: Log): Stage {
  const channels = new Set<Channel<Shown, unknown>>();
  let onCommand: (command: Command) => void = () => {};
  let onAttached: () => void = () => {};
  let seq = 0;
  /** The first of the unbroken run of views with the present screen: an answer to an older one is void. */
  let answerableFrom = 0;
  let shown: { readonly view: View; readonly text: string } | null = null;

  function receive(message: unknown): void {
    const checked = checkAnswer(message);
    if (checked.kind === 'malformed') {
      log.warn({ problem: checked.problem }, 'a message from the screen was refused');
      return;
    }
    const { answer } = checked;
    // A late or doubled tap answers a question that is no longer asked.
    if (answer.seq < answerableFrom || answer.seq > seq) return;
    onCommand(answer.command);
  }

  return {
    get watched() {
      return channels.size > 0;
    },
    attach(channel) {
      channels.add(channel);
      shown = null;
      onAttached();
      const unwatch = channel.watch(receive);
      return () => {
        channels.delete(channel);
        unwatch();
      };
    },
    show(view) {
      const text = JSON.stringify(view);
      if (text === shown?.text) return;
      seq += 1;
      if (shown?.view.screen.kind !== view.screen.kind) answerableFrom = seq;
      shown = { view, text };
      for (const channel of channels) channel.send({ seq, view });
    },
    listen(listener) {
      onCommand = listener;
    },
    prompt(listener) {
      onAttached = listener;
    },
  };
}
