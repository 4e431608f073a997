import type { BookEntry, Posting, SimulatedBooks, Slip } from './simulated-books.ts';
import { statusInformation } from './simulated-slip.ts';
import {
  aborted,
  decimal,
  fromDecimal,
  hex2,
  message,
  type RequestFields,
  readRequest,
  tlv,
} from './simulated-wire.ts';

/** How a command is met. */
export type Served =
  /** Instead of 80 00 00. */
  | { readonly kind: 'refused'; readonly bytes: Uint8Array }
  /** The messages behind 80 00 00. */
  | { readonly kind: 'messages'; readonly parts: readonly Uint8Array[] }
  /** A payment that a person has to make. */
  | {
      readonly kind: 'payment';
      readonly of: BookEntry['kind'];
      readonly amountMinor: number;
    };

export type CommandSettings = {
  readonly currency: number;
  readonly password: string;
  readonly reservations: boolean;
  readonly repeatsStatus: boolean;
  readonly namesOriginal: boolean;
  readonly unmaskedCard: boolean;
  readonly wallMs: () => number;
};

const functionNotPossible = 0x83;
const notRegistered = 0x6b;
const amountTooSmall = 0xc8;
const wrongCurrency = 0x6f;
const preAuthorisationError = 'b8';

const unknown: Served = { kind: 'refused', bytes: message('8483') };
const unreadable: Served = { kind: 'refused', bytes: message('849a') };

/** What the terminal does with each command it knows. Anything else is an unknown command (84 83). */
export class SimulatedCommands {
  readonly #books: SimulatedBooks;
  readonly #settings: CommandSettings;
  #registered = false;
  /** The status byte that a status enquiry is answered with: 00 when all is well. */
  status = 0x00;

  constructor(books: SimulatedBooks, settings: CommandSettings) {
    this.#books = books;
    this.#settings = settings;
  }

  /** The power was cut: registration is forgotten. */
  forget(): void {
    this.#registered = false;
  }

  serve(code: string, data: Uint8Array): Served {
    const text = Buffer.from(data).toString('hex');
    switch (code) {
      case '0600':
        return this.#register(text);
      case '0501':
        return this.#withPassword(text, () => says(message('060f', hex2(this.status))));
      case '0620':
        return this.#withPassword(text, () => this.#ifRegistered(() => this.#repeat()));
      case '0630':
        return this.#withPassword(text, () =>
          this.#request(data.subarray(3), (fields) =>
            this.#posted(this.#books.reverse(fromDecimal(fields.receipt) ?? 0)),
          ),
        );
      case '0601':
        return this.#money('payment', data);
      default:
        return this.#settings.reservations ? this.#reservation(code, data, text) : unknown;
    }
  }

  statusOf(slip: Slip): Uint8Array {
    const { currency, namesOriginal, unmaskedCard, wallMs } = this.#settings;
    return message(
      '040f',
      statusInformation(slip, { currency, namesOriginal, unmaskedCard, wallMs: wallMs() }),
    );
  }

  #reservation(code: string, data: Uint8Array, text: string): Served {
    switch (code) {
      case '0622':
        return this.#money('reservation', data);
      case '0623':
        if (text !== '87ffff') return unknown;
        return this.#ifRegistered(() =>
          says(message('061e', preAuthorisationError + this.#openList())),
        );
      case '0624':
        return this.#request(data, ({ receipt, trace, amount }) =>
          this.#posted(
            this.#books.book(
              fromDecimal(receipt) ?? 0,
              fromDecimal(trace) ?? 0,
              fromDecimal(amount) ?? 0,
            ),
          ),
        );
      case '0625':
        return this.#request(data, ({ receipt }) =>
          this.#posted(this.#books.release(fromDecimal(receipt) ?? 0)),
        );
      default:
        return unknown;
    }
  }

  #register(text: string): Served {
    const { currency, password } = this.#settings;
    if (text.length < 8) return unreadable;
    if (!text.startsWith(password)) return says(aborted(functionNotPossible));
    if (text.length > 8 && text.slice(8, 12) !== decimal(currency, 4)) {
      return this.#wrongCurrency();
    }
    this.#registered = true;
    return says(message('060f', `1910295252353549${decimal(currency, 4)}`));
  }

  #repeat(): Served {
    const slip = this.#books.lastSlip;
    if (slip === null) return says(aborted(functionNotPossible));
    return this.#settings.repeatsStatus
      ? says(this.statusOf(slip), message('060f'))
      : says(message('06d1', '00'), message('060f'));
  }

  #money(of: BookEntry['kind'], data: Uint8Array): Served {
    return this.#request(data, (fields) => {
      const amountMinor = fromDecimal(fields.amount);
      if (amountMinor === null) return unreadable;
      if (amountMinor === 0) return says(aborted(amountTooSmall));
      return { kind: 'payment', of, amountMinor };
    });
  }

  #request(data: Uint8Array, serve: (fields: RequestFields) => Served): Served {
    const fields = readRequest(data);
    if (fields === null) return unreadable;
    return this.#ifRegistered(() => {
      const foreign =
        fields.currency !== null && fields.currency !== decimal(this.#settings.currency, 4);
      return foreign ? this.#wrongCurrency() : serve(fields);
    });
  }

  #ifRegistered(serve: () => Served): Served {
    return this.#registered ? serve() : says(aborted(notRegistered));
  }

  #withPassword(text: string, serve: () => Served): Served {
    return text.startsWith(this.#settings.password) ? serve() : says(aborted(functionNotPossible));
  }

  #posted(posting: Posting): Served {
    if (posting.kind === 'refused') return says(aborted(posting.code));
    return says(message('04ff', '0e'), this.statusOf(posting.slip), message('060f'));
  }

  #openList(): string {
    const [first, ...more] = this.#books.openReceipts().map((receipt) => decimal(receipt, 4));
    if (first === undefined) return '87ffff';
    // As many as fit in a container with one byte of length.
    const list = more.slice(0, 25).map((receipt) => tlv('08', receipt));
    return list.length === 0 ? `87${first}` : `87${first}${tlv('06', tlv('23', list.join('')))}`;
  }

  #wrongCurrency(): Served {
    const code = wrongCurrency.toString(16);
    return says(message('061e', `${code}${decimal(this.#settings.currency, 4)}`));
  }
}

function says(...parts: readonly Uint8Array[]): Served {
  return { kind: 'messages', parts };
}
