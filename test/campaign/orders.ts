import type { Ports } from '../../main/runtime/ports.ts';
import { over } from './over.ts';

/** What the kiosk can order a device to do. */
export type Order =
  | 'read'
  | 'prepare'
  | 'credit'
  | 'check'
  | 'open'
  | 'authorise'
  | 'capture'
  | 'reverse'
  | 'inquire'
  | 'ready'
  | 'print';

/** Somebody who stands between the kiosk and its devices: has each order carried out, or not. */
export interface Escort {
  carry<Answer>(order: Order, carryOut: () => Promise<Answer>): Promise<Answer>;
  /** An order without an answer. */
  send(carryOut: () => void): void;
}

/** The same devices, every order to them by way of an escort. */
export function escorted({ cards, terminals, printer }: Ports, by: Escort): Ports {
  return {
    cards: over(cards, {
      read: () => by.carry('read', () => cards.read()),
      prepare: (order) => by.carry('prepare', () => cards.prepare(order)),
      credit: () => by.carry('credit', () => cards.credit()),
      check: (order, mark) => by.carry('check', () => cards.check(order, mark)),
    }),
    terminals: terminals.map((terminal) =>
      over(terminal, {
        open: () => by.carry('open', () => terminal.open()),
        authorise: (order) => by.carry('authorise', () => terminal.authorise(order)),
        cancel: () => by.send(() => terminal.cancel()),
        capture: (payment) => by.carry('capture', () => terminal.capture(payment)),
        reverse: (payment) => by.carry('reverse', () => terminal.reverse(payment)),
        inquire: (payment) => by.carry('inquire', () => terminal.inquire(payment)),
      }),
    ),
    printer: over(printer, {
      ready: () => by.carry('ready', () => printer.ready()),
      print: (order) => by.carry('print', () => printer.print(order)),
    }),
  };
}
