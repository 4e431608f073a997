import type { Clock } from '../../main/contract/clock.ts';
import { type DeviceFault, down, type Health, up } from '../../main/contract/device.ts';
import type { CardResponse, CommandAnswer } from '../card/apdu.ts';
import { within } from '../card/deadline.ts';
import { CardLink, type LinkAnswer } from '../card/link.ts';
import type { Fault } from '../card/port.ts';
import type { CardReader } from '../reader/port.ts';
import type { SamCardApplet, SamChannel } from './card-applet.ts';
import { samFaultOf, samFaultWords } from './card-fault.ts';
import type { Sam, SamAnswer, SamQuestion } from './port.ts';

export type SamCardParts = {
  readonly family: string;
  /** The SAM's own slot; it becomes the SAM's own. */
  readonly reader: CardReader;
  /** The family's questions, over the channel that it is given (`SamCardKind.applet`). */
  readonly applet: (channel: SamChannel) => SamCardApplet;
  readonly clock: Clock;
  /** One line for the technician each time that something changes: the reason and its remedy, never data. */
  readonly log: (line: string) => void;
  readonly apduDeadlineMs?: number;
  readonly connectDeadlineMs?: number;
  /** For one question with all its commands, waiting for its turn included. */
  readonly questionDeadlineMs?: number;
};

/** How often a card that is in its slot and does not serve is tried again: its PIN file may have been put right. */
const againMs = 10_000;

type State =
  | { readonly kind: 'ready' }
  /** `words`: the reason and its remedy. */
  | { readonly kind: 'down'; readonly health: Health; readonly words: string };

/**
 * A SAM card in a slot of its own. It is powered as long as it is there, made ready after each power-up, and asked one
 * question at a time; when it is put back it is found again. No question is put again: whoever asked decides.
 */
export class SamCard implements Sam {
  readonly families: readonly string[];
  readonly #reader: CardReader;
  readonly #applet: SamCardApplet;
  readonly #clock: Clock;
  readonly #log: (line: string) => void;
  readonly #times: { readonly apduDeadlineMs: number; readonly connectDeadlineMs: number };
  readonly #questionDeadlineMs: number;
  readonly #watchers = new Set<(health: Health) => void>();
  readonly #stopWatching: () => void;
  #state: State = downFor({ kind: 'card-gone' });
  #said = '';
  #link: CardLink | null = null;
  /** Why the card stopped answering since it was last powered. */
  #lost: Fault | null = null;
  #present = false;
  #readerHealth: Health = up;
  /** Ends when the card has done all that was asked of it so far. */
  #turn: Promise<unknown> = Promise.resolve();
  #powerIsDue = false;
  #cancelAgain: () => void = () => {};
  #closed = false;

