import type { z } from 'zod';
import type { CardProfile } from '../card/profile.ts';
import type { SimulatedCard } from '../card/simulated.ts';
import type { SamApplet } from '../sam/port.ts';

/** A purse as its issuer hands it out. Amounts are minor units, dates YYYYMMDD. */
export type IssueOrder = {
  /** The name of one of the family's profiles. */
  readonly profile: string;
  /** As many digits as the profile's cards have: 16, or 19. */
  readonly number: string;
  readonly balanceMinor: number;
  readonly validTo: string;
  readonly blocked: boolean;
  readonly randomBytes: (length: number) => Uint8Array;
};

/** What a card remembers without power: plain data, fit for JSON. What is in it, its family knows. */
export type CardMemory = Readonly<Record<string, unknown>>;

/** What somebody with a loupe reads from a purse, without asking the card. Amounts are minor units. */
export type CardBooks = {
  readonly balanceMinor: number;
  /** How often it has been loaded, by its own count. */
  readonly loads: number;
  readonly blocked: boolean;
};

/** A load as the card's own log has it. */
export type LoadRow = { readonly counter: number; readonly amountMinor: number };

/** A purse in somebody's hand. `at`: local time, YYYYMMDDhhmmss. */
export type IssuedPurse = {
  readonly card: SimulatedCard;
  readonly memory: () => CardMemory;
  readonly books: () => CardBooks;
  /** The loads in its log, newest first. */
  readonly loads: () => readonly LoadRow[];
  /** Somebody spends at a gate. False where it holds too little. */
  readonly purchase: (amountMinor: number, at: string) => boolean;
  /** Another machine loads it. */
  readonly loadElsewhere: (amountMinor: number, at: string) => void;
  /** Be told of each write, before anybody is answered. One listener. */
  readonly watchMemory: (onWritten: () => void) => void;
};

/** A family of cards as the bench and the campaign have it: its cards by the bytes, and the keys to load them. */
export type SimulatedFamily = {
  readonly name: string;
  /** What its cards are issued by: whoever serves them needs the same. */
  readonly profiles: readonly CardProfile[];
  /** Of its cards' memory, as it comes back from outside: strict. */
  readonly memory: z.ZodType<CardMemory>;
  /** A new load authority with the test keys. `randomBytes`: its chance. */
  authority(randomBytes: (length: number) => Uint8Array): SamApplet;
  /** Whether a card that executes this command changes for good, and by no other command of a load. */
  isWrite(command: Uint8Array): boolean;
  /** `memory`: what it remembers from an earlier life. Throws for a profile that is none of `profiles`. */
  issue(order: IssueOrder, memory: CardMemory | null): IssuedPurse;
};

/** Describe a family in its own types. */
export function simulatedFamily<Memory extends CardMemory>(
  kind: Omit<SimulatedFamily, 'memory' | 'issue'> & {
    readonly memory: z.ZodType<Memory>;
    issue(order: IssueOrder, memory: Memory | null): IssuedPurse;
  },
): SimulatedFamily {
  const { memory: schema } = kind;
  return {
    ...kind,
    issue: (order, memory) => kind.issue(order, memory === null ? null : schema.parse(memory)),
  };
}
