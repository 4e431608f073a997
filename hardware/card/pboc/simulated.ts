import type { SimulatedCard } from '../simulated.ts';
import { type SimulatedCommand as Command, parseCommand } from './simulated-command.ts';
import { SimulatedDesKey } from './simulated-des.ts';
import { foldedKey, SimulatedTripleDesKey, simulatedMac } from './simulated-mac.ts';
import { logRow, type PbocCardMemory } from './simulated-memory.ts';

/** How one card program differs from the next. */
export type SimulatedPbocProgram = {
  /** Hex. */
  readonly aid: string;
  readonly purse: 'ed' | 'ep';
  /** How file 15 is laid out (cards.md 1.2). */
  readonly numberFile: 'city' | 't-union';
  /**
   * Counted into the balance and told by GET BALANCE with P1 01, both with the top bit dirty as was seen (cards.md 1.3);
   * null: the purse cannot be overdrawn.
   */
  readonly overdraftLimit: number | null;
  readonly keyIndex: number;
  readonly keyVersion: number;
  /** As it is named in the answer to INITIALIZE; the card computes triple DES whatever it says. */
  readonly algorithm: number;
  /** What a log row says of a load whose INITIALIZE answered n. */
  readonly logCounter: 'n' | 'n+1';
  readonly logOrder: 'newest-first' | 'oldest-first';
  readonly logRows: number;
  /**
   * The counter that GET TRANSACTION PROVE wants; null: the command is not known. `once`: the proof is given once and is
   * forgotten at the next INITIALIZE (cards.md 1.8, Gemplus). `unknown`: the word for a transaction without a proof.
   */
  readonly proof: {
    readonly counter: 'n' | 'n+1';
    readonly once: boolean;
    readonly unknown: '9406' | '6A88';
  } | null;
  /** Needed for the log and the load; null: no PIN key. */
  readonly pin: { readonly bytes: Uint8Array; readonly tries: number } | null;
};

/** A Huada city card: counts with n+1, keeps its proof, no PIN (cards.md 1.4, 1.8). */
export const simulatedCityProgram: SimulatedPbocProgram = {
  aid: 'A00000000386980701',
  purse: 'ep',
  numberFile: 'city',
  overdraftLimit: null,
  keyIndex: 1,
  keyVersion: 1,
  algorithm: 0x00,
  logCounter: 'n+1',
  logOrder: 'newest-first',
  logRows: 10,
  proof: { counter: 'n+1', once: false, unknown: '9406' },
  pin: null,
};

/** The Gemplus applet: counts with n, gives its proof once, wants a PIN (cards.md 1.4, 1.5, 1.8). */
export const simulatedCampusProgram: SimulatedPbocProgram = {
  ...simulatedCityProgram,
  aid: 'D15600000145442F4550000000000000',
  logCounter: 'n',
  proof: { counter: 'n', once: true, unknown: '9406' },
  pin: { bytes: Uint8Array.of(0x12, 0x34, 0x56), tries: 3 },
};

/** A T-Union card that may be overdrawn by one ride (cards.md 1.2, 1.3). */
export const simulatedTUnionProgram: SimulatedPbocProgram = {
  ...simulatedCityProgram,
  aid: 'A000000632010105',
  numberFile: 't-union',
  overdraftLimit: 800,
};

export type SimulatedPbocParts = {
  readonly program: SimulatedPbocProgram;
  /** 16 decimal digits; 19 on T-Union cards. */
  readonly number: string;
  /** The card's own keys, 16 bytes each (see cardKeyFromMaster). */
  readonly loadKey: Uint8Array;
  readonly tacKey: Uint8Array;
  /** 4 bytes for each challenge. */
  readonly random: () => Uint8Array;
  /** Without any overdraft limit. */
  readonly balance?: number;
  readonly onlineCounter?: number;
  readonly offlineCounter?: number;
  readonly enabled?: boolean;
  /** YYYYMMDD. */
  readonly validFrom?: string;
  readonly validTo?: string;
  readonly blocked?: boolean;
  /** The most that the purse takes: beyond it INITIALIZE answers 6985. */
  readonly ceiling?: number;
  /** What it remembers from before: `card.memory` of an earlier life. Goes before balance, counters and block. */
  readonly memory?: PbocCardMemory;
};

