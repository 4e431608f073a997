/** A command APDU as the card takes it apart. */
export type SimulatedCommand = {
  readonly cla: number;
  readonly ins: number;
  readonly p1: number;
  readonly p2: number;
  readonly data: Buffer;
  readonly le: number | null;
};

/** ISO 7816-3 12.1.3, short; null where the length fits none of the four cases. */
export function parseCommand(command: Uint8Array): SimulatedCommand | null {
  const bytes = Buffer.from(command);
  const [cla, ins, p1, p2, p3] = bytes;
  if (cla === undefined || ins === undefined || p1 === undefined || p2 === undefined) return null;
  const header = { cla, ins, p1, p2 };
  if (p3 === undefined) return { ...header, data: Buffer.alloc(0), le: null };
  if (bytes.length === 5) return { ...header, data: Buffer.alloc(0), le: p3 };
  const data = bytes.subarray(5, 5 + p3);
  if (p3 === 0 || data.length !== p3 || bytes.length > 6 + p3) return null;
  return { ...header, data, le: bytes[5 + p3] ?? null };
}
