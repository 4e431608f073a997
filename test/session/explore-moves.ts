import type { Command } from '../../main/contract/command.ts';
import { down, up } from '../../main/contract/device.ts';
import type { Attempt } from '../../main/session/attempt.ts';
import type { Event, Fact, Moment } from '../../main/session/event.ts';
import { errandTriesMax } from '../../main/session/moves.ts';
import { recover } from '../../main/session/recover.ts';
import { referenceFrom } from '../../main/session/reference.ts';
import { isSettled } from '../../main/session/resolve.ts';
import {
  attemptsOf,
  deadlineOf,
  type Session,
  type Step,
  type Terms,
} from '../../main/session/session.ts';
import { captureTriesMax } from '../../main/session/settling.ts';
import { deviceTold } from '../support/device-told.ts';
import { keptBooks, ordersAfter, pastAfter } from './explore-after.ts';
import { silencesAfter, silencesAtStart } from './explore-silence.ts';
import { tapsAt } from './explore-taps.ts';
import { assertClaimsKept, assertEnd, assertEnds, assertOrders } from './explore-truth.ts';
import { booksAfterCrash, emptyBook, emptyWorld, type World, waysOf } from './explore-world.ts';

export type Transition = (session: Session, event: Event) => Step;

/** What a world consists of, so that it stays small enough to be walked through to its end. */
export type Domain = {
  readonly terms: Terms;
  /** How many top-ups may be unfinished at once. */
  readonly attemptsMax: number;
  readonly cards: readonly string[];
  /** What comes and goes by itself. The rest speaks once, at each start. */
  readonly fickle: readonly ('reader' | 'printer' | 'terminals')[];
  /** Whether there is a printer at all. */
  readonly hasPrinter: boolean;
  /** Which top-ups are asked for. `all`: the last one that is over, too; none is begun after it. */
  readonly asksFor: 'none' | 'open' | 'all';
  /** What goes wrong of itself: anything, or only printing. The power is cut in any case. */
  readonly faults: 'all' | 'paper';
  /** Whether payments that are not answered are counted. Where not, others were answered in between. */
  readonly countsSilence: boolean;
};

/** Session and truth. Time is not kept: each fact comes before or after whatever is waited for, as it likes. */
export type Place = {
  readonly session: Session;
  readonly world: World;
  /** The top-up that was over with the last step. */
  readonly closed?: Attempt | null;
  /** When the next fact comes, where it does not come at once. */
  readonly laterMs?: number;
};

/** One thing that can happen at a place. */
export type Move = {
  /** What happens, in words. */
  readonly say: string;
  /** What the session is told, or what happens to the process. */
  readonly fact: Fact['kind'] | Command['kind'] | 'process-died' | 'time-and-again';
  /** `well`: nothing goes wrong. `badly`: a fault, or an answer that is missing. */
  readonly kind: 'well' | 'badly';
  /** Where it leads. Null: beyond the domain. Throws where a rule is broken. */
  readonly go: (decide: Transition) => Place | null;
};

const startWallMs = 1_772_438_400_000;
const hourMs = 3_600_000;

/** Before every deadline, and after none. */
const soonMs = 1;

/** References are given out from a short list, over and over: a settled top-up's is free again. */
const chances = ['0000000001', '0000000002', '0000000003', '0000000004'].map((chance) => ({
  chance,
  reference: referenceFrom(chance),
}));

/** The wall clock stands still, as if everything were recent, until a start comes long after. */
function momentAt(nowMs: number, world: World, wallMs = startWallMs): Moment {
  const free = chances.find(({ reference }) => world.books[reference] === undefined);
  if (free === undefined) throw new Error('more top-ups at once than there are references');
  return { nowMs, wallMs, localTime: '20260302080000', chance: free.chance };
}

/** The kiosk at its first start, nothing in its journal and no card in the reader. */
export function firstStart(domain: Domain, decide: Transition): Place {
  return startWith([], emptyWorld, domain, decide);
}

