import { once } from 'node:events';
import { connect } from 'node:net';
import type { SimulatedCard } from '../../card/simulated.ts';
import { control, eachMessage, firstPort, sendMessage } from './vpcd-messages.ts';

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
      sendMessage(socket, card.exchange(message));
    } else if (message[0] === control.off) {
      card.powerOff();
    } else if (message[0] === control.on || message[0] === control.reset) {
      card.powerOff();
      atr = card.powerOn();
    } else if (message[0] === control.atr) {
      atr ??= card.powerOn();
      sendMessage(socket, atr ?? new Uint8Array(0));
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
