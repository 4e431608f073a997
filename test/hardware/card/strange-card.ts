import { fromHex, toHex } from '../../../hardware/card/hex.ts';
import type { SimulatedCard } from '../../../hardware/card/simulated.ts';

type StrangeCardParts = {
  readonly atr: string;
  /** DF names in hex, of which a card takes the beginning for the whole (ISO 7816-4 7.1.1). */
  readonly applications?: readonly string[];
  /** By file identifier in hex: what a card answers, by command in hex, once the file is selected. */
  readonly files?: Readonly<Record<string, Readonly<Record<string, string>>>>;
};

/** A card of some kind that no family serves: it knows its applications and files, and refuses everything else. */
export class StrangeCard implements SimulatedCard {
  readonly label = 'strange card';
  readonly #parts: StrangeCardParts;
  /** In its master file, the only one that holds others. */
  #isAtTop = true;
  #answers: Readonly<Record<string, string>> = {};

  constructor(parts: StrangeCardParts) {
    this.#parts = parts;
  }

  powerOn(): Uint8Array {
    this.#isAtTop = true;
    this.#answers = {};
    return fromHex(this.#parts.atr);
  }

  powerOff(): void {}

  exchange(command: Uint8Array): Uint8Array {
    const { applications = [], files = {} } = this.#parts;
    const said = toHex(command);
    const data = toHex(command.subarray(5, 5 + (command[4] ?? 0)));
    if (said.startsWith('00A40400')) {
      const name = applications.find((each) => each.startsWith(data));
      if (name === undefined) return fromHex('6A82');
      this.#isAtTop = false;
      this.#answers = {};
      const template = `84${byte(name.length / 2)}${name}`;
      return fromHex(`6F${byte(template.length / 2)}${template}9000`);
    }
    if (said.startsWith('00A40000')) {
      const file = data === '3F00' ? {} : this.#isAtTop ? files[data] : undefined;
      if (file === undefined) return fromHex('6A82');
      this.#isAtTop = data === '3F00';
      this.#answers = file;
      return fromHex('9000');
    }
    return fromHex(this.#answers[said] ?? '6D00');
  }
}

function byte(value: number): string {
  return value.toString(16).padStart(2, '0');
}
