import type { Bytes } from './simulated-cipher.ts';
import type { DesfireCardMemory } from './simulated-memory.ts';
import {
  free,
  never,
  type SimulatedAccess,
  type SimulatedDesfireProgram,
  type SimulatedFile,
} from './simulated-program.ts';
import { refuse } from './simulated-refusal.ts';
import type { SimulatedCommMode } from './simulated-session.ts';
import {
  int32,
  type SimulatedTransaction,
  uint24,
  type ValueChange,
} from './simulated-transaction.ts';

/** A command as the card would carry it out, once its protection is off. */
export type SimulatedOperation = {
  readonly headerLength: number;
  /** Of what follows the header. */
  readonly dataLength: number;
  readonly comm: SimulatedCommMode;
  /** What it answers. Throws a refusal. */
  readonly run: (data: Bytes) => Bytes;
};

/** What a command on files sees and touches. */
export type SimulatedFiles = {
  readonly program: SimulatedDesfireProgram;
  readonly memory: DesfireCardMemory;
  /** Content of the number file; empty where there is none. */
  readonly numberFile: Bytes;
  readonly transaction: SimulatedTransaction;
  /** The key that the other side has shown to hold; null: none. */
  readonly keyNumber: number | null;
};

/** The commands on files; null for what is none. Throws a refusal where file, right or length are wrong. */
export function fileOperation(
  ins: number,
  body: Bytes,
  files: SimulatedFiles,
): SimulatedOperation | null {
  switch (ins) {
    case 0x6f:
      return settled(0, () => filesOf(files.program).map(({ file }) => file));
    case 0xf5:
      return settled(1, () => settingsOf(fileAt(body, files), files));
    case 0xbd:
      return readData(body, files);
    case 0x6c:
      return getValue(body, files);
    case 0x0c:
      return changeValue('credit', body, files);
    case 0x1c:
      return changeValue('limited-credit', body, files);
    case 0xdc:
      return changeValue('debit', body, files);
    case 0xbb:
      return readRecords(body, files);
    case 0x3b:
      return writeRecord(body, files);
    default:
      return null;
  }
}

/** A command that only has a header, and is under a MAC where there is a session. */
export function settled(headerLength: number, run: () => Bytes): SimulatedOperation {
  return { headerLength, dataLength: 0, comm: 'mac', run };
}

function readData(body: Bytes, files: SimulatedFiles): SimulatedOperation {
  const { program, transaction, memory } = files;
  const file = fileAt(body, files);
  if (file !== program.numberFile && file !== program.transactionMacFile)
    refuse('permissionDenied');
  const { read, readWrite } = file.access;
  return {
    headerLength: 7,
    dataLength: 0,
    comm: commFor(file, files, read, readWrite),
    run: () => {
      const content =
        file === program.numberFile ? files.numberFile : transactionMacContent(memory);
      const offset = uint24At(body, 1);
      const length = uint24At(body, 4) || content.length - offset;
      if (length <= 0 || offset + length > content.length) refuse('boundary');
      const data = content.slice(offset, offset + length);
      if (file === program.numberFile)
        transaction.note([0xbd, file.file, ...uint24(offset), ...uint24(length)], data);
      return data;
    },
  };
}

function getValue(body: Bytes, files: SimulatedFiles): SimulatedOperation {
  const { memory, transaction } = files;
  const file = fileAt(body, files, files.program.valueFile);
  const { read, write, readWrite } = file.access;
  return {
    headerLength: 1,
    dataLength: 0,
    comm: commFor(file, files, read, write, readWrite),
    run: () => {
      const value = int32(memory.value);
      transaction.note([0x6c, file.file, ...value]);
      return value;
    },
  };
}

function changeValue(kind: ValueChange, body: Bytes, files: SimulatedFiles): SimulatedOperation {
  const file = fileAt(body, files, files.program.valueFile);
  const { read, write, readWrite } = file.access;
  const allowed = { credit: [], 'limited-credit': [write], debit: [read, write] }[kind];
  return {
    headerLength: 1,
    dataLength: 4,
    comm: commFor(file, files, readWrite, ...allowed),
    run: (data) => {
      files.transaction.change(kind, Buffer.from(data).readInt32LE());
      return [];
    },
  };
}

