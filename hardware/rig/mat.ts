import type { BenchCard, BenchTerminal } from '../../main/contract/bench.ts';
import { maskedNumber } from '../../main/contract/card.ts';
import { type Currency, formatMoney, minorUnits } from '../../main/contract/money.ts';
import type { DrawerCard } from './drawer.ts';
import type { RigTerminal } from './rig-terminal.ts';

/** How many payments of a terminal's books are shown. */
const shownPayments = 20;

/** A card as it lies on the bench. */
export function cardOnMat({ spec, purse }: DrawerCard): BenchCard {
  const { id, name, note, face } = spec;
  const books = purse();
  if (books === null) return { id, name, note, face, purse: null, fresh: true };
  return {
    id,
    name,
    note,
    face,
    fresh: 'number' in spec && books.balanceMinor === spec.balanceMinor,
    purse: {
      maskedNumber: maskedNumber(books.number),
      balanceMinor: minorUnits(books.balanceMinor),
      loads: books.loads,
      blocked: books.blocked,
      validTo: books.validTo,
    },
  };
}

/** A terminal as it stands on the bench, its display in the words of its kind. */
export function terminalOnMat(terminal: RigTerminal, currency: Currency): BenchTerminal {
  const { means, device, plugged, silenced, books } = terminal;
  const waitingMinor = device.waitingMinor === null ? null : minorUnits(device.waitingMinor);
  const word = means.kind === 'bank-card' ? 'Present card' : 'Scan to pay';
  return {
    id: means.id,
    kind: means.kind,
    phases: means.phases,
    plugged,
    silenced,
    display: waitingMinor === null ? [device.display] : [formatMoney(waitingMinor, currency), word],
    waitingMinor,
    books: books.slice(0, shownPayments).map((entry) => ({
      ...entry,
      amountMinor: minorUnits(entry.amountMinor),
    })),
  };
}
