import { z } from 'zod';
import type { CardFamilyKind } from '../../hardware/card/family.ts';
import { cardFamilies } from '../../hardware/card/registry.ts';
import { section } from './config-values.ts';

const anyOf = cardFamilies.map(({ name }) => name).join(', ');

const profilesOf = ({ profile }: CardFamilyKind) =>
  z
    .array(profile, 'must be a list of card profiles')
    .min(1, 'must list at least one card profile')
    .default([]);

/** By family: each operator's cards. A family that is left out has none. */
export const cards = z
  .strictObject(
    Object.fromEntries(cardFamilies.map((family) => [family.name, profilesOf(family)])),
    section,
  )
  .refine(
    (families) => Object.values(families).flat().length > 0,
    `must list the cards of at least one family: ${anyOf}`,
  )
  .refine((families) => {
    const names = Object.values(families).flatMap((profiles) => profiles.map(({ name }) => name));
    return new Set(names).size === names.length;
  }, 'must give each card profile a name of its own');
