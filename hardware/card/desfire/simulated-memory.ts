/** All that a card remembers without power: plain data, fit for JSON. Its number and its keys are not in it. */
export type DesfireCardMemory = {
  readonly value: number;
  /** What may still be given back of the last debit without the load key. */
  readonly limitedCredit: number;
  /** Newest first, in hex. */
  readonly records: readonly string[];
  /** Of the last transaction: its number (TMC) and the MAC over it (TMV), 8 bytes in hex. Null where the card keeps none. */
  readonly transaction: { readonly counter: number; readonly mac: string } | null;
  /** By its issuer: the number file says so. */
  readonly blocked: boolean;
};
