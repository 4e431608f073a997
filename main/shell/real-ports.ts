import { createStoredValueCards } from '../../hardware/card/registry.ts';
import type { Line } from '../../hardware/line/port.ts';
import { createSerialLine } from '../../hardware/line/serialport.ts';
import { createTcpLine } from '../../hardware/line/tcp.ts';
import { createReceiptPrinter } from '../../hardware/printer/driver.ts';
import type { ReceiptPrinter } from '../../hardware/printer/port.ts';
import { openPcscReader } from '../../hardware/reader/pcsc.ts';
import { openPcscliteReader } from '../../hardware/reader/pcsclite.ts';
import type { CardReader } from '../../hardware/reader/port.ts';
import type { Sam } from '../../hardware/sam/port.ts';
import type { PaymentTerminal } from '../../hardware/terminal/port.ts';
import { createZvtTerminal } from '../../hardware/terminal/zvt/driver.ts';
import type { Clock } from '../contract/clock.ts';
import { down } from '../contract/device.ts';
import { currencies } from '../contract/money.ts';
import type { Ports } from '../runtime/ports.ts';
import type {
  LineConfig,
  ProductionConfig,
  RealPrinter,
  RealReader,
  RealTerminal,
} from './config.ts';
import type { Log } from './log.ts';

/**
 * Open the real devices that a configuration names. None needs to be there: each driver says what it finds and goes on
 * looking.
 */
export function openRealPorts(config: ProductionConfig, clock: Clock, log: Log): Ports {
  const { reader, printer, terminals } = config.devices;
  return {
    cards: createStoredValueCards({
      reader: openReader(reader, clock, log),
      sam: absentSam(log),
      pbocProfiles: config.cards.pboc,
      clock,
    }),
    printer: printerOn(openLine(printer.line, clock), printer, clock, log),
    terminals: terminals.map((terminal) =>
      terminalOn(openLine(terminal.line, clock), terminal, config.currency, clock),
    ),
  };
}

/** Open a serial port or a TCP connection. The far end does not need to be there yet. */
export function openLine(line: LineConfig, clock: Clock): Line {
  return line.kind === 'serial'
    ? createSerialLine({ ...line, clock })
    : createTcpLine({ ...line, clock });
}

/** Open the card reader that its configuration describes. It does not need to be there yet. */
export function openReader({ driver, pattern }: RealReader, clock: Clock, log: Log): CardReader {
  const open = driver === 'pcsc' ? openPcscReader : openPcscliteReader;
  return open({
    readerName: pattern,
    clock,
    log: (line) => log.info({ device: 'reader' }, line),
  });
}

/** Drive the printer at the far end of a line. The line becomes its own. */
export function printerOn(
  line: Line,
  { profile }: RealPrinter,
  clock: Clock,
  log: Log,
): ReceiptPrinter {
  return createReceiptPrinter({
    line,
    profile,
    clock,
    onPaperLow: (low) => {
      if (low) log.warn({ device: 'printer' }, 'the paper is near its end: put in a new roll soon');
      else log.info({ device: 'printer' }, 'a new roll of paper is in');
    },
    onFound: (found) => log.info({ device: 'printer', ...found }, 'the printer says what it is'),
  });
}

/** Drive the payment terminal at the far end of a line. The line becomes its own. */
export function terminalOn(
  line: Line,
  { id, kind, phases, password }: RealTerminal,
  currency: keyof typeof currencies,
  clock: Clock,
): PaymentTerminal {
  return createZvtTerminal({
    line,
    means: { id, kind, phases },
    clock,
    currency: currencies[currency].numeric,
    password,
  });
}

/** The load authority that a station cannot have yet: there is no driver for one. It says so, and no load is begun. */
function absentSam(log: Log): Sam {
  const detail = 'no load authority is configured';
  return {
    watch(onHealth) {
      log.warn({ device: 'sam' }, `${detail}: cards can be read, but not topped up`);
      onHealth(down('not-ready'));
      return () => {};
    },
    authoriseLoad: async () => ({ kind: 'failed', detail }),
    verifyTac: async () => ({ kind: 'failed', detail }),
    close: async () => {},
  };
}