/** A start with what the journal holds. What is not fickle says at once that it is there. */
export function startWith(
  attempts: readonly Attempt[],
  world: World,
  domain: Domain,
  decide: Transition,
): Place {
  const { terms, fickle, hasPrinter } = domain;
  const recovered = recover(attempts, terms, momentAt(0, world));
  assertClaimsKept(attempts, attemptsOf(recovered));
  let place: Place = {
    session: counted(recovered, domain),
    world: { ...world, silences: domain.countsSilence ? silencesAtStart(attempts) : {} },
  };
  for (const device of ['sam', 'journal', 'reader', 'printer'] as const) {
    if (fickle.some((each) => each === device)) continue;
    const health = device === 'printer' && !hasPrinter ? down('unplugged') : up;
    place = told(place, deviceTold(device, health), domain, decide) ?? place;
  }
  if (!fickle.includes('terminals')) {
    for (const { id } of terms.means) {
      const fact = { kind: 'terminal-changed', terminal: id, health: up } as const;
      place = told(place, fact, domain, decide) ?? place;
    }
  }
  return place;
}

/** The kiosk as the domain has it. */
function counted(session: Session, { countsSilence }: Domain): Session {
  const isQuiet = Object.keys(session.breakers).length === 0;
  return countsSilence || isQuiet ? session : { ...session, breakers: {} };
}

/** Tell the session a fact: the place it leads to, or null where that lies beyond the domain. */
function told(
  { session, world, laterMs = soonMs }: Place,
  fact: Fact,
  domain: Domain,
  decide: Transition,
  atMs = laterMs,
  wallMs?: number,
): Place | null {
  const step = decide(session, { at: momentAt(atMs, world, wallMs), fact });
  const past = domain.asksFor === 'all' ? pastAfter(session, world, step) : null;
  const known = [...(past === null ? [] : [past]), ...attemptsOf(step.next)];
  if (known.length > domain.attemptsMax) return null;
  const silences = domain.countsSilence ? silencesAfter(world.silences, session, fact, atMs) : {};
  const after: World = {
    ...world,
    books: keptBooks(world, known),
    orders: ordersAfter(world, step, known),
    past,
    silences,
  };
  assertEnds(session, step.next, step.closed, world.books);
  assertOrders(step, world, silences);
  const place: Place = {
    session: counted(step.next, domain),
    world: after,
    closed: step.closed,
  };
  // The terminal is told to stop without being waited for: nothing can come between this order and its answer.
  const stop = after.orders.find(({ effect }) => effect.kind === 'cancel-payment');
  if (stop === undefined) return place;
  const orders = after.orders.filter((order) => order !== stop);
  const sent = { kind: 'payment-cancel-sent' } as const;
  return told({ ...place, world: { ...after, orders } }, sent, domain, decide);
}

/** Everything that can happen at a place: at once, or when something that the session as a whole waits for is over. */
export function movesAt(place: Place, domain: Domain): readonly Move[] {
  const { session } = place;
  const suspensions = Object.values(session.breakers).map(({ suspended }) => suspended);
  const waits = [...Object.values(session), ...suspensions].filter(isWait);
  return [
    ...movesNow(place, domain),
    ...waits.flatMap(({ untilMs }) =>
      movesNow({ ...place, laterMs: untilMs }, domain).map((move) => ({
        ...move,
        say: `${move.say}, a while later`,
      })),
    ),
    ...insistence(place),
    ...deaths(place, domain),
  ];
}

function isWait(value: unknown): value is { readonly untilMs: number } {
  return typeof value === 'object' && value !== null && 'untilMs' in value;
}

function movesNow(place: Place, domain: Domain): readonly Move[] {
  return [
    ...answers(place, domain),
    ...cardMoves(place, domain),
    ...healthMoves(place, domain),
    ...deadlines(place, domain),
    ...commands(place, domain),
    ...longAfter(place, domain),
  ];
}

/** What was under way before a start is recent, or it is long ago: the same once more, an hour later. */
function longAfter(place: Place, domain: Domain): readonly Move[] {
  const { state, open } = place.session;
  if (state.kind !== 'starting' || open.length === 0) return [];
  const wallMs = startWallMs + hourMs;
  const late = [...healthMoves(place, domain, wallMs), ...deadlines(place, domain, wallMs)];
  return late.map((move) => ({ ...move, say: `${move.say}; the machine was off for an hour` }));
}

