import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Random } from '../../support/random.ts';

/*
 * What a disk may hold after a power cut. A killed process loses nothing that it has written, so a flush that was forgotten
 * is never missed there. Here a witness in the process (disk-witness.c) tells what was written and what was flushed, and the
 * files are put back as a disk that lost its power may have them.
 */

const source = fileURLToPath(new URL('disk-witness.c', import.meta.url));

/** Compile the witness into a folder; the answer is for LD_PRELOAD. Needs cc. */
export function compileWitness(folder: string): string {
  const library = path.join(folder, 'disk-witness.so');
  const flags = ['-shared', '-fPIC', '-O1', '-Wall', '-Wextra'];
  execFileSync('cc', [...flags, '-o', library, source, '-ldl']);
  return library;
}

/** `lost`: nothing that was not flushed is there. `some`: any of it may be, each write whole, in part or not at all. */
export type PowerCut = 'lost' | 'some';

/** Bytes that were written at a place, or (null) a new length. */
type Change = { readonly at: number; readonly bytes: Buffer | null };
type Content = { flushed: Buffer; unflushed: Change[] };
/** A name is given to a file, or taken away. */
type Naming = { readonly name: string; readonly content: Content | null };

/** The kinds of record in disk-witness.c, and how long their head is. */
const kinds = [null, 'named', 'written', 'cut', 'flushed', 'names-flushed', 'unnamed'] as const;
const headBytes = 24;
/** A disk writes sectors, each whole or not at all. */
const sectorBytes = 512;

/** The files of one folder, as they are for its process and as a power cut may leave them. */
export class WitnessedDisk {
  readonly #folder: string;
  readonly #log: string;
  readonly #library: string;
  #byInode = new Map<bigint, Content>();
  #names = new Map<string, Content>();
  #flushedNames = new Map<string, Content>();
  #unflushedNames: Naming[] = [];

  /** `folder` holds no folders, and `log` lies outside of it. */
  constructor(folder: string, log: string, library: string) {
    this.#folder = folder;
    this.#log = log;
    this.#library = library;
  }

