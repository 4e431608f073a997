import { fromHex, toHex } from '../../../../hardware/card/hex.ts';
import type { CardReader, ConnectAnswer } from '../../../../hardware/reader/port.ts';
import { up } from '../../../../main/contract/device.ts';

type Exchange = readonly [command: string, response: string];

/** A card that knows one conversation: these commands, byte for byte and in this order, and nothing else. */
export class ScriptedReader implements CardReader {
  readonly #script: Exchange[];

  constructor(script: readonly Exchange[]) {
    this.#script = [...script];
  }

  /** What has not been said yet. */
  get rest(): readonly Exchange[] {
    return this.#script;
  }

  watch(
    onPresence: Parameters<CardReader['watch']>[0],
    onHealth: Parameters<CardReader['watch']>[1],
  ): () => void {
    onHealth(up);
    onPresence({ kind: 'present', atr: fromHex('3B8080 0101') });
    return () => {};
  }

  async connect(): Promise<ConnectAnswer> {
    return {
      kind: 'done',
      connection: {
        atr: fromHex('3B80800101'),
        transmit: async (command) => {
          const [expected, response] = this.#script.shift() ?? ['', ''];
          if (toHex(command) !== toHex(fromHex(expected))) {
            throw new Error(`the trace has ${expected}, the kiosk said ${toHex(command)}`);
          }
          return { kind: 'done', response: fromHex(response) };
        },
        release: async () => {},
      },
    };
  }

  async close(): Promise<void> {}
}
