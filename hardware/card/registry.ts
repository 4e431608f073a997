import type { LoadOrder } from '../../main/contract/card.ts';
import type { Clock } from '../../main/contract/clock.ts';
import type { CardReader } from '../reader/port.ts';
import type { Sam } from '../sam/port.ts';
import type { CardFamily, PreparedLoad } from './family.ts';
import { CardLink, type LinkTimes } from './link.ts';
import { nameCard } from './name-card.ts';
import { PbocFamily } from './pboc/family.ts';
import type { PbocProfile } from './pboc/profile.ts';
import type { CheckAnswer, Fault, PrepareAnswer, ReadAnswer, StoredValueCards } from './port.ts';

export type StoredValueCardsParts = {
  readonly reader: CardReader;
  readonly sam: Sam;
  readonly pbocProfiles: readonly PbocProfile[];
  readonly clock: Clock;
  readonly apduDeadlineMs?: number;
  readonly connectDeadlineMs?: number;
  readonly samDeadlineMs?: number;
};

/** The cards that this kiosk serves, found out by trying what each family knows. The reader and the SAM become its own. */
export function createStoredValueCards(parts: StoredValueCardsParts): StoredValueCards {
  const { reader, sam, clock, samDeadlineMs = 3_000 } = parts;
  const families: readonly CardFamily[] = [
    new PbocFamily({ profiles: parts.pbocProfiles, sam, clock, samDeadlineMs }),
  ];
  const times = {
    apduDeadlineMs: parts.apduDeadlineMs ?? 2_000,
    connectDeadlineMs: parts.connectDeadlineMs ?? 2_000,
  };
  return new RegisteredCards(reader, sam, clock, times, families);
}

class RegisteredCards implements StoredValueCards {
  readonly #reader: CardReader;
  readonly #sam: Sam;
  readonly #clock: Clock;
  readonly #times: LinkTimes;
  readonly #families: readonly CardFamily[];
  #prepared: { readonly link: CardLink; readonly load: PreparedLoad } | null = null;

  constructor(
    reader: CardReader,
    sam: Sam,
    clock: Clock,
    times: LinkTimes,
    families: readonly CardFamily[],
  ) {
    this.#reader = reader;
    this.#sam = sam;
    this.#clock = clock;
    this.#times = times;
    this.#families = families;
  }

  watch(handlers: Parameters<StoredValueCards['watch']>[0]): () => void {
    const stopReader = this.#reader.watch(
      (presence) => handlers.onPresence(presence.kind === 'present'),
      handlers.onReaderHealth,
    );
    const stopSam = this.#sam.watch(handlers.onSamHealth);
    return () => {
      stopReader();
      stopSam();
    };
  }

  read(): Promise<ReadAnswer> {
    return this.#converse(
      async (link) => {
        for (const family of this.#families) {
          const answer = await family.read(link);
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
        if (family !== undefined) return family.check(link, order, mark);
        const detail = `no card profile ${order.profile} is configured`;
        return { kind: 'unknown', fault: { kind: 'undecided', detail } };
      },
      (fault) => ({ kind: 'unknown', fault }),
    );
  }

  async close(): Promise<void> {
    await this.abandon();
    await this.#reader.close();
    await this.#sam.close();
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
    return this.#families.find((family) => family.serves(order.profile));
  }
}
