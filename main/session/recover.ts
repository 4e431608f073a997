import type { Health } from '../contract/device.ts';
import type { Attempt } from './attempt.ts';
import { noteSilence } from './breaker.ts';
import { type Decisions, noAnswers } from './decide.ts';
import type { Moment } from './event.ts';
import { errandTriesMax, rest, stay } from './moves.ts';
import { withoutPrinter } from './paper.ts';
import { awaitsTerminal, isSettled } from './resolve.ts';
import type { Devices, Session, Step, Terms } from './session.ts';

/** How long a start waits for devices that have not spoken yet. */
const startMs = 3_000;

/** A person whose top-up was cut off this recently may still be standing there with the card. */
const recentMs = 5 * 60_000;

/** The session at a start, from the journal's unsettled attempts. Nothing is offered until they are classified. */
export function recover(attempts: readonly Attempt[], terms: Terms, at: Moment): Session {
  const silent = { kind: 'down', fault: 'silent' } as const;
  const devices: Devices = {
    reader: silent,
    printer: silent,
    journal: { kind: 'up' },
    terminals: Object.fromEntries(terms.means.map(({ id }) => [id, silent])),
    sams: Object.fromEntries(terms.cards.map(({ family }) => [family, silent])),
  };
  const session: Session = {
    terms,
    devices,
    breakers: {},
    language: terms.defaultLanguage,
    cardPresent: false,
    cardFresh: false,
    slotDue: null,
    state: { kind: 'starting', deadlineMs: at.nowMs + startMs },
    open: attempts.map(withoutPrinter),
    // Their terminals were asked for long before, and who holds a claim does not wait: once, and then again with time.
    setAside: attempts
      .filter((attempt) => attempt.claim !== null && awaitsTerminal(attempt))
      .map(({ reference }) => ({ reference, untilMs: at.nowMs, tries: errandTriesMax })),
    cutOff: null,
  };
  // A payment that the last process was not told the outcome of is one that was not answered.
  return attempts
    .filter(({ money }) => money === 'authorising')
    .reduce((known, { means }) => noteSilence(known, means.id, at), session);
}

/** Take up what was left: money first, before whom it belongs to; then the card that was just being written. */
function begin(session: Session, at: Moment): Step {
  // Who holds a claim has been told, and need not be waited for.
  const recent = session.open.filter(
    ({ openedWallMs, claim }) => at.wallMs - openedWallMs < recentMs && claim === null,
  );
  const cutOff = recent.findLast(awaitsTerminal) ?? recent.findLast((one) => !isSettled(one));
  return rest({ ...session, cutOff: cutOff?.reference ?? null }, at);
}

function everybodyThere({ devices }: Session): boolean {
  const { terminals, sams, ...others } = devices;
  return [others, terminals, sams]
    .flatMap((each): Health[] => Object.values(each))
    .every(({ kind }) => kind === 'up');
}

const deviceSpoke = (session: Session, _state: unknown, _fact: unknown, at: Moment): Step =>
  everybodyThere(session) ? begin(session, at) : stay(session);

export const startingDecisions: Decisions<'starting'> = {
  facts: {
    ...noAnswers,
    'card-inserted': 'ignored',
    'card-removed': 'ignored',
    'device-changed': deviceSpoke,
    'terminal-changed': deviceSpoke,
    'deadline-passed': (session, _state, _fact, at) => begin(session, at),
  },
  commands: {},
};
