import { answerOf, type DesfireCommand } from './command.ts';
import { littleEndian } from './little-endian.ts';

/** 0C: add to the value, once it is committed. `amount` in the card's own unit, 1 to 7FFFFFFF. */
export function credit(file: number, amount: number): DesfireCommand<null> {
  if (!(amount > 0) || amount > 0x7fff_ffff) throw new RangeError(`${amount} cannot be credited`);
  const name = 'CREDIT';
  return {
    name,
    ins: 0x0c,
    header: Uint8Array.of(file),
    data: littleEndian(amount, 4),
    answerBytes: 0,
    parse: (data) => answerOf(name, data, 0, () => null),
  };
}
