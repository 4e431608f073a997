/** Why bytes do not pass. */
export type LineFault =
  | { readonly kind: 'line-gone' }
  /** The far end did not take the bytes within the deadline. */
  | { readonly kind: 'line-stuck' };

export type WriteAnswer =
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly fault: LineFault };

/**
 * A byte line to a device: a serial port, a TCP connection, or a simulated one. It opens itself, and again with back-off
 * when it was lost; an open line says nothing about the device behind it (only its protocol can).
 */
export interface Line {
  /** `onOpen` is called at once where the line is already open. Bytes arrive in any fragments. */
  watch(handlers: {
    readonly onOpen: () => void;
    readonly onBytes: (bytes: Uint8Array) => void;
    readonly onLost: () => void;
  }): () => void;
  /** Hand bytes to the line. "done" means handed over, never that the device has acted on them. */
  write(bytes: Uint8Array, deadlineMs: number): Promise<WriteAnswer>;
  close(): Promise<void>;
}
