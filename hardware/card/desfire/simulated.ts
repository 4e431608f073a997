import type { SimulatedCard } from '../simulated.ts';
import { SimulatedAesKey } from './simulated-aes.ts';
import type { Bytes } from './simulated-cipher.ts';
import {
  fileOperation,
  type SimulatedOperation,
  settled,
  transactionMacContent,
} from './simulated-files.ts';
import { ev1Handshake, ev2Handshake, type SimulatedHandshake } from './simulated-handshake.ts';
import type { DesfireCardMemory } from './simulated-memory.ts';
import type { SimulatedDesfireProgram } from './simulated-program.ts';
import { counterOf, recordOf, type SimulatedEntry } from './simulated-record.ts';
import { refuse, refuseIso, SimulatedRefusal, status } from './simulated-refusal.ts';
import type { SimulatedSession } from './simulated-session.ts';
import { SimulatedTransaction } from './simulated-transaction.ts';

export type SimulatedDesfireParts = {
  readonly program: SimulatedDesfireProgram;
  /** 7 bytes. */
  readonly uid: Uint8Array;
  /** Decimal digits, two for each byte that the number file has for it; not used where the program has none. */
  readonly number: string;
  /** The card's own keys by their number, 16 bytes each (see simulatedCardKey). */
  readonly keys: readonly Uint8Array[];
  /** Needed where the program has a transaction MAC file. */
  readonly transactionMacKey?: Uint8Array;
  /** For each challenge (16 bytes) and each EV2 session (4). */
  readonly random: (length: number) => Uint8Array;
  readonly balance?: number;
  /** YYYYMMDD. */
  readonly validFrom?: string;
  readonly validTo?: string;
  readonly blocked?: boolean;
  /** Who has not authenticated does not learn its UID. */
  readonly hidesUid?: boolean;
  /** What it remembers from before: `card.memory` of an earlier life. Goes before balance and block. */
  readonly memory?: DesfireCardMemory;
};

/** DF name of a DESFire card as such (cards.md 2.2). */
const cardName = 'd2760000850100';
/** Data bytes in one frame (cards.md 2.1). */
const mostInFrame = 59;

/**
 * A MIFARE DESFire card with one application, by the bytes: native commands wrapped in ISO 7816-4. It computes its
 * cryptograms with code of its own, refuses what it does not know, ends authentication and transaction at whatever it
 * refuses, and writes value, record and transaction MAC together or not at all.
 */
export class SimulatedDesfireCard implements SimulatedCard {
  readonly label: string;
  readonly #program: SimulatedDesfireProgram;
  readonly #uid: Bytes;
  readonly #hidesUid: boolean;
  readonly #numberFile: Bytes;
  readonly #keys: readonly SimulatedAesKey[];
  readonly #transactionMacKey: SimulatedAesKey | null;
  readonly #random: (length: number) => Uint8Array;
  #memory: DesfireCardMemory;
  #onWritten: () => void = () => {};

  #powered = false;
  #inApplication = false;
  #session: SimulatedSession | null = null;
  #transaction: SimulatedTransaction;
  /** What the next frame of the command under way goes to. */
  #nextFrame: ((frame: Bytes) => Bytes) | null = null;