function answers(place: Place, domain: Domain): readonly Move[] {
  const { world } = place;
  return world.orders.flatMap((order) => {
    const orders = world.orders.filter((other) => other !== order);
    const isPaper = order.effect.kind === 'ready-printer' || order.effect.kind === 'print-receipt';
    const canFail = domain.faults === 'all' || isPaper;
    const ways = waysOf(order, world, domain.terms).filter(
      ({ kind }) => canFail || kind === 'well',
    );
    return ways.flatMap(({ say, answer, books, kind }) => {
      const answered: Place = { ...place, world: { ...world, orders, books } };
      return moments(place).map(
        ({ atMs, when }): Move => ({
          say: `${say}${when}`,
          fact: answer.kind,
          kind,
          go: (decide) => told(answered, answer, domain, decide, atMs),
        }),
      );
    });
  });
}

/** Time passes as it may: none at all, or so much that a person's patience is at its end, or that what was set aside is due again. */
function moments({ session, laterMs = soonMs }: Place): readonly { atMs: number; when: string }[] {
  const { state, setAside } = session;
  const patience = 'patience' in state ? state.patience : null;
  const due = Math.max(0, ...setAside.map(({ untilMs }) => untilMs));
  return [
    { atMs: laterMs, when: '' },
    ...(patience !== null ? [{ atMs: patience.untilMs, when: '; it has taken too long' }] : []),
    ...(due > 0 ? [{ atMs: due, when: '; that took its time' }] : []),
  ];
}

function cardMoves(place: Place, domain: Domain): readonly Move[] {
  const { session, world } = place;
  const { slot } = world;
  const move = (say: string, fact: 'card-inserted' | 'card-removed', now: string | null): Move => ({
    say,
    fact,
    kind: 'well',
    go: (decide) => {
      const orders =
        now === null
          ? world.orders
          : world.orders.map((order) =>
              order.seen.includes(now) ? order : { ...order, seen: [...order.seen, now] },
            );
      const moved: Place = { ...place, world: { ...world, slot: now, orders } };
      return told(moved, { kind: fact }, domain, decide);
    },
  });
  if (slot === null) {
    const known = attemptsOf(session).map(({ cardNumber }) => cardNumber);
    return domain.cards.map((number) =>
      move(
        known.length === 0
          ? 'a card is put in'
          : known.includes(number)
            ? 'its card is put in'
            : 'another card is put in',
        'card-inserted',
        number,
      ),
    );
  }
  const back = session.cardPresent
    ? 'the card jumps on its contacts'
    : 'the reader tells of its card';
  // A reader that is lost has no card in it, as far as anybody can tell.
  const isUnseen = session.devices.reader.kind === 'down' && session.cardPresent;
  return [
    move('the card is pulled', 'card-removed', null),
    move(back, 'card-inserted', slot),
    ...(isUnseen ? [move('the reader tells of no card any more', 'card-removed', slot)] : []),
  ];
}

function healthMoves(place: Place, domain: Domain, wallMs?: number): readonly Move[] {
  const { devices } = place.session;
  const toggle = (name: string, isUp: boolean, fact: Fact): Move => ({
    say: isUp ? `the ${name} breaks down` : `the ${name} is there`,
    fact: fact.kind === 'commanded' ? fact.command.kind : fact.kind,
    kind: isUp ? 'badly' : 'well',
    go: (decide) => told(place, fact, domain, decide, place.laterMs, wallMs),
  });
  return domain.fickle.flatMap((device) => {
    if (device === 'terminals') {
      return domain.terms.means.map(({ id }) => {
        const isUp = devices.terminals[id]?.kind === 'up';
        const health = isUp ? down('silent') : up;
        return toggle(`${id} terminal`, isUp, { kind: 'terminal-changed', terminal: id, health });
      });
    }
    const isUp = devices[device].kind === 'up';
    const health = isUp ? down('unplugged') : up;
    return [toggle(device, isUp, deviceTold(device, health))];
  });
}

