import { type Journal, type JournalEntry, JournalFault } from '../../db/port.ts';
import type { Rig } from '../../hardware/rig/rig.ts';
import type { Clock } from '../../main/contract/clock.ts';
import { type Mishap, noMishap } from './mishap.ts';

/** The process dies here. */
export class Killed extends Error {}

/** What strikes in the middle of a visit, where it cannot be set beforehand: at a row of the journal, at a command to the card. */
export class Fate {
  readonly #rig: Rig;
  readonly #clock: Clock;
  readonly #onDeath: () => void;
  #kill: Mishap['kill'] = null;
  #failingRow: Mishap['journalRow'] = null;
  #creditFault: Mishap['apdu'] = null;
  #slip: Mishap['slip'] = null;
  #busy: Mishap['busy'] = null;

  constructor(rig: Rig, clock: Clock, onDeath: () => void) {
    this.#rig = rig;
    this.#clock = clock;
    this.#onDeath = onDeath;
    rig.reader.watchApdus((command, response) => {
      this.#aimAtCredit(command, response);
      this.#occupy();
      this.#countApdu();
    });
    this.decree(noMishap);
  }

  /** This, and nothing else that was still to come. */
  decree({ kill, journalRow, apdu, slip, busy }: Mishap): void {
    this.#kill = kill;
    this.#failingRow = journalRow;
    this.#creditFault = apdu?.nth === 'credit' ? apdu : null;
    this.#slip = slip;
    this.#busy = busy;
  }

  /** Somebody has made room on the disk. */
  spareJournal(): void {
    this.#failingRow = null;
  }

  /** The journal as a life of the process has it: it can fail, and the process can die at any row of it. */
  journal(journal: Journal): Journal {
    return {
      seal: journal.seal,
      append: (entries) => {
        const fails = this.#failingRow === 0;
        if (this.#failingRow !== null) this.#failingRow -= 1;
        if (fails) throw new JournalFault('disk-full', 'no room for another row');
        this.#meetDeath('before-row');
        journal.append(entries);
        this.#stopPrinter(entries);
        this.#meetDeath('after-row');
      },
      unsettled: () => journal.unsettled(),
      rows: (after, limit) => journal.rows(after, limit),
      newest: (limit) => journal.newest(limit),
      attempt: (reference) => journal.attempt(reference),
      attemptsOfCard: (number, limit) => journal.attemptsOfCard(number, limit),
      verify: () => journal.verify(),
      close: () => {},
    };
  }

  #meetDeath(where: 'before-row' | 'after-row'): void {
    if (this.#kill?.kind !== where || !this.#isKillDue()) return;
    throw new Killed();
  }

  #countApdu(): void {
    if (this.#kill?.kind === 'at-apdu' && this.#isKillDue()) this.#onDeath();
  }

  #isKillDue(): boolean {
    if (this.#kill === null) return false;
    const { kind, nth } = this.#kill;
    this.#kill = nth > 0 ? { kind, nth: nth - 1 } : null;
    return nth === 0;
  }

  /** The printer fails when it is written down how far the slip is, before anything is asked of it. */
  #stopPrinter(entries: readonly JournalEntry[]): void {
    const slip = this.#slip;
    if (slip === null || !entries.some(({ body }) => body.includes(`"${slip.at}"`))) return;
    this.#slip = null;
    if (slip.what === 'unplugged') this.#rig.setCable('printer', false);
    else this.#rig.printer.device.trouble(slip.what);
  }

  #occupy(): void {
    if (this.#busy === null) return;
    const { nth, ms } = this.#busy;
    this.#busy = nth > 0 ? { nth: nth - 1, ms } : null;
    if (nth > 0) return;
    this.#rig.reader.setBusy(true);
    this.#clock.after(ms, () => this.#rig.reader.setBusy(false));
  }

  /** CREDIT FOR LOAD follows an INITIALIZE FOR LOAD (80 50) that went well. */
  #aimAtCredit(command: Uint8Array, response: Uint8Array | null): void {
    if (this.#creditFault === null) return;
    if (command[1] !== 0x50 || response === null || response.length < 18) return;
    const { fault } = this.#creditFault;
    this.#creditFault = null;
    this.#rig.reader.injectFault(0, fault);
  }
}
