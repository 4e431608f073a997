import { connect } from 'node:net';
import { endianness } from 'node:os';

/** Where pcscd listens on Linux; pcsc-lite's library takes the same variable (winscard_msg.c, getSocketName). */
const socketPath = process.env.PCSCLITE_CSOCK_NAME ?? '/run/pcscd/pcscd.comm';

/** CMD_VERSION with its body, version_struct 4.4 (pcsc-lite, winscard_msg.h): what every client says first, in the machine's own byte order. */
const versionQuestion = question([12, 0x11, 4, 4, 0]);

export type PcscdQuestion = {
  /**
   * Resolves once pcscd has answered, or it is plain that nobody will: then a library's call comes back at once with the reason.
   * While pcscd hangs it rests, and resolves as soon as pcscd goes on.
   */
  readonly settled: Promise<void>;
  drop(): void;
};

/**
 * Ask pcscd whether it is there. Libraries call it on the main thread to begin and to end, and a pcscd that hangs would stop
 * the whole process in that call; so it is asked before, where only this question waits. On other systems the service has
 * no socket, and nothing is asked.
 */
export function askPcscd(): PcscdQuestion {
  if (process.platform !== 'linux') return { settled: Promise.resolve(), drop: () => {} };
  const socket = connect(socketPath);
  // No process stays alive for a pcscd that hangs.
  socket.unref();
  const settled = new Promise<void>((resolve) => {
    socket.on('connect', () => socket.write(versionQuestion));
    socket.on('error', () => {});
    socket.on('close', () => resolve());
    socket.on('data', () => socket.destroy());
  });
  return { settled, drop: () => socket.destroy() };
}

function question(words: readonly number[]): Uint8Array {
  const bytes = new DataView(new ArrayBuffer(4 * words.length));
  words.forEach((word, index) => {
    bytes.setUint32(4 * index, word, endianness() === 'LE');
  });
  return new Uint8Array(bytes.buffer);
}
