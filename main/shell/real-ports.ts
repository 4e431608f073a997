import { createStoredValueCards } from '../../hardware/card/registry.ts';
import type { Line } from '../../hardware/line/port.ts';
import { createSerialLine } from '../../hardware/line/serialport.ts';
import { createTcpLine } from '../../hardware/line/tcp.ts';
import { createReceiptPrinter } from '../../hardware/printer/driver.ts';
import { openPcscReader } from '../../hardware/reader/pcsc.ts';
import type { Sam } from '../../hardware/sam/port.ts';
import { createZvtTerminal } from '../../hardware/terminal/zvt/driver.ts';
import type { Clock } from '../contract/clock.ts';
import { down } from '../contract/device.ts';
import { currencies } from '../contract/money.ts';
import type { Ports } from '../runtime/ports.ts';
import type { LineConfig, ProductionConfig } from './config.ts';
import type { Log } from './log.ts';

/**
 * Open the real devices that a configuration names. None needs to be there: each driver says what it finds and goes on
 * looking.
 */
export function openRealPorts(config: ProductionConfig, clock: Clock, log: Log): Ports {
  const { reader, printer, terminals } = config.devices;
  return {
    cards: createStoredValueCards({
      reader: openPcscReader({
        readerName: reader.pattern,
        clock,
        log: (line) => log.info({ device: 'reader' }, line),
      }),
      sam: absentSam(log),
      pbocProfiles: config.cards.pboc,
      clock,
    }),
    printer: createReceiptPrinter({
      line: openLine(printer.line, clock),
      profile: printer.profile,
      clock,
      onPaperLow: (low) =>
        log.warn({ device: 'printer', low }, 'the paper is near its end, or new'),
    }),
    terminals: terminals.map((terminal) => {
      const { id, kind, phases, password } = terminal;
      return createZvtTerminal({
        line: openLine(terminal.line, clock),
        means: { id, kind, phases },
        clock,
        currency: currencies[config.currency].numeric,
        password,
      });
    }),
  };
}

function openLine(line: LineConfig, clock: Clock): Line {
  return line.kind === 'serial'
    ? createSerialLine({ ...line, clock })
    : createTcpLine({ ...line, clock });
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
