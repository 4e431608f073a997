import type { Clock } from '../../../main/contract/clock.ts';
import type { FarEnd } from '../../line/simulated.ts';
import {
  type AnswerFault,
  type AnswerGroup,
  type MeddleAnswer,
  type Person,
  SimulatedBehaviour,
  type When,
} from './simulated-behaviour.ts';
import {
  type BookEntry,
  emptyMemory,
  SimulatedBooks,
  type TerminalMemory,
} from './simulated-books.ts';
import { SimulatedCommands } from './simulated-commands.ts';
import { aborted, message, type Received, TerminalInbox } from './simulated-wire.ts';

export type { AnswerFault, AnswerGroup, Person, When };

/** The terminal's end of a cable that can be pulled: a SimulatedLine. */
export type Cable = { readonly far: FarEnd; plug(): void; unplug(): void };

export type SimulatedTerminalOptions = {
  readonly clock: Clock;
  /** ISO 4217 number; anything else is refused with 6F. */
  readonly currency: number;
  readonly password?: string;
  /** What it remembers from before: `terminal.memory` of an earlier life. */
  readonly memory?: TerminalMemory;
  /** False: 06 22 to 06 25 are unknown commands. */
  readonly reservations?: boolean;
  /** How a decline ends: 04 0F 27 xx is followed by 06 1E xx, or by 06 0F. */
  readonly declineBy?: 'abort' | 'completion';
  /** False: repeat-receipt completes without a status-information, as a PAX A80 does in one of its settings. */
  readonly repeatsStatus?: boolean;
  /** False: receipts of bookings and reversals do not carry the original trace (37). */
  readonly namesOriginal?: boolean;
  /** Send the card number and tracks unmasked, as no terminal should. */
  readonly unmaskedCard?: boolean;
  /** Its own time for a card. */
  readonly cardTimeoutMs?: number;
  /** How long it waits for the cash register's 80 00 00 before it goes on without. */
  readonly ackWaitMs?: number;
  /** How long the cable is out after line-drop-after-approving. */
  readonly reconnectMs?: number;
};

type Reply = 'ack' | 'not-issued' | 'none';
type Ending = Person['kind'] | 'timeout';

const ack = message('8000');
const busy = message('84a0');
const hostDeclined = 0x62;
const goodsNotIssued = 0x66;
const stopped = 0x6c;
/** The end of what was done all the same. */
const takenBack = aborted(hostDeclined);
const statusEnquiry = '0501';
const greeting = 'Welcome';

/**
 * A contactless bank terminal behind a simulated cable, with its own parser, its own books and a person in front of it.
 * Commands are served one at a time; while one is under way any other is refused as busy. What it cannot parse or does not
 * know it refuses, as the real one does. Books are written when the bank has spoken, whether or not the answer arrives.
 */
export class SimulatedZvtTerminal {
  readonly #clock: Clock;
  readonly #books: SimulatedBooks;
  readonly #commands: SimulatedCommands;
  readonly #behaviour = new SimulatedBehaviour();
  readonly #declineBy: 'abort' | 'completion';
  readonly #cardTimeoutMs: number;
  readonly #ackWaitMs: number;
  readonly #reconnectMs: number;
  readonly #inbox = new TerminalInbox();
  readonly #watchers = new Set<() => void>();
  #cable: Cable | null = null;
  #powered = true;
  #serving = false;
  #mute = false;
  #twice = false;
  #contradicts = false;
  #display = greeting;
  /** What the command under way waits for: a reply, a card, time. Dropping it ends the command without a trace. */
  #reply: ((reply: Reply) => void) | null = null;
  #card: ((how: Ending) => void) | null = null;
  #cancelTimer: () => void = () => {};
  /** The amount that a card is awaited for. */
  #awaitedMinor: number | null = null;
  #stopAsked = false;

