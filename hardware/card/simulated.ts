/**
 * A card as whoever powers it sees it: a simulated reader, or a virtual one behind pcscd. Synchronous: time, and being
 * pulled out half-way, are the reader's matter.
 */
export interface SimulatedCard {
  /** For the bench: what kind of card this is. */
  readonly label: string;
  /** Power and reset; the answer to reset, null where the card does not give one. */
  powerOn(): Uint8Array | null;
  /** One command; its response, null where the card stays silent. */
  exchange(command: Uint8Array): Uint8Array | null;
  /** The card forgets everything that is not written. */
  powerOff(): void;
}

/** ATR of a contactless card without historical bytes (PC/SC part 3, 3.1.3.2.3.1). */
const plainAtr = Uint8Array.of(0x3b, 0x80, 0x80, 0x01, 0x01);

const selectByNameHeader = '00a40400';

/** A bank card as far as an EMV payment environment: it says which applications it has, and knows no purse. */
export class SimulatedBankCard implements SimulatedCard {
  readonly label = 'bank card';

  powerOn(): Uint8Array {
    return plainAtr;
  }

  exchange(command: Uint8Array): Uint8Array {
    const bytes = Buffer.from(command);
    if (bytes.subarray(0, 4).toString('hex') !== selectByNameHeader) {
      return Uint8Array.of(0x6d, 0x00);
    }
    const name = bytes.subarray(5, 5 + (bytes[4] ?? 0));
    if (name.toString('latin1') !== '2PAY.SYS.DDF01') return Uint8Array.of(0x6a, 0x82);
    // 6F { 84 name, A5 { BF0C { 61 { 4F AID, 87 priority }}}} (EMV Book B table 3-3), the AID a test one.
    const entry = tlv(
      0x61,
      tlv(0x4f, Buffer.from('A0000000031010', 'hex')),
      tlv(0x87, Buffer.of(1)),
    );
    const proprietary = tlv(0xa5, Buffer.concat([Buffer.of(0xbf), tlv(0x0c, entry)]));
    const fci = tlv(0x6f, tlv(0x84, name), proprietary);
    return new Uint8Array(Buffer.concat([fci, Buffer.of(0x90, 0x00)]));
  }

  powerOff(): void {}
}

function tlv(tag: number, ...parts: readonly Buffer[]): Buffer {
  const value = Buffer.concat(parts);
  return Buffer.concat([Buffer.of(tag, value.length), value]);
}

/** A card that is there and says nothing. With an ATR it dies after the reset; without, before. */
export class SimulatedMuteCard implements SimulatedCard {
  readonly label = 'mute card';
  readonly #answersReset: boolean;

  constructor({ answersReset }: { readonly answersReset: boolean }) {
    this.#answersReset = answersReset;
  }

  powerOn(): Uint8Array | null {
    return this.#answersReset ? plainAtr : null;
  }

  exchange(): null {
    return null;
  }

  powerOff(): void {}
}

/** A card whose answers are no APDU responses. */
export class SimulatedGarbledCard implements SimulatedCard {
  readonly label = 'garbled card';

  powerOn(): Uint8Array {
    return plainAtr;
  }

  exchange(): Uint8Array {
    return Uint8Array.of(0xff);
  }

  powerOff(): void {}
}

/**
 * The same card over T=0 (ISO 7816-3 10.3): a command that sends and is answered with data answers 61xx and waits for GET
 * RESPONSE; one that only is answered with data wants its exact length and says 6Cxx otherwise.
 */
export class SimulatedT0Card implements SimulatedCard {
  readonly label: string;
  readonly #card: SimulatedCard;
  #waiting: Uint8Array | null = null;

  constructor(card: SimulatedCard) {
    this.#card = card;
    this.label = card.label;
  }

  powerOn(): Uint8Array | null {
    this.#waiting = null;
    return this.#card.powerOn() === null ? null : Uint8Array.of(0x3b, 0x00);
  }

  exchange(command: Uint8Array): Uint8Array | null {
    const p3 = command[4] ?? 0;
    if (command[1] === 0xc0) return this.#getResponse(p3);
    this.#waiting = null;
    const sendsData = command.length > 5;
    // T=0 has no Le after data: the card never sees it.
    const response = this.#card.exchange(sendsData ? command.subarray(0, 5 + p3) : command);
    if (response === null || response.length <= 2) return response;
    const length = response.length - 2;
    if (sendsData) {
      this.#waiting = response;
      return Uint8Array.of(0x61, length & 0xff);
    }
    return p3 === length ? response : Uint8Array.of(0x6c, length & 0xff);
  }

  powerOff(): void {
    this.#waiting = null;
    this.#card.powerOff();
  }

  #getResponse(length: number): Uint8Array {
    const response = this.#waiting;
    if (response === null) return Uint8Array.of(0x69, 0x85);
    const available = response.length - 2;
    if (length !== (available & 0xff)) return Uint8Array.of(0x6c, available & 0xff);
    this.#waiting = null;
    return response;
  }
}
