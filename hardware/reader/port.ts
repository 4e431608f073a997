import type { Health } from '../../main/contract/device.ts';

/** The machine broke. Never mixed up with what a person or a card did. */
export type ReaderFault =
  | { readonly kind: 'reader-gone' }
  | { readonly kind: 'reader-busy' }
  | { readonly kind: 'reader-silent' }
  | { readonly kind: 'service-down' };

/** The person moved, or the card is not well. */
export type CardFault =
  | { readonly kind: 'card-gone' }
  /** No answer within the deadline. */
  | { readonly kind: 'card-mute' }
  /** An answer that cannot be an APDU response. */
  | { readonly kind: 'card-garbled' };

export type Presence =
  | { readonly kind: 'absent' }
  /** `atr` is empty where the reader does not tell before somebody connects; the connection's is always right. */
  | { readonly kind: 'present'; readonly atr: Uint8Array };

export type TransmitAnswer =
  | { readonly kind: 'done'; readonly response: Uint8Array }
  | { readonly kind: 'failed'; readonly fault: ReaderFault | CardFault };

/** An exclusive connection to the card in the reader. */
export interface CardConnection {
  readonly atr: Uint8Array;
  /**
   * Send one command APDU, be given the response with its status word; 61xx and 6Cxx are followed below this port.
   * Never throws and never hangs: past `deadlineMs` the answer is card-mute.
   */
  transmit(command: Uint8Array, deadlineMs: number): Promise<TransmitAnswer>;
  /** End the connection. May be called twice, and after the card has gone. */
  release(): Promise<void>;
}

export type ConnectAnswer =
  | { readonly kind: 'done'; readonly connection: CardConnection }
  | { readonly kind: 'failed'; readonly fault: ReaderFault | CardFault };

/** One slot: the customer's card, or a SAM. */
export interface CardReader {
  /** Be told the presence and health now and at each change, presence changes in the order in which they happened. */
  watch(onPresence: (presence: Presence) => void, onHealth: (health: Health) => void): () => void;
  /** Connect for the length of a conversation; nobody else can talk to the card until it is released. */
  connect(): Promise<ConnectAnswer>;
  close(): Promise<void>;
}