  constructor(parts: SamCardParts) {
    this.families = [parts.family];
    this.#reader = parts.reader;
    this.#clock = parts.clock;
    this.#log = (line) => parts.log(`SAM card for ${parts.family} cards: ${line}`);
    this.#times = {
      apduDeadlineMs: parts.apduDeadlineMs ?? 1_000,
      connectDeadlineMs: parts.connectDeadlineMs ?? 2_000,
    };
    this.#questionDeadlineMs = parts.questionDeadlineMs ?? 2_500;
    this.#applet = parts.applet({ send: (command, parse) => this.#send(command, parse) });
    this.#stopWatching = this.#reader.watch(
      ({ kind }) => {
        this.#present = kind === 'present';
        // It may be back before its turn comes: what was powered is lost all the same.
        if (!this.#present && this.#link !== null) this.#lost ??= { kind: 'card-gone' };
        this.#powerInTurn();
      },
      (health) => {
        this.#readerHealth = health;
        this.#powerInTurn();
      },
    );
  }

  watch(onHealth: (health: Health) => void): () => void {
    this.#watchers.add(onHealth);
    onHealth(healthOf(this.#state));
    return () => {
      this.#watchers.delete(onHealth);
    };
  }

  async ask(question: SamQuestion): Promise<SamAnswer> {
    if (!this.families.includes(question.family)) {
      return failed(`the SAM card holds no keys of ${question.family} cards`);
    }
    const untilMs = this.#clock.nowMs() + this.#questionDeadlineMs;
    const answer = this.#inTurn(() => this.#answer(question, untilMs));
    return within(this.#clock, this.#questionDeadlineMs, answer, tooLate);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#cancelAgain();
    this.#stopWatching();
    this.#watchers.clear();
    await this.#reader.close();
    await this.#inTurn(() => this.#release());
  }

  async #answer({ deed, body }: SamQuestion, untilMs: number): Promise<SamAnswer> {
    if (this.#clock.nowMs() >= untilMs) return tooLate();
    if (this.#state.kind === 'down') return failed(`the SAM card: ${this.#state.words}`);
    const answer = await this.#applet.answer(deed, body);
    // It was lost meanwhile, whatever the applet made of it: power it anew before the next question.
    if (this.#lost !== null) this.#powerInTurn();
    return answer;
  }

  /** A card that was lost once is not spoken to again before it is powered anew. */
  async #send<T>(
    command: Uint8Array,
    parse: (response: CardResponse) => CommandAnswer<T>,
  ): Promise<LinkAnswer<T>> {
    if (this.#lost !== null) return { kind: 'failed', fault: this.#lost };
    if (this.#link === null) return { kind: 'failed', fault: { kind: 'card-gone' } };
    const answer = await this.#link.send(command, parse);
    if (answer.kind === 'failed') this.#lost = answer.fault;
    return answer;
  }

  #powerInTurn(): void {
    if (this.#powerIsDue) return;
    this.#powerIsDue = true;
    void this.#inTurn(() => this.#power());
  }

  /** Bring the card to what its slot allows: powered and ready, or down with the reason. */
  async #power(): Promise<void> {
    this.#powerIsDue = false;
    this.#cancelAgain();
    if (this.#closed) return;
    const health = this.#readerHealth;
    const isReady = this.#state.kind === 'ready' && this.#link !== null && this.#lost === null;
    if (health.kind === 'up' && isReady) return;
    await this.#release();
    if (health.kind === 'down') return this.#turnTo(downFor(slotFault(health.fault)));
    if (!this.#present) return this.#turnTo(downFor({ kind: 'card-gone' }));
    this.#turnTo(await this.#open());
    if (this.#state.kind === 'down') {
      this.#cancelAgain = this.#clock.after(againMs, () => this.#powerInTurn());
    }
  }

  async #open(): Promise<State> {
    const opened = await CardLink.open(this.#reader, this.#clock, this.#times);
    if (opened.kind === 'failed') return downFor(opened.fault);
    this.#link = opened.link;
    const readiness = await this.#applet.prepare();
    if (this.#lost !== null) return downFor(this.#lost);
    switch (readiness.kind) {
      case 'ready':
        return { kind: 'ready' };
      case 'not-ready':
        return { kind: 'down', health: down('not-ready'), words: readiness.detail };
      case 'silent':
        return downFor({ kind: 'card-mute' });
    }
  }

  async #release(): Promise<void> {
    const link = this.#link;
    this.#link = null;
    this.#lost = null;
    await link?.release();
  }

  #turnTo(state: State): void {
    const before = this.#state;
    this.#state = state;
    const words = state.kind === 'ready' ? 'ready' : state.words;
    if (words !== this.#said) this.#log(words);
    this.#said = words;
    const health = healthOf(state);
    if (faultOf(health) === faultOf(healthOf(before))) return;
    for (const onHealth of [...this.#watchers]) onHealth(health);
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work);
    this.#turn = Promise.allSettled([done]);
    return done;
  }
}

function healthOf(state: State): Health {
  return state.kind === 'ready' ? up : state.health;
}

function faultOf(health: Health): DeviceFault | null {
  return health.kind === 'up' ? null : health.fault;
}

/** The reader's health, as what happens to a card in it. */
function slotFault(fault: DeviceFault): Fault {
  switch (fault) {
    case 'unplugged':
      return { kind: 'reader-gone' };
    case 'busy':
      return { kind: 'reader-busy' };
    case 'service-down':
      return { kind: 'service-down' };
    default:
      return { kind: 'reader-silent' };
  }
}

function failed(detail: string): SamAnswer {
  return { kind: 'failed', detail };
}

function tooLate(): SamAnswer {
  return failed('the SAM card did not answer in time');
}

function downFor(fault: Fault): State {
  return { kind: 'down', health: down(samFaultOf(fault)), words: samFaultWords(fault) };
}
