/** Time comes through this door: the system's clock in production, a virtual one in tests and simulations. */
export interface Clock {
  /** Monotonic milliseconds: for deadlines and durations. Never jumps. */
  nowMs(): number;
  /** Milliseconds since 1970 UTC: for stamps on paper, cards and rows. May jump; never used for a deadline. */
  wallMs(): number;
  /** Call back once after `delayMs`; the answer cancels. */
  after(delayMs: number, callBack: () => void): () => void;
}