function deadlines(place: Place, domain: Domain, wallMs?: number): readonly Move[] {
  const dueMs = deadlineOf(place.session);
  if (dueMs === null) return [];
  const deadlineMs = Math.max(dueMs, place.laterMs ?? soonMs);
  const fact = { kind: 'deadline-passed' } as const;
  const passes = (say: string, atMs: number): Move => ({
    say,
    fact: 'deadline-passed',
    kind: 'well',
    go: (decide) => told(place, fact, domain, decide, atMs, wallMs),
  });
  return [
    passes('time passes', deadlineMs),
    ...moments(place)
      .filter(({ atMs }) => atMs > deadlineMs)
      .map(({ atMs, when }) => passes(`time passes${when}`, atMs)),
  ];
}

function commands(place: Place, domain: Domain): readonly Move[] {
  const { session, world } = place;
  const hasRoom = attemptsOf(session).length + (world.past === null ? 0 : 1) < domain.attemptsMax;
  const taps = tapsAt(session, world, domain.terms);
  return taps
    .filter(({ kind }) => kind !== 'find-money' || domain.asksFor !== 'none')
    .filter(({ kind }) => kind !== 'begin-top-up' || hasRoom)
    .map(
      (command): Move => ({
        say: `somebody taps: ${command.kind}`,
        fact: command.kind,
        kind: 'well',
        go: (decide) => told(place, { kind: 'commanded', command }, domain, decide),
      }),
    );
}

/**
 * The same order is given again and again in vain. Each round changes nothing but the count, so it is put forward to where
 * the count next decides something.
 */
function insistence(place: Place): readonly Move[] {
  const { session } = place;
  const { state, setAside } = session;
  const jump = (next: Session): Move => ({
    say: 'that goes on and on, in vain',
    fact: 'time-and-again',
    kind: 'badly',
    go: () => ({ ...place, session: next }),
  });
  const spent = setAside.map((one) => {
    const attempt = session.open.find(({ reference }) => reference === one.reference);
    return attempt?.money === 'capturing' ? { ...one, tries: captureTriesMax } : one;
  });
  return [
    ...(state.kind === 'resting' && state.patience === null && state.tries < errandTriesMax
      ? [jump({ ...session, state: { ...state, tries: errandTriesMax } })]
      : []),
    ...(spent.some(({ tries }, n) => tries !== setAside[n]?.tries)
      ? [jump({ ...session, setAside: spent })]
      : []),
  ];
}

/** The process dies, at any moment. The order under way may have been carried out or not. The journal is what is left. */
function deaths(place: Place, domain: Domain): readonly Move[] {
  const { session, world } = place;
  const [order] = world.orders;
  const left = order === undefined ? [world.books] : booksAfterCrash(order, world, domain.terms);
  const age = Object.keys(world.books);
  const journal = attemptsOf(session)
    .filter((attempt) => attempt.money !== 'none' && !isSettled(attempt))
    .sort((a, b) => age.indexOf(a.reference) - age.indexOf(b.reference));
  const over = attemptsOf(session).find((one) => one.money !== 'none' && isSettled(one)) ?? null;
  return left.map(
    (books): Move => ({
      say: left.length < 2 ? 'the power is cut' : `the power is cut ${wasDone(books, world)}`,
      fact: 'process-died',
      kind: 'badly',
      go: (decide) => {
        for (const attempt of attemptsOf(session)) {
          if (!journal.includes(attempt)) assertEnd(attempt, books[attempt.reference] ?? emptyBook);
        }
        const past = domain.asksFor === 'all' ? (over ?? world.past) : null;
        const known = [...(past === null ? [] : [past]), ...journal];
        const kept = known.map(({ reference }) => [reference, books[reference] ?? emptyBook]);
        const { slot } = world;
        const left: World = { ...emptyWorld, slot, books: Object.fromEntries(kept), past };
        return startWith(journal, left, domain, decide);
      },
    }),
  );
}

function wasDone(books: World['books'], { books: before }: World): string {
  return books === before ? 'before the order is carried out' : 'when the order is carried out';
}
