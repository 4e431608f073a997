import type { Card, Client, Reader } from 'pcsc-mini';
import {
  type PcscBinding,
  type PcscEvents,
  type PcscLibrary,
  type PcscService,
  type PcscSession,
  type PcscSlot,
  slotState,
} from './pcsc-binding.ts';
import { codeOf } from './pcsc-fault.ts';
import { type PcscOptions, PcscReader } from './pcsc-reader.ts';
import { askPcscd, lookAtPcscd } from './pcscd-answer.ts';
import type { CardReader } from './port.ts';
import { SharedPcsc } from './shared-pcsc.ts';

type Library = typeof import('pcsc-mini');

/**
 * A reader behind PC/SC, by way of pcsc-mini. Throws a SyntaxError when `readerName` is no regular expression.
 */
export function openPcscReader(options: PcscOptions): CardReader {
  return new PcscReader(pcscMini, options);
}

let shared: Promise<SharedPcsc> | null = null;

const pcscMini: PcscLibrary = {
  load() {
    shared ??= import('pcsc-mini').then((library) => new SharedPcsc(bindingOf(library)));
    return shared;
  },
  remedy: 'On Debian: apt install libpcsclite1 pcscd, then start again.',
  ask: askPcscd,
  look: lookAtPcscd,
};

/**
 * Clients whose service died: stopping one throws, and so does collecting it, as an uncaught exception that ends the
 * process minutes later (seen). A few kilobytes, and a file descriptor, for each restart of pcscd are kept instead.
 */
const unstoppable = new Set<Client>();

function bindingOf(library: Library): PcscBinding {
  // One that could not be started is started the next time: it must not be collected either.
  let unstarted: Client | null = null;
  return {
    begin(events) {
      const client = unstarted ?? new library.Client();
      unstarted = client;
      client.removeAllListeners();
      listen(library, client, events);
      client.start();
      unstarted = null;
      return serviceOf(client);
    },
  };
}

function listen(library: Library, client: Client, events: PcscEvents): void {
  client.on('error', (error) => events.onLost(codeOf(error)));
  client.on('reader', (reader) => {
    const slot: PcscSlot = { name: reader.name(), connect: () => connect(library, reader) };
    events.onSlot(slot);
    // 0.1.3 gives other bytes than the card's as the ATR of a change (seen on Linux), so none is passed on.
    reader.on('change', ({ raw }) => {
      const state = slotState(raw);
      if (state !== null) events.onState(slot, state);
    });
    reader.on('disconnect', () => events.onUnplugged(slot));
  });
}

function serviceOf(client: Client): PcscService {
  return {
    stop() {
      try {
        client.stop();
      } catch {
        unstoppable.add(client);
      }
    },
  };
}

async function connect(library: Library, reader: Reader): Promise<PcscSession> {
  const { CardDisposition, CardMode, Protocol } = library;
  const card = await reader.connect(CardMode.EXCLUSIVE, Protocol.ANY);
  try {
    return await sessionOf(library, reader, card);
  } catch (error) {
    await card.disconnect(CardDisposition.RESET).catch(() => {});
    throw error;
  }
}

/** A session of pcsc-mini lies in the memory of its reader's client, which the card does not hold. */
type MiniSession = PcscSession & { readonly keeps: Reader };

async function sessionOf(
  { CardDisposition, Protocol }: Library,
  reader: Reader,
  card: Card,
): Promise<MiniSession> {
  // Windows resets a card whose transaction rests for 5 s (SCardBeginTransaction); exclusive access is enough there.
  const transaction = process.platform === 'win32' ? null : await card.transaction();
  const { atr } = await card.state();
  return {
    keeps: reader,
    atr: atr.slice(),
    overT0: card.protocol() === Protocol.T0,
    transmit: (command) => card.transmit(command),
    async disconnect() {
      await transaction?.end(CardDisposition.LEAVE).catch(() => {});
      // The library never gives a connection's place back that it could not close.
      await card.disconnect(CardDisposition.RESET);
    },
  };
}
