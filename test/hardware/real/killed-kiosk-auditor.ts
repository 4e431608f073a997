import type { Screen } from '../../../main/contract/view.ts';
import type { Attempt } from '../../../main/session/attempt.ts';
import {
  type Evidence,
  type OutsideBooks,
  purseAtFirst,
  readEvidence,
  readOutsideBooks,
  type Story,
  storyInWords,
} from './killed-kiosk-evidence.ts';
import { type Promised, promisesOf } from './killed-kiosk-promises.ts';

type Stories = ReadonlyMap<string, Story>;

/**
 * Somebody outside who believes nobody's word: keeps what a station's screens have said, and after each death compares that,
 * and what cards and banks hold, with what the journal tells.
 */
export class Auditor {
  readonly #journalFile: string;
  readonly #scratch: string;
  readonly #promises = new Map<string, Promised>();
  /** Every load that was ever seen in a card's log, which keeps the last ten, by card and counter. */
  readonly #loads = new Map<string, OutsideBooks['loads'][number]>();
  /** What the screen shows. */
  #screen: Screen['kind'] | null = null;
  #wasRead = false;

  constructor(journalFile: string, scratch: string) {
    this.#journalFile = journalFile;
    this.#scratch = scratch;
  }

  /** A person has seen this. */
  shown(screen: Screen): void {
    this.#screen = screen.kind;
    for (const promise of promisesOf(screen)) {
      this.#promises.set(`${JSON.stringify(promise.of)} ${promise.what}`, promise);
    }
  }

  /** The process is dead: what is wrong now, and the attempt that was last written about. */
  inspect(): { readonly objections: readonly string[]; readonly newest: Story | null } {
    const books = readOutsideBooks(this.#journalFile);
    for (const load of books.loads) this.#loads.set(`${load.card} ${load.counter}`, load);
    const evidence = readEvidence(this.#journalFile, this.#scratch);
    if (evidence.kind === 'unreadable') {
      const isBegun = this.#wasRead || this.#promises.size > 0 || books.payments.length > 0;
      return {
        objections: isBegun ? [`the journal cannot be read: ${evidence.why}`] : [],
        newest: null,
      };
    }
    this.#wasRead = true;
    const { verified, stories, newest } = evidence;
    const objections = [
      ...(verified.kind === 'whole' ? [] : [`verify: row ${verified.row}: ${verified.what}`]),
      ...[...this.#promises.values()].flatMap((promise) => broken(promise, stories)),
      ...this.#unannounced(books, stories),
      ...this.#doubled(books),
      ...(this.#screen === 'attract' ? unclaimed(stories) : []),
    ];
    this.#screen = null;
    return { objections, newest };
  }

  /** Everybody has been here again, and the station has come to rest: what is not as it should be for ever. */
  close(): readonly string[] {
    const evidence: Evidence = readEvidence(this.#journalFile, this.#scratch);
    if (evidence.kind === 'unreadable') return [`the journal cannot be read: ${evidence.why}`];
    const books = readOutsideBooks(this.#journalFile);
    const stories = [...evidence.stories.values()];
    return [
      ...unclaimed(evidence.stories),
      ...stories.flatMap((story) => this.#unbalanced(story, books)),
      ...this.#purses(books),
    ];
  }

  /** What a device did and the journal had not announced. */
  #unannounced({ payments }: OutsideBooks, stories: Stories): readonly string[] {
    const demand = (what: string, amountMinor: number, isAnnounced: (step: Attempt) => boolean) => {
      const of = storiesOf(stories, { amountMinor });
      if (of.some(({ steps }) => steps.some(isAnnounced))) return [];
      return [
        `${what} ${amountMinor}, and the journal did not announce it\n${of.map(told).join('\n')}`,
      ];
    };
    return [
      ...payments.flatMap(({ amountMinor, status, phases }) => [
        ...demand('the bank has approved', amountMinor, ({ money }) => money !== 'none'),
        ...(status === 'captured' && phases === 'two'
          ? demand(
              'the bank has taken',
              amountMinor,
              ({ money, card, proof }) =>
                money === 'capturing' && card === 'written' && proof !== null,
            )
          : []),
      ]),
      ...[...this.#loads.values()].flatMap(({ amountMinor }) =>
        demand(
          'a card was loaded with',
          amountMinor,
          ({ card, loadMark }) => card === 'writing' && loadMark !== null,
        ),
      ),
    ];
  }

  /** What must never be, at no moment. */
  #doubled({ payments }: OutsideBooks): readonly string[] {
    const held = payments.filter(({ status }) => status !== 'reversed');
    const loaded = new Set<number>();
    const twice = [...this.#loads.values()].filter(({ amountMinor }) => {
      const isAgain = loaded.has(amountMinor);
      loaded.add(amountMinor);
      return isAgain;
    });
    return [
      ...held
        .filter(
          ({ amountMinor }, at) =>
            held.findIndex((other) => other.amountMinor === amountMinor) !== at,
        )
        .map(({ amountMinor }) => `${amountMinor} is charged twice`),
      ...twice.map(({ amountMinor }) => `${amountMinor} is loaded twice`),
    ];
  }

  /** Charged and loaded once, or neither. */
  #unbalanced(story: Story, { payments }: OutsideBooks): readonly string[] {
    const { amountMinor } = story.last;
    const of = payments.filter((payment) => payment.amountMinor === amountMinor);
    const taken = of.filter(({ status }) => status === 'captured').length;
    const reserved = of.filter(({ status }) => status === 'authorised').length;
    const loads = [...this.#loads.values()].filter(
      (load) => load.amountMinor === amountMinor,
    ).length;
    if (reserved === 0 && taken === loads && taken <= 1) return [];
    return [
      `${amountMinor}: taken ${taken} times, reserved ${reserved}, loaded ${loads}; ${told(story)}`,
    ];
  }

  /** Every load on a card was seen, and its balance is their sum: what nobody spends from stays. */
  #purses({ purses }: OutsideBooks): readonly string[] {
    return [...purses].flatMap(([card, { balanceMinor, loads }]) => {
      const first = purseAtFirst(card);
      const seen = [...this.#loads.values()].filter((load) => load.card === card);
      const sum = seen.reduce((total, { amountMinor }) => total + amountMinor, 0);
      if (loads - first.loads === seen.length && balanceMinor - first.balanceMinor === sum)
        return [];
      return [
        `${card} was loaded ${loads - first.loads} times with ${balanceMinor - first.balanceMinor}; seen: ${seen.length} times ${sum}`,
      ];
    });
  }
}

function storiesOf(stories: Stories, of: Promised['of']): readonly Story[] {
  if ('reference' in of) {
    const story = stories.get(of.reference);
    return story === undefined ? [] : [story];
  }
  return [...stories.values()].filter(({ last }) => last.amountMinor === of.amountMinor);
}

/** A machine that waits for the next one has settled what is open, or has given somebody a claim. */
function unclaimed(stories: Stories): readonly string[] {
  return [...stories.values()].flatMap((story) =>
    story.isSettled || story.last.claim !== null
      ? []
      : [`neither settled nor a claim: ${told(story)}`],
  );
}

function broken({ what, of, isKept }: Promised, stories: Stories): readonly string[] {
  const found = storiesOf(stories, of);
  if (found.some(({ steps }) => steps.some(isKept))) return [];
  return [
    `${JSON.stringify(of)} was shown ${what}, and the journal does not know\n${found.map(told).join('\n')}`,
  ];
}

function told(story: Story): string {
  return `${story.last.reference}\n${storyInWords(story)}`;
}
