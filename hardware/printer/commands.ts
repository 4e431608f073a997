/*
 * Commands that put nothing on paper. Sources: Epson ESC/POS reference; the subset that all makers share. DLE commands are
 * executed when they arrive, the others in their turn.
 */

/** DLE EOT 1 to 4, answered at once with a byte each, whatever the printer is doing. */
export const askSensors = Uint8Array.of(0x10, 4, 1, 0x10, 4, 2, 0x10, 4, 3, 0x10, 4, 4);

// DLE ENQ 2: recover from an error, clearing the buffers. Ignored where there is no error.
const recover = [0x10, 0x05, 0x02];
// DLE DC4 8: clear the buffers. Real-time, so that it gets through in the middle of a command that was cut short.
const clearBuffers = [0x10, 0x14, 0x08, 0x01, 0x03, 0x14, 0x01, 0x06, 0x02, 0x08];
/** ESC @: empties the line buffer, and all settings are as after switching on. */
export const initialise: readonly number[] = [0x1b, 0x40];
/** What the printer still holds is dropped, so that a conversation can begin. */
export const clearAll = Uint8Array.from([...recover, ...clearBuffers, ...initialise]);

/** GS a: from now on, and at once, four bytes at each change. */
export const automaticStatusOn = Uint8Array.of(0x1d, 0x61, 0xff);

/** GS r 1: queued, answered with the paper sensors when it is reached. */
export const paperQuery = Uint8Array.of(0x1d, 0x72, 0x01);

/** GS ( H function 48: answer `37 22 id 00` when all before it is printed. `id`: four characters from 21 to 7E. */
export function processIdCommand(id: string): Uint8Array {
  if (!/^[!-~]{4}$/.test(id)) throw new RangeError('a process id is four visible characters');
  return Uint8Array.from([0x1d, 0x28, 0x48, 0x06, 0x00, 0x30, 0x30, ...Buffer.from(id, 'latin1')]);
}

// Four digits of visible ASCII without the space: 94^4 ids.
const idDigits = 94;
/** How many process ids there are. */
export const processIdCount = idDigits ** 4;

/** The process id with this number; numbers beyond the count begin again. */
export function processId(number: number): string {
  let rest = number % processIdCount;
  let id = '';
  for (let digit = 0; digit < 4; digit += 1) {
    id = String.fromCharCode(0x21 + (rest % idDigits)) + id;
    rest = Math.floor(rest / idDigits);
  }
  return id;
}
