import { describe, expect, it } from 'vitest';
import {
  type PrinterReport,
  StatusDemultiplexer,
  sensorFault,
  sensorsFromAutomatic,
  sensorsFromRound,
} from '../../../hardware/printer/status.ts';

function reports(...fragments: readonly (readonly number[])[]): readonly PrinterReport[] {
  const demultiplexer = new StatusDemultiplexer();
  const heard: PrinterReport[] = [];
  for (const fragment of fragments) {
    demultiplexer.push(Uint8Array.from(fragment), (report) => heard.push(report));
  }
  return heard;
}

// Everything that a printer may say, one after the other.
const stream = [
  ...[0x12, 0x32, 0x1a, 0x7e],
  0x11,
  ...[0x37, 0x22, 0x41, 0x37, 0x5f, 0x32, 0x00],
  ...[0x38, 0x48, 0x0c, 0x0f],
  0x13,
  ...[0x5f, 0x43, 0x48, 0x49, 0x4e, 0x41, 0x00],
  0x0c,
  ...[0x37, 0x36, 0x32, 0x31, 0x30, 0x1f, 0x32, 0x31, 0x30, 0x1f, 0x31, 0x1f, 0x30, 0x00],
  ...[0x37, 0x25, 0x00],
  ...[0x10, 0x00, 0x00, 0x0f],
  0x12,
];
const meaning: readonly PrinterReport[] = [
  { kind: 'real-time', byte: 0x12 },
  { kind: 'real-time', byte: 0x32 },
  { kind: 'real-time', byte: 0x1a },
  { kind: 'real-time', byte: 0x7e },
  { kind: 'flow' },
  { kind: 'process', id: 'A7_2' },
  { kind: 'automatic', bytes: [0x38, 0x48, 0x0c, 0x0f] },
  { kind: 'flow' },
  { kind: 'identity', text: 'CHINA' },
  { kind: 'paper', byte: 0x0c },
  { kind: 'symbol' },
  { kind: 'cleared' },
  { kind: 'automatic', bytes: [0x10, 0, 0, 0x0f] },
  { kind: 'real-time', byte: 0x12 },
];

describe('what the printer says', () => {
  it('is understood whole', () => {
    expect(reports(stream)).toEqual(meaning);
  });

  it('is understood cut in two at every byte, and byte by byte', () => {
    for (let at = 0; at <= stream.length; at += 1) {
      expect(reports(stream.slice(0, at), stream.slice(at))).toEqual(meaning);
    }
    expect(reports(...stream.map((byte) => [byte]))).toEqual(meaning);
  });

  it('is understood with XON and XOFF between any two bytes', () => {
    const without = meaning.filter((report) => report.kind !== 'flow');
    for (let at = 0; at <= stream.length; at += 1) {
      const heard = reports([...stream.slice(0, at), 0x13, 0x11, ...stream.slice(at)]);
      expect(heard.filter((report) => report.kind !== 'flow')).toEqual(without);
    }
  });

  it('is understood again after noise, and noise is never a confirmation', () => {
    expect(reports([0xff, 0x80, 0x37, 0x22, 0x41, 0x42, 0x00, 0x12])).toEqual([
      { kind: 'garbled', byte: 0xff },
      { kind: 'garbled', byte: 0x80 },
      { kind: 'garbled', byte: 0x22 },
      { kind: 'real-time', byte: 0x12 },
    ]);
    const endless = [0x37, ...Array.from({ length: 40 }, () => 0x41), 0x12];
    expect(reports(endless).some((report) => report.kind === 'process')).toBe(false);
    expect(reports(endless).at(-1)).toEqual({ kind: 'real-time', byte: 0x12 });
  });

  it('begins afresh when an automatic status breaks off', () => {
    expect(reports([0x18, 0x00, 0x37, 0x22, 0x41, 0x42, 0x43, 0x44, 0x00])).toEqual([
      { kind: 'garbled', byte: 0x18 },
      { kind: 'process', id: 'ABCD' },
    ]);
    expect(reports([0x18, 0x00, 0x12, 0x0c, 0x0f])).toEqual([
      { kind: 'real-time', byte: 0x12 },
      { kind: 'automatic', bytes: [0x18, 0x00, 0x0c, 0x0f] },
    ]);
  });
});

describe('the sensors', () => {
  it.each([
    ['nothing is wrong', [0x12, 0x12, 0x12, 0x12], [0x10, 0, 0, 0x0f], null],
    ['paper near its end', [0x12, 0x12, 0x12, 0x1e], [0x10, 0, 0x03, 0x0f], null],
    ['paper out', [0x1a, 0x32, 0x12, 0x7e], [0x18, 0, 0x0f, 0x0f], 'paper-out'],
    ['cover open', [0x1a, 0x36, 0x12, 0x7e], [0x38, 0, 0x0f, 0x0f], 'cover-open'],
    ['cutter jam', [0x1a, 0x52, 0x1a, 0x12], [0x18, 0x08, 0, 0x0f], 'cutter-jam'],
    ['head hot', [0x1a, 0x52, 0x52, 0x12], [0x18, 0x40, 0, 0x0f], 'head-hot'],
    ['unrecoverable', [0x1a, 0x52, 0x32, 0x12], [0x18, 0x20, 0, 0x0f], 'not-ready'],
    ['off line', [0x1a, 0x12, 0x12, 0x12], [0x18, 0, 0, 0x0f], 'not-ready'],
  ] as const)('%s, asked and unasked', (_what, round, automatic, fault) => {
    expect(sensorFault(sensorsFromRound(round))).toBe(fault);
    expect(sensorFault(sensorsFromAutomatic(automatic))).toBe(fault);
    expect(sensorsFromRound(round)).toEqual(sensorsFromAutomatic(automatic));
  });
});