function readRecords(body: Bytes, files: SimulatedFiles): SimulatedOperation {
  const { memory, transaction } = files;
  const file = fileAt(body, files, files.program.recordFile);
  const { read, readWrite } = file.access;
  return {
    headerLength: 7,
    dataLength: 0,
    comm: commFor(file, files, read, readWrite),
    run: () => {
      const newest = uint24At(body, 1);
      const count = uint24At(body, 4) || memory.records.length - newest;
      if (count <= 0 || newest + count > memory.records.length) refuse('boundary');
      const wanted = memory.records.slice(newest, newest + count).reverse();
      const data = [...Buffer.from(wanted.join(''), 'hex')];
      transaction.note([0xbb, file.file, ...uint24(newest), ...uint24(count)], data);
      return data;
    },
  };
}

function writeRecord(body: Bytes, files: SimulatedFiles): SimulatedOperation {
  const { recordFile } = files.program;
  const file = fileAt(body, files, recordFile);
  const { write, readWrite } = file.access;
  const dataLength = uint24At(body, 4);
  if (dataLength === 0) refuse('parameter');
  if (uint24At(body, 1) + dataLength > recordFile.lengthBytes) refuse('boundary');
  return {
    headerLength: 7,
    dataLength,
    comm: commFor(file, files, write, readWrite),
    run: (data) => {
      files.transaction.writeRecord(uint24At(body, 1), data);
      return [];
    },
  };
}

/** The file that a command names with its first byte; where only one will do, refuses the others. */
function fileAt(body: Bytes, { program }: SimulatedFiles, only?: SimulatedFile): SimulatedFile {
  if (body.length === 0) refuse('length');
  const found = filesOf(program).find(({ file }) => file === body[0]) ?? refuse('fileNotFound');
  if (only !== undefined && found !== only) refuse('permissionDenied');
  return found;
}

function filesOf(program: SimulatedDesfireProgram): readonly SimulatedFile[] {
  const { numberFile, valueFile, recordFile, transactionMacFile } = program;
  return [numberFile, valueFile, recordFile, transactionMacFile].filter((file) => file !== null);
}

/** Who has one of the rights by his key speaks as the file wants it; what is free to anybody is spoken in the clear. */
function commFor(
  { comm }: SimulatedFile,
  { keyNumber }: SimulatedFiles,
  ...rights: readonly number[]
): SimulatedCommMode {
  if (keyNumber !== null && rights.includes(keyNumber)) return comm;
  if (rights.includes(free)) return 'plain';
  return refuse(rights.every((right) => right === never) ? 'permissionDenied' : 'authentication');
}

function settingsOf(file: SimulatedFile, { program, memory, numberFile }: SimulatedFiles): Bytes {
  const { valueFile, recordFile } = program;
  const comm = { plain: 0x00, mac: 0x01, full: 0x03 }[file.comm];
  const settings = [comm, ...accessBytes(file.access)];
  if (file === valueFile) {
    const limits = [...int32(valueFile.lowerLimit), ...int32(valueFile.upperLimit)];
    const givesBack = [...int32(memory.limitedCredit), valueFile.limitedCredit ? 0x01 : 0x00];
    return [0x02, ...settings, ...limits, ...givesBack];
  }
  if (file === recordFile) {
    const { lengthBytes, mostRecords } = recordFile;
    const sizes = [lengthBytes, mostRecords, memory.records.length].flatMap(uint24);
    return [0x04, ...settings, ...sizes];
  }
  if (file === program.numberFile) return [0x00, ...settings, ...uint24(numberFile.length)];
  // Key type 02: AES.
  return [0x05, ...settings, 0x02, program.transactionMacFile?.keyVersion ?? 0];
}

function accessBytes({ read, write, readWrite, change }: SimulatedAccess): Bytes {
  return [(readWrite << 4) | change, (read << 4) | write];
}

/** What the transaction MAC file holds: TMC, TMV. */
export function transactionMacContent({ transaction }: DesfireCardMemory): Bytes {
  if (transaction === null) return [];
  return [...int32(transaction.counter), ...Buffer.from(transaction.mac, 'hex')];
}

function uint24At(bytes: Bytes, at: number): number {
  return (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16);
}
