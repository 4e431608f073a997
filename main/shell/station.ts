import type { Channel, Shown } from '../contract/channel.ts';

/** The end of a channel that the shell hands to the core. What comes in is data from outside, not yet checked. */
export type KioskChannel = Channel<Shown, unknown>;

/** A running station as the two shells see it. */
export type Station = {
  /** Show the kiosk on this channel from now on; the answer stops it. */
  attach(channel: KioskChannel): () => void;
  close(): Promise<void>;
};
