import type { LoadOrder } from '../../main/contract/card.ts';
import type { Clock } from '../../main/contract/clock.ts';
import { down, type Health } from '../../main/contract/device.ts';
import type { CardReader } from '../reader/port.ts';
import { loadAuthority } from '../sam/load-authority.ts';
import type { Sam } from '../sam/port.ts';
import { desfire } from './desfire/family.ts';
import type { CardFamily, CardFamilyKind, PreparedLoad } from './family.ts';
import { CardLink, type LinkTimes } from './link.ts';
import { nameCard, nameMemoryCard } from './name-card.ts';
import { pboc } from './pboc/family.ts';
import type { CheckAnswer, Fault, PrepareAnswer, ReadAnswer, StoredValueCards } from './port.ts';
import type { CardProfile } from './profile.ts';

/** Every family of cards that a kiosk can serve, in the order in which they are tried where the ATR tells nothing. */
export const cardFamilies: readonly CardFamilyKind[] = [pboc, desfire];

export type StoredValueCardsParts = {
  readonly reader: CardReader;
  readonly sams: readonly Sam[];
  /** By family: the cards that this kiosk serves. A family that is not named is not tried. */
  readonly profiles: Readonly<Record<string, readonly CardProfile[]>>;
  readonly clock: Clock;
  readonly apduDeadlineMs?: number;
  readonly connectDeadlineMs?: number;
  readonly samDeadlineMs?: number;
};

type Served = {
  readonly name: string;
  readonly profiles: readonly CardProfile[];
  readonly family: CardFamily;
  /** Null: no load authority is configured for it. */
  readonly sam: Sam | null;
};

/**
 * The cards that this kiosk serves, found out by ATR and by trying what each family knows. The reader and the SAMs become
 * its own. Throws a ZodError for a profile that is none of its family.
 */
export function createStoredValueCards(parts: StoredValueCardsParts): StoredValueCards {
  const { reader, sams, profiles, clock, samDeadlineMs = 3_000 } = parts;
  const served = cardFamilies.flatMap((kind): Served[] => {
    const { name } = kind;
    const own = profiles[name] ?? [];
    if (own.length === 0) return [];
    const sam = sams.find(({ families }) => families.includes(name)) ?? null;
    const family = kind.create(own, loadAuthority(name, sam, clock, samDeadlineMs));
    return [{ name, profiles: own, family, sam }];
  });
  const times = {
    apduDeadlineMs: parts.apduDeadlineMs ?? 2_000,
    connectDeadlineMs: parts.connectDeadlineMs ?? 2_000,
  };
  return new RegisteredCards(reader, sams, clock, times, served);
}

class RegisteredCards implements StoredValueCards {
  readonly #reader: CardReader;
  readonly #sams: readonly Sam[];
  readonly #clock: Clock;
  readonly #times: LinkTimes;
  readonly #served: readonly Served[];
  readonly #stopWatching: () => void;
  /** The cards that were read since the slot was empty last, by profile and number: more than one lie there where it is two. */
  readonly #seen = new Set<string>();
  #prepared: { readonly link: CardLink; readonly load: PreparedLoad } | null = null;

