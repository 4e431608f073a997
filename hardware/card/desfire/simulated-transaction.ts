import { SimulatedAesKey } from './simulated-aes.ts';
import { type Bytes, noChain, simulatedCmac } from './simulated-cipher.ts';
import { everySecond } from './simulated-ev2-session.ts';
import type { DesfireCardMemory } from './simulated-memory.ts';
import type { SimulatedDesfireProgram } from './simulated-program.ts';
import { refuse } from './simulated-refusal.ts';

export type ValueChange = 'credit' | 'limited-credit' | 'debit';

/** The instruction of each change of value, as it goes into the transaction MAC. */
const valueInstructions = { credit: 0x0c, 'limited-credit': 0x1c, debit: 0xdc } as const;

/** What is asked for since the last commit: nothing of it is written, and a reader sees nothing of it. */
export class SimulatedTransaction {
  readonly #program: SimulatedDesfireProgram;
  readonly #before: DesfireCardMemory;
  #value: number;
  #debited = 0;
  #gaveBack = false;
  #record: Bytes | null = null;
  #changes = false;
  readonly #input: number[] = [];

  constructor(program: SimulatedDesfireProgram, before: DesfireCardMemory) {
    this.#program = program;
    this.#before = before;
    this.#value = before.value;
  }

  /** Whether there is anything to write. */
  get changesAnything(): boolean {
    return this.#changes;
  }

  /** Refuses what lies beyond the limits of the value file. */
  change(kind: ValueChange, amount: number): void {
    const { file, lowerLimit, upperLimit, limitedCredit } = this.#program.valueFile;
    if (amount < 0) refuse('parameter');
    if (kind === 'limited-credit') {
      if (!limitedCredit) refuse('permissionDenied');
      if (this.#gaveBack || amount > this.#before.limitedCredit) refuse('boundary');
      this.#gaveBack = true;
    }
    const value = this.#value + (kind === 'debit' ? -amount : amount);
    if (value < lowerLimit || value > upperLimit) refuse('boundary');
    this.#value = value;
    this.#changes = true;
    if (kind === 'debit') this.#debited += amount;
    this.note([valueInstructions[kind], file, ...int32(amount)]);
  }

  /** The first write of a transaction begins a record; more go into the same one. Refuses what lies beyond it. */
  writeRecord(offset: number, data: Bytes): void {
    const { file, lengthBytes } = this.#program.recordFile;
    if (offset + data.length > lengthBytes) refuse('boundary');
    const record = [...(this.#record ?? new Array<number>(lengthBytes).fill(0))];
    record.splice(offset, data.length, ...data);
    this.#record = record;
    this.#changes = true;
    this.note([0x3b, file, ...uint24(offset), ...uint24(data.length)], data);
  }

  /**
   * A command on a file enters the transaction MAC, each part filled up with zeros to whole blocks. What is read enters it
   * as well as what is written, with the length that was answered (so does NXP's reader library, phTMIUtils).
   */
  note(...parts: readonly Bytes[]): void {
    for (const part of parts) {
      this.#input.push(...part, ...noChain.slice(0, (16 - (part.length % 16)) % 16));
    }
  }

  /** What a commit writes. */
  get outcome(): Pick<DesfireCardMemory, 'value' | 'limitedCredit' | 'records'> {
    const { limitedCredit, records } = this.#before;
    const record = this.#record === null ? [] : [Buffer.from(this.#record).toString('hex')];
    const readable = this.#program.recordFile.mostRecords - 1;
    const left = this.#gaveBack ? 0 : limitedCredit;
    return {
      value: this.#value,
      limitedCredit: this.#debited > 0 ? this.#debited : left,
      records: [...record, ...records].slice(0, readable),
    };
  }

  /** TMV: a MAC of all this (cards.md 2.4). */
  macOf(key: SimulatedAesKey, uid: Bytes, counter: number): Bytes {
    return everySecond(simulatedCmac(transactionKey(key, uid, counter), this.#input));
  }
}

/** The key for the MAC of one transaction of one card: the `counter`th. */
export function transactionKey(key: SimulatedAesKey, uid: Bytes, counter: number): SimulatedAesKey {
  const label = [0x5a, 0x00, 0x01, 0x00, 0x80];
  return new SimulatedAesKey(
    Uint8Array.from(simulatedCmac(key, [...label, ...int32(counter), ...uid])),
  );
}

/** Least significant byte first, as all numbers of a DESFire card. */
export function int32(value: number): Bytes {
  return [value, value >> 8, value >> 16, value >> 24].map((part) => part & 0xff);
}

export function uint24(value: number): Bytes {
  return int32(value).slice(0, 3);
}
