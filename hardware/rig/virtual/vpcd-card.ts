import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { SimulatedCard } from '../../card/simulated.ts';

/** Control messages of vpcd, one byte each; anything longer is a command APDU (vsmartcard, virtualsmartcard/src/vpcd). */
const control = { off: 0, on: 1, reset: 2, atr: 4 } as const;

/** Where vpcd waits for the card of its first slot; the second slot is one above. */
const firstPort = 35_963;

/** vpcd has two slots to a reader: 2 and 3 are a second reader's, where pcscd was given one. */
export type VirtualSlot = 0 | 1 | 2 | 3;

/** A card in one of vpcd's slots. */
export type InsertedCard = {
  /** Pull it out: the driver notices within about 0.4 s. */
  pull(): Promise<void>;
};

/**
 * Put a card into a slot of the virtual reader. The card powers on and answers as it would behind a real reader; a card
 * that answers nothing stays silent on the wire too.
 */
export async function insertCard(
  card: SimulatedCard,
  slot: VirtualSlot = 0,
): Promise<InsertedCard> {
  const socket = connect(firstPort + slot, '127.0.0.1');
  socket.setNoDelay(true);
  await once(socket, 'connect');
  let atr: Uint8Array | null = null;
  const answer = (message: Buffer): void => {
    if (message.length > 1) {
      send(socket, card.exchange(message));
    } else if (message[0] === control.off) {
      card.powerOff();
    } else if (message[0] === control.on || message[0] === control.reset) {
      card.powerOff();
      atr = card.powerOn();
    } else if (message[0] === control.atr) {
      atr ??= card.powerOn();
      send(socket, atr ?? new Uint8Array(0));
    } else {
      throw new Error(`vpcd sent the control byte ${message[0]}`);
    }
  };
  eachMessage(socket, answer);
  return {
    async pull() {
      if (socket.destroyed) return;
      const closed = once(socket, 'close');
      socket.destroy();
      await closed;
      card.powerOff();
    },
  };
}

function send(socket: Socket, bytes: Uint8Array | null): void {
  if (bytes === null || socket.destroyed) return;
  const message = Buffer.alloc(2 + bytes.length);
  message.writeUInt16BE(bytes.length);
  message.set(bytes, 2);
  socket.write(message);
}

/** vpcd frames every message with its length, two bytes, and sends the two apart. */
function eachMessage(socket: Socket, onMessage: (message: Buffer) => void): void {
  let waiting = Buffer.alloc(0);
  socket.on('data', (chunk) => {
    waiting = Buffer.concat([waiting, chunk]);
    while (waiting.length >= 2 && waiting.length >= 2 + waiting.readUInt16BE()) {
      const end = 2 + waiting.readUInt16BE();
      const message = waiting.subarray(2, end);
      waiting = waiting.subarray(end);
      onMessage(message);
    }
  });
  socket.on('error', () => socket.destroy());
}
