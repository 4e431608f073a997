import type { Attempt } from '../../main/session/attempt.ts';
import { BrokenInvariant } from '../../main/session/invariants.ts';
import { slipKind } from '../../main/session/paper.ts';
import { attemptInHand, attemptsOf, type StateKind } from '../../main/session/session.ts';
import { transition } from '../../main/session/transition.ts';
import { keyOf } from './explore-key.ts';
import {
  type Domain,
  firstStart,
  type Move,
  movesAt,
  type Place,
  type Transition,
} from './explore-moves.ts';
import { laterStarts } from './explore-starts.ts';
import { assertScreen, isOwed, truths } from './explore-truth.ts';
import { Edges, firstWithoutWay, isForsaken } from './explore-way-out.ts';
import { Loss } from './explore-world.ts';

/** One step of a story: what happened, and what the kiosk did then. */
export type Chapter = {
  readonly say: string;
  readonly fact: Move['fact'];
  /** Null: it stopped. */
  readonly state: StateKind | null;
};

/** A rule that was broken, and the shortest way there. */
export type Found = {
  readonly rule: string;
  readonly detail: string;
  readonly story: readonly Chapter[];
};

/** What was met on the way from the first start. */
export type Met = {
  /** "state fact" */
  readonly pairs: ReadonlySet<string>;
  /** Which states follow which: "state state" → facts; where the top-up in hand stays in hand, with "=" before them. */
  readonly ways: ReadonlyMap<string, ReadonlySet<string>>;
  /** "money card" of the attempts that the kiosk had in mind. */
  readonly outcomes: ReadonlySet<string>;
  /** "paper tray": what became of the slip, and whether nothing, the same or an earlier one may lie in the tray. */
  readonly papers: ReadonlySet<string>;
};

export type Exploration = {
  readonly states: number;
  readonly edges: number;
  /** The most steps that any state is away from its start. */
  readonly depth: number;
  /** Nothing was left out for want of depth. */
  readonly complete: boolean;
  /** Later starts, with something in the journal, that led to states of their own. */
  readonly starts: number;
  readonly found: Found | null;
  readonly met: Met;
};

export type Bound = { readonly depth?: number; readonly decide?: Transition };

/**
 * Walks through everything that can happen in a domain, breadth first, until nothing is new, a rule is broken or the depth
 * is reached: from the first start, then from each start with an open attempt that the first never led to.
 */
export function explore(domain: Domain, bound: Bound = {}): Exploration {
  const { depth = Number.POSITIVE_INFINITY, decide = transition } = bound;
  const walk = new Walk(domain, decide);
  walk.begin(firstStart(domain, decide), 'the machine is switched on');
  walk.on(depth);
  const { met } = walk;
  let starts = 0;
  if (walk.isComplete && walk.found === null) {
    walk.forgetMet();
    for (const start of laterStarts(domain, decide)) {
      if (walk.begin(start, 'the machine is switched on, and finds an open attempt')) starts += 1;
    }
    walk.on(depth);
  }
  walk.lookForWaysOut();
  const { states, edges, depth: reached, isComplete: complete, found } = walk;
  return { states, edges, depth: reached, complete, starts, found, met };
}

class Walk {
  edges = 0;
  depth = 0;
  found: Found | null = null;
  met = nothingMet();

  readonly #domain: Domain;
  readonly #decide: Transition;
  readonly #indexOf = new Map<string, number>();
  readonly #chapters: (Chapter & { readonly parent: number })[] = [];
  /** Those that have not been walked on from. */
  readonly #places: (Place | null)[] = [];
  #first = 0;
  /** How many steps the place that is being reached is away from its start. */
  #level = 0;
  /** Edges of a world in which nothing goes wrong. */
  readonly #well = new Edges();
  readonly #settled: number[] = [];
  /** Edges of a world in which no card comes back and no terminal answers. */
  readonly #forsaken = new Edges();
  readonly #owedToNobody: number[] = [];

  constructor(domain: Domain, decide: Transition) {
    this.#domain = domain;
    this.#decide = decide;
  }

  get states(): number {
    return this.#chapters.length;
  }

  get isComplete(): boolean {
    return this.#first === this.states;
  }

  forgetMet(): void {
    this.met = nothingMet();
  }

  /** Starts from here too. Whether that is new. */
  begin(place: Place, say: string): boolean {
    const before = this.states;
    this.#level = 0;
    this.#add(place, { say, fact: 'process-died', state: place.session.state.kind, parent: -1 });
    return this.states > before;
  }

