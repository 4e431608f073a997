import { buildOpenReservations, parseOpenReservations } from './command/open-reservations.ts';
import { buildRegistration } from './command/registration.ts';
import { buildRepeatReceipt } from './command/repeat-receipt.ts';
import { buildStatusEnquiry, parseTerminalStatus } from './command/status-enquiry.ts';
import type { StatusInformation } from './command/status-information.ts';
import type { Ending, ZvtConversation } from './conversation.ts';
import { isBusy, notRegistered, reservationError } from './result-code.ts';

/** A question to the terminal that changes none of its books, so that it may be asked again. */
export type Read<Value> =
  | { readonly kind: 'done'; readonly value: Value }
  /** The terminal said no: occupied, not registered, out of order. */
  | { readonly kind: 'refused'; readonly code: number }
  | { readonly kind: 'failed'; readonly fault: 'unplugged' | 'silent' | 'garbled' };

/** "Function not possible": taken to mean that there is no receipt to repeat. To be confirmed with the terminal's manual. */
const noReceipt = 0x83;

export class ZvtReads {
  readonly #conversation: ZvtConversation;
  readonly #password: string;
  readonly #configByte: number;
  readonly #currency: number;
  readonly #readMs: number;

  constructor(options: {
    readonly conversation: ZvtConversation;
    readonly password: string;
    readonly configByte: number;
    readonly currency: number;
    readonly readMs: number;
  }) {
    this.#conversation = options.conversation;
    this.#password = options.password;
    this.#configByte = options.configByte;
    this.#currency = options.currency;
    this.#readMs = options.readMs;
  }

  async register(): Promise<Read<null>> {
    const ending = await this.#ask(
      buildRegistration({
        password: this.#password,
        configByte: this.#configByte,
        currency: this.#currency,
      }),
    );
    if (ending.kind === 'completed') return { kind: 'done', value: null };
    return failure(ending);
  }

  /** The terminal's status byte: 00 when all is well. */
  async status(): Promise<Read<number>> {
    const ending = await this.#ask(buildStatusEnquiry({ password: this.#password }));
    if (ending.kind === 'completed') {
      return { kind: 'done', value: parseTerminalStatus(ending.data) ?? 0 };
    }
    return failure(ending);
  }

  /** The last transaction. `unreadable`: the terminal repeats receipts without a status-information, as some do. */
  async lastReceipt(): Promise<Read<StatusInformation | 'empty' | 'unreadable'>> {
    const ending = await this.#conversation.run(
      buildRepeatReceipt({ password: this.#password }),
      'report',
      this.#readMs,
    );
    if (ending.kind === 'completed') {
      return { kind: 'done', value: ending.statuses.at(-1) ?? 'unreadable' };
    }
    const failed = failure(ending);
    if (failed.kind !== 'refused' || isBusy(failed.code) || failed.code === notRegistered) {
      return failed;
    }
    return { kind: 'done', value: failed.code === noReceipt ? 'empty' : 'unreadable' };
  }

  /** Receipts of the open reservations; null where the terminal has no such list. */
  async openReservations(): Promise<Read<ReadonlySet<number> | null>> {
    const ending = await this.#ask(buildOpenReservations());
    if (ending.kind === 'aborted' && ending.code === reservationError) {
      return { kind: 'done', value: parseOpenReservations(ending.data) };
    }
    if (ending.kind === 'completed') return { kind: 'done', value: null };
    const failed = failure(ending);
    if (failed.kind !== 'refused' || isBusy(failed.code) || failed.code === notRegistered) {
      return failed;
    }
    return { kind: 'done', value: null };
  }

  #ask(command: Uint8Array): Promise<Ending> {
    return this.#conversation.run(command, 'enquiry', this.#readMs);
  }
}

function failure(ending: Ending): Exclude<Read<never>, { kind: 'done' }> {
  switch (ending.kind) {
    case 'refused':
    case 'aborted':
      return { kind: 'refused', code: ending.code };
    case 'silent':
      return { kind: 'failed', fault: ending.garbled ? 'garbled' : 'silent' };
    case 'completed':
      return { kind: 'failed', fault: 'garbled' };
    default:
      return { kind: 'failed', fault: 'unplugged' };
  }
}
