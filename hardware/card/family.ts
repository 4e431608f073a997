import { z } from 'zod';
import type { LoadMark, LoadOrder } from '../../main/contract/card.ts';
import type { SamCardKind } from '../sam/card-applet.ts';
import type { LoadAuthority } from '../sam/deed.ts';
import type { CardLink } from './link.ts';
import type { CheckAnswer, CreditAnswer, LoadRefusal, PrepareAnswer, ReadAnswer } from './port.ts';
import type { CardProfile } from './profile.ts';

export type FamilyReadAnswer = ReadAnswer | { readonly kind: 'not-mine' };

/** A load that the card is ready for. It lives as long as the connection on which it was prepared. */
export interface PreparedLoad {
  readonly mark: LoadMark;
  /** Write, once: the load is spent whatever the answer. */
  credit(): Promise<CreditAnswer>;
}

export type FamilyPrepareAnswer =
  | Exclude<PrepareAnswer, { readonly kind: 'done' }>
  | { readonly kind: 'done'; readonly load: PreparedLoad };

/** One kind of card and how to talk to it. The registry opens and releases the link; a family only speaks on it. */
export interface CardFamily {
  /** Whether a card with this ATR is probably one of these: it is tried first. An ATR never rules a card out. */
  isLikely(atr: Uint8Array): boolean;
  read(link: CardLink): Promise<FamilyReadAnswer>;
  /** Only for orders of this family's profiles, as is `check`. */
  prepare(link: CardLink, order: LoadOrder): Promise<FamilyPrepareAnswer>;
  check(link: CardLink, order: LoadOrder, mark: LoadMark): Promise<CheckAnswer>;
}

/** The profile of an order. Throws where it is none of the family's: the registry gives it its own orders only. */
export function profileNamed<Profile extends CardProfile>(
  profiles: readonly Profile[],
  name: string,
): Profile {
  const profile = profiles.find((candidate) => candidate.name === name);
  if (profile === undefined) throw new Error(`the family does not serve the profile ${name}`);
  return profile;
}

/** A load that is not begun. */
export function refused(refusal: LoadRefusal): FamilyPrepareAnswer {
  return { kind: 'refused', refusal };
}

/** A load that is not begun, for what the card answered. `detail` names the command. */
export function cardRefused(detail: string): FamilyPrepareAnswer {
  return refused({ kind: 'card-refused', detail });
}

/** A card that answered, but not as its family must. */
export function defective(detail: string): FamilyReadAnswer {
  return { kind: 'refused', refusal: { kind: 'card-defective', detail } };
}

export type FamilyParts<Profile extends CardProfile> = {
  readonly profiles: readonly Profile[];
  readonly authority: LoadAuthority;
};

/** A family as it stands in the registry. */
export type CardFamilyKind = {
  readonly name: string;
  /** What stands in the configuration under `cards`, once for each operator's card. */
  readonly profile: z.ZodType<CardProfile>;
  /** Null: its load authority is no SAM card, or it needs none. */
  readonly samCard: SamCardKind<unknown> | null;
  /** Throws a ZodError for a profile that is none. */
  create(profiles: readonly unknown[], authority: LoadAuthority): CardFamily;
};

/** Describe a family in its own types. */
export function cardFamily<Profile extends CardProfile, Settings = never>(kind: {
  readonly name: string;
  readonly profile: z.ZodType<Profile>;
  readonly samCard?: SamCardKind<Settings>;
  create(parts: FamilyParts<Profile>): CardFamily;
}): CardFamilyKind {
  const { name, profile, samCard } = kind;
  return {
    name,
    profile,
    samCard:
      samCard === undefined
        ? null
        : {
            settings: samCard.settings,
            applet: (channel, settings) =>
              samCard.applet(channel, samCard.settings.parse(settings)),
          },
    create: (profiles, authority) =>
      kind.create({ profiles: z.array(profile).parse(profiles), authority }),
  };
}
