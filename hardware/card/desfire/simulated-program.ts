import type { SimulatedCommMode } from './simulated-session.ts';

/** In place of a key's number: anybody, nobody. */
export const free = 0x0e;
export const never = 0x0f;

/** Who may do what, by the number of the key: 0 to 13, `free` or `never`. */
export type SimulatedAccess = {
  readonly read: number;
  readonly write: number;
  readonly readWrite: number;
  readonly change: number;
};

export type SimulatedFile = {
  readonly file: number;
  readonly comm: SimulatedCommMode;
  readonly access: SimulatedAccess;
};

/** Where things are in a record that a terminal writes. */
export type SimulatedRecordLayout = {
  readonly byteOrder: 'little' | 'big';
  readonly counterOffset: number;
  readonly counterBytes: number;
  readonly kindOffset: number;
  readonly loadKind: number;
  readonly purchaseKind: number;
  /** 4 bytes. */
  readonly amountOffset: number;
  /** 6 bytes. */
  readonly terminalOffset: number;
  /** 7 bytes BCD. */
  readonly dateTimeOffset: number;
};

/** How one issuer lays out his cards. */
export type SimulatedDesfireProgram = {
  /** Hex, least significant byte first. */
  readonly application: string;
  /** An EV1 card knows neither EV2 messaging nor transaction MACs. */
  readonly generation: 'ev1' | 'ev2';
  /** Of each key, by its number. */
  readonly keyVersions: readonly number[];
  /** Null: the number is the UID. */
  readonly numberFile:
    | (SimulatedFile & {
        readonly lengthBytes: number;
        readonly numberOffset: number;
        readonly numberBytes: number;
        readonly enabledOffset: number;
        readonly validFromOffset: number;
        readonly validToOffset: number;
      })
    | null;
  readonly valueFile: SimulatedFile & {
    readonly lowerLimit: number;
    readonly upperLimit: number;
    /** Whether the key that may write gives back what it debited last. */
    readonly limitedCredit: boolean;
  };
  readonly recordFile: SimulatedFile & {
    readonly lengthBytes: number;
    /** One of them is always kept free for the next: one less can be read. */
    readonly mostRecords: number;
    readonly layout: SimulatedRecordLayout;
  };
  readonly transactionMacFile: (SimulatedFile & { readonly keyVersion: number }) | null;
};

/** Key 0 is its issuer's, key 1 loads, key 2 is a gate's. */
const loading = { write: 0x02, readWrite: 0x01, change: 0x00 } as const;

/** A campus card, DESFire EV1: anybody may read its number, its value and its records. */
export const simulatedCampusDesfireProgram: SimulatedDesfireProgram = {
  application: '10DE5F',
  generation: 'ev1',
  keyVersions: [1, 1, 1],
  numberFile: {
    file: 0x01,
    comm: 'plain',
    access: { read: free, write: never, readWrite: 0x00, change: 0x00 },
    lengthBytes: 17,
    numberOffset: 0,
    numberBytes: 8,
    enabledOffset: 8,
    validFromOffset: 9,
    validToOffset: 13,
  },
  valueFile: {
    file: 0x02,
    comm: 'full',
    access: { ...loading, read: free },
    lowerLimit: 0,
    upperLimit: 1_000_000,
    limitedCredit: false,
  },
  recordFile: {
    file: 0x03,
    comm: 'mac',
    access: { ...loading, read: free },
    lengthBytes: 32,
    mostRecords: 11,
    layout: {
      byteOrder: 'little',
      counterOffset: 0,
      counterBytes: 4,
      kindOffset: 4,
      loadKind: 0x01,
      purchaseKind: 0x02,
      amountOffset: 5,
      terminalOffset: 9,
      dateTimeOffset: 15,
    },
  },
  transactionMacFile: null,
};

/** A transit card, DESFire EV2: who has no key reads its number only, and it signs its transactions. */
export const simulatedTransitDesfireProgram: SimulatedDesfireProgram = {
  ...simulatedCampusDesfireProgram,
  application: '20DE5F',
  generation: 'ev2',
  valueFile: {
    ...simulatedCampusDesfireProgram.valueFile,
    access: { ...loading, read: 0x02 },
  },
  recordFile: {
    ...simulatedCampusDesfireProgram.recordFile,
    access: { ...loading, read: 0x02 },
  },
  transactionMacFile: {
    file: 0x0f,
    comm: 'mac',
    access: { read: 0x01, write: never, readWrite: never, change: 0x00 },
    keyVersion: 1,
  },
};
