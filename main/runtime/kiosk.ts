import { type Journal, JournalFault, type JournalRow, noAttempt } from '../../db/port.ts';
import type { Clock } from '../contract/clock.ts';
import type { Attempt, PaperState } from '../session/attempt.ts';
import type { Effect } from '../session/effect.ts';
import type { Fact } from '../session/event.ts';
import { recover } from '../session/recover.ts';
import {
  attemptInHand,
  attemptsOf,
  deadlineOf,
  type Session,
  type Step,
  type Terms,
} from '../session/session.ts';
import { show } from '../session/show.ts';
import { transition } from '../session/transition.ts';
import { attemptOf, entryOf, settledAttemptOf } from './attempt-record.ts';
import { type Room, watchRoom } from './journal-room.ts';
import type { Log } from './log.ts';
import { type Chance, momentOf } from './moment.ts';
import { perform } from './perform.ts';
import type { Ports } from './ports.ts';
import { type ClosingSlip, closingPaperOf, printClosing } from './print-closing.ts';
import type { Stage } from './stage.ts';
import { supervise } from './supervise.ts';
import { whenQuiet } from './when-quiet.ts';

export type KioskParts = {
  readonly terms: Terms;
  readonly ports: Ports;
  readonly journal: Journal;
  /** Bytes left on the journal's disk; null: it cannot be told. Absent: it has none. */
  readonly freeBytes?: () => number | null;
  /** Close the journal's books where a day is over; answers what is to be printed of it. Throws JournalFault. Absent: it has none. */
  readonly closeBooks?: (wallMs: number) => ClosingSlip | null;
  readonly stage: Stage;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly log: Log;
  /** Decides: the session's own transition, but where a test plants a bug to see it found. */
  readonly decide?: typeof transition;
  /** The journal failed: nothing more is done; what was under way is taken up by the next start. */
  readonly onHalt: (fault: JournalFault) => void;
  /** An assertion failed: the program is wrong. The process must stop. */
  readonly onFatal: (error: unknown) => void;
};

export interface Kiosk {
  /** Resolves when no order is under way at any device. */
  settled(): Promise<void>;
  /** Stop, without finishing anything: whatever is under way is taken up by the next start. */
  stop(): void;
  /** For tests and simulations: what the kiosk is doing. */
  readonly session: Session;
}

/** More facts than this can only be a device or a program gone mad. */
const queueLimit = 1_000;

/**
 * The only loop: take one fact, decide, write the step to the journal, show it, give the orders. Throws JournalFault when
 * the journal cannot be read or written at the start.
 */
