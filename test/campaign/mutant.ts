import type { Journal } from '../../db/port.ts';
import type { Sam } from '../../hardware/sam/port.ts';
import type { Ports } from '../../main/runtime/ports.ts';
import type { transition } from '../../main/session/transition.ts';

/** One life of the kiosk's process. */
export type Life = { isOver: boolean };

/** The process dies here. */
export class Killed extends Error {}

/** A bug planted on purpose, to see that it is found: at any of the seams of the kiosk. */
export type Mutant = {
  readonly decide?: typeof transition;
  /** Between the kiosk and its devices. */
  readonly ports?: (ports: Ports) => Ports;
  /** Between the kiosk and one of its load authorities. */
  readonly sam?: (sam: Sam) => Sam;
  /** Between the kiosk and its journal: what it writes, and what a start gets to know. `life`: ends with the process. */
  readonly journal?: (journal: Journal, life: Life) => Journal;
};
