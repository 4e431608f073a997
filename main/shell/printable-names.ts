import type { z } from 'zod';
import { charsetOf } from '../../hardware/printer/charset.ts';
import { paperLanguage } from '../../hardware/printer/paper-language.ts';
import { type PrinterProfile, possibleEncodings } from '../../hardware/printer/profile.ts';
import { type Language, languages } from '../contract/language.ts';

type Named = {
  readonly stationName: Readonly<Record<Language, string>>;
  readonly helpLine: string;
  readonly devices: {
    readonly printer:
      | { readonly driver: 'simulated' }
      | { readonly driver: 'escpos'; readonly profile: PrinterProfile };
  };
};

/** What stands on every receipt must be in characters that the printer prints or a shipped font draws, and not come out as boxes. */
export function checkPrintableNames(config: Named, context: z.RefinementCtx): void {
  // What is not even a configuration has been complained of already.
  if (context.issues.length > 0) return;
  const { printer } = config.devices;
  if (printer.driver === 'simulated') return;
  // Of a printer that is still to be asked, all must do.
  const encodings = possibleEncodings(printer.profile);
  const refuse = (path: string[], text: string): void => {
    const missing = new Set(encodings.flatMap((encoding) => charsetOf(encoding).unprintable(text)));
    if (missing.size === 0) return;
    const found = [...missing].join('');
    const message = `must be in characters that the printer has or a font here can draw, which "${found}" is not`;
    context.addIssue({ code: 'custom', path, message });
  };
  const { stationName } = config;
  const one = new Set(Object.values(stationName)).size === 1;
  const printed = new Set(
    languages.flatMap((language) => encodings.map((encoding) => paperLanguage(language, encoding))),
  );
  if (one) refuse(['stationName'], stationName.en);
  else for (const language of printed) refuse(['stationName', language], stationName[language]);
  refuse(['helpLine'], config.helpLine);
}
