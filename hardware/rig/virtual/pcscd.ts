import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { assertInNamespaces } from './namespaces.ts';

const folder = '/run/pcscd';
const startDeadlineMs = 5_000;

/** A pcscd of one's own, with vpcd's two virtual readers. Only within the namespaces of namespaces.ts. */
export class Pcscd {
  #process: ChildProcess | null = null;

  /** Rejects where it does not open its socket in time. Throws outside the namespaces. */
  async start(): Promise<void> {
    assertInNamespaces();
    // A killed pcscd leaves them behind, and the next one would take them for a running one's.
    for (const file of ['pcscd.comm', 'pcscd.pid']) rmSync(`${folder}/${file}`, { force: true });
    this.#process = spawn('pcscd', ['--foreground'], { stdio: 'ignore' });
    const since = performance.now();
    while (!existsSync(`${folder}/pcscd.comm`)) {
      if (performance.now() - since > startDeadlineMs) throw new Error('pcscd did not start');
      await sleep(10);
    }
  }

  /** It is there, and does nothing. */
  suspend(): void {
    this.#process?.kill('SIGSTOP');
  }

  resume(): void {
    this.#process?.kill('SIGCONT');
  }

  /** As a crash would end it. */
  async kill(): Promise<void> {
    const running = this.#process;
    this.#process = null;
    if (running === null || running.exitCode !== null) return;
    const ended = once(running, 'exit');
    running.kill('SIGKILL');
    await ended;
  }
}
