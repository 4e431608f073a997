import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const plugDeadlineMs = 5_000;

/**
 * A pseudo-terminal made by socat: a real serial port for the kiosk on one side, a simulated device on the other. The port
 * vanishes when the cable is unplugged, as that of a USB adapter does.
 */
export class SerialCable {
  /** The port's name: what a configuration calls `path`. */
  readonly path: string;
  /** To be removed with the cable; null: none was made for it. */
  readonly #folder: string | null;
  #socat: ChildProcess | null = null;
  #listener: (bytes: Uint8Array) => void = () => {};

  private constructor(path: string, folder: string | null) {
    this.path = path;
    this.#folder = folder;
  }

  /**
   * Lay a cable and plug it in: its port has this name, or one in a folder of its own. Rejects where socat does not make
   * the port in time.
   */
  static async make(path?: string): Promise<SerialCable> {
    const folder = path === undefined ? await mkdtemp(join(tmpdir(), 'addvalue-serial-')) : null;
    const cable = new SerialCable(path ?? join(folder ?? '', 'tty'), folder);
    await cable.plug();
    return cable;
  }

  /** The device's ear: what the kiosk sends, as it comes. */
  listen(onBytes: (bytes: Uint8Array) => void): void {
    this.#listener = onBytes;
  }

  /** The device's voice. Into an unplugged cable it is lost. */
  send(bytes: Uint8Array): void {
    this.#socat?.stdin?.write(bytes);
  }

  /** The device takes nothing more: the kiosk's bytes pile up in the port. */
  stall(): void {
    this.#socat?.stdout?.pause();
  }

  /** It takes bytes again, those that piled up first. */
  goOn(): void {
    this.#socat?.stdout?.resume();
  }

  async plug(): Promise<void> {
    if (this.#socat !== null) return;
    const socat = spawn('socat', [`pty,raw,echo=0,link=${this.path}`, '-'], {
      stdio: ['pipe', 'pipe', 'inherit'],
      // In a session of its own: Ctrl-C is for whoever started it, and it ends with its standard input.
      detached: true,
    });
    socat.stdin.on('error', () => {});
    socat.stdout.on('data', (bytes: Uint8Array) => {
      if (this.#socat === socat) this.#listener(bytes);
    });
    this.#socat = socat;
    const since = performance.now();
    while (!existsSync(this.path)) {
      if (performance.now() - since > plugDeadlineMs) throw new Error('socat made no serial port');
      await sleep(5);
    }
  }

  /** Pull the cable: what is on its way in either direction is lost. */
  async unplug(): Promise<void> {
    const socat = this.#socat;
    if (socat === null) return;
    this.#socat = null;
    const ended = new Promise((resolve) => socat.once('exit', resolve));
    socat.kill('SIGKILL');
    await ended;
    // Killed, socat leaves its link behind.
    await rm(this.path, { force: true });
  }

  /** Unplug it and take it away. */
  async dispose(): Promise<void> {
    await this.unplug();
    if (this.#folder !== null) await rm(this.#folder, { recursive: true });
  }
}
