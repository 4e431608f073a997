import { connect } from 'node:net';
import { endianness } from 'node:os';

/** Where pcscd listens on Linux; PC/SC's library takes the same variable (pcsc-lite, winscard_msg.c). */
const socketPath = process.env.PCSCLITE_CSOCK_NAME ?? '/run/pcscd/pcscd.comm';

/** CMD_VERSION, and version_struct for protocol 4.4 (pcsc-lite, winscard_msg.h): what every client says first. */
const versionQuestion = inOwnByteOrder([12, 0x11, 4, 4, 0]);

export type PcscdQuestion = {
  /**
   * `answers`: a library's call comes back, with success or with the reason. `absent`: nobody is there. While pcscd hangs it
   * stays open, and is settled as soon as pcscd goes on.
   */
  readonly settled: Promise<'answers' | 'absent'>;
  drop(): void;
};

/**
 * Ask pcscd whether it is there. Libraries call it on the main thread to begin and to end, and a pcscd that hangs would stop
 * the whole process in that call (seen: for as long as it hung); so it is asked before, where only this question waits.
 * On other systems the service has no such socket, and is taken to answer.
 */
export function askPcscd(): PcscdQuestion {
  if (process.platform !== 'linux') return { settled: Promise.resolve('answers'), drop: () => {} };
  const socket = connect(socketPath);
  // No process stays alive for a pcscd that hangs.
  socket.unref();
  const settled = new Promise<'answers' | 'absent'>((resolve) => {
    socket.on('connect', () => socket.write(versionQuestion));
    socket.on('data', () => socket.destroy());
    socket.on('error', () => resolve('absent'));
    // Closed without a word: it refuses this process (polkit), and tells the library so too.
    socket.on('close', () => resolve('answers'));
  });
  return { settled, drop: () => socket.destroy() };
}

function inOwnByteOrder(words: readonly number[]): Uint8Array {
  const bytes = new DataView(new ArrayBuffer(4 * words.length));
  words.forEach((word, index) => {
    bytes.setUint32(4 * index, word, endianness() === 'LE');
  });
  return new Uint8Array(bytes.buffer);
}
