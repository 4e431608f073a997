import type { BenchCommand } from '../../main/contract/bench.ts';

/** Tell the station what a hand at the bench did. */
export type SayToBench = (command: BenchCommand) => void;
