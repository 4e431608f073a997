import { z } from 'zod';
import type { CardProfile } from '../../hardware/card/profile.ts';
import { cardFamilies } from '../../hardware/card/registry.ts';
import { section } from './config-values.ts';

type Profiles = readonly CardProfile[];

/** By family: each operator's cards. */
export const cards = z
  .strictObject(
    Object.fromEntries(
      cardFamilies.map(({ name, profile }): [string, z.ZodOptional<z.ZodArray<typeof profile>>] => [
        name,
        z
          .array(profile, 'must be a list of card profiles')
          .min(1, 'must list at least one card profile')
          .optional(),
      ]),
    ),
    section,
  )
  .refine(
    (families) => Object.values(families).some((profiles) => profiles !== undefined),
    `must list the cards of at least one family: ${cardFamilies.map(({ name }) => name).join(', ')}`,
  )
  .refine((families) => {
    const names = Object.values(families).flatMap((profiles: Profiles = []) =>
      profiles.map(({ name }) => name),
    );
    return new Set(names).size === names.length;
  }, 'must give each card profile a name of its own');
