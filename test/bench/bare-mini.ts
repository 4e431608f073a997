import { CardDisposition, CardMode, Client, Protocol, type Reader } from 'pcsc-mini';
import type { BareReader } from './bare-reader.ts';

/** pcsc-mini, with a transaction as our reader has one. `readerName`: of a reader that is there. */
export async function openBareMini(readerName: string): Promise<BareReader> {
  const client = new Client();
  const found = new Promise<Reader>((resolve) => {
    client.on('reader', (reader) => {
      if (reader.name() === readerName) resolve(reader);
    });
  });
  client.start();
  const reader = await found;
  return {
    async converse(commands) {
      const startMs = performance.now();
      const card = await reader.connect(CardMode.EXCLUSIVE, Protocol.ANY);
      const transaction = await card.transaction();
      const firstMs = performance.now();
      for (const command of commands) await card.transmit(command);
      const lastMs = performance.now();
      await transaction.end(CardDisposition.LEAVE);
      await card.disconnect(CardDisposition.RESET);
      return { wholeMs: performance.now() - startMs, commandsMs: lastMs - firstMs };
    },
    close: () => client.stop(),
  };
}
