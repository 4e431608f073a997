import { connect } from 'node:net';
import { endianness } from 'node:os';
import type { PcscdLook, PcscdQuestion, SlotState } from './pcsc-binding.ts';

/** Where pcscd listens on Linux; PC/SC's library takes the same variable (pcsc-lite, winscard_msg.c). */
const socketPath = process.env.PCSCLITE_CSOCK_NAME ?? '/run/pcscd/pcscd.comm';

/** CMD_VERSION, and version_struct for protocol 4.4 (pcsc-lite, winscard_msg.h): what every client says first. */
const versionQuestion = inOwnByteOrder([12, 0x11, 4, 4, 0]);
/** version_struct comes back; its last word is 0 where pcscd speaks that protocol. */
const versionBytes = 12;

/** CMD_GET_READERS_STATE: the answer is PCSCLITE_MAX_READERS_CONTEXTS times READER_STATE (pcsc-lite, eventhandler.h). */
const statesQuestion = inOwnByteOrder([0, 0x12]);
const statesCount = 16;
/** READER_STATE: the name, the count of changes, the state, the sharing, the ATR (and 3 bytes unused), its length, the protocol. */
const state = {
  bytes: 184,
  nameBytes: 128,
  changesAt: 128,
  flagsAt: 132,
  atrAt: 140,
  atrLengthAt: 176,
};
/** SCARD_ABSENT and SCARD_PRESENT (pcsclite.h). A reader that is neither is on its way in or out. */
const stateFlags = { absent: 0x02, present: 0x04 };

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

/** Ask pcscd itself for its readers and their cards, past the library. */
export function lookAtPcscd(): PcscdLook {
  if (process.platform !== 'linux') return { settled: Promise.resolve(null), drop: () => {} };
  const socket = connect(socketPath);
  socket.unref();
  const settled = new Promise<ReadonlyMap<string, SlotState> | null>((resolve) => {
    let answer = Buffer.alloc(0);
    socket.on('connect', () => socket.write(Buffer.concat([versionQuestion, statesQuestion])));
    socket.on('data', (bytes) => {
      answer = Buffer.concat([answer, bytes]);
      if (answer.length < versionBytes) return;
      const isSpoken = wordAt(answer, versionBytes - 4) === 0;
      if (isSpoken && answer.length < versionBytes + statesCount * state.bytes) return;
      socket.destroy();
      resolve(isSpoken ? readersIn(answer.subarray(versionBytes)) : null);
    });
    socket.on('error', () => {});
  });
  return { settled, drop: () => socket.destroy() };
}

function readersIn(states: Buffer): ReadonlyMap<string, SlotState> {
  const readers = new Map<string, SlotState>();
  for (let at = 0; at < states.length; at += state.bytes) {
    const each = states.subarray(at, at + state.bytes);
    const [name = ''] = each.toString('utf8', 0, state.nameBytes).split('\0');
    const flags = wordAt(each, state.flagsAt);
    if (name === '' || (flags & (stateFlags.absent | stateFlags.present)) === 0) continue;
    const atrEnd = state.atrAt + wordAt(each, state.atrLengthAt);
    readers.set(name, {
      present: (flags & stateFlags.present) !== 0,
      atr: new Uint8Array(each.subarray(state.atrAt, Math.min(atrEnd, state.atrLengthAt))),
      changes: wordAt(each, state.changesAt),
    });
  }
  return readers;
}

function wordAt(bytes: Buffer, at: number): number {
  return endianness() === 'LE' ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at);
}

function inOwnByteOrder(words: readonly number[]): Uint8Array {
  const bytes = new DataView(new ArrayBuffer(4 * words.length));
  words.forEach((word, index) => {
    bytes.setUint32(4 * index, word, endianness() === 'LE');
  });
  return new Uint8Array(bytes.buffer);
}
