import { cardFamily } from '../family.ts';
import { desfireProfileSchema } from './profile.ts';

/** Cards with a MIFARE DESFire value file (cards.md 2), each operator's by its profile. */
export const desfire = cardFamily({
  name: 'desfire',
  profile: desfireProfileSchema,
  create: () => ({
    isLikely: () => false,
    read: async () => ({ kind: 'not-mine' }),
    prepare: async () => ({ kind: 'refused', refusal: { kind: 'other-card' } }),
    check: async () => ({ kind: 'other-card' }),
  }),
});
