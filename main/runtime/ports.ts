import type { StoredValueCards } from '../../hardware/card/port.ts';
import type { ReceiptPrinter } from '../../hardware/printer/port.ts';
import type { PaymentTerminal } from '../../hardware/terminal/port.ts';

/** The devices of a station as the runtime sees them: port types only, whoever stands behind them. */
export type Ports = {
  readonly cards: StoredValueCards;
  readonly terminals: readonly PaymentTerminal[];
  readonly printer: ReceiptPrinter;
};
