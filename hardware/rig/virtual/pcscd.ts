import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { assertInNamespaces, inOwnNetwork, pcscdFolder } from './namespaces.ts';
import { firstPort } from './vpcd-messages.ts';

const startDeadlineMs = 5_000;

/** The reader of vpcd's first slot, as PC/SC names it. */
export const firstReader = 'Virtual PCD 00 00';

/** Where a card reaches that slot when pcscd runs in a network of its own. */
export const slotSocket = `${pcscdFolder}/slot-0`;

const relay = `socat UNIX-LISTEN:${slotSocket},unlink-early,fork TCP:127.0.0.1:${firstPort},nodelay`;

/** A pcscd of one's own, with vpcd's two virtual readers. Only within the namespaces of namespaces.ts. */
export class Pcscd {
  readonly #commandLine: readonly [string, readonly string[]];
  #process: ChildProcess | null = null;
  /** Resolves when the last one has ended, however that came. */
  #ended: Promise<unknown> = Promise.resolve();

  /** `shared`: cards reach vpcd by its ports. `own`: nobody else's cards do; ours come by `slotSocket`. */
  constructor(network: 'shared' | 'own' = 'shared') {
    this.#commandLine =
      network === 'shared'
        ? ['pcscd', ['--foreground']]
        : inOwnNetwork(['sh', '-euc', `${relay} &\nexec pcscd --foreground`]);
  }

  /** Waits for the end of the one before. Rejects where it does not open its socket in time. Throws outside the namespaces. */
  async start(): Promise<void> {
    assertInNamespaces();
    // As long as the last one has not ended, vpcd's port is taken, and the next one runs without a reader for good (seen).
    await this.#ended;
    // A killed pcscd leaves them behind, and the next one would take them for a running one's.
    for (const file of ['pcscd.comm', 'pcscd.pid'])
      rmSync(`${pcscdFolder}/${file}`, { force: true });
    const [program, args] = this.#commandLine;
    // In a session of its own: Ctrl-C is for whoever started it.
    this.#process = spawn(program, args, { stdio: 'ignore', detached: true });
    this.#ended = once(this.#process, 'exit');
    const since = performance.now();
    while (!existsSync(`${pcscdFolder}/pcscd.comm`)) {
      if (performance.now() - since > startDeadlineMs) throw new Error('pcscd did not start');
      await sleep(10);
    }
  }

  /** It is there, and does nothing. Only where it shares the network: else it is its keeper that stops. */
  suspend(): void {
    this.#process?.kill('SIGSTOP');
  }

  resume(): void {
    this.#process?.kill('SIGCONT');
  }

  /** As a crash would end it. */
  async kill(): Promise<void> {
    this.#process?.kill('SIGKILL');
    this.#process = null;
    await this.#ended;
  }
}
