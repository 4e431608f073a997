import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  FrameReader,
  fitsFrame,
  maxFrameBytes,
  toFrame,
} from '../../../hardware/sam/remote-frame.ts';

function prefix(length: number): Uint8Array {
  return Uint8Array.of(length >>> 24, (length >>> 16) & 0xff, (length >>> 8) & 0xff, length & 0xff);
}

describe('a frame of the SAM protocol', () => {
  it('is the length in four bytes, high byte first, and JSON', () => {
    const bytes = toFrame({ type: 'ping' });
    expect([...bytes.subarray(0, 4)]).toEqual([0, 0, 0, 15]);
    expect(new TextDecoder().decode(bytes.subarray(4))).toBe('{"type":"ping"}');
  });

  it('is read from whatever fragments it comes in, with those before and behind it', () => {
    const values = [{ a: 1 }, { b: '圈存' }, {}];
    const all = Buffer.concat(values.map(toFrame));
    fc.assert(
      fc.property(fc.array(fc.nat(all.length), { maxLength: 12 }), (cuts) => {
        const reader = new FrameReader();
        const edges = [0, ...cuts.toSorted((one, other) => one - other), all.length];
        const frames = edges.flatMap((from, at) => reader.push(all.subarray(from, edges[at + 1])));
        expect(frames).toEqual(values.map((value) => ({ kind: 'json', value })));
      }),
    );
  });

  it('may be as long as the limit, and not a byte longer', () => {
    const longest = { text: ' '.repeat(maxFrameBytes - '{"text":""}'.length) };
    expect(fitsFrame(toFrame(longest))).toBe(true);
    expect(new FrameReader().push(toFrame(longest))).toEqual([{ kind: 'json', value: longest }]);
    expect(fitsFrame(toFrame({ text: `${longest.text} ` }))).toBe(false);
  });

  it.each([
    [
      'a length above the limit, before any byte of it has come',
      prefix(maxFrameBytes + 1),
      'a message of 65537 bytes, more than the 65536 allowed',
    ],
    ['no JSON', Uint8Array.of(...prefix(1), 0x7b), 'a message that is not JSON'],
    ['nothing', prefix(0), 'a message that is not JSON'],
    ['no UTF-8', Uint8Array.of(...prefix(3), 0x22, 0xff, 0x22), 'a message that is not JSON'],
  ])('is refused where it holds %s', (_, bytes, detail) => {
    expect(new FrameReader().push(bytes)).toEqual([{ kind: 'wrong', detail }]);
  });
});
