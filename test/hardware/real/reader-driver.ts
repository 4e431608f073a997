import { openPcscReader } from '../../../hardware/reader/pcsc.ts';
import type { CardReader } from '../../../hardware/reader/port.ts';
import { systemClock } from '../../../main/runtime/clock.ts';

type Open = (readerName: string, log: (line: string) => void) => CardReader;

const open = {
  'pcsc-mini': (readerName, log) => openPcscReader({ readerName, clock: systemClock, log }),
} as const satisfies Record<string, Open>;

export type ReaderDriver = keyof typeof open;

/** The real drivers, the default one first. */
export const readerDrivers = Object.keys(open) as readonly ReaderDriver[];

/** The real driver of this name, on the reader whose name fits the regular expression. */
export function openReader(
  driver: ReaderDriver,
  readerName: string,
  log: (line: string) => void,
): CardReader {
  return open[driver](readerName, log);
}
