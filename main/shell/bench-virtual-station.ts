import path from 'node:path';
import { printerProfiles } from '../../hardware/printer/profile.ts';
import {
  beside,
  forbiddenNamespaces,
  inNamespaces,
  isInNamespaces,
  missingPrograms,
} from '../../hardware/rig/virtual/namespaces.ts';
import { firstReader } from '../../hardware/rig/virtual/pcscd.ts';
import { VirtualWires } from '../../hardware/rig/virtual/wires.ts';
import { systemClock } from '../runtime/clock.ts';
import type { Log } from '../runtime/log.ts';
import { type Bench, startBench } from './bench.ts';
import type { BenchConfig } from './config.ts';
import type { StartOptions } from './options.ts';
import { benchConfig, usualJournal } from './simulated-station.ts';
import { StartRefused } from './start-refused.ts';

/*
 * The virtual station: the simulated one, with a real PC/SC service and a real serial port between its devices and the
 * kiosk, which drives them as it drives real ones.
 */

/**
 * Go on where a pcscd may be started: returns there, and elsewhere starts this program there in place of itself, with the
 * same process id. Throws StartRefused where that cannot be.
 */
export function enterVirtualStation(): void {
  if (isInNamespaces()) return;
  if (process.platform !== 'linux' || process.execve === undefined) {
    throw new StartRefused(
      'The virtual station needs Linux. The simulated one runs anywhere: leave --station out.',
    );
  }
  const obstacle = missingPrograms() ?? forbiddenNamespaces();
  if (obstacle !== null) throw new StartRefused(`The virtual station cannot start. ${obstacle}`);
  const [program, args] = inNamespaces('shared', [
    process.execPath,
    ...process.execArgv,
    ...process.argv.slice(1),
  ]);
  process.execve('/usr/bin/env', ['env', program, ...args], process.env);
}

/** A line that says how to see this station's reader with another program's eyes. */
export function lookAtReaders(): string {
  return `reader  ${beside('pcsc_scan')}`;
}

/**
 * A virtual station with a bench beside it. Rejects with StartRefused with every problem of a configuration, and where the
 * wires cannot be laid.
 */
export async function openVirtual(options: StartOptions, log: Log): Promise<Bench> {
  const { configFile, journalFile } = options;
  const config = benchConfig(configFile);
  const { reader } = config.devices;
  if (reader.driver !== 'simulated' && !new RegExp(reader.pattern).test(firstReader)) {
    throw new StartRefused(
      `${configFile}: "devices.reader.pattern" does not fit the virtual station's reader, "${firstReader}". ` +
        'Name that one, or leave --station out to use a real reader.',
    );
  }
  const wires = await VirtualWires.lay((trouble) => log.warn({}, trouble)).catch(
    (error: unknown) => {
      const why = error instanceof Error ? error.message : String(error);
      throw new StartRefused(`The virtual station cannot start: ${why}.`, { cause: error });
    },
  );
  return startBench({
    config: behindWires(config, wires.serialPort),
    clock: systemClock,
    log,
    journalPath: path.resolve(journalFile ?? config.journal ?? usualJournal('virtual', configFile)),
    virtual: {
      wires,
      cables: config.devices.printer.driver === 'simulated' ? ['reader', 'printer'] : ['reader'],
    },
  });
}

/** The same station with real drivers for its simulated reader and printer. What it names as real stays as it is. */
function behindWires(config: BenchConfig, serialPort: string): BenchConfig {
  const { reader, printer } = config.devices;
  return {
    ...config,
    devices: {
      ...config.devices,
      reader:
        reader.driver === 'simulated' ? { driver: 'pcsc', pattern: `^${firstReader}$` } : reader,
      printer:
        printer.driver === 'simulated'
          ? {
              driver: 'escpos',
              line: {
                kind: 'serial',
                path: serialPort,
                baudRate: 115_200,
                dataBits: 8,
                parity: 'none',
                stopBits: 1,
                rtscts: false,
              },
              profile: printerProfiles['gb18030-80mm'],
            }
          : printer,
    },
  };
}
