import type { Clock } from '../../main/contract/clock.ts';
import type { Currency } from '../../main/contract/money.ts';
import type { StoredValueCards } from '../card/port.ts';
import type { CardProfile } from '../card/profile.ts';
import { createStoredValueCards } from '../card/registry.ts';
import { createReceiptPrinter } from '../printer/driver.ts';
import type { ReceiptPrinter } from '../printer/port.ts';
import type { CardReader } from '../reader/port.ts';
import type { Sam } from '../sam/port.ts';
import type { PaymentTerminal } from '../terminal/port.ts';
import { createZvtTerminal } from '../terminal/zvt/driver.ts';
import { type RigPrinter, rigPrinterProfile } from './rig-printer.ts';
import type { RigTerminal } from './rig-terminal.ts';
import type { SamSocket } from './sam-socket.ts';
import type { Tether } from './tether.ts';

/** The kiosk's side of every device, for one life of its process. */
export type RigPorts = {
  readonly cards: StoredValueCards;
  readonly terminals: readonly PaymentTerminal[];
  readonly printer: ReceiptPrinter;
  /** Stops with the process: a kiosk that is killed sets and hears no timer any more. */
  readonly clock: Clock;
};

/** Real devices, opened for one life of the process. Null: there is none, the simulated one is used. */
export type RealParts = {
  /** Each serves its families in place of the simulated load authorities. */
  readonly sams: readonly Sam[];
  readonly reader: CardReader | null;
  readonly printer: ReceiptPrinter | null;
  readonly terminals: readonly PaymentTerminal[];
};

/** Opens real devices on the tether of one life. `clock` stops with it: for all that belongs to the process. */
export type OpenReal = (tether: Tether, clock: Clock) => RealParts;

const nothingReal: OpenReal = () => ({ sams: [], reader: null, printer: null, terminals: [] });

/** Drivers on the simulated parts of a rig, and real devices in place of some of them. */
export function openRigPorts(order: {
  readonly parts: {
    readonly reader: CardReader;
    readonly sams: readonly SamSocket[];
    readonly printer: RigPrinter;
    readonly terminals: readonly RigTerminal[];
  };
  readonly tether: Tether;
  readonly clock: Clock;
  readonly currency: Currency;
  /** By family. */
  readonly profiles: Readonly<Record<string, readonly CardProfile[]>>;
  readonly openReal: OpenReal | undefined;
}): RigPorts {
  const { parts, tether, currency, profiles, openReal = nothingReal } = order;
  const clock = tether.clock(order.clock);
  const real = openReal(tether, clock);
  const simulated = parts.terminals.map(({ line, means }) =>
    createZvtTerminal({
      line: tether.line(line),
      means,
      clock,
      currency: currency.numeric,
      password: '000000',
    }),
  );
  return {
    clock,
    cards: createStoredValueCards({
      reader: real.reader ?? tether.reader(parts.reader),
      sams: [...real.sams, ...parts.sams.map((sam) => tether.sam(sam))],
      profiles,
      clock,
    }),
    terminals: [...simulated, ...real.terminals],
    printer:
      real.printer ??
      createReceiptPrinter({
        line: tether.line(parts.printer.line),
        profile: rigPrinterProfile,
        clock,
      }),
  };
}
