import type { Clock } from '../../../main/contract/clock.ts';
import type { Line } from '../../line/port.ts';
import type { CardReader } from '../../reader/port.ts';
import { pcscdFolder } from './namespaces.ts';
import { Pcscd, slotSocket } from './pcscd.ts';
import { Plug } from './plug.ts';
import { leadToSerialPort } from './printer-lead.ts';
import { ReaderLead } from './reader-lead.ts';
import { SerialCable } from './serial-cable.ts';

/**
 * A pcscd and a serial port, to be put between simulated devices and the kiosk's real drivers. Where the simulated reader is
 * unplugged, pcscd is killed, and started again with its plug; an unplugged printer takes its serial port away.
 */
export class VirtualWires {
  readonly #pcscd: Pcscd;
  readonly #cable: SerialCable;
  readonly #onTrouble: (trouble: string) => void;
  #end: () => Promise<void>;

  private constructor(pcscd: Pcscd, cable: SerialCable, onTrouble: (trouble: string) => void) {
    this.#pcscd = pcscd;
    this.#cable = cable;
    this.#onTrouble = onTrouble;
    this.#end = async () => {
      await pcscd.kill();
      await cable.dispose();
    };
  }

  /**
   * Start pcscd and lay the cable. `onTrouble` is told what does not start again later. Rejects where they do not start.
   * Throws outside the namespaces of namespaces.ts.
   */
  static async lay(onTrouble: (trouble: string) => void): Promise<VirtualWires> {
    const pcscd = new Pcscd('own');
    await pcscd.start();
    // Beside pcscd's socket: it vanishes with the namespaces, however they end.
    return new VirtualWires(pcscd, await SerialCable.make(`${pcscdFolder}/printer`), onTrouble);
  }

  /** The name of the serial port. */
  get serialPort(): string {
    return this.#cable.path;
  }

  /** Put them between. Once. */
  join(devices: { readonly reader: CardReader; readonly printer: Line }, clock: Clock): void {
    const onTrouble = this.#onTrouble;
    const service = new Plug({
      putIn: () => this.#pcscd.start(),
      pull: () => this.#pcscd.kill(),
      onTrouble,
    });
    const port = new Plug({
      putIn: () => this.#cable.plug(),
      pull: () => this.#cable.unplug(),
      onTrouble,
    });
    const reader = new ReaderLead({
      reader: devices.reader,
      socketPath: slotSocket,
      clock,
      onPlugged: (plugged) => service.set(plugged),
    });
    const endPrinter = leadToSerialPort(devices.printer, this.#cable, (plugged) =>
      port.set(plugged),
    );
    this.#end = async () => {
      reader.close();
      endPrinter();
      await Promise.all([service.close(), port.close()]);
      await this.#cable.dispose();
    };
  }

  /** Let go of the devices and end what was started. */
  close(): Promise<void> {
    return this.#end();
  }
}
