import type { DeviceFault, Health } from '../../main/contract/device.ts';
import type { Receipt } from '../../main/contract/receipt.ts';

export type PrintOrder = {
  readonly receipt: Receipt;
  /** A second copy is marked as such on the paper: 补打 / 補印 / DUPLICATE. */
  readonly copy: 'original' | 'duplicate';
};

/** Lines for staff and for the books, at most as long as the paper has columns of ASCII characters. */
export type PaperLines = (columns: number) => readonly string[];

export type ReadyAnswer =
  | { readonly kind: 'ready' }
  | { readonly kind: 'not-ready'; readonly fault: DeviceFault };

export type PrintAnswer =
  /** The printer confirmed that everything before its confirmation is on paper and cut. */
  | { readonly kind: 'printed' }
  /** Nothing reached the paper. */
  | { readonly kind: 'not-printed'; readonly fault: DeviceFault }
  /** Some or all of it may be on paper. */
  | { readonly kind: 'unknown'; readonly fault: DeviceFault };

export interface ReceiptPrinter {
  /** Health now and at each change. */
  watch(onHealth: (health: Health) => void): () => void;
  /**
   * Ask the printer afresh whether it can take a job now. Puts nothing on paper. Always answers, when lines that are being
   * printed are out.
   */
  ready(): Promise<ReadyAnswer>;
  /**
   * An earlier process may have died while it printed: half a slip may hang at the printer, with somebody's card and balance
   * on it. It is cut off before the next one.
   */
  cutFirst(): void;
  /** One receipt at a time; it waits for lines that are being printed. Always answers, within the driver's own deadlines. */
  print(order: PrintOrder): Promise<PrintAnswer>;
  /**
   * Print lines, cut and confirmed as a receipt is, but given up at the first thing that is wrong: no person's receipt
   * waits while somebody fetches paper for them. Nothing is printed while another job is.
   */
  printLines(lines: PaperLines): Promise<PrintAnswer>;
  close(): Promise<void>;
}
