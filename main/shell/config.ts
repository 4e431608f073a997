import { z } from 'zod';
import {
  type PrinterProfile,
  printerProfileSchema,
  printerProfiles,
} from '../../hardware/printer/profile.ts';
import { type Language, languages } from '../contract/language.ts';
import { currencies, minorUnits } from '../contract/money.ts';
import type { Terms } from '../session/session.ts';
import { cards } from './config-cards.ts';
import { problemSentence, simulatedSentence } from './config-problem.ts';
import { cardSam, remoteSam, sams } from './config-sams.ts';
import {
  anyLine,
  byDriver,
  oneOf,
  realReader,
  section,
  tcpLine,
  text,
  whole,
} from './config-values.ts';
import { checkPrintableNames } from './printable-names.ts';

/*
 * The station's configuration file. Each rule says what the value must be, in words that finish the sentence
 * '"terminalId" …': they are what the technician reads (config-problem.ts). docs/configuration.md describes every key.
 */

const standardPrinterProfiles = new Map<unknown, PrinterProfile>(Object.entries(printerProfiles));

const words = text(/^\S.{0,78}\S$/u, 'must be text of 2 to 80 characters');
/** One text for all languages, or one for each. */
const wordsByLanguage = z
  .union(
    [words, z.record(z.enum(languages), words)],
    'must be text of 2 to 80 characters, or such a text for each language, in braces',
  )
  .transform(
    (given): Readonly<Record<Language, string>> =>
      typeof given === 'string' ? { 'zh-Hans': given, 'zh-Hant': given, en: given } : given,
  );
const amountMinor = whole(
  1,
  100_000_000,
  'must be a whole number of the smallest unit, above 0 (5000 is 50.00)',
).transform(minorUnits);

function durationMs(least: number) {
  return whole(least, 3_600_000, `must be a whole number of milliseconds, at least ${least}`);
}

/** A standard profile's name stands for the profile. */
const printerProfile = z.preprocess(
  (value) => standardPrinterProfiles.get(value) ?? value,
  printerProfileSchema,
);

const terminalKeys = {
  id: text(/^[a-z0-9-]{1,32}$/, 'must be a short name of small letters, digits and hyphens'),
  kind: oneOf(['bank-card', 'mobile']),
  phases: oneOf(['two', 'one']),
};

function terminals<Terminal extends z.ZodType<{ readonly id: string }>>(terminal: Terminal) {
  return z
    .array(terminal, 'must be a list of payment terminals')
    .min(1, 'must list at least one payment terminal')
    .refine(
      (listed) => new Set(listed.map(({ id }) => id)).size === listed.length,
      'must give each payment terminal an id of its own',
    );
}

const realPrinter = z.strictObject(
  { driver: oneOf(['escpos']), line: anyLine, profile: printerProfile },
  section,
);
export type RealPrinter = z.infer<typeof realPrinter>;

const realTerminal = z.strictObject(
  {
    ...terminalKeys,
    driver: oneOf(['zvt']),
    // ZVT over a serial line has a framing of its own, for which there is no driver yet.
    line: tcpLine,
    password: text(/^[0-9]{6}$/, "must be the terminal's six-digit cashier password"),
  },
  section,
);
export type RealTerminal = z.infer<typeof realTerminal>;

const realDevices = z.strictObject(
  {
    reader: realReader,
    printer: realPrinter,
    terminals: terminals(realTerminal),
    sams: sams(z.discriminatedUnion('driver', [cardSam, remoteSam], byDriver('card', 'remote'))),
  },
  section,
);

const simulated = z.strictObject({ driver: oneOf(['simulated']) }, section);
const simulatedTerminal = z.strictObject(
  { ...terminalKeys, driver: oneOf(['simulated']) },
  section,
);

/** Each device as at a station, or simulated. A simulated load authority serves the families that no other one does. */
const benchDevices = z.strictObject(
  {
    reader: z.discriminatedUnion('driver', [simulated, realReader], byDriver('pcsc', 'pcsclite')),
    sams: sams(
      z.discriminatedUnion('driver', [simulated, cardSam, remoteSam], byDriver('card', 'remote')),
    ),
    printer: z.discriminatedUnion('driver', [simulated, realPrinter], byDriver('escpos')),
    terminals: terminals(
      z.discriminatedUnion('driver', [simulatedTerminal, realTerminal], byDriver('zvt')),
    ),
  },
  section,
);

const amounts = z
  .strictObject(
    {
      presetsMinor: z
        .array(amountMinor, 'must be a list of amounts')
        .min(1, 'must list at least one amount')
        .max(8, 'must list at most eight amounts'),
      fillToMinor: z
        .array(amountMinor, 'must be a list of balances')
        .max(4, 'must list at most four balances')
        .default([]),
      minimumMinor: amountMinor,
      stepMinor: amountMinor,
    },
    section,
  )
  // Amounts that contradict each other would be found out by the first customer.
  .refine(
    ({ presetsMinor, minimumMinor }) => presetsMinor.every((preset) => preset >= minimumMinor),
    { path: ['presetsMinor'], error: 'must not go below "minimumMinor"' },
  )
  .refine(
    ({ presetsMinor, stepMinor }) => presetsMinor.every((preset) => preset % stepMinor === 0),
    { path: ['presetsMinor'], error: 'must be whole steps of "stepMinor"' },
  );

