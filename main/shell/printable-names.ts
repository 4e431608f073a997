import type { z } from 'zod';
import { charsetOf } from '../../hardware/printer/charset.ts';
import { paperLanguage } from '../../hardware/printer/paper-language.ts';
import type { PrinterProfile } from '../../hardware/printer/profile.ts';
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

/** What stands on every receipt must be within the printer's characters, and not come out as boxes. */
export function checkPrintableNames(config: Named, context: z.RefinementCtx): void {
  // What is not even a configuration has been complained of already.
  if (context.issues.length > 0) return;
  const { printer } = config.devices;
  if (printer.driver === 'simulated') return;
  const { encoding } = printer.profile;
  const { unprintable } = charsetOf(encoding);
  const refuse = (path: string[], text: string): void => {
    const missing = unprintable(text);
    if (missing.length === 0) return;
    const message = `must be in characters that the printer has, which "${missing.join('')}" is not`;
    context.addIssue({ code: 'custom', path, message });
  };
  const { stationName } = config;
  const one = new Set(Object.values(stationName)).size === 1;
  const printed = new Set(languages.map((language) => paperLanguage(language, encoding)));
  if (one) refuse(['stationName'], stationName.en);
  else for (const language of printed) refuse(['stationName', language], stationName[language]);
  refuse(['helpLine'], config.helpLine);
}
