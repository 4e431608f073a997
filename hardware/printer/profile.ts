import { z } from 'zod';

/*
 * Each rule says what the value must be, in words that finish the sentence '"columns" …': who writes a configuration reads
 * them (main/shell/config-problem.ts).
 */

function whole(least: number, most: number) {
  const mustBe = `must be a whole number, ${least} to ${most}`;
  return z.int(mustBe).min(least, mustBe).max(most, mustBe);
}

const codePages = ['cp437', 'cp850', 'cp858', 'cp866', 'cp1252'] as const;
const encodingRule = (kinds: string) => `must be an encoding in braces, of kind ${kinds}`;

/**
 * How text becomes bytes. One encoding a printer, proved by a test page at set-up: mainland models take GB18030/GBK, Taiwan
 * models Big5 (code page 950); others only single-byte code pages, whose `number` for ESC t differs from maker to maker.
 */
const encoding = z.discriminatedUnion(
  'kind',
  [
    z.strictObject({ kind: z.literal('gb18030') }),
    z.strictObject({ kind: z.literal('big5') }),
    z.strictObject({
      kind: z.literal('code-page'),
      name: z.enum(codePages, `must be one of ${quoted(codePages)}`),
      number: whole(0, 255),
    }),
  ],
  encodingRule('"gb18030", "big5" or "code-page"'),
);

/** Milliseconds. */
const wait = (usualMs: number) => whole(1, 600_000).default(usualMs);

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

/** A printer of which everything is known. */
const settledSchema = z.strictObject({
  encoding,
  /** Characters of the standard font (12 dots wide) on a line: 32 on 58 mm paper, 48 on 80 mm. */
  columns: whole(24, 64),
  /** Answers GS ( H with the process id once everything before it is printed. Otherwise GS r 1 has to do. */
  hasProcessId: z.boolean(),
  /** Draws QR codes itself (GS ( k). Otherwise they are sent as raster. */
  hasNativeQr: z.boolean(),
  cut: z.enum(['partial', 'full', 'none'], 'must be one of "partial", "full", "none"'),
  deadlines: deadlines.prefault({}),
});

const ability = z.literal([true, false, 'ask'], 'must be true, false or "ask"');
// Every ESC/POS printer has code page 437 as its page 0.
const plainest = { kind: 'code-page', name: 'cp437', number: 0 } as const;

/**
 * What is said of a printer beforehand; "ask" leaves it to the printer, each time a conversation with it begins. `otherwise` is
 * for one that does not name two-byte characters that are known here. Strict: a key that is not known is an error that names it.
 */
export const printerProfileSchema = z.strictObject(
  {
    ...settledSchema.shape,
    encoding: z.discriminatedUnion(
      'kind',
      [
        ...encoding.options,
        z.strictObject({ kind: z.literal('ask'), otherwise: encoding.default(plainest) }),
      ],
      encodingRule('"gb18030", "big5", "code-page" or "ask"'),
    ),
    hasProcessId: ability,
    hasNativeQr: ability,
  },
  { error: ({ code }) => (code === 'invalid_type' ? wholeRule() : undefined) },
);

export type PrinterProfile = z.infer<typeof printerProfileSchema>;
/** A profile with nothing left to ask. */
export type SettledProfile = z.infer<typeof settledSchema>;
export type PrinterEncoding = SettledProfile['encoding'];

/** What the printer answered. */
export type PrinterAnswers = {
  /** Of its two-byte characters (GS I 69); null when it names none. */
  readonly language: string | null;
  readonly hasProcessId: boolean;
  readonly hasNativeQr: boolean;
};

/** The profile with the printer's answers where it asks for them. */
export function settleProfile(profile: PrinterProfile, answers: PrinterAnswers): SettledProfile {
  const { encoding, hasProcessId, hasNativeQr } = profile;
  return {
    ...profile,
    encoding:
      encoding.kind === 'ask' ? (namedEncoding(answers.language) ?? encoding.otherwise) : encoding,
    hasProcessId: hasProcessId === 'ask' ? answers.hasProcessId : hasProcessId,
    hasNativeQr: hasNativeQr === 'ask' ? answers.hasNativeQr : hasNativeQr,
  };
}

/** Every encoding that a printer with this profile may turn out to have. */
export function possibleEncodings({ encoding }: PrinterProfile): readonly PrinterEncoding[] {
  return encoding.kind === 'ask'
    ? [{ kind: 'gb18030' }, { kind: 'big5' }, encoding.otherwise]
    : [encoding];
}

// Star command specification 2.50 p. 135, the same with Epson: CHINA GB2312, CHINA GB18030, TAIWAN BIG-5, KANJI JAPANESE.
function namedEncoding(language: string | null): PrinterEncoding | null {
  if (/GB ?(2312|18030|K)/i.test(language ?? '')) return { kind: 'gb18030' };
  return /BIG-?5/i.test(language ?? '') ? { kind: 'big5' } : null;
}

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

function wholeRule(): string {
  return `must be one of ${quoted(Object.keys(printerProfiles))}, or a whole profile in braces`;
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(', ');
}

function settled(value: z.input<typeof settledSchema>): SettledProfile {
  return settledSchema.parse(value);
}

const modern = { hasProcessId: true, hasNativeQr: true, cut: 'partial' } as const;
const plain = { hasProcessId: false, hasNativeQr: false, cut: 'partial' } as const;
const asking = {
  encoding: { kind: 'ask' },
  hasProcessId: 'ask',
  hasNativeQr: 'ask',
  cut: 'partial',
} as const;

/** Profiles of which everything is known, by name. `plain`: clones without process ids and without QR codes of their own. */
export const settledProfiles = {
  'gb18030-80mm': settled({ encoding: { kind: 'gb18030' }, columns: 48, ...modern }),
  'gb18030-58mm': settled({ encoding: { kind: 'gb18030' }, columns: 32, ...modern }),
  'gb18030-58mm-plain': settled({ encoding: { kind: 'gb18030' }, columns: 32, ...plain }),
  'big5-80mm': settled({ encoding: { kind: 'big5' }, columns: 48, ...modern }),
  'big5-58mm-plain': settled({ encoding: { kind: 'big5' }, columns: 32, ...plain }),
  'western-80mm': settled({
    encoding: { kind: 'code-page', name: 'cp1252', number: 16 },
    columns: 48,
    ...modern,
  }),
  'western-58mm-plain': settled({
    encoding: { kind: 'code-page', name: 'cp437', number: 0 },
    columns: 32,
    ...plain,
  }),
};

/** Profiles to start from, by name: those that ask the printer, and those that say it all themselves. */
export const printerProfiles = {
  '80mm': parsePrinterProfile({ columns: 48, ...asking }),
  '58mm': parsePrinterProfile({ columns: 32, ...asking }),
  ...settledProfiles,
};
