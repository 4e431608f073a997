import type { Bytes } from './simulated-cipher.ts';
import type { SimulatedDesfireProgram } from './simulated-program.ts';

export type SimulatedEntry = {
  readonly kind: 'load' | 'purchase';
  readonly counter: number;
  readonly amount: number;
  /** 12 hex digits. */
  readonly terminal: string;
  /** YYYYMMDDhhmmss. */
  readonly at: string;
};

/** A record as a gate or another machine writes it. */
export function recordOf(program: SimulatedDesfireProgram, entry: SimulatedEntry): Bytes {
  const { lengthBytes, layout } = program.recordFile;
  const record = Buffer.alloc(lengthBytes);
  const put = (at: number, digits: string) => record.write(digits, at, 'hex');
  const number = (value: number, length: number) => {
    const bytes = Buffer.from(value.toString(16).padStart(2 * length, '0'), 'hex');
    return (layout.byteOrder === 'little' ? bytes.reverse() : bytes).toString('hex');
  };
  put(layout.counterOffset, number(entry.counter, layout.counterBytes));
  record[layout.kindOffset] = entry.kind === 'load' ? layout.loadKind : layout.purchaseKind;
  put(layout.amountOffset, number(entry.amount, 4));
  put(layout.terminalOffset, entry.terminal);
  put(layout.dateTimeOffset, entry.at);
  return [...record];
}

/** The number that a record bears; 0 where there is no record. */
export function counterOf(program: SimulatedDesfireProgram, record: string | undefined): number {
  const { byteOrder, counterOffset, counterBytes } = program.recordFile.layout;
  if (record === undefined) return 0;
  const bytes = Buffer.from(record, 'hex').subarray(counterOffset, counterOffset + counterBytes);
  return byteOrder === 'little'
    ? bytes.readUIntLE(0, counterBytes)
    : bytes.readUIntBE(0, counterBytes);
}
