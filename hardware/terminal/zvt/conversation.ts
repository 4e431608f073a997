import type { Clock } from '../../../main/contract/clock.ts';
import type { Line } from '../../line/port.ts';
import { type Apdu, ApduAssembler } from './apdu.ts';
import { buildAbort } from './command/abort.ts';
import {
  isAcknowledgement,
  notIssued,
  parseAcknowledgement,
  positiveAck,
  unknownCommand,
} from './command/acknowledge.ts';
import {
  parseStatusInformation,
  type StatusInformation,
  statusInformation,
} from './command/status-information.ts';

/** How a command ended. `statuses`: every status-information that belonged to it, in order. */
export type Ending =
  /** 06 0F. */
  | {
      readonly kind: 'completed';
      readonly statuses: readonly StatusInformation[];
      readonly data: Uint8Array;
    }
  /** 06 1E. `stopped`: behind an abort 06 B0, so that it may be the answer of a terminal that had finished before. */
  | {
      readonly kind: 'aborted';
      readonly code: number;
      readonly stopped: boolean;
      readonly statuses: readonly StatusInformation[];
      readonly data: Uint8Array;
    }
  /** 84 xx in place of 80 00: nothing was begun. */
  | { readonly kind: 'refused'; readonly code: number }
  /** No end within the deadline; the terminal may still be at it. `garbled`: what came was not ZVT. */
  | { readonly kind: 'silent'; readonly garbled: boolean }
  | { readonly kind: 'lost' }
  /** The line was not open: no byte left. */
  | { readonly kind: 'unsent' };

/**
 * What a command is for decides how its answers are met. A `payment` asks a person, and can be stopped; a `settlement` books
 * or reverses; a `report` repeats a status-information; an `enquiry` has none.
 */
export type Purpose = 'payment' | 'settlement' | 'report' | 'enquiry';

export type ConversationDeadlines = {
  /** T3: from a command to its 80 00 00. 5 s in ZVT PA00P015 13.x. */
  readonly ackMs: number;
  /** From an abort 06 B0 at a payment's deadline to the payment's end. */
  readonly abortMs: number;
  /** How long the line has to be quiet before it is trusted again after a missing answer. */
  readonly quietMs: number;
};

type Live = {
  readonly purpose: Purpose;
  readonly statuses: StatusInformation[];
  readonly resolve: (ending: Ending) => void;
  acked: boolean;
  stop: 'no' | 'asked' | 'sent' | 'acked';
  overdue: boolean;
  /** On the clock's monotonic scale. */
  dueMs: number;
  readonly endMs: number;
  cancelTimer: () => void;
};

const completion = 0x060f;
const abortion = 0x061e;
/** Set date, intermediate status, print line, print text block: taken note of, nothing more. */
const notices = new Set([0x0401, 0x04ff, 0x06d1, 0x06d3]);
/** A part of a message whose rest does not follow within this time will not be completed. */
const fragmentGapMs = 2_000;
const ackWriteMs = 1_000;

/**
 * ZVT over a line: one command at a time, every message of the terminal answered, none twice. A final message counts only
 * behind the command's own 80 00 00, so that a late answer to something earlier is never taken for this one's.
 */
export class ZvtConversation {
  readonly #line: Line;
  readonly #clock: Clock;
  readonly #deadlines: ConversationDeadlines;
  readonly #assembler = new ApduAssembler();
  #unwatch: () => void = () => {};
  #open = false;
  #closed = false;
  #live: Live | null = null;
  #lastBytesMs = Number.NEGATIVE_INFINITY;
  /** An answer is owed from earlier: it may still come. */
  #owing = false;
  /** The last payment or settlement, where it had no end: its answer may still come. */
  #unfinished: 'payment' | 'settlement' | null = null;
  #garbled = false;
  /** The last status-information of a command that ended well: a late duplicate of it is no late payment. */
  #settled = '';

  constructor(options: {
    readonly line: Line;
    readonly clock: Clock;
    readonly deadlines: ConversationDeadlines;
  }) {
    this.#line = options.line;
    this.#clock = options.clock;
    this.#deadlines = options.deadlines;
  }

