import type { Socket } from 'node:net';

/** Control messages of vpcd, one byte each; anything longer is a command APDU (vsmartcard, virtualsmartcard/src/vpcd). */
export const control = { off: 0, on: 1, reset: 2, atr: 4 } as const;

/** Where vpcd waits for the card of its first slot; the second slot is one above. */
export const firstPort = 35_963;

/** Answer vpcd. Null is silence. */
export function sendMessage(socket: Socket, bytes: Uint8Array | null): void {
  if (bytes === null || socket.destroyed) return;
  const message = Buffer.alloc(2 + bytes.length);
  message.writeUInt16BE(bytes.length);
  message.set(bytes, 2);
  socket.write(message);
}

/** vpcd frames every message with its length, two bytes, and sends the two apart. */
export function eachMessage(socket: Socket, onMessage: (message: Buffer) => void): void {
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
