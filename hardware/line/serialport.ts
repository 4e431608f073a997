import { SerialPort } from 'serialport';
import type { Line } from './port.ts';
import { ReopeningLine, type ReopeningOptions } from './reopening.ts';

export type SerialLineOptions = ReopeningOptions & {
  /** Best a name that survives replugging: /dev/serial/by-id/…, COM3. */
  readonly path: string;
  readonly baudRate: number;
  readonly dataBits?: 7 | 8;
  readonly parity?: 'none' | 'even' | 'odd';
  readonly stopBits?: 1 | 2;
  /** RTS/CTS handshake. */
  readonly rtscts?: boolean;
};

/**
 * A serial port. What `serialport` 13 does when the far end vanishes decides the shape of this: without a listener for data
 * nothing is noticed, `close` may come twice, and write and drain may never call back (measured on pseudo-terminals).
 */
export function createSerialLine(options: SerialLineOptions): Line {
  return new ReopeningLine((events) => {
    const port = new SerialPort({
      path: options.path,
      baudRate: options.baudRate,
      dataBits: options.dataBits ?? 8,
      parity: options.parity ?? 'none',
      stopBits: options.stopBits ?? 1,
      rtscts: options.rtscts ?? false,
      autoOpen: false,
    });
    let isGivenUp = false;
    const shut = () => {
      // The answer does not matter: a port that cannot be closed any more is closed.
      if (port.isOpen) port.close(() => {});
    };
    port.on('data', events.onBytes);
    port.on('error', events.onGone);
    port.on('close', events.onGone);
    port.open((error) => {
      if (isGivenUp) shut();
      else if (error) events.onGone();
      else events.onOpen();
    });
    return {
      write: (bytes, onEnd) => {
        port.write(Buffer.from(bytes), (error) => {
          if (error) onEnd(false);
          else port.drain((drainError) => onEnd(!drainError));
        });
      },
      destroy: () => {
        isGivenUp = true;
        shut();
      },
    };
  }, options);
}
