import type { BareReader } from './bare-reader.ts';

type LiteService = ReturnType<typeof import('pcsclite')>;
type LiteReader = Parameters<Parameters<LiteService['once']>[1]>[0];

/** A short response, its status word, and what PC/SC leaves room for besides. */
const responseBytes = 264;

/** pcsclite, which knows no transactions. Rejects where it is not compiled. `readerName`: of a reader that is there. */
export async function openBareLite(readerName: string): Promise<BareReader> {
  const { default: pcsclite } = await import('pcsclite');
  const service = pcsclite();
  // Closing is told as an error too, of each reader; what goes wrong with a card is said where the card is spoken to.
  service.on('error', () => {});
  const reader = await new Promise<LiteReader>((resolve) => {
    service.on('reader', (each) => {
      each.on('error', () => {});
      if (each.name === readerName) resolve(each);
    });
  });
  const connect = (): Promise<number> =>
    new Promise((resolve, reject) => {
      reader.connect({ share_mode: reader.SCARD_SHARE_EXCLUSIVE }, (error, protocol) =>
        error ? reject(error) : resolve(protocol),
      );
    });
  const transmit = (command: Buffer, protocol: number): Promise<Buffer> =>
    new Promise((resolve, reject) => {
      reader.transmit(command, responseBytes, protocol, (error, response) =>
        error ? reject(error) : resolve(response),
      );
    });
  const disconnect = (): Promise<void> =>
    new Promise((resolve, reject) => {
      reader.disconnect(reader.SCARD_RESET_CARD, (error) => (error ? reject(error) : resolve()));
    });
  return {
    async converse(commands) {
      const buffers = commands.map((command) => Buffer.from(command));
      const startMs = performance.now();
      const protocol = await connect();
      const firstMs = performance.now();
      for (const command of buffers) await transmit(command, protocol);
      const lastMs = performance.now();
      await disconnect();
      return { wholeMs: performance.now() - startMs, commandsMs: lastMs - firstMs };
    },
    close() {
      service.close();
      reader.close();
    },
  };
}
