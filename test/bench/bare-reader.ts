/** A PC/SC library with nothing of ours around it. */
export type BareReader = {
  /**
   * Connect exclusively, send these commands one after the other, disconnect with a reset. Answers what it took,
   * milliseconds: all of it, and the commands alone.
   */
  converse(commands: readonly Uint8Array[]): Promise<{ wholeMs: number; commandsMs: number }>;
  close(): void;
};
