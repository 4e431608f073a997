import type { PcscSurvey } from '../../../hardware/reader/pcsc-survey.ts';
import type { Clock } from '../../contract/clock.ts';
import type { BenchConfig, ProductionConfig, RealPrinter, RealTerminal } from '../config.ts';
import type { CardSamConfig, RemoteSamConfig } from '../config-sams.ts';
import type { RealReader } from '../config-values.ts';
import type { Holder } from './lock-holder.ts';

export type StationConfig = ProductionConfig | BenchConfig;

/** The station under examination. */
export type Patient = {
  readonly configFile: string | null;
  /** Null where none was given, or it is wrong: then what can be found without is examined. */
  readonly config: StationConfig | null;
  /** The kiosk that runs from this configuration. Devices that it uses are left alone. */
  readonly kiosk: Holder | null;
  /** One look at PC/SC, shared by all who ask. */
  readonly pcsc: () => Promise<PcscSurvey>;
  readonly clock: Clock;
};

/** The devices of a configuration that are not simulated. */
export function realDevices(config: StationConfig | null): {
  readonly reader: RealReader | null;
  readonly printer: RealPrinter | null;
  readonly terminals: readonly RealTerminal[];
  readonly sams: readonly (CardSamConfig | RemoteSamConfig)[];
  /** It serves the families that no other one does. */
  readonly hasSimulatedSam: boolean;
} {
  if (config === null) {
    return { reader: null, printer: null, terminals: [], sams: [], hasSimulatedSam: false };
  }
  const { reader, printer, terminals, sams } = config.devices;
  return {
    sams: sams.flatMap((sam) => (sam.driver === 'simulated' ? [] : [sam])),
    hasSimulatedSam: sams.some(({ driver }) => driver === 'simulated'),
    reader: reader.driver === 'simulated' ? null : reader,
    printer: printer.driver === 'simulated' ? null : printer,
    terminals: terminals.flatMap((terminal) => (terminal.driver === 'simulated' ? [] : [terminal])),
  };
}
