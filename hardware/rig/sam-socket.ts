import type { Clock } from '../../main/contract/clock.ts';
import { type DeviceFault, down, type Health, up } from '../../main/contract/device.ts';
import type { Sam, SamAnswer, SamQuestion } from '../sam/port.ts';

/** What can happen to one question on its way. */
export type SamFault =
  /** Falls out before it has the question. */
  | 'gone-before'
  /** Falls out when it has answered, and nobody hears it. */
  | 'gone-after'
  /** Answers, long after everybody has stopped waiting. */
  | 'late'
  /** Never answers, and did not hear it. */
  | 'silent'
  /** Says that it cannot, and did nothing. */
  | 'failed';

/** Decides what happens to the question that is put. Null: nothing. */
export type MeddleSam = (question: SamQuestion) => SamFault | null;

const lateMs = 8_000;

/** The load authority of one family, in its socket. It can be taken out, and what it remembers stays in it. */
export class SamSocket implements Sam {
  readonly families: readonly string[];
  readonly #clock: Clock;
  readonly #sam: Sam;
  readonly #watchers = new Set<(health: Health) => void>();
  #meddle: MeddleSam = () => null;
  #fault: DeviceFault | null = null;

  constructor(family: string, sam: Sam, clock: Clock) {
    this.families = [family];
    this.#sam = sam;
    this.#clock = clock;
  }

  get plugged(): boolean {
    return this.#fault !== 'unplugged';
  }

  set plugged(plugged: boolean) {
    this.#fail(plugged ? null : 'unplugged');
  }

  /** It is in its socket and cannot serve: it is locked, or its host is not there. */
  setReady(ready: boolean): void {
    if (this.plugged) this.#fail(ready ? null : 'not-ready');
  }

  /** Decide about each question as it is put. */
  meddle(meddle: MeddleSam): void {
    this.#meddle = meddle;
  }

  watch(onHealth: (health: Health) => void): () => void {
    this.#watchers.add(onHealth);
    onHealth(this.#health());
    return () => {
      this.#watchers.delete(onHealth);
    };
  }

  async ask(question: SamQuestion): Promise<SamAnswer> {
    const fault = this.#meddle(question);
    if (fault === 'gone-before') this.plugged = false;
    if (this.#fault !== null) return failed[this.#fault === 'unplugged' ? 'empty' : 'not-ready'];
    if (fault === 'failed') return failed.refused;
    if (fault === 'silent') return new Promise(() => {});
    const answer = await this.#sam.ask(question);
    if (fault === 'gone-after') {
      this.plugged = false;
      return failed.empty;
    }
    if (fault === 'late') await new Promise<void>((wake) => this.#clock.after(lateMs, wake));
    return answer;
  }

  async close(): Promise<void> {
    this.#watchers.clear();
  }

  #fail(fault: DeviceFault | null): void {
    if (fault === this.#fault) return;
    this.#fault = fault;
    for (const watcher of [...this.#watchers]) watcher(this.#health());
  }

  #health(): Health {
    return this.#fault === null ? up : down(this.#fault);
  }
}

const failed = {
  empty: { kind: 'failed', detail: 'there is no SAM in its socket' },
  'not-ready': { kind: 'failed', detail: 'the SAM is not ready' },
  refused: { kind: 'failed', detail: 'the SAM refused' },
} as const;
