import { down, type Health, up } from '../../main/contract/device.ts';
import type { AuthoriseAnswer, LoadRequest, Sam, TacAnswer, TacClaim } from '../sam/port.ts';

/** A SAM that can be taken out of its socket. What it remembers stays in it. */
export class SamSocket implements Sam {
  readonly #sam: Sam;
  readonly #watchers = new Set<(health: Health) => void>();
  #plugged = true;

  constructor(sam: Sam) {
    this.#sam = sam;
  }

  get plugged(): boolean {
    return this.#plugged;
  }

  set plugged(plugged: boolean) {
    if (plugged === this.#plugged) return;
    this.#plugged = plugged;
    for (const watcher of [...this.#watchers]) watcher(this.#health());
  }

  watch(onHealth: (health: Health) => void): () => void {
    this.#watchers.add(onHealth);
    onHealth(this.#health());
    return () => {
      this.#watchers.delete(onHealth);
    };
  }

  async authoriseLoad(request: LoadRequest): Promise<AuthoriseAnswer> {
    return this.#plugged ? this.#sam.authoriseLoad(request) : empty;
  }

  async verifyTac(claim: TacClaim): Promise<TacAnswer> {
    return this.#plugged ? this.#sam.verifyTac(claim) : empty;
  }

  async close(): Promise<void> {
    this.#watchers.clear();
  }

  #health(): Health {
    return this.#plugged ? up : down('unplugged');
  }
}

const empty = { kind: 'failed', detail: 'there is no SAM in its socket' } as const;
