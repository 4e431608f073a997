import type { Line } from '../../hardware/line/port.ts';
import type { RealParts } from '../../hardware/rig/rig-ports.ts';
import type { Tether } from '../../hardware/rig/tether.ts';
import type { Sam } from '../../hardware/sam/port.ts';
import type { Clock } from '../contract/clock.ts';
import type { BenchConfig } from './config.ts';
import type { CardSamConfig, RemoteSamConfig } from './config-sams.ts';
import type { LineConfig } from './config-values.ts';
import type { Log } from './log.ts';
import { openLine, openReader, openSam, printerOn, terminalOn } from './real-ports.ts';

/** A service that hangs must not keep the station from starting again. */
const patienceMs = 2_000;

/**
 * The real ones among a bench's devices. Lines and readers are opened below the tether: when the kiosk's process is killed
 * they are closed as the system closes them, and no driver gets to say goodbye.
 */
export class RealDevices {
  readonly #config: BenchConfig;
  readonly #clock: Clock;
  readonly #log: Log;
  #opened: (() => Promise<void>)[] = [];

  constructor(config: BenchConfig, clock: Clock, log: Log) {
    this.#config = config;
    this.#clock = clock;
    this.#log = log;
  }

  /** Of the real devices: reader, printer, a terminal's id. */
  get cables(): readonly string[] {
    const { reader, printer, terminals } = this.#config.devices;
    return [
      ...(reader.driver === 'simulated' ? [] : ['reader']),
      ...(printer.driver === 'simulated' ? [] : ['printer']),
      ...terminals.flatMap(({ id, driver }) => (driver === 'simulated' ? [] : [id])),
    ];
  }

  /** Open them for one life of the kiosk's process; `clock` stops with it. */
  open(tether: Tether, clock: Clock): RealParts {
    const { reader, sams, printer, terminals } = this.#config.devices;
    return {
      sams: sams.flatMap((sam) =>
        sam.driver === 'simulated' ? [] : [tether.sam(this.#sam(sam, clock))],
      ),
      reader: reader.driver === 'simulated' ? null : tether.reader(this.#reader(reader)),
      printer:
        printer.driver === 'simulated'
          ? null
          : printerOn(tether.line(this.#line(printer.line)), printer, clock, this.#log),
      terminals: terminals.flatMap((terminal) =>
        terminal.driver === 'simulated'
          ? []
          : [
              terminalOn(
                tether.line(this.#line(terminal.line)),
                terminal,
                this.#config.currency,
                clock,
              ),
            ],
      ),
    };
  }

  /** Let go of what was opened, with nothing finished first. */
  async close(): Promise<void> {
    const closed = Promise.all(this.#opened.map((close) => close()));
    this.#opened = [];
    await new Promise<void>((resolve) => {
      const cancel = this.#clock.after(patienceMs, resolve);
      void closed.finally(() => {
        cancel();
        resolve();
      });
    });
  }

  #reader(config: Parameters<typeof openReader>[0]): ReturnType<typeof openReader> {
    const reader = openReader(config, this.#clock, this.#log);
    this.#opened.push(() => reader.close());
    return reader;
  }

  #sam(config: CardSamConfig | RemoteSamConfig, clock: Clock): Sam {
    const sam = openSam(config, this.#config.terminalId, clock, this.#log);
    this.#opened.push(() => sam.close());
    return sam;
  }

  #line(config: LineConfig): Line {
    const line = openLine(config, this.#clock);
    this.#opened.push(() => line.close());
    return line;
  }
}