  constructor(
    reader: CardReader,
    sams: readonly Sam[],
    clock: Clock,
    times: LinkTimes,
    served: readonly Served[],
  ) {
    this.#reader = reader;
    this.#sams = sams;
    this.#clock = clock;
    this.#times = times;
    this.#served = served;
    this.#stopWatching = reader.watch(
      (presence) => {
        if (presence.kind === 'absent') this.#seen.clear();
      },
      () => {},
    );
  }

  watch(handlers: Parameters<StoredValueCards['watch']>[0]): () => void {
    const stopReader = this.#reader.watch(
      (presence) => handlers.onPresence(presence.kind === 'present'),
      handlers.onReaderHealth,
    );
    const stopSams = this.#served.map(({ name, sam }) => {
      const tell = (health: Health): void => handlers.onSamHealth(name, health);
      if (sam !== null) return sam.watch(tell, name);
      tell(down('not-ready'));
      return () => {};
    });
    return () => {
      stopReader();
      for (const stopSam of stopSams) stopSam();
    };
  }

  read(): Promise<ReadAnswer> {
    return this.#converse(
      async (link) => {
        const memoryCard = nameMemoryCard(link.atr);
        if (memoryCard !== null) return { kind: 'refused', refusal: memoryCard };
        for (const { family } of this.#byLikelihood(link.atr)) {
          const answer = await family.read(link);
          if (answer.kind === 'done')
            this.#seen.add(cardName(answer.card.profile, answer.card.number));
          if (answer.kind !== 'not-mine') return answer;
        }
        const named = await nameCard(link);
        if (named.kind === 'failed') return named;
        return { kind: 'refused', refusal: { kind: 'unknown-card', name: named.name } };
      },
      (fault) => ({ kind: 'failed', fault }),
    );
  }

  async prepare(order: LoadOrder): Promise<PrepareAnswer> {
    await this.abandon();
    const family = this.#familyOf(order);
    if (family === undefined) {
      const detail = `no card profile ${order.profile} is configured`;
      return { kind: 'refused', refusal: { kind: 'card-refused', detail } };
    }
    const opened = await CardLink.open(this.#reader, this.#clock, this.#times);
    if (opened.kind === 'failed') return opened;
    const { link } = opened;
    const answer = await family.prepare(link, order);
    if (answer.kind !== 'done') {
      await link.release();
      if (answer.kind === 'refused' && answer.refusal.kind === 'other-card' && this.#lies(order)) {
        return { kind: 'refused', refusal: { kind: 'two-cards' } };
      }
      return answer;
    }
    this.#prepared = { link, load: answer.load };
    return { kind: 'done', mark: answer.load.mark };
  }

  async credit() {
    const prepared = this.#prepared;
    if (prepared === null) throw new Error('credit without a prepared load');
    this.#prepared = null;
    const answer = await prepared.load.credit();
    await prepared.link.release();
    return answer;
  }

  async abandon(): Promise<void> {
    const prepared = this.#prepared;
    this.#prepared = null;
    await prepared?.link.release();
  }

  check(order: LoadOrder, mark: Parameters<StoredValueCards['check']>[1]): Promise<CheckAnswer> {
    const family = this.#familyOf(order);
    return this.#converse<CheckAnswer>(
      async (link) => {
        if (family !== undefined) {
          const answer = await family.check(link, order, mark);
          return answer.kind === 'other-card' && this.#lies(order) ? { kind: 'two-cards' } : answer;
        }
        const detail = `no card profile ${order.profile} is configured`;
        return { kind: 'unknown', fault: { kind: 'undecided', detail } };
      },
      (fault) => ({ kind: 'unknown', fault }),
    );
  }

  async close(): Promise<void> {
    await this.abandon();
    this.#stopWatching();
    await this.#reader.close();
    await Promise.all(this.#sams.map((sam) => sam.close()));
  }

  /** A whole conversation on a connection of its own. Whatever was prepared is let go of first. */
  async #converse<Answer>(
    speak: (link: CardLink) => Promise<Answer>,
    failed: (fault: Fault) => Answer,
  ): Promise<Answer> {
    await this.abandon();
    const opened = await CardLink.open(this.#reader, this.#clock, this.#times);
    if (opened.kind === 'failed') return failed(opened.fault);
    const answer = await speak(opened.link);
    await opened.link.release();
    return answer;
  }

  #familyOf(order: LoadOrder): CardFamily | undefined {
    return this.#served.find(({ profiles }) => profiles.some(({ name }) => name === order.profile))
      ?.family;
  }

  /** Whether the order's card was read since the slot was empty last: it lies there, though another one answers. */
  #lies({ profile, cardNumber }: LoadOrder): boolean {
    return this.#seen.has(cardName(profile, cardNumber));
  }

  /** Likely families first, so that most cards are read without a question to the wrong one. */
  #byLikelihood(atr: Uint8Array): readonly Served[] {
    const likely = this.#served.filter(({ family }) => family.isLikely(atr));
    return [...likely, ...this.#served.filter((each) => !likely.includes(each))];
  }
}

function cardName(profile: string, number: string): string {
  return `${profile} ${number}`;
}
