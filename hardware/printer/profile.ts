import { z } from 'zod';

/**
 * How text becomes bytes. One encoding a printer, proved by a test page at set-up: mainland models take GB18030/GBK, Taiwan
 * models Big5 (code page 950); others only single-byte code pages, whose `number` for ESC t differs from maker to maker.
 */
const encoding = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('gb18030') }),
  z.strictObject({ kind: z.literal('big5') }),
  z.strictObject({
    kind: z.literal('code-page'),
    name: z.enum(['cp437', 'cp850', 'cp858', 'cp866', 'cp1252']),
    number: z.int().min(0).max(255),
  }),
]);

const wait = (usualMs: number) => z.int().min(1).max(600_000).default(usualMs);

const deadlines = z.strictObject({
  /** How often the printer is asked for its status. */
  pollMs: wait(2_000),
  /** Before a job: how long its status answers may take. */
  statusMs: wait(1_000),
  /** How long it may leave questions unanswered before it counts as silent. */
  silentMs: wait(5_000),
  /** For handing one chunk to the line. */
  writeMs: wait(5_000),
  /** From the last byte to the confirmation, not counting the time in which it cannot print. */
  confirmMs: wait(20_000),
  /** In all, how long a job waits for paper, a closed cover or a cooler head. */
  refillMs: wait(30_000),
});

/** What must be known of a printer. Strict: a key that is not known here is an error that names it. */
export const printerProfileSchema = z.strictObject({
  encoding,
  /** Characters of the standard font (12 dots wide) on a line: 32 on 58 mm paper, 48 on 80 mm. */
  columns: z.int().min(24).max(64),
  /** Answers GS ( H with the process id once everything before it is printed. Otherwise GS r 1 has to do. */
  hasProcessId: z.boolean(),
  /** Draws QR codes itself (GS ( k). Otherwise they are sent as raster. */
  hasNativeQr: z.boolean(),
  cut: z.enum(['partial', 'full', 'none']),
  deadlines: deadlines.prefault({}),
});

export type PrinterProfile = z.infer<typeof printerProfileSchema>;
export type PrinterEncoding = PrinterProfile['encoding'];

/** Check a profile as it stands in a configuration. Throws an Error that names every key and what is wrong with it. */
export function parsePrinterProfile(value: unknown): PrinterProfile {
  const parsed = printerProfileSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => {
    const where = issue.path.length === 0 ? 'profile' : issue.path.join('.');
    return `${where}: ${issue.message}`;
  });
  throw new Error(`printer profile: ${problems.join('; ')}`);
}

const modern = { hasProcessId: true, hasNativeQr: true, cut: 'partial' } as const;
const plain = { hasProcessId: false, hasNativeQr: false, cut: 'partial' } as const;

/** Profiles to start from, by name. `plain` ones are for clones without process ids and without QR codes of their own. */
export const printerProfiles = {
  'gb18030-80mm': parsePrinterProfile({ encoding: { kind: 'gb18030' }, columns: 48, ...modern }),
  'gb18030-58mm': parsePrinterProfile({ encoding: { kind: 'gb18030' }, columns: 32, ...modern }),
  'gb18030-58mm-plain': parsePrinterProfile({
    encoding: { kind: 'gb18030' },
    columns: 32,
    ...plain,
  }),
  'big5-80mm': parsePrinterProfile({ encoding: { kind: 'big5' }, columns: 48, ...modern }),
  'big5-58mm-plain': parsePrinterProfile({ encoding: { kind: 'big5' }, columns: 32, ...plain }),
  'western-80mm': parsePrinterProfile({
    encoding: { kind: 'code-page', name: 'cp1252', number: 16 },
    columns: 48,
    ...modern,
  }),
  'western-58mm-plain': parsePrinterProfile({
    encoding: { kind: 'code-page', name: 'cp437', number: 0 },
    columns: 32,
    ...plain,
  }),
} as const satisfies Record<string, PrinterProfile>;