  /** Begin to listen. `onLine` is told when the line opens and when it is lost. */
  start(onLine: (open: boolean) => void): void {
    this.#unwatch = this.#line.watch({
      onOpen: () => {
        this.#open = true;
        onLine(true);
      },
      onBytes: (bytes) => this.#onBytes(bytes),
      onLost: () => {
        this.#open = false;
        this.#assembler.reset();
        this.#end({ kind: 'lost' });
        onLine(false);
      },
    });
  }

  get open(): boolean {
    return this.#open;
  }

  /**
   * Send a command and follow it to its end, `endMs` at most (plus the abort's own deadline for a payment). Where an earlier
   * answer is owed, the line has to fall quiet first. Throws when another command is still under way.
   */
  async run(command: Uint8Array, purpose: Purpose, endMs: number): Promise<Ending> {
    if (this.#live !== null) throw new Error('a ZVT command is still under way');
    if (this.#owing) await this.settle();
    if (!this.#open || this.#closed) return { kind: 'unsent' };
    return await new Promise<Ending>((resolve) => {
      const nowMs = this.#clock.nowMs();
      const live: Live = {
        purpose,
        statuses: [],
        resolve,
        acked: false,
        stop: 'no',
        overdue: false,
        dueMs: nowMs + this.#deadlines.ackMs,
        endMs: nowMs + endMs,
        cancelTimer: () => {},
      };
      this.#live = live;
      this.#garbled = false;
      if (purpose === 'payment' || purpose === 'settlement') this.#unfinished = null;
      this.#await(live);
      // Bytes that cannot be handed over show as a missing acknowledgement, or as a lost line.
      void this.#line.write(command, this.#deadlines.ackMs);
    });
  }

  /** Where an earlier answer is owed, wait until nothing has come for `quietMs`, a few such spans at most. */
  async settle(): Promise<void> {
    if (!this.#owing || !this.#open) return;
    const { quietMs } = this.#deadlines;
    const untilMs = this.#clock.nowMs() + 5 * quietMs;
    this.#lastBytesMs = this.#clock.nowMs();
    for (;;) {
      const nowMs = this.#clock.nowMs();
      const leftMs = Math.min(this.#lastBytesMs + quietMs, untilMs) - nowMs;
      if (leftMs <= 0 || this.#closed || !this.#open) break;
      await new Promise<void>((resolve) => this.#clock.after(leftMs, resolve));
    }
    if (this.#open) this.#owing = false;
  }

  /** Ask the payment that is under way to stop: 06 B0, once, as soon as the terminal has taken the command. */
  stop(): void {
    const live = this.#live;
    if (live === null || live.purpose !== 'payment' || live.stop !== 'no') return;
    live.stop = 'asked';
    if (live.acked) this.#sendStop(live);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#unwatch();
    this.#open = false;
    this.#end({ kind: 'lost' });
  }

  #onBytes(bytes: Uint8Array): void {
    const nowMs = this.#clock.nowMs();
    if (this.#assembler.holdsPart && nowMs - this.#lastBytesMs > fragmentGapMs) {
      this.#assembler.reset();
    }
    this.#lastBytesMs = nowMs;
    const { apdus, garbled } = this.#assembler.push(bytes);
    for (const apdu of apdus) this.#onApdu(apdu);
    if (garbled) this.#garbled = true;
  }

  #onApdu(apdu: Apdu): void {
    const live = this.#live;
    if (isAcknowledgement(apdu.control)) {
      if (live !== null) this.#onAcknowledgement(live, parseAcknowledgement(apdu.control));
      return;
    }
    const ours = live?.acked === true ? live : null;
    if (apdu.control === statusInformation) {
      this.#onStatus(ours, parseStatusInformation(apdu.data));
      return;
    }
    const final = apdu.control === completion || apdu.control === abortion;
    this.#send(final || notices.has(apdu.control) ? positiveAck : unknownCommand);
    if (!final || ours === null) return;
    const statuses = ours.statuses;
    if (apdu.control === completion) {
      this.#end({ kind: 'completed', statuses, data: apdu.data });
    } else {
      const stopped = ours.stop === 'sent' || ours.stop === 'acked';
      const code = apdu.data[0] ?? 0xff;
      this.#end({ kind: 'aborted', code, stopped, statuses, data: apdu.data });
    }
  }

  #onAcknowledgement(live: Live, reason: number | null): void {
    if (live.acked) {
      // The command has had its own: this one answers the abort, whatever it says.
      if (live.stop === 'sent') live.stop = 'acked';
      return;
    }
    if (reason !== null) {
      this.#end({ kind: 'refused', code: reason });
      return;
    }
    live.acked = true;
    live.dueMs = live.endMs;
    if (live.stop === 'asked') this.#sendStop(live);
  }

  /** A status-information outside a command that can have one is late: the payment it reports is given back. */
  #onStatus(live: Live | null, status: StatusInformation): void {
    if (live !== null && live.purpose !== 'enquiry') {
      live.statuses.push(status);
      this.#send(positiveAck);
      return;
    }
    const late =
      movesMoney(status) &&
      this.#unfinished !== 'settlement' &&
      nameInWords(status) !== this.#settled;
    this.#send(late ? notIssued : positiveAck);
  }

  #end(ending: Ending): void {
    const live = this.#live;
    if (live === null) return;
    this.#live = null;
    live.cancelTimer();
    const finished = ending.kind !== 'silent' && ending.kind !== 'lost';
    this.#owing = !finished || (live.stop === 'sent' && !this.#closed);
    if (!finished && (live.purpose === 'payment' || live.purpose === 'settlement')) {
      this.#unfinished = live.purpose;
    }
    const last = live.statuses.at(-1);
    if (finished && last !== undefined) this.#settled = nameInWords(last);
    live.resolve(ending);
  }

  /** One timer for a whole command: it looks again where the deadline has moved meanwhile. */
  #await(live: Live): void {
    live.cancelTimer = this.#clock.after(live.dueMs - this.#clock.nowMs(), () => {
      if (this.#clock.nowMs() < live.dueMs) {
        this.#await(live);
      } else if (live.purpose === 'payment' && live.acked && !live.overdue) {
        live.overdue = true;
        live.dueMs += this.#deadlines.abortMs;
        if (live.stop === 'no') this.stop();
        this.#await(live);
      } else {
        this.#end({ kind: 'silent', garbled: this.#garbled });
      }
    });
  }

  #sendStop(live: Live): void {
    live.stop = 'sent';
    this.#send(buildAbort());
  }

  #send(bytes: Uint8Array): void {
    // An acknowledgement that cannot be written shows as a lost line or a missing answer.
    void this.#line.write(bytes, ackWriteMs);
  }
}

/** A new payment: what books or reverses an earlier one names that one's trace (37), or has amount 0. */
function movesMoney(status: StatusInformation): boolean {
  const { resultCode, receipt, amountMinor, originalTrace } = status;
  return resultCode === 0 && receipt !== null && amountMinor !== 0 && originalTrace === null;
}

function nameInWords(status: StatusInformation): string {
  return `${status.receipt}/${status.trace}/${status.amountMinor}`;
}
