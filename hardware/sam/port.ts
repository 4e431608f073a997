import type { Health } from '../../main/contract/device.ts';

/** Plain data, fit for JSON: bytes are hex text, amounts whole numbers. */
export type SamBody = Readonly<Record<string, string | number | boolean | null>>;

/** What a card family asks of its load authority. Each family lists its deeds, and what goes with them, in its authority.ts. */
export type SamQuestion = {
  readonly family: string;
  readonly deed: string;
  readonly body: SamBody;
  /** True where asking twice is the same as asking once: only then may a driver put it again by itself. */
  readonly repeatable: boolean;
};

/** `detail` names what is missing or wrong, for the technician. No answer ever holds a byte of a key. */
export type SamAnswer =
  | { readonly kind: 'done'; readonly body: SamBody }
  | { readonly kind: 'failed'; readonly detail: string };

/** A secure application module: the load authority of one card family or of some. The only place where keys are. */
export interface Sam {
  readonly families: readonly string[];
  /** Be told how it is, now and at each change: for one of its families, or for the worst off. */
  watch(onHealth: (health: Health) => void, family?: string): () => void;
  /** Never throws, and ends within the driver's own time. */
  ask(question: SamQuestion): Promise<SamAnswer>;
  close(): Promise<void>;
}

/** Answers one family's questions, whatever it holds its keys in. Never throws for what is asked of it. */
export interface SamApplet {
  answer(deed: string, body: SamBody): Promise<SamAnswer>;
}
