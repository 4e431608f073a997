import { brotliDecompressSync } from 'node:zlib';

/*
 * WOFF2 to TrueType (W3C WOFF File Format 2.0). The font library reads both, but gives a variable font's other weights only from
 * TrueType. Instructions and left side bearings are left out: nothing here is hinted, or placed by its bearing.
 */

type Table = { readonly tag: string; readonly data: Buffer };

// The tags that have a number, in its order (§5.1).
const knownTags = (
  'cmap head hhea hmtx maxp name OS/2 post cvt  fpgm glyf loca prep CFF  VORG EBDT EBLC gasp hdmx kern LTSH PCLT VDMX vhea vmtx ' +
  'BASE GDEF GPOS GSUB EBSC JSTF MATH CBDT CBLC COLR CPAL SVG  sbix acnt avar bdat bloc bsln cvar fdsc feat fmtx fvar gvar hsty ' +
  'just lcar mort morx opbd prop trak Zapf Silf Glat Gloc Feat Sill'
).match(/.{4}(?: |$)/g);
const headerBytes = 48;

/** The same font as TrueType. Throws where it is no WOFF2 font with TrueType outlines. */
export function trueTypeFromWoff2(woff2: Buffer): Buffer {
  if (woff2.toString('latin1', 0, 4) !== 'wOF2') throw new Error('no WOFF2 font');
  const directory = new Reader(woff2, headerBytes);
  const entries = Array.from({ length: woff2.readUInt16BE(12) }, () => readEntry(directory));
  const compressed = woff2.subarray(directory.at, directory.at + woff2.readUInt32BE(20));
  const stream = new Reader(brotliDecompressSync(compressed), 0);
  const tables = new Map<string, Buffer>();
  const transformed = new Map<string, Buffer>();
  for (const { tag, bytes, isTransformed } of entries) {
    (isTransformed ? transformed : tables).set(tag, stream.take(bytes));
  }
  const hmtx = transformed.get('hmtx');
  const hhea = tables.get('hhea');
  if (hmtx !== undefined && hhea !== undefined) tables.set('hmtx', advances(hmtx, hhea));
  const glyf = transformed.get('glyf');
  const head = tables.get('head');
  if (glyf === undefined || head === undefined) throw new Error('no TrueType outlines');
  const { outlines, offsets } = restoreOutlines(glyf);
  tables.set('glyf', outlines);
  tables.set('loca', offsets);
  const longOffsets = Buffer.from(head);
  longOffsets.writeInt16BE(1, 50);
  tables.set('head', longOffsets);
  return assemble([...tables].map(([tag, data]) => ({ tag, data })));
}

function readEntry(reader: Reader): {
  readonly tag: string;
  readonly bytes: number;
  readonly isTransformed: boolean;
} {
  const flags = reader.byte();
  const number = flags & 0x3f;
  const tag =
    number === 0x3f ? reader.take(4).toString('latin1') : knownTags?.[number]?.slice(0, 4);
  if (tag === undefined) throw new Error('no table tag');
  const originalBytes = reader.base128();
  // Of outlines and their offsets version 0 is the transformed one, of all others the plain one (§4.1).
  const version = flags >> 6;
  const isTransformed = tag === 'glyf' || tag === 'loca' ? version === 0 : version !== 0;
  return { tag, bytes: isTransformed ? reader.base128() : originalBytes, isTransformed };
}

/** Advance widths with bearings of 0 (§5.4). */
function advances(hmtx: Buffer, hhea: Buffer): Buffer {
  const count = hhea.readUInt16BE(34);
  const table = Buffer.alloc(count * 4);
  for (let glyph = 0; glyph < count; glyph += 1)
    hmtx.copy(table, glyph * 4, 1 + glyph * 2, 3 + glyph * 2);
  return table;
}

