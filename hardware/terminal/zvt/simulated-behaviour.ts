/** What the person in front of the terminal, or the terminal with them, does with a payment. */
export type Person =
  /** Taps at once, and the bank agrees. */
  | { readonly kind: 'approve' }
  /** Taps, and the bank says no. */
  | { readonly kind: 'decline' }
  /** Presses the stop key. */
  | { readonly kind: 'stop' }
  /** Does nothing until told otherwise (`tap`, `decline`, `stop`, `silence`), or until the terminal's time is up. */
  | { readonly kind: 'wait' }
  /** Taps after a while. */
  | { readonly kind: 'slow'; readonly ms: number }
  /** Approved and booked; then the terminal sends nothing more. */
  | { readonly kind: 'silent-after-approving' }
  /** Approved and booked; then the cable falls out, and is put back after `reconnectMs`. */
  | { readonly kind: 'line-drop-after-approving' }
  /** The approval is sent, the completion behind it is not. */
  | { readonly kind: 'lost-completion' };

/**
 * What goes wrong with a payment (`authorise`), a booking (`capture`), a release or reversal (`reverse`), or a read of the
 * books (`inquire`).
 */
export type AnswerFault =
  | { readonly kind: 'none' }
  /** The terminal never noticed the command. */
  | { readonly kind: 'ignored' }
  /** Done, and no byte of the answer is sent. */
  | { readonly kind: 'lost' }
  /** Done at once, answered later. */
  | { readonly kind: 'late'; readonly ms: number }
  /** Each message is sent twice. */
  | { readonly kind: 'duplicated' }
  /** Done and reported as done, then ended as if it had been refused. */
  | { readonly kind: 'contradictory' }
  /** Not done; ended with this code. */
  | { readonly kind: 'refused'; readonly code: number };

export type AnswerGroup = 'authorise' | 'capture' | 'reverse' | 'inquire';

/** Decides what goes wrong with the command of this group that has just come. Null: what is set otherwise. */
export type MeddleAnswer = (group: AnswerGroup) => AnswerFault | null;

/** The next one only (several keep their order), or every one without such an order. */
export type When = 'next' | 'standing';

const groups: Readonly<Record<string, AnswerGroup>> = {
  '0601': 'authorise',
  '0622': 'authorise',
  '0624': 'capture',
  '0625': 'reverse',
  '0630': 'reverse',
  '0501': 'inquire',
  '0620': 'inquire',
  '0623': 'inquire',
};

/** The orders of the bench to the simulated terminal: what happens next, and what happens otherwise. */
export class SimulatedBehaviour {
  readonly #persons: Person[] = [];
  #person: Person = { kind: 'approve' };
  readonly #faults = new Map<AnswerGroup, AnswerFault[]>();
  readonly #fault = new Map<AnswerGroup, AnswerFault>();
  #meddle: MeddleAnswer = () => null;

  meddle(meddle: MeddleAnswer): void {
    this.#meddle = meddle;
  }

  present(person: Person, when: When): void {
    if (when === 'next') this.#persons.push(person);
    else this.#person = person;
  }

  answer(group: AnswerGroup, fault: AnswerFault, when: When): void {
    if (when === 'standing') {
      this.#fault.set(group, fault);
      return;
    }
    const faults = this.#faults.get(group) ?? [];
    faults.push(fault);
    this.#faults.set(group, faults);
  }

  takePerson(): Person {
    return this.#persons.shift() ?? this.#person;
  }

  /** The fault for a command by its class and instruction. */
  takeFault(code: string): AnswerFault {
    const group = groups[code];
    if (group === undefined) return { kind: 'none' };
    return (
      this.#meddle(group) ??
      this.#faults.get(group)?.shift() ??
      this.#fault.get(group) ?? { kind: 'none' }
    );
  }
}
