import { z } from 'zod';

/*
 * The values of a configuration that more than one of its sections has. Each rule finishes a sentence (config-problem.ts).
 */

export function text(pattern: RegExp, mustBe: string) {
  return z.string(mustBe).regex(pattern, mustBe);
}

export function whole(least: number, most: number, mustBe: string) {
  return z.int(mustBe).min(least, mustBe).max(most, mustBe);
}

export function oneOf<const Names extends readonly [string, ...string[]]>(names: Names) {
  return z.enum(names, `must be one of ${names.map((name) => `"${name}"`).join(', ')}`);
}

export const section = 'must be a section in braces';

const serialLine = z.strictObject({
  kind: z.literal('serial'),
  path: text(/./, 'must be the name of a serial port, like "/dev/ttyUSB0" or "COM3"'),
  baudRate: whole(1200, 921_600, 'must be a baud rate, like 9600 or 115200'),
  dataBits: z.literal([7, 8], 'must be 7 or 8').default(8),
  parity: oneOf(['none', 'even', 'odd']).default('none'),
  stopBits: z.literal([1, 2], 'must be 1 or 2').default(1),
  rtscts: z.boolean('must be true or false').default(false),
});

export const tcpLine = z.strictObject(
  {
    kind: oneOf(['tcp']),
    host: text(/^[\w.:-]+$/, 'must be the name or address of a machine, like "192.168.1.20"'),
    port: whole(1, 65_535, 'must be a TCP port, 1 to 65535'),
  },
  section,
);

export const anyLine = z.discriminatedUnion(
  'kind',
  [serialLine, tcpLine],
  'must be a line of kind "serial" or "tcp"',
);
export type LineConfig = z.infer<typeof anyLine>;

const readerPattern =
  "must be a part of the reader's name as pcsc_scan shows it, or a regular expression for it";

function isPattern(pattern: string): boolean {
  try {
    return new RegExp(pattern) !== null;
  } catch {
    return false;
  }
}

export const realReader = z.strictObject(
  {
    driver: oneOf(['pcsc', 'pcsclite']),
    pattern: text(/./, readerPattern).refine(isPattern, readerPattern),
  },
  section,
);
export type RealReader = z.infer<typeof realReader>;

export function byDriver(...real: readonly string[]) {
  const oneOfBoth = `must be one of ${['simulated', ...real].map((name) => `"${name}"`).join(', ')}`;
  return {
    error: ({ code }: { readonly code: string }) =>
      code === 'invalid_union' ? oneOfBoth : section,
  };
}