const timings = z
  .strictObject(
    {
      idleMs: durationMs(10_000).default(60_000),
      // product.md: at least 20 s to say "I need more time".
      idleWarningMs: durationMs(20_000).default(20_000),
      cardReturnMs: durationMs(10_000).default(60_000),
      patienceMs: durationMs(10_000).default(60_000),
      doneMs: durationMs(1_000).default(2_500),
      closingMs: durationMs(5_000).default(20_000),
    },
    section,
  )
  .prefault({});

const currencyCodes = ['CNY', 'HKD', 'TWD', 'SGD', 'EUR'] as const satisfies readonly [
  keyof typeof currencies,
  ...(keyof typeof currencies)[],
];

const stationKeys = {
  stationName: wordsByLanguage,
  terminalId: text(/^[0-9A-Fa-f]{12}$/, 'must be 12 hex digits, like "0000000000A1"'),
  helpLine: words,
  currency: oneOf(currencyCodes),
  defaultLanguage: oneOf(languages),
  printClosings: z.boolean('must be true or false').default(false),
  amounts,
  timings,
  cards,
};

const journal = text(/./, 'must be the path of the journal file');
/** A file of its own: keys never stand in this one. */
const journalKey = text(/./, "must be the path of the journal's key file").optional();

/** Real devices only. Keys never stand in this file: they are in the SAMs, and the way to a remote one in files of its own. */
const productionSchema = z
  .strictObject({ ...stationKeys, journal, journalKey, devices: realDevices }, section)
  .superRefine(checkPrintableNames);

/** For the bench: any device may be simulated. */
const benchSchema = z
  .strictObject(
    { ...stationKeys, journal: journal.optional(), journalKey, devices: benchDevices },
    section,
  )
  .superRefine(checkPrintableNames);

export type ProductionConfig = z.infer<typeof productionSchema>;
export type BenchConfig = z.infer<typeof benchSchema>;

export type ConfigAnswer<Config> =
  | { readonly kind: 'done'; readonly config: Config }
  /** Sentences, each naming the file, the key and the remedy. */
  | { readonly kind: 'refused'; readonly problems: readonly string[] };

/**
 * Check a configuration's text. `file` is only named in problems. A simulated device is refused: this station is to take
 * real money.
 */
export function parseProductionConfig(
  file: string,
  source: string,
): ConfigAnswer<ProductionConfig> {
  const json = parseJson(file, source);
  if (json.kind === 'refused') return json;
  const places = simulatedPlaces(json.config);
  if (places.length > 0) {
    return { kind: 'refused', problems: places.map((place) => simulatedSentence(file, place)) };
  }
  return parse(file, productionSchema, json.config);
}

/** Whether a configuration's text names a simulated device: then it is one for the bench. */
export function namesSimulated(file: string, source: string): ConfigAnswer<boolean> {
  const json = parseJson(file, source);
  return json.kind === 'refused'
    ? json
    : { kind: 'done', config: simulatedPlaces(json.config).length > 0 };
}

/** Check the text of a configuration for the bench. */
export function parseBenchConfig(file: string, source: string): ConfigAnswer<BenchConfig> {
  const json = parseJson(file, source);
  return json.kind === 'refused' ? json : parse(file, benchSchema, json.config);
}

/** What a configuration means to the session. */
export function termsOf(config: ProductionConfig | BenchConfig): Terms {
  const { stationName, terminalId, helpLine, defaultLanguage, timings } = config;
  return {
    stationName,
    terminalId: terminalId.toUpperCase(),
    helpLine,
    defaultLanguage,
    currency: currencies[config.currency],
    ...config.amounts,
    means: config.devices.terminals.map(({ id, kind, phases }) => ({ id, kind, phases })),
    cards: Object.entries(config.cards).flatMap(([family, profiles]) =>
      profiles.map(({ name, title }) => ({ profile: name, family, title })),
    ),
    timings,
  };
}

function parseJson(file: string, source: string): ConfigAnswer<unknown> {
  try {
    return { kind: 'done', config: JSON.parse(source) };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { kind: 'refused', problems: [`${file} is not JSON: ${why}. Correct it there.`] };
  }
}

function parse<Schema extends z.ZodType>(
  file: string,
  schema: Schema,
  value: unknown,
): ConfigAnswer<z.infer<Schema>> {
  const parsed = schema.safeParse(value, { reportInput: true });
  if (parsed.success) return { kind: 'done', config: parsed.data };
  return {
    kind: 'refused',
    problems: parsed.error.issues.flatMap((issue) => problemSentence(file, issue)),
  };
}

/** Where something names the driver "simulated", at any depth. */
function simulatedPlaces(
  value: unknown,
  place: readonly PropertyKey[] = [],
): (readonly PropertyKey[])[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const here = [...place, Array.isArray(value) ? Number(key) : key];
    return inner === 'simulated' ? [here] : simulatedPlaces(inner, here);
  });
}