type PendingLoad = {
  readonly amount: Buffer;
  readonly terminal: Buffer;
  readonly sessionKey: SimulatedDesKey;
};

const done = [0x90, 0x00];
const wrongMac2sUntilLock = 3;

/**
 * A PBOC purse card, by the bytes. It computes its MACs with code of its own, refuses what it does not know, loses what is
 * volatile at power-off (application, PIN, a load that was initialised), and changes balance, counter, log and proof
 * together or not at all.
 */
export class SimulatedPbocCard implements SimulatedCard {
  readonly label: string;
  readonly #program: SimulatedPbocProgram;
  readonly #numberFile: Buffer;
  readonly #loadKey: SimulatedTripleDesKey;
  readonly #tacKey: SimulatedDesKey;
  readonly #random: () => Uint8Array;
  readonly #ceiling: number;
  #memory: PbocCardMemory;
  #onWritten: () => void = () => {};

  #powered = false;
  #selected = false;
  #pinVerified = false;
  #pending: PendingLoad | null = null;

  constructor(parts: SimulatedPbocParts) {
    const { program, number } = parts;
    this.label = `${program.purse.toUpperCase()} card •••• ${number.slice(-4)}`;
    this.#program = program;
    this.#numberFile = numberFile(parts);
    this.#loadKey = new SimulatedTripleDesKey(parts.loadKey);
    this.#tacKey = foldedKey(parts.tacKey);
    this.#random = parts.random;
    this.#ceiling = parts.ceiling ?? 0xffff_ffff;
    this.#memory = parts.memory ?? {
      balance: (parts.balance ?? 0) + (program.overdraftLimit ?? 0),
      onlineCounter: parts.onlineCounter ?? 0,
      offlineCounter: parts.offlineCounter ?? 0,
      blocked: parts.blocked ?? false,
      locked: false,
      wrongMac2sLeft: wrongMac2sUntilLock,
      pinTriesLeft: program.pin?.tries ?? 0,
      log: [],
      loadLog: [],
      proof: null,
    };
  }

  get memory(): PbocCardMemory {
    return this.#memory;
  }

  /** Be told of each write, before anybody is answered. One listener. */
  watchMemory(onWritten: () => void): void {
    this.#onWritten = onWritten;
  }

  /** What the card holds now, read without its leave. */
  get books() {
    const { onlineCounter, offlineCounter, pinTriesLeft, locked, log } = this.#memory;
    const balance = this.#memory.balance - this.#overdraftLimit;
    return { balance, onlineCounter, offlineCounter, logRows: log.length, pinTriesLeft, locked };
  }
  /** Its issuer blocks the application, as a gate does for a card on the black list. */
  block(): void {
    this.#write({ blocked: true });
  }

  /** Somebody spends at a gate. `at`: YYYYMMDDhhmmss, as the gate writes it. False where the purse holds too little. */
  purchase(amount: number, at: string, terminal = '0000000000AA'): boolean {
    if (this.#powered) throw new Error('the card is in a reader, not at a gate');
    const { balance, offlineCounter: counter } = this.#memory;
    if (amount > balance) return false;
    const type = this.#program.purse === 'ed' ? 0x05 : 0x06;
    const when = Buffer.from(at, 'hex');
    const terminalBytes = Buffer.from(terminal, 'hex');
    // TAC of a purchase: amount, type, terminal, terminal's sequence, date and time.
    const sealed = [...word(amount), type, ...terminalBytes, 0, 0, 0, 0, ...when];
    const row = logRow(counter, this.#overdraftLimit, word(amount), type, terminalBytes, when);
    this.#write({
      balance: balance - amount,
      offlineCounter: counter + 1,
      log: this.#withRow(this.#memory.log, row),
      proof: { type, counter, tac: hex(simulatedMac(this.#tacKey, sealed)) },
    });
    return true;
  }

  /** Another machine loads the card. `at`: YYYYMMDDhhmmss. */
  loadElsewhere(amount: number, at: string, terminal = '0000000000BB'): void {
    if (this.#powered) throw new Error('the card is in this reader, not in another machine');
    this.#credit(word(amount), Buffer.from(terminal, 'hex'), Buffer.from(at, 'hex'));
  }

  powerOn(): Uint8Array {
    this.powerOff();
    this.#powered = true;
    return Uint8Array.of(0x3b, 0x80, 0x80, 0x01, 0x01);
  }

  powerOff(): void {
    this.#powered = false;
    this.#selected = false;
    this.#pinVerified = false;
    this.#pending = null;
  }

  exchange(command: Uint8Array): Uint8Array {
    if (!this.#powered) throw new Error('a card without power was spoken to');
    const parsed = parseCommand(command);
    if (parsed === null) return Uint8Array.of(0x67, 0x00);
    return Uint8Array.from(this.#answer(parsed));
  }

  #answer(command: Command): readonly number[] {
    const pending = this.#pending;
    // Only CREDIT may follow INITIALIZE: anything else ends that load.
    this.#pending = null;
    switch ((command.cla << 8) | command.ins) {
      case 0x00a4:
        return this.#select(command);
      case 0x00b0:
        return this.#ifSelected(() => this.#readBinary(command));
      case 0x00b2:
        return this.#ifSelected(() => this.#readRecord(command));
      case 0x0020:
        return this.#ifSelected(() => this.#verify(command));
      case 0x805c:
        return this.#ifSelected(() => this.#getBalance(command));
      case 0x8050:
        return this.#ifSelected(() => this.#initializeForLoad(command));
      case 0x8052:
        return this.#ifSelected(() => this.#creditForLoad(command, pending));
      case 0x805a:
        return this.#ifSelected(() => this.#getTransactionProve(command));
      default:
        return command.cla === 0x00 || command.cla === 0x80 ? [0x6d, 0x00] : [0x6e, 0x00];
    }
  }

  #ifSelected(answer: () => readonly number[]): readonly number[] {
    return this.#selected ? answer() : [0x69, 0x85];
  }

  #select({ p1, p2, data }: Command): readonly number[] {
    this.#selected = false;
    this.#pinVerified = false;
    if (p1 !== 0x04 || p2 !== 0x00) return [0x6a, 0x86];
    if (data.length === 0) return [0x67, 0x00];
    const aid = Buffer.from(this.#program.aid, 'hex');
    if (!data.equals(aid)) return [0x6a, 0x82];
    // 6F { 84 DF name, A5 { 9F08 version, 9F0C file 15 } } as on a Huada card (cards.md 1.1).
    const issuer = [
      0x9f,
      0x08,
      0x01,
      0x01,
      0x9f,
      0x0c,
      this.#numberFile.length,
      ...this.#numberFile,
    ];
    const template = [0x84, aid.length, ...aid, 0xa5, issuer.length, ...issuer];
    const fci = [0x6f, template.length, ...template];
    if (this.#memory.blocked) return [...fci, 0x6a, 0x81];
    this.#selected = true;
    return [...fci, ...done];
  }

  #readBinary({ p1, p2, data, le }: Command): readonly number[] {
    if (data.length > 0) return [0x67, 0x00];
    if ((p1 & 0xe0) !== 0x80) return [0x6a, 0x86];
    if ((p1 & 0x1f) !== 0x15) return [0x6a, 0x82];
    if (p2 >= this.#numberFile.length) return [0x6b, 0x00];
    const rest = this.#numberFile.subarray(p2);
    if (le === null || (le !== 0 && le > rest.length)) return [0x67, 0x00];
    return [...rest.subarray(0, le === 0 ? rest.length : le), ...done];
  }

  #readRecord({ p1, p2, data, le }: Command): readonly number[] {
    if (data.length > 0 || (le !== 0 && le !== 23)) return [0x67, 0x00];
    if ((p2 & 0x07) !== 0x04) return [0x6a, 0x86];
    const loadsOnly = p2 >> 3 === 0x1a;
    if (p2 >> 3 !== 0x18 && !loadsOnly) return [0x6a, 0x82];
    if (this.#program.pin !== null && !this.#pinVerified) return [0x69, 0x82];
    const rows = loadsOnly ? this.#memory.loadLog : this.#memory.log;
    const row = this.#program.logOrder === 'newest-first' ? rows[p1 - 1] : rows.at(-p1);
    if (p1 === 0 || row === undefined) return [0x6a, 0x83];
    return [...Buffer.from(row, 'hex'), ...done];
  }

  #verify({ p1, p2, data, le }: Command): readonly number[] {
    const { pin } = this.#program;
    if (p1 !== 0 || p2 !== 0) return [0x6a, 0x86];
    if (pin === null) return [0x94, 0x03];
    if (le !== null || data.length < 2 || data.length > 6) return [0x67, 0x00];
    const { pinTriesLeft } = this.#memory;
    if (pinTriesLeft === 0) return [0x69, 0x83];
    if (!data.equals(pin.bytes)) {
      this.#pinVerified = false;
      this.#write({ pinTriesLeft: pinTriesLeft - 1 });
      return [0x63, 0xc0 | (pinTriesLeft - 1)];
    }
    if (pinTriesLeft !== pin.tries) this.#write({ pinTriesLeft: pin.tries });
    this.#pinVerified = true;
    return done;
  }

  #getBalance({ p1, p2, data, le }: Command): readonly number[] {
    const { overdraftLimit } = this.#program;
    const isKnown = p1 === 0 || (p1 === 1 && overdraftLimit !== null);
    if (!isKnown || p2 !== this.#purseNumber) return [0x6a, 0x86];
    if (data.length > 0 || (le !== 0 && le !== 4)) return [0x67, 0x00];
    const told = word(p1 === 0 ? this.#memory.balance : this.#overdraftLimit);
    if (overdraftLimit !== null) told.writeUInt8(told.readUInt8() | 0x80);
    return [...told, ...done];
  }

  #initializeForLoad({ p1, p2, data, le }: Command): readonly number[] {
    const { pin, keyIndex, keyVersion, algorithm, proof } = this.#program;
    if (p1 !== 0 || p2 !== this.#purseNumber) return [0x6a, 0x86];
    if (data.length !== 11 || (le !== null && le !== 0 && le !== 16)) return [0x67, 0x00];
    const { locked, balance, onlineCounter } = this.#memory;
    if (locked) return [0x93, 0x03];
    if (pin !== null && !this.#pinVerified) return [0x69, 0x82];
    if (data[0] !== keyIndex) return [0x94, 0x03];
    if (onlineCounter === 0xffff) return [0x94, 0x02];
    const amount = data.subarray(1, 5);
    const terminal = data.subarray(5, 11);
    if (balance + amount.readUInt32BE() > this.#ceiling) return [0x69, 0x85];
    if (proof?.once === true) this.#forgetProof();

    const random = this.#random();
    const counter = [onlineCounter >> 8, onlineCounter & 0xff];
    const factor = Uint8Array.of(...random, ...counter, 0x80, 0x00);
    const sessionKey = new SimulatedDesKey(this.#loadKey.encipher(factor));
    this.#pending = { amount, terminal, sessionKey };
    const before = word(balance);
    const mac1 = simulatedMac(sessionKey, [...before, ...amount, p2, ...terminal]);
    return [...before, ...counter, keyVersion, algorithm, ...random, ...mac1, ...done];
  }

  #creditForLoad({ p1, p2, data, le }: Command, pending: PendingLoad | null): readonly number[] {
    if (p1 !== 0 || p2 !== 0) return [0x6a, 0x86];
    if (data.length !== 11 || (le !== null && le !== 0 && le !== 4)) return [0x67, 0x00];
    if (pending === null) return [0x69, 0x85];
    const { amount, terminal, sessionKey } = pending;
    const when = data.subarray(0, 7);
    const mac2 = simulatedMac(sessionKey, [...amount, this.#purseNumber, ...terminal, ...when]);
    if (!data.subarray(7).equals(Buffer.from(mac2))) {
      const wrongMac2sLeft = this.#memory.wrongMac2sLeft - 1;
      this.#write({ wrongMac2sLeft, locked: wrongMac2sLeft <= 0 });
      return [0x93, 0x02];
    }
    return [...this.#credit(amount, terminal, when), ...done];
  }

  #getTransactionProve({ p1, p2, data, le }: Command): readonly number[] {
    const program = this.#program;
    if (program.proof === null) return [0x6d, 0x00];
    if (p1 !== 0) return [0x6a, 0x86];
    if (data.length !== 2 || (le !== null && le !== 0 && le !== 8)) return [0x67, 0x00];
    const { proof } = this.#memory;
    const unknown = [...Buffer.from(program.proof.unknown, 'hex')];
    if (proof === null) return program.proof.once ? [0x69, 0x85] : unknown;
    const { type, counter, tac } = proof;
    const wanted = program.proof.counter === 'n' ? counter : counter + 1;
    if (p2 !== type || data.readUInt16BE() !== wanted) return unknown;
    if (program.proof.once) this.#forgetProof();
    return [0, 0, 0, 0, ...Buffer.from(tac, 'hex'), ...done];
  }

  get #overdraftLimit(): number {
    return this.#program.overdraftLimit ?? 0;
  }

  get #purseNumber(): number {
    return this.#program.purse === 'ed' ? 0x01 : 0x02;
  }

  /** Balance, counter, log and proof, all at once. Answers the TAC. */
  #credit(amount: Buffer, terminal: Buffer, when: Buffer): number[] {
    const type = this.#purseNumber;
    const counter = this.#memory.onlineCounter;
    const balance = this.#memory.balance + amount.readUInt32BE();
    const tac = simulatedMac(this.#tacKey, [
      ...word(balance),
      counter >> 8,
      counter & 0xff,
      ...amount,
      type,
      ...terminal,
      ...when,
    ]);
    const rowCounter = this.#program.logCounter === 'n' ? counter : counter + 1;
    const row = logRow(rowCounter, this.#overdraftLimit, amount, type, terminal, when);
    this.#write({
      balance,
      onlineCounter: counter + 1,
      wrongMac2sLeft: wrongMac2sUntilLock,
      log: this.#withRow(this.#memory.log, row),
      loadLog: this.#withRow(this.#memory.loadLog, row),
      proof: { type, counter, tac: hex(tac) },
    });
    return tac;
  }

  #withRow(log: readonly string[], row: string): readonly string[] {
    return [row, ...log.slice(0, this.#program.logRows - 1)];
  }

  #forgetProof(): void {
    if (this.#memory.proof !== null) this.#write({ proof: null });
  }

  #write(change: Partial<PbocCardMemory>): void {
    this.#memory = { ...this.#memory, ...change };
    this.#onWritten();
  }
}

/** File 15, 30 bytes (cards.md 1.2). */
function numberFile({ program, number, enabled = true, ...parts }: SimulatedPbocParts): Buffer {
  const { validFrom = '20200101', validTo = '20991231' } = parts;
  const isCity = program.numberFile === 'city';
  const digits = isCity ? 16 : 19;
  if (number.length !== digits || /[^0-9]/.test(number)) {
    throw new RangeError(`a card number has ${digits} digits here`);
  }
  const head = isCity ? `0731410000000000${enabled ? '01' : '00'}010000` : '01011000FFFFFFFF02010';
  return Buffer.from(`${head}${number}${validFrom}${validTo}0000`, 'hex');
}

function word(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function hex(bytes: readonly number[]): string {
  return Buffer.from(bytes).toString('hex');
}