/** The tables glyf and loca from the streams that glyf was taken apart into (§5.1). */
function restoreOutlines(glyf: Buffer): { readonly outlines: Buffer; readonly offsets: Buffer } {
  const count = glyf.readUInt16BE(4);
  const streams: Reader[] = [];
  let at = 36;
  for (let stream = 0; stream < 7; stream += 1) {
    streams.push(new Reader(glyf, at));
    at += glyf.readUInt32BE(8 + stream * 4);
  }
  const [contours, points, flags, coordinates, composites, boxes] = streams;
  if (!contours || !points || !flags || !coordinates || !composites || !boxes) {
    throw new Error('no outline streams');
  }
  const boxed = boxes.take(Math.ceil(count / 32) * 4);
  const offsets = Buffer.alloc((count + 1) * 4);
  const parts: Buffer[] = [];
  let length = 0;
  for (let glyph = 0; glyph < count; glyph += 1) {
    offsets.writeUInt32BE(length, glyph * 4);
    const contourCount = contours.int16();
    if (contourCount === 0) continue;
    const isBoxed = ((boxed[glyph >> 3] ?? 0) & (0x80 >> (glyph & 7))) !== 0;
    const box = isBoxed ? boxes.take(8) : null;
    const outline =
      contourCount > 0
        ? simpleOutline(contourCount, { points, flags, coordinates }, box)
        : compositeOutline(composites, coordinates, box);
    parts.push(outline);
    length += outline.length;
  }
  offsets.writeUInt32BE(length, count * 4);
  return { outlines: Buffer.concat(parts), offsets };
}

type PointStreams = {
  readonly points: Reader;
  readonly flags: Reader;
  readonly coordinates: Reader;
};

/** Every coordinate as two bytes: larger than it could be, and read the same. */
function simpleOutline(contourCount: number, streams: PointStreams, box: Buffer | null): Buffer {
  const ends: number[] = [];
  let count = 0;
  for (let contour = 0; contour < contourCount; contour += 1) {
    count += streams.points.short255();
    ends.push(count - 1);
  }
  const head = 10 + contourCount * 2 + 2;
  const outline = Buffer.alloc(head + count * 5 + ((head + count * 5) & 1));
  outline.writeInt16BE(contourCount, 0);
  for (const [contour, end] of ends.entries()) outline.writeUInt16BE(end, 10 + contour * 2);
  let [x, y] = [0, 0];
  let [left, bottom, right, top] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let point = 0; point < count; point += 1) {
    const flag = streams.flags.byte();
    const { dx, dy } = delta(flag & 0x7f, streams.coordinates);
    outline.writeUInt8(flag >> 7 === 0 ? 1 : 0, head + point);
    outline.writeInt16BE(dx, head + count + point * 2);
    outline.writeInt16BE(dy, head + count * 3 + point * 2);
    x += dx;
    y += dy;
    [left, bottom] = [Math.min(left, x), Math.min(bottom, y)];
    [right, top] = [Math.max(right, x), Math.max(top, y)];
  }
  streams.coordinates.short255();
  const edges = [left, bottom, right, top];
  for (const [index, edge] of edges.entries()) outline.writeInt16BE(edge, 2 + index * 2);
  box?.copy(outline, 2);
  return outline;
}

/** One point's step from the last one: 128 ways to write it (§5.2). */
function delta(flag: number, stream: Reader): { readonly dx: number; readonly dy: number } {
  const signed = (sign: number, value: number) => ((sign & 1) === 1 ? value : -value);
  const first = stream.byte();
  if (flag < 10) return { dx: 0, dy: signed(flag, ((flag & 14) << 7) + first) };
  if (flag < 20) return { dx: signed(flag, (((flag - 10) & 14) << 7) + first), dy: 0 };
  if (flag < 84) {
    const high = flag - 20;
    return {
      dx: signed(flag, 1 + (high & 0x30) + (first >> 4)),
      dy: signed(flag >> 1, 1 + ((high & 0x0c) << 2) + (first & 0x0f)),
    };
  }
  const second = stream.byte();
  if (flag < 120) {
    const high = flag - 84;
    return {
      dx: signed(flag, 1 + (Math.floor(high / 12) << 8) + first),
      dy: signed(flag >> 1, 1 + (((high % 12) >> 2) << 8) + second),
    };
  }
  const third = stream.byte();
  if (flag < 124) {
    return {
      dx: signed(flag, (first << 4) + (second >> 4)),
      dy: signed(flag >> 1, ((second & 0x0f) << 8) + third),
    };
  }
  return {
    dx: signed(flag, (first << 8) + second),
    dy: signed(flag >> 1, (third << 8) + stream.byte()),
  };
}

