/** What a DESFire card says of a command (cards.md 2.1). */
export const status = {
  done: 0x00,
  noChanges: 0x0c,
  illegalCommand: 0x1c,
  integrity: 0x1e,
  noSuchKey: 0x40,
  length: 0x7e,
  permissionDenied: 0x9d,
  parameter: 0x9e,
  applicationNotFound: 0xa0,
  authentication: 0xae,
  moreFrames: 0xaf,
  boundary: 0xbe,
  aborted: 0xca,
  fileNotFound: 0xf0,
} as const;

/** The card does not do what it was told. */
export class SimulatedRefusal extends Error {
  readonly statusWord: number;

  constructor(statusWord: number) {
    super(`the simulated card answers ${statusWord.toString(16)}`);
    this.statusWord = statusWord;
  }
}

export function refuse(why: keyof typeof status): never {
  throw new SimulatedRefusal(0x9100 | status[why]);
}

/** Refuse in the words of ISO 7816-4: what is not even a native command. */
export function refuseIso(statusWord: number): never {
  throw new SimulatedRefusal(statusWord);
}