export function startKiosk(parts: KioskParts): Kiosk {
  const { terms, ports, journal, stage, clock, chance, log, decide = transition } = parts;
  const queue: Fact[] = [];
  const underWay = new Set<Promise<unknown>>();
  let draining = false;
  let stopped = false;
  let cancelTimer: (() => void) | null = null;
  let timerMs: number | null = null;
  let unwatch: () => void = () => {};
  let room: Room | null = null;
  let endQuiet: () => void = () => {};

  const start = momentOf(clock, chance);
  const left = journal.unsettled().map(attemptOf);
  if (mayHang(journal)) ports.printer.cutFirst();
  // Proves that the journal can be written before anybody is served.
  journal.append([
    { wallMs: start.wallMs, kind: 'started', attempt: noAttempt, settled: true, body: '{}' },
  ]);
  let session = recover(left, terms, start);
  if (left.length > 0) {
    log.warn(
      { attempts: left.map(({ reference, money, card }) => ({ reference, money, card })) },
      'attempts left by the last run are taken up',
    );
  }

  function tell(fact: Fact): void {
    if (stopped) return;
    if (fact.kind === 'card-inserted') room?.look();
    if (queue.length >= queueLimit) {
      parts.onFatal(new Error(`${queueLimit} facts are waiting; the last is ${fact.kind}`));
      return;
    }
    queue.push(fact);
    if (!draining) drain();
  }

  function drain(): void {
    draining = true;
    try {
      orHalt(() => {
        for (let fact = queue.shift(); fact !== undefined && !stopped; fact = queue.shift()) {
          take(fact);
        }
      });
    } finally {
      draining = false;
    }
  }

  function orHalt(deed: () => void): void {
    try {
      deed();
    } catch (error) {
      fail(error);
    }
  }

  function fail(error: unknown): void {
    halt();
    if (error instanceof JournalFault) parts.onHalt(error);
    else parts.onFatal(error);
  }

  function take(fact: Fact): void {
    const at = momentOf(clock, chance);
    const step = decide(session, { at, fact });
    const changed = changedAttempts(session, step);
    // Write, then do: a step that cannot be written down does not happen.
    if (changed.length > 0)
      journal.append(changed.map((attempt) => entryOf(attempt, fact.kind, at)));
    if (step.next.state.kind !== session.state.kind || changed.length > 0) {
      log.debug(
        {
          fact: fact.kind,
          state: step.next.state.kind,
          attempts: changed.map(({ reference, money, card, paper }) => ({
            reference,
            money,
            card,
            paper,
          })),
        },
        'step',
      );
    }
    session = step.next;
    arm();
    present();
    for (const effect of step.effects) order(effect);
  }

  function order(effect: Effect): void {
    follow(perform(effect, ports, journal).then(tell, fail));
  }

  function follow(deed: Promise<void>): void {
    underWay.add(deed);
    void deed.finally(() => underWay.delete(deed));
  }

  function endDay(closeBooks: (wallMs: number) => ClosingSlip | null): void {
    const slip = closeBooks(clock.wallMs());
    if (slip === null) return;
    const press = { printer: ports.printer, journal, clock, log, isOver: () => stopped };
    follow(printClosing(slip, press).catch(fail));
  }

  function arm(): void {
    const deadlineMs = deadlineOf(session);
    if (deadlineMs === timerMs) return;
    cancelTimer?.();
    timerMs = deadlineMs;
    cancelTimer =
      deadlineMs === null
        ? null
        : clock.after(Math.max(0, deadlineMs - clock.nowMs()), () => {
            timerMs = null;
            tell({ kind: 'deadline-passed' });
          });
  }

  function present(): void {
    if (stage.watched) stage.show(show(session, momentOf(clock, chance)));
  }

  function halt(): void {
    stopped = true;
    queue.length = 0;
    cancelTimer?.();
    unwatch();
    room?.stop();
    endQuiet();
  }

  stage.listen((command) => tell({ kind: 'commanded', command }));
  stage.prompt(present);
  if (parts.freeBytes !== undefined) {
    room = watchRoom({
      freeBytes: parts.freeBytes,
      clock,
      busy: () => attemptInHand(session.state) !== null,
      tell: (health) => tell({ kind: 'device-changed', device: 'journal', health }),
    });
  }
  unwatch = supervise(ports, tell);
  if (stopped) {
    // What the devices said at once led to a step that could not be written down.
    unwatch();
  } else {
    arm();
    present();
    const { closeBooks } = parts;
    if (closeBooks !== undefined) {
      const isQuiet = () => session.state.kind === 'idle' && !session.cardPresent;
      endQuiet = whenQuiet(clock, isQuiet, () => orHalt(() => endDay(closeBooks)));
    }
  }

  return {
    get session() {
      return session;
    },
    async settled() {
      while (underWay.size > 0) await Promise.allSettled([...underWay]);
    },
    stop: halt,
  };
}

/** So many of the newest rows tell of the last slip. Further back there were others since, or none for long. */
const rowsBack = 200;

/** Whether the last slip that reached the printer may still hang there, whole or in part. */
function mayHang(journal: Journal): boolean {
  for (const row of journal.newest(rowsBack)) {
    const paper = row.attempt === noAttempt ? closingPaperOf(row) : paperOf(row);
    if (paper === 'printed') return false;
    if (paper === 'printing' || paper === 'maybe-printed') return true;
  }
  return false;
}

/** Of what another version wrote nothing is known: it is over, or the start would have failed. */
function paperOf(row: JournalRow): PaperState {
  return settledAttemptOf(row)?.paper ?? 'maybe-printed';
}

/** The attempts that a step changed: these are what the journal must know before anything else happens. */
function changedAttempts(before: Session, step: Step): readonly Attempt[] {
  const was = new Set(attemptsOf(before));
  const now = attemptsOf(step.next);
  const all = step.closed === null ? now : [step.closed, ...now];
  return all.filter((attempt) => attempt.money !== 'none' && !was.has(attempt));
}
