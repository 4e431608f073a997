import { act, cleanup, fireEvent, render, screen } from '@testing-library/react';
import type { Answer, Channel, Shown } from '../../main/contract/channel.ts';
import type { Language } from '../../main/contract/language.ts';
import type { View } from '../../main/contract/view.ts';
import { connect } from '../../renderer/connect.ts';
import { Kiosk } from '../../renderer/kiosk.tsx';
import { useStore } from '../../renderer/store.ts';
import type { Fixture } from './gallery/fixture.ts';
import { fixtures, viewOf } from './gallery/fixtures.ts';

/** The renderer between a person's finger and the far end of its channel. */
export type Stage = {
  /** What main has received. */
  readonly answers: readonly Answer[];
  readonly show: (view: View, seq?: number) => void;
  /** Let time pass, as far as taps are concerned. */
  readonly waitMs: (ms: number) => void;
  readonly tap: (name: string | RegExp) => void;
};

/** Put the kiosk on a page of its own, showing nothing yet. */
export function openStage(): Stage {
  cleanup();
  useStore.setState({ shown: null, connection: 'open' });
  const answers: Answer[] = [];
  let shows: (shown: Shown) => void = () => {};
  let nowMs = 1_000;
  let lastSeq = 0;
  const channel: Channel<Answer, Shown> = {
    send: (answer) => answers.push(answer),
    watch: (onMessage) => {
      shows = onMessage;
      return () => {};
    },
    close: () => {},
  };
  const { say } = connect(channel, () => nowMs);
  render(<Kiosk say={say} />);
  return {
    answers,
    show: (view, seq = lastSeq + 1) => {
      lastSeq = seq;
      act(() => shows({ seq, view }));
    },
    waitMs: (ms) => {
      nowMs += ms;
    },
    tap: (name) => fireEvent.click(screen.getByRole('button', { name })),
  };
}

function fixtureNamed(name: string): Fixture {
  const found = fixtures.find((fixture) => fixture.name === name);
  if (found === undefined) throw new Error(`no fixture is named ${name}`);
  return found;
}

export function viewNamed(name: string, language: Language = 'en'): View {
  return viewOf(fixtureNamed(name), language);
}
