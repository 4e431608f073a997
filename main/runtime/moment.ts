import type { Clock } from '../contract/clock.ts';
import type { Moment } from '../session/event.ts';

/** 40 random bits as 10 hex digits. */
export type Chance = () => string;

/** Stamp an event with time and chance. `localTime` is in the process's time zone (TZ). */
export function momentOf(clock: Clock, chance: Chance): Moment {
  const wallMs = clock.wallMs();
  return { nowMs: clock.nowMs(), wallMs, localTime: localTimeOf(wallMs), chance: chance() };
}

/** YYYYMMDDhhmmss in the process's time zone. */
function localTimeOf(wallMs: number): string {
  const date = new Date(wallMs);
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}${two(date.getMonth() + 1)}${two(date.getDate())}`;
  return `${day}${two(date.getHours())}${two(date.getMinutes())}${two(date.getSeconds())}`;
}