  /** What a process is given so that it is witnessed. */
  get environment(): Readonly<Record<string, string>> {
    return { LD_PRELOAD: this.#library, DISK_FOLDER: this.#folder, DISK_LOG: this.#log };
  }

  /**
   * The process is dead: learn what it did. Throws where a file is not what it was seen to be made, for then the witness has
   * missed something.
   */
  learn(): void {
    const last = this.#readLog();
    rmSync(this.#log, { force: true });
    const present = this.#present();
    for (const [name, inode] of present) {
      this.#named(name, inode);
      const content = this.#names.get(name);
      if (content !== undefined) this.#compare(name, content, last);
    }
    // Taken away, and killed before that was told.
    for (const name of [...this.#names.keys()]) if (!present.has(name)) this.#unnamed(name);
  }

  /** Put the files back as a power cut may leave them, once what was done is learnt. Answers how many changes were lost. */
  cut(kind: PowerCut, random: Random): number {
    let lost = 0;
    const survives = (): boolean => {
      const isKept = kind === 'some' && random.chance(0.5);
      if (!isKept) lost += 1;
      return isKept;
    };
    // A file system's own journal keeps the order of names; of contents it keeps none.
    const namings = kind === 'lost' ? 0 : random.below(this.#unflushedNames.length + 1);
    lost += this.#unflushedNames.length - namings;
    const names = new Map(this.#flushedNames);
    for (const { name, content } of this.#unflushedNames.slice(0, namings)) {
      if (content === null) names.delete(name);
      else names.set(name, content);
    }
    const left = new Map<Content, Buffer>();
    for (const content of names.values()) {
      if (left.has(content)) continue;
      const kept = content.unflushed.filter(survives).map((change) => torn(change, random));
      left.set(content, applied(content.flushed, kept));
    }
    for (const name of readdirSync(this.#folder)) {
      if (!isWorld(name)) rmSync(path.join(this.#folder, name));
    }
    for (const [name, content] of names) {
      writeFileSync(path.join(this.#folder, name), left.get(content) ?? '', { mode: 0o600 });
    }
    this.#begin();
    return lost;
  }

  /** All that is there is on the disk. */
  #begin(): void {
    this.#byInode = new Map();
    this.#names = new Map();
    for (const [name, inode] of this.#present()) {
      const flushed = readFileSync(path.join(this.#folder, name));
      const content = { flushed, unflushed: [] };
      this.#byInode.set(inode, content);
      this.#names.set(name, content);
    }
    this.#flushedNames = new Map(this.#names);
    this.#unflushedNames = [];
  }

  #present(): ReadonlyMap<string, bigint> {
    const names = readdirSync(this.#folder).filter(
      (name) => !isWorld(name) && !name.endsWith('-shm'),
    );
    return new Map(
      names.map((name) => [name, statSync(path.join(this.#folder, name), { bigint: true }).ino]),
    );
  }

  /** Answers the last change: it may have been cut short, or not begun. */
  #readLog(): Change | null {
    const log = existsSync(this.#log) ? readFileSync(this.#log) : Buffer.alloc(0);
    let last: Change | null = null;
    for (let from = 0; from + headBytes <= log.length; ) {
      const kind = kinds[log.readUInt32LE(from)];
      const inode = log.readBigUInt64LE(from + 8);
      const at = Number(log.readBigUInt64LE(from + 16));
      const end = from + headBytes + log.readUInt32LE(from + 4);
      if (end > log.length) break;
      const payload = log.subarray(from + headBytes, end);
      from = end;
      if (kind === 'named') this.#named(payload.toString(), inode);
      else if (kind === 'unnamed') this.#unnamed(payload.toString());
      else if (kind === 'names-flushed') this.#flushNames();
      else if (kind === 'flushed') flush(this.#contentOf(inode));
      else if (kind === 'written' || kind === 'cut') {
        last = { at, bytes: kind === 'cut' ? null : payload };
        this.#contentOf(inode).unflushed.push(last);
      } else throw new Error('the witness says what nobody understands');
    }
    return last;
  }

  #contentOf(inode: bigint): Content {
    const content = this.#byInode.get(inode);
    if (content === undefined) throw new Error(`inode ${inode} has no name`);
    return content;
  }

  #named(name: string, inode: bigint): void {
    const known = this.#byInode.get(inode);
    const isNamed = known !== undefined && [...this.#names.values()].includes(known);
    // A number that nobody goes by any more is given to the next file.
    const content = isNamed ? known : { flushed: Buffer.alloc(0), unflushed: [] };
    this.#byInode.set(inode, content);
    if (this.#names.get(name) === content) return;
    this.#names.set(name, content);
    this.#unflushedNames.push({ name, content });
  }

  #unnamed(name: string): void {
    if (this.#names.delete(name)) this.#unflushedNames.push({ name, content: null });
  }

  #flushNames(): void {
    this.#flushedNames = new Map(this.#names);
    this.#unflushedNames = [];
  }

  #compare(name: string, content: Content, last: Change | null): void {
    const actual = readFileSync(path.join(this.#folder, name));
    const isAsSeen = (): boolean => applied(content.flushed, content.unflushed).equals(actual);
    if (isAsSeen()) return;
    if (last !== null && content.unflushed.at(-1) === last) {
      content.unflushed.pop();
      const { at, bytes } = last;
      const there = bytes === null ? null : actual.subarray(at, at + bytes.length);
      if (there !== null && there.length > 0) content.unflushed.push({ at, bytes: there });
      if (isAsSeen()) return;
    }
    throw new Error(`the witness has missed a change of ${name}`);
  }
}

/** What cards and bank terminals remember (world-file.ts): they do not lose their power with the kiosk. */
function isWorld(name: string): boolean {
  return name.includes('.world.json');
}

function flush(content: Content): void {
  content.flushed = applied(content.flushed, content.unflushed);
  content.unflushed = [];
}

function applied(content: Buffer, changes: readonly Change[]): Buffer {
  const ends = changes.map(({ at, bytes }) => at + (bytes?.length ?? 0));
  const room = Buffer.alloc(Math.max(content.length, ...ends));
  content.copy(room);
  let length = content.length;
  for (const { at, bytes } of changes) {
    if (bytes === null) {
      // What is beyond the new end is gone: a file that grows again grows by zeros.
      room.fill(0, at);
      length = at;
    } else {
      bytes.copy(room, at);
      length = Math.max(length, at + bytes.length);
    }
  }
  return room.subarray(0, length);
}

/** One write in four that survives does so only up to some sector. */
function torn(change: Change, random: Random): Change {
  const { at, bytes } = change;
  if (bytes === null || !random.chance(0.25)) return change;
  const boundaries =
    Math.ceil((at + bytes.length) / sectorBytes) - Math.ceil((at + 1) / sectorBytes);
  if (boundaries <= 0) return change;
  const firstBoundary = Math.ceil((at + 1) / sectorBytes) * sectorBytes;
  const end = firstBoundary + random.below(boundaries) * sectorBytes;
  return { at, bytes: bytes.subarray(0, end - at) };
}
