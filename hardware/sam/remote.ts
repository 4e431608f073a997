import { randomUUID } from 'node:crypto';
import type { Clock } from '../../main/contract/clock.ts';
import { down, type Health, up } from '../../main/contract/device.ts';
import type { Sam, SamAnswer, SamQuestion } from './port.ts';
import { type ChannelTimings, SamChannel } from './remote-channel.ts';
import { type CredentialFiles, readCredentials } from './remote-credentials.ts';
import { fitsFrame, toFrame } from './remote-frame.ts';
import type { Readiness, StationMessage } from './remote-message.ts';
import { hostName, type Trouble } from './remote-trouble.ts';

export type RemoteSamTimings = ChannelTimings & {
  /** A question ends within this, however often it is put. */
  readonly questionMs: number;
  /** Wait before the first try to connect again; doubled at each further one up to `retryMaxMs`. */
  readonly retryMs: number;
  readonly retryMaxMs: number;
};

export type RemoteSamOptions = CredentialFiles & {
  /** The card families that the kiosk asks this host about. */
  readonly families: readonly string[];
  readonly host: string;
  /** 1 to 65535. */
  readonly port: number;
  /** The name that the host's certificate must bear, where it is not `host`. */
  readonly serverName?: string | undefined;
  /** The station's terminal id, by which the host knows it. */
  readonly station: string;
  readonly clock: Clock;
  /** One line for the technician at each change. */
  readonly log: (line: string) => void;
  readonly timings?: Partial<RemoteSamTimings> | undefined;
};

/** A question ends before the registry's own deadline of 3 s, so that the reason is told. */
const defaultTimings: RemoteSamTimings = {
  connectMs: 5_000,
  helloMs: 3_000,
  questionMs: 2_500,
  pingMs: 10_000,
  pongMs: 3_000,
  retryMs: 250,
  retryMaxMs: 8_000,
};

/** How often a repeatable question is put in all. */
const mostTimes = 3;

type Question = Extract<StationMessage, { readonly type: 'question' }>;

type Pending = {
  readonly question: Question;
  timesPut: number;
  readonly end: (answer: SamAnswer) => void;
};

type Watcher = {
  readonly family: string | undefined;
  readonly onHealth: (health: Health) => void;
  told: Health;
};

/**
 * The load authority behind a host: what the kiosk asks goes to it over mutually authenticated TLS (docs/sam-protocol.md).
 * The host does not need to be there yet. The files are read at each try to connect: they are renewed in place.
 */
export function openRemoteSam(options: RemoteSamOptions): RemoteSam {
  return new RemoteSam(options);
}

class RemoteSam implements Sam {
  readonly families: readonly string[];
  readonly #options: RemoteSamOptions;
  readonly #timings: RemoteSamTimings;
  readonly #name: string;
  readonly #watchers = new Set<Watcher>();
  readonly #pending = new Map<string, Pending>();
  #channel: SamChannel | null = null;
  /** What the host says of each family. Null: no host has greeted the station since the last trouble. */
  #readiness: Map<string, Readiness> | null = null;
  /** Why the last try came to nothing. Null before the first try has ended, and as long as all is well. */
  #trouble: Trouble | null = null;
  #isOpen = false;
  #retryMs: number;
  #cancelRetry: () => void = () => {};
  #isClosed = false;
  #lastLine = '';

  constructor(options: RemoteSamOptions) {
    this.families = options.families;
    this.#options = options;
    this.#timings = { ...defaultTimings, ...options.timings };
    this.#name = hostName(options);
    this.#retryMs = this.#timings.retryMs;
    this.#connect();
  }

