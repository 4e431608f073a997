import { connect } from 'node:net';
import type { Line } from './port.ts';
import { ReopeningLine, type ReopeningOptions } from './reopening.ts';

export type TcpLineOptions = ReopeningOptions & {
  readonly host: string;
  readonly port: number;
};

// A far end that lost its power says nothing: let the system notice within a minute or so, besides the device's own polling.
const keepAliveMs = 10_000;

/** A line over TCP: network printers (port 9100), payment terminals, serial device servers. */
export function createTcpLine(options: TcpLineOptions): Line {
  return new ReopeningLine((events) => {
    const socket = connect({ host: options.host, port: options.port });
    socket.setNoDelay(true);
    socket.setKeepAlive(true, keepAliveMs);
    socket.on('connect', events.onOpen);
    socket.on('data', events.onBytes);
    socket.on('close', events.onGone);
    // Followed by 'close'; without a listener it would end the process.
    socket.on('error', () => {});
    return {
      write: (bytes, onEnd) => {
        socket.write(bytes, (error) => onEnd(!error));
      },
      destroy: () => socket.destroy(),
    };
  }, options);
}
