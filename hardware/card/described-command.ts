import type { StatusWordMeanings } from './status-word.ts';

/** Formats 4 bytes of `bytes` from `at`, most significant byte first, as money. */
export type Money = (bytes: Uint8Array, at: number) => string;

/** What the data of an answer mean when the card did what it was told. */
export type DescribedAnswer = {
  readonly bytes: number;
  /** A MAC of so many bytes may stand behind them. */
  readonly macBytes?: number;
  readonly words: (data: Uint8Array) => string;
};

/** One command in words. */
export type DescribedCommand = {
  readonly words: string;
  /** Absent: the data are counted and not shown. */
  readonly answer?: DescribedAnswer;
  /** The words by which the card says that it did it; 9000 where nothing else is said. */
  readonly doneWords?: readonly number[];
  readonly meanings?: StatusWordMeanings;
};

/** A family's part: null for a command that it does not know. `command`: at least 4 bytes. */
export type DescribeCommand = (command: Uint8Array, money: Money) => DescribedCommand | null;