const composite = {
  wordArguments: 0x01,
  scale: 0x08,
  more: 0x20,
  twoScales: 0x40,
  matrix: 0x80,
  instructions: 0x100,
};

function compositeOutline(components: Reader, coordinates: Reader, box: Buffer | null): Buffer {
  if (box === null) throw new Error('a composite glyph without a box');
  const parts: Buffer[] = [Buffer.from([0xff, 0xff]), box];
  let flags = 0;
  let hasInstructions = false;
  do {
    flags = components.peek16();
    hasInstructions ||= (flags & composite.instructions) !== 0;
    const scales =
      flags & composite.matrix
        ? 8
        : flags & composite.twoScales
          ? 4
          : flags & composite.scale
            ? 2
            : 0;
    parts.push(components.take(4 + (flags & composite.wordArguments ? 4 : 2) + scales));
  } while ((flags & composite.more) !== 0);
  if (hasInstructions) {
    coordinates.short255();
    parts.push(Buffer.from([0, 0]));
  }
  return Buffer.concat(parts);
}

function assemble(tables: readonly Table[]): Buffer {
  const head = Buffer.alloc(12 + tables.length * 16);
  head.writeUInt32BE(0x0001_0000, 0);
  head.writeUInt16BE(tables.length, 4);
  const parts: Buffer[] = [head];
  let at = head.length;
  tables.forEach(({ tag, data }, index) => {
    const entry = 12 + index * 16;
    head.write(tag, entry, 'latin1');
    head.writeUInt32BE(at, entry + 8);
    head.writeUInt32BE(data.length, entry + 12);
    const padding = Buffer.alloc(-data.length & 3);
    parts.push(data, padding);
    at += data.length + padding.length;
  });
  return Buffer.concat(parts);
}

/** Reads on from where it is. Past the end it throws. */
class Reader {
  readonly #bytes: Buffer;
  at: number;

  constructor(bytes: Buffer, at: number) {
    this.#bytes = bytes;
    this.at = at;
  }

  byte(): number {
    this.at += 1;
    return this.#bytes.readUInt8(this.at - 1);
  }

  int16(): number {
    this.at += 2;
    return this.#bytes.readInt16BE(this.at - 2);
  }

  peek16(): number {
    return this.#bytes.readUInt16BE(this.at);
  }

  take(bytes: number): Buffer {
    this.at += bytes;
    if (this.at > this.#bytes.length) throw new Error('the font is cut short');
    return this.#bytes.subarray(this.at - bytes, this.at);
  }

  /** UIntBase128: seven bits a byte, the highest first (§4.1). */
  base128(): number {
    let value = 0;
    for (let count = 0; count < 5; count += 1) {
      const byte = this.byte();
      value = value * 128 + (byte & 0x7f);
      if (byte < 0x80) return value;
    }
    throw new Error('a number of more than five bytes');
  }

  /** 255UInt16: one byte up to 252, else two or three (§5.2). */
  short255(): number {
    const code = this.byte();
    if (code === 253) {
      this.at += 2;
      return this.#bytes.readUInt16BE(this.at - 2);
    }
    if (code === 254) return this.byte() + 253 * 2;
    return code === 255 ? this.byte() + 253 : code;
  }
}
