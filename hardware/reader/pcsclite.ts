import {
  type PcscBinding,
  type PcscEvents,
  type PcscLibrary,
  type PcscSession,
  type PcscSlot,
  type SlotState,
  slotState,
} from './pcsc-binding.ts';
import { codeName, pcscFault } from './pcsc-fault.ts';
import { type PcscOptions, PcscReader } from './pcsc-reader.ts';
import { askPcscd, lookAtPcscd } from './pcscd-answer.ts';
import type { CardReader } from './port.ts';
import { SharedPcsc } from './shared-pcsc.ts';

type Library = typeof import('pcsclite');
type LiteService = ReturnType<Library>;
type LiteReader = Parameters<Parameters<LiteService['once']>[1]>[0];

/**
 * A reader behind PC/SC, by way of pcsclite, which must be compiled for the Node that runs it. Throws a SyntaxError when
 * `readerName` is no regular expression. pcsclite knows no transactions (SCardBeginTransaction): here the exclusive
 * connection alone keeps others from the card.
 */
export function openPcscliteReader(options: PcscOptions): CardReader {
  return new PcscReader(pcsclite, options);
}

let shared: Promise<SharedPcsc> | null = null;

const pcsclite: PcscLibrary = {
  load() {
    shared ??= import('pcsclite').then((library) => new SharedPcsc(bindingOf(library.default)));
    return shared;
  },
  remedy:
    'On Debian: apt install pcscd libpcsclite-dev g++ make python3, npm run rebuild:pcsclite, then start again.',
  ask: askPcscd,
  look: lookAtPcscd,
};

/** A short response and what PC/SC leaves room for besides (pcsclite.h, MAX_BUFFER_SIZE). A response that does not fit is lost. */
const responseBytes = 264;

function bindingOf(library: Library): PcscBinding {
  return {
    begin(events) {
      // Throws where there is no service.
      const service = library();
      const watched = new Set<LiteReader>();
      service.on('error', (error) => events.onLost(named(error).code));
      service.on('reader', (reader) => {
        watched.add(reader);
        watch(reader, events);
        // The library still holds the reader's lock when it tells this, and closing takes it.
        reader.on('end', () => setImmediate(() => watched.delete(reader) && reader.close()));
      });
      return {
        stop() {
          service.close();
          for (const reader of watched) reader.close();
          watched.clear();
        },
      };
    },
  };
}

/**
 * The library watches each reader on a thread of its own. It holds the reader's lock for the length of a
 * command, and takes it on the main thread to tell a change: a change that is told as a command begins waits for its
 * answer, and the process with it. A second object to talk over would be free of that, but one that is not watched
 * ends the process when it is collected: it waits for the end of a thread it never had (seen).
 */
function watch(reader: LiteReader, events: PcscEvents): void {
  const slot: PcscSlot = { name: reader.name, connect: (atr) => connect(reader, atr) };
  // Told as it is listed: the readers' threads have their first word in any order, and the first reader is the one in use.
  let isListed = true;
  events.onSlot(slot);
  const changed = (state: SlotState | null): void => {
    const wasListed = isListed;
    isListed = state !== null;
    if (wasListed && state === null) events.onUnplugged(slot);
    if (!wasListed && state !== null) events.onSlot(slot);
    if (state !== null) events.onState(slot, state);
  };
  reader.on('status', ({ state, atr }) => changed(slotState(state, atr)));
  reader.on('error', (thrown) => {
    const error = named(thrown);
    if (pcscFault(error).kind !== 'reader-gone') events.onLost(error.code);
  });
  reader.on('end', () => changed(null));
}

/** Those that somebody in this process talks through: the library would say that they are connected, and let others in. */
const taken = new WeakSet<LiteReader>();

async function connect(reader: LiteReader, atr: Uint8Array): Promise<PcscSession> {
  if (taken.has(reader)) throw new PcscError('SharingViolation');
  // It could not be disconnected, and would now say that it is connected without asking.
  if (reader.connected) throw new PcscError('InvalidHandle');
  const options = { share_mode: reader.SCARD_SHARE_EXCLUSIVE };
  taken.add(reader);
  const protocol = await answerOf<number>((done) => reader.connect(options, done)).catch(
    (error: unknown) => {
      taken.delete(reader);
      throw error;
    },
  );
  return {
    // As it was told: there is no SCardStatus.
    atr,
    overT0: protocol === reader.SCARD_PROTOCOL_T0,
    async transmit(command) {
      const bytes = Buffer.from(command);
      return new Uint8Array(
        await answerOf<Buffer>((done) => reader.transmit(bytes, responseBytes, protocol, done)),
      );
    },
    disconnect: () =>
      answerOf<void>((done) => reader.disconnect(reader.SCARD_RESET_CARD, done)).finally(() =>
        taken.delete(reader),
      ),
  };
}

/** What the library calls back with, as a promise. Rejects with a PcscError. */
function answerOf<T>(call: (done: (error: unknown, answer: T) => void) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    call((error, answer) => {
      if (error) reject(named(error));
      else resolve(answer);
    });
  });
}

class PcscError extends Error {
  readonly code: string;

  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

/** The library's errors hold PC/SC's code in their text: "SCardConnect error: No smart card inserted.(0x8010000c)". */
function named(error: unknown): PcscError {
  const text = String(error);
  const [, value] = /\(0x[0-9a-f]*([0-9a-f]{8})\)/i.exec(text) ?? [];
  return new PcscError(value === undefined ? text : codeName(Number.parseInt(value, 16)));
}
