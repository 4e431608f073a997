import { cardFamilies, createStoredValueCards } from '../../hardware/card/registry.ts';
import type { Line } from '../../hardware/line/port.ts';
import { createSerialLine } from '../../hardware/line/serialport.ts';
import { createTcpLine } from '../../hardware/line/tcp.ts';
import { createReceiptPrinter } from '../../hardware/printer/driver.ts';
import type { ReceiptPrinter } from '../../hardware/printer/port.ts';
import { openPcscReader } from '../../hardware/reader/pcsc.ts';
import { openPcscliteReader } from '../../hardware/reader/pcsclite.ts';
import type { CardReader } from '../../hardware/reader/port.ts';
import { SamCard } from '../../hardware/sam/card.ts';
import type { Sam } from '../../hardware/sam/port.ts';
import { openRemoteSam } from '../../hardware/sam/remote.ts';
import type { PaymentTerminal } from '../../hardware/terminal/port.ts';
import { createZvtTerminal } from '../../hardware/terminal/zvt/driver.ts';
import type { Clock } from '../contract/clock.ts';
import { currencies } from '../contract/money.ts';
import type { Ports } from '../runtime/ports.ts';
import type { ProductionConfig, RealPrinter, RealTerminal } from './config.ts';
import { type CardSamConfig, type RemoteSamConfig, servedBy } from './config-sams.ts';
import type { LineConfig, RealReader } from './config-values.ts';
import type { Log } from './log.ts';

/**
 * Open the real devices that a configuration names. None needs to be there: each driver says what it finds and goes on
 * looking.
 */
export function openRealPorts(config: ProductionConfig, clock: Clock, log: Log): Ports {
  const { reader, sams, printer, terminals } = config.devices;
  const served = Object.keys(config.cards);
  const unserved = served.filter((family) => !sams.some((sam) => servedBy(sam).includes(family)));
  for (const family of unserved) {
    const what = `no load authority is configured for ${family} cards`;
    log.warn(
      { device: 'sam', family },
      `${what}: they can be read, but not topped up ("devices.sams")`,
    );
  }
  return {
    cards: createStoredValueCards({
      reader: openReader(reader, clock, log),
      sams: sams.map((sam) => openSam(sam, config.terminalId, clock, log)),
      profiles: config.cards,
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

/** Open the load authority that its configuration describes: a card in a slot of its own, or a host. Neither needs to be there yet. */
export function openSam(
  sam: CardSamConfig | RemoteSamConfig,
  terminalId: string,
  clock: Clock,
  log: Log,
): Sam {
  if (sam.driver === 'remote') {
    const { driver: _driver, ...host } = sam;
    return openRemoteSam({
      ...host,
      station: terminalId,
      clock,
      log: (line) => log.info({ device: 'sam' }, line),
    });
  }
  const { family, settings } = sam;
  const kind = cardFamilies.find(({ name }) => name === family)?.samCard ?? null;
  if (kind === null) throw new Error(`${family} cards have no load authority on a card`);
  return new SamCard({
    family,
    reader: openReader(sam.reader, clock, log),
    applet: (channel) => kind.applet(channel, settings),
    clock,
    log: (line) => log.info({ device: 'sam', family }, line),
  });
}
