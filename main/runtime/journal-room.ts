import type { Clock } from '../contract/clock.ts';
import { down, type Health, up } from '../contract/device.ts';

const mebibyte = 1_048_576;

/**
 * With less, nobody is offered a payment. A top-up writes 6 kB, but the journal's -wal file may grow by 4 MiB before its pages
 * are copied, and the file by as much then: 8 MiB, and as many for whatever else writes there between two looks. So an
 * attempt that is under way when the disk fills still finds its room.
 */
export const leastFreeBytes = 16 * mebibyte;

/** With as much, payments are offered again: the space between keeps a disk at the limit from flickering on the screen. */
export const enoughFreeBytes = 24 * mebibyte;

/** Between two looks, besides those when somebody comes. A look takes some microseconds. */
const lookMs = 5_000;

export type RoomParts = {
  /** Bytes left where the journal lies; null: it cannot be told. */
  readonly freeBytes: () => number | null;
  readonly clock: Clock;
  /** An attempt is under way: it is finished, whatever the disk says. */
  readonly busy: () => boolean;
  readonly tell: (health: Health) => void;
};

export type Room = {
  /** Look now. */
  look(): void;
  stop(): void;
};

/** Tell of a disk that is nearly full before anybody pays, and when there is room again. */
export function watchRoom({ freeBytes, clock, busy, tell }: RoomParts): Room {
  let isShort = false;
  let cancel: () => void = () => {};

  function look(): void {
    if (busy()) return;
    const free = freeBytes();
    if (free === null || isShort === free < (isShort ? enoughFreeBytes : leastFreeBytes)) return;
    isShort = !isShort;
    tell(isShort ? down('disk-full') : up);
  }

  function goOn(): void {
    look();
    cancel = clock.after(lookMs, goOn);
  }

  goOn();
  return { look, stop: () => cancel() };
}