  /** Of one family; without its name, up where the host is ready for all of them. */
  watch(onHealth: (health: Health) => void, family?: string): () => void {
    const watcher = { family, onHealth, told: this.#healthOf(family) };
    this.#watchers.add(watcher);
    onHealth(watcher.told);
    return () => {
      this.#watchers.delete(watcher);
    };
  }

  ask({ family, deed, body, repeatable }: SamQuestion): Promise<SamAnswer> {
    const id = randomUUID();
    const question: Question = { type: 'question', id, family, deed, body, repeatable };
    const refusal = this.#refusalOf(question);
    if (refusal !== null) return Promise.resolve({ kind: 'failed', detail: refusal });
    return new Promise((resolve) => {
      const cancelDeadline = this.#options.clock.after(this.#timings.questionMs, () =>
        this.#tooLate(pending),
      );
      const pending: Pending = {
        question,
        timesPut: 0,
        end: (answer) => {
          cancelDeadline();
          this.#pending.delete(id);
          resolve(answer);
        },
      };
      this.#pending.set(id, pending);
      if (this.#isOpen) this.#put(pending);
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#isOpen = false;
    this.#cancelRetry();
    this.#watchers.clear();
    for (const pending of [...this.#pending.values()]) fail(pending, 'the station is closing');
    await this.#channel?.destroy();
  }

  /** Why there is no use in putting a question at all. A connection that was just lost is waited for. */
  #refusalOf(question: Question): string | null {
    const { family, deed } = question;
    if (this.#isClosed) return 'the station is closing';
    if (!this.families.includes(family))
      return `${this.#name} is not configured for ${family} cards`;
    if (this.#trouble !== null) return this.#trouble.detail;
    if (!fitsFrame(toFrame(question))) return `${deed} is too long a question`;
    return this.#unreadiness(family);
  }

  #unreadiness(family: string): string | null {
    if (this.#readiness === null) return null;
    const readiness = this.#readiness.get(family);
    if (readiness === undefined)
      return `${this.#name} does not serve ${family} cards: set it up for them`;
    if (readiness.kind === 'ready') return null;
    return `${this.#name} is not ready for ${family} cards: ${readiness.detail}`;
  }

  #put(pending: Pending): void {
    pending.timesPut += 1;
    this.#channel?.send(pending.question);
  }

  #tooLate(pending: Pending): void {
    const { deed } = pending.question;
    const { questionMs } = this.#timings;
    if (this.#isOpen) {
      fail(pending, `${this.#name} did not answer ${deed} within ${questionMs} ms`);
      this.#channel?.ping();
    } else {
      const why =
        this.#trouble?.detail ?? `${this.#name} was not connected within ${questionMs} ms`;
      fail(pending, pending.timesPut === 0 ? why : `${this.#lostBefore(deed)}; then: ${why}`);
    }
  }

  #lostBefore(deed: string): string {
    return `the connection to ${this.#name} was lost before it answered ${deed}`;
  }

  #connect(): void {
    const { station, families, clock } = this.#options;
    const { host, port, serverName, caFile } = this.#options;
    const read = readCredentials(this.#options, clock.wallMs());
    if (read.kind === 'failed') {
      this.#ended({ fault: 'not-ready', detail: read.detail });
      return;
    }
    this.#channel = new SamChannel(
      {
        address: { host, port, serverName },
        credentials: read.credentials,
        caFile,
        station,
        families,
        clock,
        timings: this.#timings,
      },
      {
        onHello: (readiness) => this.#greeted(readiness),
        onAnswer: ({ id, answer }) => this.#pending.get(id)?.end(answer),
        onReadiness: (family, readiness) => {
          this.#readiness?.set(family, readiness);
          this.#tell();
        },
        onEnd: (trouble) => this.#ended(trouble),
      },
    );
  }

  #greeted(readiness: Readonly<Record<string, Readiness>>): void {
    this.#isOpen = true;
    this.#trouble = null;
    this.#readiness = new Map(Object.entries(readiness));
    this.#retryMs = this.#timings.retryMs;
    this.#tell();
    for (const pending of [...this.#pending.values()]) {
      const unreadiness = this.#unreadiness(pending.question.family);
      if (unreadiness === null) this.#put(pending);
      else fail(pending, unreadiness);
    }
  }

  /** Lost while all was well, the station counts as connected until the next try has failed. */
  #ended(trouble: Trouble | null): void {
    this.#channel = null;
    this.#isOpen = false;
    this.#trouble = trouble;
    if (trouble === null) {
      this.#say(`the connection to ${this.#name} was lost`);
    } else {
      this.#readiness = null;
      this.#tell();
    }
    for (const pending of [...this.#pending.values()]) {
      const { deed, repeatable } = pending.question;
      const isOver = !repeatable || pending.timesPut >= mostTimes;
      if (pending.timesPut > 0 && isOver) fail(pending, this.#lostBefore(deed));
    }
    if (this.#isClosed) return;
    this.#cancelRetry = this.#options.clock.after(this.#retryMs, () => this.#connect());
    this.#retryMs = Math.min(2 * this.#retryMs, this.#timings.retryMaxMs);
  }

  #healthOf(family: string | undefined): Health {
    if (this.#trouble !== null) return down(this.#trouble.fault);
    // Not connected yet.
    if (this.#readiness === null) return down('service-down');
    const asked = family === undefined ? this.families : [family];
    return asked.every((each) => this.#unreadiness(each) === null) ? up : down('not-ready');
  }

  #tell(): void {
    this.#say(this.#line());
    for (const watcher of [...this.#watchers]) {
      const health = this.#healthOf(watcher.family);
      if (!this.#watchers.has(watcher) || sameHealth(health, watcher.told)) continue;
      watcher.told = health;
      watcher.onHealth(health);
    }
  }

  /** How it is, in a line. */
  #line(): string {
    if (this.#trouble !== null) return this.#trouble.detail;
    const ready = this.families.filter((family) => this.#unreadiness(family) === null);
    const unready = this.families.flatMap((family) => this.#unreadiness(family) ?? []);
    return [`${this.#name} is ready for ${ready.join(', ') || 'no'} cards`, ...unready].join('; ');
  }

  #say(line: string): void {
    if (line === this.#lastLine) return;
    this.#lastLine = line;
    this.#options.log(line);
  }
}

function fail(pending: Pending, detail: string): void {
  pending.end({ kind: 'failed', detail });
}

function sameHealth(one: Health, other: Health): boolean {
  const faultOf = (health: Health) => (health.kind === 'down' ? health.fault : null);
  return faultOf(one) === faultOf(other);
}