  constructor(parts: SimulatedDesfireParts) {
    const { program, uid, keys, transactionMacKey = null } = parts;
    if (uid.length !== 7) throw new RangeError('a UID has 7 bytes');
    if (keys.length !== program.keyVersions.length) {
      throw new RangeError(`this program has ${program.keyVersions.length} keys`);
    }
    if ((transactionMacKey === null) !== (program.transactionMacFile === null)) {
      throw new RangeError('a key for transaction MACs goes with a file for them');
    }
    this.#program = program;
    this.#uid = [...uid];
    this.#hidesUid = parts.hidesUid ?? false;
    this.#numberFile = numberFileOf(parts);
    this.#keys = keys.map((key) => new SimulatedAesKey(key));
    this.#transactionMacKey =
      transactionMacKey === null ? null : new SimulatedAesKey(transactionMacKey);
    this.#random = parts.random;
    const number = program.numberFile === null ? Buffer.from(uid).toString('hex') : parts.number;
    this.label = `DESFire ${program.generation.toUpperCase()} card •••• ${number.slice(-4)}`;
    this.#memory = parts.memory ?? {
      value: parts.balance ?? 0,
      limitedCredit: 0,
      records: [],
      transaction: transactionMacKey === null ? null : { counter: 0, mac: '0000000000000000' },
      blocked: parts.blocked ?? false,
    };
    this.#transaction = new SimulatedTransaction(program, this.#memory);
  }

  get memory(): DesfireCardMemory {
    return this.#memory;
  }

  /** Be told of each write, before anybody is answered. One listener. */
  watchMemory(onWritten: () => void): void {
    this.#onWritten = onWritten;
  }

  /** What the card holds now, read without its leave. `counter`: of its newest record. */
  get books() {
    const { value, records, transaction } = this.#memory;
    const counter = counterOf(this.#program, records[0]);
    const transactions = transaction?.counter ?? null;
    return { balance: value, counter, records: records.length, transactions };
  }

  /** Its issuer blocks it: the number file no longer says that it is enabled. */
  block(): void {
    this.#write({ blocked: true });
  }

  /**
   * Somebody spends at a gate, which may leave no record. `at`: YYYYMMDDhhmmss, as the gate writes it. False where the card
   * holds too little.
   */
  spend(
    amount: number,
    at: string,
    { withRecord = true, terminal = '0000000000AA' } = {},
  ): boolean {
    if (this.#powered) throw new Error('the card is in a reader, not at a gate');
    if (this.#memory.value - amount < this.#program.valueFile.lowerLimit) return false;
    this.#forget();
    this.#transaction.change('debit', amount);
    if (withRecord) this.#writeEntry({ kind: 'purchase', amount, terminal, at });
    this.#commit();
    return true;
  }

  /** Another machine loads the card. `at`: YYYYMMDDhhmmss. */
  loadElsewhere(amount: number, at: string, terminal = '0000000000BB'): void {
    if (this.#powered) throw new Error('the card is in this reader, not in another machine');
    this.#forget();
    this.#writeEntry({ kind: 'load', amount, terminal, at });
    this.#transaction.change('credit', amount);
    this.#commit();
  }

  powerOn(): Uint8Array {
    this.powerOff();
    this.#powered = true;
    // PC/SC part 3, 3.1.3.2.3.1: a contactless card whose one historical byte is 80.
    return Uint8Array.of(0x3b, 0x81, 0x80, 0x01, 0x80, 0x80);
  }

  powerOff(): void {
    this.#powered = false;
    this.#inApplication = false;
    this.#nextFrame = null;
    this.#forget();
  }

  exchange(command: Uint8Array): Uint8Array {
    if (!this.#powered) throw new Error('a card without power was spoken to');
    try {
      return Uint8Array.from(this.#answer([...command]));
    } catch (refusal) {
      if (!(refusal instanceof SimulatedRefusal)) throw refusal;
      this.#nextFrame = null;
      this.#forget();
      return Uint8Array.of(refusal.statusWord >> 8, refusal.statusWord & 0xff);
    }
  }

  /** Authentication is over, and what was not committed never was. */
  #forget(): void {
    this.#session = null;
    this.#transaction = new SimulatedTransaction(this.#program, this.#memory);
  }

  #answer([cla, ins = 0, p1, p2, ...rest]: Bytes): Bytes {
    if (p1 === undefined || p2 === undefined) refuseIso(0x6700);
    if (cla === 0x00 && ins === 0xa4) return this.#selectByName(p1, p2, rest);
    if (cla !== 0x90) refuseIso(cla === 0x00 ? 0x6d00 : 0x6e00);
    if (p1 !== 0 || p2 !== 0) refuseIso(0x6a86);
    return this.#native(ins, unwrapped(rest));
  }

  #native(ins: number, body: Bytes): Bytes {
    const nextFrame = this.#nextFrame;
    this.#nextFrame = null;
    if (ins === 0xaf) return nextFrame === null ? refuse('illegalCommand') : nextFrame(body);
    if (nextFrame !== null) refuse('aborted');
    switch (ins) {
      case 0x5a:
        return this.#selectApplication(body);
      case 0xaa:
        return this.#authenticate(body, 0);
      case 0x71:
        if (this.#program.generation === 'ev1') refuse('illegalCommand');
        return this.#authenticate(body, 1);
      default:
        return this.#carryOut(ins, body);
    }
  }

  #selectByName(p1: number, p2: number, rest: Bytes): Bytes {
    if (p1 !== 0x04 || (p2 !== 0x00 && p2 !== 0x0c)) refuseIso(0x6a86);
    const length = rest[0] ?? 0;
    const name = Buffer.from(rest.slice(1, 1 + length)).toString('hex');
    if (name.length !== 2 * length || rest.length > 2 + length) refuseIso(0x6700);
    this.#nextFrame = null;
    this.#inApplication = false;
    this.#forget();
    return name === cardName ? [0x90, 0x00] : refuseIso(0x6a82);
  }

  #selectApplication(body: Bytes): Bytes {
    if (body.length !== 3) refuse('length');
    const application = Buffer.from(body).toString('hex');
    const known = application === this.#program.application.toLowerCase();
    this.#inApplication = known;
    this.#forget();
    return known || application === '000000' ? done([]) : refuse('applicationNotFound');
  }

  /** `capabilityLengths`: how many bytes tell the length of the terminal's capabilities, which EV2 wants to hear of. */
  #authenticate(body: Bytes, capabilityLengths: 0 | 1): Bytes {
    this.#forget();
    const [keyNumber = 0, capabilityLength = 0] = body;
    if (body.length !== 1 + capabilityLengths + capabilityLength) refuse('length');
    const key = (this.#inApplication ? this.#keys[keyNumber] : undefined) ?? refuse('noSuchKey');
    const rndB = [...this.#random(16)];
    const handshake =
      capabilityLengths === 0
        ? ev1Handshake(key, keyNumber, rndB)
        : ev2Handshake(key, keyNumber, rndB, [...this.#random(4)], body.slice(2));
    this.#nextFrame = (answer) => this.#finishAuthentication(handshake, answer);
    return [...handshake.challenge, 0x91, status.moreFrames];
  }

  #finishAuthentication(handshake: SimulatedHandshake, answer: Bytes): Bytes {
    if (answer.length !== 32) refuse('length');
    const { proof, session } = handshake.finish(answer) ?? refuse('authentication');
    this.#session = session;
    return done(proof);
  }

  #carryOut(ins: number, body: Bytes): Bytes {
    const { headerLength, dataLength, comm, run } = this.#operation(ins, body);
    const header = body.slice(0, headerLength);
    const rest = body.slice(headerLength);
    const restLength = this.#session?.restLength(dataLength, comm) ?? dataLength;
    if (ins === 0x3b && rest.length > 0 && rest.length < restLength) {
      this.#nextFrame = (more) =>
        more.length === 0 ? refuse('length') : this.#carryOut(ins, [...body, ...more]);
      return [0x91, status.moreFrames];
    }
    if (header.length !== headerLength || rest.length !== restLength) refuse('length');
    const command = { ins, header, dataLength, rest };
    const data =
      this.#session === null ? rest : (this.#session.open(command, comm) ?? refuse('integrity'));
    const answer = run(data);
    const sealed = this.#session?.seal(answer, comm) ?? answer;
    return ins === 0x60 ? this.#frames(sealed, 7, 7) : this.#frames(sealed);
  }

  #operation(ins: number, body: Bytes): SimulatedOperation {
    switch (ins) {
      case 0x60:
        return settled(0, () => this.#version);
      case 0x51:
        if (this.#session === null) refuse('authentication');
        return { ...settled(0, () => this.#uid), comm: 'full' };
      case 0x6a:
        if (this.#inApplication) refuse('permissionDenied');
        return settled(0, () => [...Buffer.from(this.#program.application, 'hex')]);
    }
    if (!this.#inApplication) refuse('permissionDenied');
    switch (ins) {
      case 0x64:
        return settled(1, () => [this.#program.keyVersions[body[0] ?? -1] ?? refuse('noSuchKey')]);
      case 0xc7:
        return this.#commitTransaction(body);
      case 0xa7:
        return settled(0, () => {
          if (!this.#transaction.changesAnything) refuse('noChanges');
          this.#transaction = new SimulatedTransaction(this.#program, this.#memory);
          return [];
        });
    }
    const files = {
      program: this.#program,
      memory: this.#memory,
      numberFile: this.#numberFileNow,
      transaction: this.#transaction,
      keyNumber: this.#session?.keyNumber ?? null,
    };
    return fileOperation(ins, body, files) ?? refuse('illegalCommand');
  }

  #commitTransaction(body: Bytes): SimulatedOperation {
    const hasOption = body.length > (this.#session?.restLength(0, 'mac') ?? 0);
    return settled(hasOption ? 1 : 0, () => {
      const option = hasOption ? (body[0] ?? 0) : 0;
      if (option > 1 || (option === 1 && this.#memory.transaction === null)) refuse('parameter');
      if (!this.#transaction.changesAnything) refuse('noChanges');
      this.#commit();
      return option === 1 ? transactionMacContent(this.#memory) : [];
    });
  }

  /** All that was asked for, in one write. */
  #commit(): void {
    const { transaction } = this.#memory;
    const counter = (transaction?.counter ?? 0) + 1;
    const mac =
      this.#transactionMacKey === null
        ? null
        : this.#transaction.macOf(this.#transactionMacKey, this.#uid, counter);
    this.#write({
      ...this.#transaction.outcome,
      ...(mac === null ? {} : { transaction: { counter, mac: Buffer.from(mac).toString('hex') } }),
    });
    this.#transaction = new SimulatedTransaction(this.#program, this.#memory);
  }

  #writeEntry(entry: Omit<SimulatedEntry, 'counter'>): void {
    const counter = counterOf(this.#program, this.#memory.records[0]) + 1;
    this.#transaction.writeRecord(0, recordOf(this.#program, { ...entry, counter }));
  }

  /** What is too long for one frame waits until it is asked for; `first` are the lengths of the first frames. */
  #frames(data: Bytes, ...[first = mostInFrame, ...others]: readonly number[]): Bytes {
    if (data.length <= first) return done(data);
    this.#nextFrame = (frame) =>
      frame.length > 0 ? refuse('length') : this.#frames(data.slice(first), ...others);
    return [...data.slice(0, first), 0x91, status.moreFrames];
  }

  /** Hardware, software, then UID, batch, and week and year of production (cards.md 2.2). */
  get #version(): Bytes {
    const [hardware, software] =
      this.#program.generation === 'ev1'
        ? [
            [0x01, 0x00],
            [0x01, 0x04],
          ]
        : [
            [0x12, 0x00],
            [0x02, 0x01],
          ];
    const uid = this.#hidesUid ? this.#uid.map(() => 0) : this.#uid;
    return [
      ...[0x04, 0x01, 0x01, ...hardware, 0x18, 0x05],
      ...[0x04, 0x01, 0x01, ...software, 0x18, 0x05],
      ...[...uid, 0xba, 0x54, 0x11, 0x20, 0x30, 0x12, 0x23],
    ];
  }

  get #numberFileNow(): Bytes {
    const enabledAt = this.#program.numberFile?.enabledOffset;
    return this.#numberFile.map((byte, at) =>
      at === enabledAt && this.#memory.blocked ? 0x00 : byte,
    );
  }

  #write(change: Partial<DesfireCardMemory>): void {
    this.#memory = { ...this.#memory, ...change };
    this.#onWritten();
  }
}

function done(data: Bytes): Bytes {
  return [...data, 0x91, status.done];
}

/** The data of a wrapped command: Lc, data and Le 00; or Le 00 alone. */
function unwrapped(rest: Bytes): Bytes {
  const body = rest.length === 1 ? [] : rest.slice(1, -1);
  const fits = rest.length === 1 || (rest[0] === body.length && body.length > 0);
  if (!fits || rest.at(-1) !== 0x00) refuseIso(0x6700);
  return body.length > mostInFrame ? refuse('length') : body;
}

function numberFileOf(parts: SimulatedDesfireParts): Bytes {
  const { numberFile } = parts.program;
  if (numberFile === null) return [];
  const { number, validFrom = '20200101', validTo = '20991231' } = parts;
  if (!/^[0-9]+$/.test(number) || number.length !== 2 * numberFile.numberBytes) {
    throw new RangeError(`a card number of this program has ${2 * numberFile.numberBytes} digits`);
  }
  const content = Buffer.alloc(numberFile.lengthBytes);
  content.write(number, numberFile.numberOffset, 'hex');
  content[numberFile.enabledOffset] = 0x01;
  content.write(validFrom, numberFile.validFromOffset, 'hex');
  content.write(validTo, numberFile.validToOffset, 'hex');
  return [...content];
}
