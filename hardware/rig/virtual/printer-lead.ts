import type { Line } from '../../line/port.ts';
import type { SerialCable } from './serial-cable.ts';

/** Less than a busy device has room for. */
const pieceBytes = 128;
/** A device may say that it is busy for as long as it likes. */
const patienceMs = 60_000;

/**
 * Leads a device's line to a serial port: whatever the kiosk writes there goes to the device, and back. While the device is
 * busy nothing is taken from the port. The answer ends it.
 */
export function leadToSerialPort(
  line: Line,
  cable: SerialCable,
  onPlugged: (plugged: boolean) => void,
): () => void {
  let passed = Promise.resolve();
  cable.listen((bytes) => {
    cable.stall();
    passed = passed.then(() => pass(line, bytes)).then(() => cable.goOn());
  });
  return line.watch({
    onOpen: () => onPlugged(true),
    onBytes: (bytes) => cable.send(bytes),
    onLost: () => onPlugged(false),
  });
}

/** What is on its way when the line is lost is lost. */
async function pass(line: Line, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    const piece = bytes.subarray(at, at + pieceBytes);
    for (;;) {
      const answer = await line.write(piece, patienceMs);
      if (answer.kind === 'failed' && answer.fault.kind === 'line-gone') return;
      if (answer.kind === 'done') break;
    }
  }
}
