import { z } from 'zod';
import { type Language, languages } from '../../main/contract/language.ts';

const words = z.string().regex(/^\S.{0,38}\S$/u, 'must be text of 2 to 40 characters');

/** What the profiles of all card families have: whose card it is, and how much it may hold. Amounts are minor units. */
export const cardProfileShape = {
  /** The journal refers to it: never given to another card. */
  name: z.string().min(1),
  /** What people call this card: one text, or one for each language. */
  title: z
    .union(
      [words, z.record(z.enum(languages), words)],
      'must be text of 2 to 40 characters, or such a text for each language, in braces',
    )
    .transform(
      (given): Readonly<Record<Language, string>> =>
        typeof given === 'string' ? { 'zh-Hans': given, 'zh-Hant': given, en: given } : given,
    ),
  balanceCapMinor: z.int().positive(),
  loadCapMinor: z.int().positive(),
  /** What one unit of the card's balance is worth; 1 where the card counts fen and the station too. */
  unitMinor: z.int().positive(),
};

export type CardProfile = z.infer<z.ZodObject<typeof cardProfileShape>>;