  constructor(options: SimulatedTerminalOptions) {
    this.#clock = options.clock;
    this.#declineBy = options.declineBy ?? 'abort';
    this.#cardTimeoutMs = options.cardTimeoutMs ?? 60_000;
    this.#ackWaitMs = options.ackWaitMs ?? 3_000;
    this.#reconnectMs = options.reconnectMs ?? 500;
    this.#books = new SimulatedBooks(options.memory ?? emptyMemory);
    this.#commands = new SimulatedCommands(this.#books, {
      currency: options.currency,
      password: options.password ?? '000000',
      reservations: options.reservations ?? true,
      repeatsStatus: options.repeatsStatus ?? true,
      namesOriginal: options.namesOriginal ?? true,
      unmaskedCard: options.unmaskedCard ?? false,
      wallMs: () => options.clock.wallMs(),
    });
  }

  /** Plug the terminal's end of a cable in, in place of an earlier one. */
  attach(cable: Cable): void {
    this.#cable = cable;
    this.#inbox.clear();
    cable.far.listen((bytes) => {
      if (this.#cable === cable) this.#onBytes(bytes);
    });
  }

  /** How payments go from now on. */
  present(person: Person, when: When = 'standing'): void {
    this.#behaviour.present(person, when);
  }

  /** How bookings, reversals and reads are answered from now on. */
  answer(group: AnswerGroup, fault: AnswerFault, when: When = 'standing'): void {
    this.#behaviour.answer(group, fault, when);
  }

  /** Decide about each command as it comes; before what is set for it. */
  meddle(meddle: MeddleAnswer): void {
    this.#behaviour.meddle(meddle);
  }

  /** What it says of itself when asked how it is: 00 well, 9C please wait, C2 diagnosis required. */
  report(status: number): void {
    this.#commands.status = status;
  }

  /** Tap a card now; the bank agrees. This and the next three answer whether a payment was waiting. */
  tap(): boolean {
    return this.#giveCard('approve');
  }

  /** Tap a card now; the bank refuses. */
  decline(): boolean {
    return this.#giveCard('decline');
  }

  /** Press the stop key. */
  stop(): boolean {
    return this.#giveCard('stop');
  }

  /** Tap a card now; the bank agrees, and the terminal falls silent. */
  silence(): boolean {
    return this.#giveCard('silent-after-approving');
  }

  /** True while a payment waits for a card. */
  get waiting(): boolean {
    return this.#card !== null;
  }

  /** The amount that it asks a person for, null when it asks for none. */
  get waitingMinor(): number | null {
    return this.#awaitedMinor;
  }

  get display(): string {
    return this.#display;
  }

  /** Every payment that reached the bank, oldest first. */
  get books(): readonly BookEntry[] {
    return this.#books.entries;
  }

  get memory(): TerminalMemory {
    return this.#books.memory;
  }

  /** Be told of each posting in the books, before the cash register is. One listener. */
  watchMemory(onWritten: () => void): void {
    this.#books.watch(onWritten);
  }

  /** Be told when the display or the books may have changed. */
  watch(onChange: () => void): () => void {
    this.#watchers.add(onChange);
    return () => {
      this.#watchers.delete(onChange);
    };
  }

  /** Pull the cable out. The terminal itself does not notice. */
  unplug(): void {
    this.#cable?.unplug();
  }

  plug(): void {
    this.#cable?.plug();
  }

  /** Cut its power, for `offMs`. What was under way is gone; the books are not. */
  powerCycle(offMs = 0): void {
    this.#cancelTimer();
    this.#reply = null;
    this.#card = null;
    this.#commands.forget();
    this.#inbox.clear();
    this.#rest();
    this.#powered = false;
    this.#show('');
    const boot = () => {
      this.#powered = true;
      this.#show(greeting);
    };
    if (offMs === 0) boot();
    else this.#clock.after(offMs, boot);
  }

  #onBytes(bytes: Uint8Array): void {
    if (!this.#powered) return;
    for (const received of this.#inbox.push(bytes)) this.#onMessage(received);
  }

  #onMessage(received: Received): void {
    const { code } = received;
    if (code.startsWith('80') || code.startsWith('84')) {
      this.#reply?.(code === '8466' ? 'not-issued' : 'ack');
    } else if (code === '06b0') {
      this.#onStop();
    } else if (this.#serving) {
      this.#tell(busy);
    } else {
      this.#serving = true;
      void this.#serve(received).then(() => this.#rest());
    }
  }

  /** 06 B0: honoured until a card has been read. */
  #onStop(): void {
    if (this.#awaitedMinor !== null) {
      this.#tell(ack);
      this.#stopAsked = true;
      this.#card?.('stop');
    } else if (this.#serving) {
      this.#tell(busy);
    } else {
      this.#tell(ack);
      this.#serving = true;
      void this.#say(aborted(stopped)).then(() => this.#rest());
    }
  }

  #rest(): void {
    this.#serving = false;
    this.#mute = false;
    this.#twice = false;
    this.#contradicts = false;
    this.#awaitedMinor = null;
    this.#changed();
  }

  async #serve(received: Received): Promise<void> {
    const fault = this.#behaviour.takeFault(received.code);
    if (fault.kind === 'ignored') return;
    // Whoever asks how it is has seen how the last payment ended.
    if (received.code === statusEnquiry) this.#show(greeting);
    this.#mute = fault.kind === 'lost';
    this.#twice = fault.kind === 'duplicated';
    this.#contradicts = fault.kind === 'contradictory';
    if (fault.kind === 'refused') {
      this.#tell(ack);
      await this.#say(aborted(fault.code));
      return;
    }
    const served = this.#commands.serve(received.code, received.data);
    const lateMs = fault.kind === 'late' ? fault.ms : 0;
    if (served.kind === 'payment') {
      this.#tell(ack);
      await this.#pay(served.of, served.amountMinor, lateMs);
      return;
    }
    if (lateMs > 0) await this.#time(lateMs);
    if (served.kind === 'refused') {
      this.#tell(served.bytes);
      return;
    }
    this.#tell(ack);
    const parts = this.#contradicts ? [...served.parts.slice(0, -1), takenBack] : served.parts;
    for (const part of parts) await this.#say(part);
  }

  async #pay(of: BookEntry['kind'], amountMinor: number, lateMs: number): Promise<void> {
    const person = this.#behaviour.takePerson();
    this.#stopAsked = false;
    this.#awaitedMinor = amountMinor;
    this.#show(`Present card: ${amountMinor}`);
    await this.#say(message('04ff', '0a'));
    const how = this.#stopAsked ? 'stop' : await this.#cardOf(person);
    this.#awaitedMinor = null;
    if (how === 'stop' || how === 'timeout') {
      this.#show('Stopped');
      await this.#say(aborted(stopped));
      return;
    }
    await this.#say(message('04ff', '0e'));
    const slip = this.#books.enter(of, amountMinor, how === 'decline' ? hostDeclined : 0);
    const status = this.#commands.statusOf(slip);
    if (lateMs > 0) await this.#time(lateMs);
    if (how === 'decline') {
      this.#show('Declined');
      await this.#say(status);
      await this.#say(this.#declineBy === 'abort' ? aborted(hostDeclined) : message('060f'));
      return;
    }
    this.#show('Approved');
    if (how === 'silent-after-approving') return;
    if (how === 'line-drop-after-approving') {
      this.unplug();
      this.#clock.after(this.#reconnectMs, () => this.plug());
      return;
    }
    if ((await this.#say(status)) === 'not-issued') {
      this.#books.takeBack(slip);
      this.#show('Reversed');
      await this.#say(aborted(goodsNotIssued));
      return;
    }
    if (how === 'lost-completion') return;
    await this.#say(this.#contradicts ? takenBack : message('060f'));
  }

  #cardOf(person: Person): Promise<Ending> | Ending {
    if (person.kind !== 'wait' && person.kind !== 'slow') return person.kind;
    const slow = person.kind === 'slow' && person.ms < this.#cardTimeoutMs;
    return new Promise((resolve) => {
      const end = (how: Ending) => {
        this.#cancelTimer();
        this.#card = null;
        resolve(how);
      };
      this.#card = end;
      this.#cancelTimer = this.#clock.after(slow ? person.ms : this.#cardTimeoutMs, () =>
        end(slow ? 'approve' : 'timeout'),
      );
      this.#changed();
    });
  }

  #giveCard(how: Ending): boolean {
    const give = this.#card;
    give?.(how);
    return give !== null;
  }

  #tell(bytes: Uint8Array): void {
    if (this.#mute || !this.#powered) return;
    this.#cable?.far.send(bytes);
    if (this.#twice) this.#cable?.far.send(bytes);
  }

  /** Send, and wait for the cash register's acknowledgement, a while. */
  #say(bytes: Uint8Array): Promise<Reply> {
    if (this.#mute) return Promise.resolve('none');
    this.#tell(bytes);
    return new Promise((resolve) => {
      const end = (reply: Reply) => {
        this.#cancelTimer();
        this.#reply = null;
        resolve(reply);
      };
      this.#reply = end;
      this.#cancelTimer = this.#clock.after(this.#ackWaitMs, () => end('none'));
    });
  }

  #time(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#cancelTimer = this.#clock.after(ms, resolve);
    });
  }

  #show(text: string): void {
    if (text === this.#display) return;
    this.#display = text;
    this.#changed();
  }

  #changed(): void {
    for (const watcher of [...this.#watchers]) watcher();
  }
}