  /** Goes on, one step at a time from all that is new, until nothing is. */
  on(depthMax: number): void {
    for (let level = 0; !this.isComplete && level < depthMax && this.found === null; level += 1) {
      this.#level = level + 1;
      for (const end = this.states; this.#first < end && this.found === null; this.#first += 1) {
        const place = this.#places[this.#first] ?? null;
        if (place !== null) this.#expand(this.#first, place);
        this.#places[this.#first] = null;
      }
    }
  }

  /** What was not walked on from may lead anywhere. */
  lookForWaysOut(): void {
    if (this.found !== null) return;
    const beyond = Array.from({ length: this.states - this.#first }, (_, n) => this.#first + n);
    const ways = [
      ['way-out', this.#well, this.#settled],
      ['claim-at-last', this.#forsaken, this.#owedToNobody],
    ] as const;
    for (const [rule, edges, goals] of ways) {
      // Where no terminal fails, none is silent either.
      if (rule === 'claim-at-last' && this.#domain.faults !== 'all') continue;
      const lost = firstWithoutWay(this.states, edges, [...goals, ...beyond]);
      if (lost === null) continue;
      this.found = { rule, detail: truths[rule], story: this.#storyOf(lost) };
      return;
    }
  }

  #add(place: Place, chapter: Chapter & { readonly parent: number }): number {
    const key = keyOf(place);
    const earlier = this.#indexOf.get(key);
    if (earlier !== undefined) return earlier;
    const index = this.states;
    const { session, world } = place;
    assertScreen(session, world);
    this.#indexOf.set(key, index);
    this.#chapters.push(chapter);
    this.#places.push(place);
    this.depth = Math.max(this.depth, this.#level);
    const isIdle = session.state.kind === 'idle';
    if (isIdle && session.open.length === 0) this.#settled.push(index);
    if (isIdle && !session.open.some(isOwed)) this.#owedToNobody.push(index);
    for (const attempt of attemptsOf(session)) this.#note(attempt);
    return index;
  }

  #note({ money, card, paper, onPaper }: Attempt): void {
    this.met.outcomes.add(`${money} ${card}`);
    const isSame = onPaper === slipKind({ money, card });
    this.met.papers.add(`${paper} ${onPaper === null ? 'nothing' : isSame ? 'same' : 'earlier'}`);
  }

  /** Everything that can happen at one place. */
  #expand(index: number, place: Place): void {
    const { kind } = place.session.state;
    let move: Move | null = null;
    try {
      for (move of movesAt(place, this.#domain)) {
        const next = move.go(this.#decide);
        if (next === null) continue;
        const { say, fact } = move;
        const state = next.session.state.kind;
        this.edges += 1;
        if (next.closed) this.#note(next.closed);
        this.met.pairs.add(`${kind} ${fact}`);
        const inHand = attemptInHand(place.session.state)?.reference;
        const goesOn =
          inHand !== undefined && attemptInHand(next.session.state)?.reference === inHand;
        const way = `${kind} ${state}`;
        const facts = this.met.ways.get(way) ?? new Set();
        this.met.ways.set(way, facts.add(goesOn ? `=${fact}` : fact));
        const target = this.#add(next, { say, fact, state, parent: index });
        if (move.kind === 'well') this.#well.add(index, target);
        if (isForsaken(move)) this.#forsaken.add(index, target);
      }
    } catch (error) {
      const last: Chapter[] =
        move === null ? [] : [{ say: move.say, fact: move.fact, state: null }];
      this.found = { ...ruleOf(error), story: [...this.#storyOf(index), ...last] };
    }
  }

  #storyOf(index: number): readonly Chapter[] {
    const story: Chapter[] = [];
    for (let each = this.#chapters[index]; each !== undefined; each = this.#chapters[each.parent]) {
      story.push(each);
    }
    return story.reverse();
  }
}

function nothingMet() {
  return {
    pairs: new Set<string>(),
    ways: new Map<string, Set<string>>(),
    outcomes: new Set<string>(),
    papers: new Set<string>(),
  } satisfies Met;
}

function ruleOf(error: unknown): Pick<Found, 'rule' | 'detail'> {
  if (error instanceof Loss) return { rule: error.truth, detail: error.message };
  if (error instanceof BrokenInvariant) return { rule: 'invariant', detail: error.message };
  if (error instanceof Error) return { rule: error.name, detail: error.message };
  throw error;
}
