import { fromHex, toHex } from '../../../../hardware/card/hex.ts';
import type { SimulatedCard } from '../../../../hardware/card/simulated.ts';

/** The same card, of which somebody alters what it answers. */
export function altered(
  card: SimulatedCard,
  alter: (command: Uint8Array, response: Uint8Array) => Uint8Array,
): SimulatedCard {
  return {
    label: card.label,
    powerOn: () => card.powerOn(),
    powerOff: () => card.powerOff(),
    exchange(command) {
      const response = card.exchange(command);
      return response === null ? null : alter(command, response);
    },
  };
}

export function alterNth(nth: number, alter: (hex: string) => string) {
  let answered = 0;
  return (_: Uint8Array, response: Uint8Array) => {
    answered += 1;
    return answered === nth ? fromHex(alter(toHex(response))) : response;
  };
}

/** One bit of the byte at `at` is another; from the end where `at` is below 0. */
export function flipped(hex: string, at: number): string {
  const bytes = fromHex(hex);
  const index = at < 0 ? bytes.length + at : at;
  bytes[index] = (bytes[index] ?? 0) ^ 0x01;
  return toHex(bytes);
}
