import type { z } from 'zod';
import type { CardLink } from '../card/link.ts';
import type { SamApplet } from './port.ts';

/** A SAM card with power: one command at a time, each with the driver's deadline. */
export type SamChannel = Pick<CardLink, 'send'>;

export type SamCardReadiness =
  | { readonly kind: 'ready' }
  /** The card answers, and cannot serve: locked, no such key. `detail` names it and the remedy, for the technician. */
  | { readonly kind: 'not-ready'; readonly detail: string }
  /** No card answered; the driver saw why. */
  | { readonly kind: 'silent' };

/** One family's questions, as commands to a SAM card. Its driver asks one question at a time. */
export interface SamCardApplet extends SamApplet {
  /** After each power-up: select, unlock, see that the keys are there. */
  prepare(): Promise<SamCardReadiness>;
}

/** How a family uses a SAM card. `settings`: what its entry in the configuration says. */
export type SamCardKind<Settings> = {
  readonly settings: z.ZodType<Settings>;
  applet(channel: SamChannel, settings: Settings): SamCardApplet;
};
