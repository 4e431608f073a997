/** Enough for any short response; a card that goes on asking is not well. */
const mostExchanges = 16;

/**
 * One command APDU to its whole response, following 61xx (more data waits for GET RESPONSE) and 6Cxx (the same command
 * again with the right Le): ISO 7816-3 10.3, ISO 7816-4 5.3.4. 6Cxx also says that the command was not carried out, so
 * sending it again carries it out once. Null: what came cannot be a response, or never ends.
 */
export async function wholeResponse(
  command: Uint8Array,
  overT0: boolean,
  exchange: (command: Uint8Array) => Promise<Uint8Array>,
): Promise<Uint8Array | null> {
  let next = overT0 ? asT0Command(command) : command;
  let data = new Uint8Array(0);
  for (let count = 0; count < mostExchanges; count += 1) {
    const response = await exchange(next);
    if (response.length < 2) return null;
    const [sw1, sw2] = response.subarray(-2) as unknown as [number, number];
    const corrected = sw1 === 0x6c ? withLe(next, sw2) : null;
    // Nearly every response is whole as it comes.
    if (sw1 !== 0x61 && corrected === null)
      return data.length === 0 ? response : join(data, response);
    data = join(data, response.subarray(0, -2));
    next = corrected ?? Uint8Array.of(0x00, 0xc0, 0x00, 0x00, sw2);
  }
  return null;
}

/** T=0 always has a fifth byte, and none after the data: the card offers its answer with 61xx. */
function asT0Command(command: Uint8Array): Uint8Array {
  if (command.length === 4) return join(command, Uint8Array.of(0));
  return hasDataAndLe(command) ? command.subarray(0, -1) : command;
}

/** The command with another Le, null where it has none to correct. */
function withLe(command: Uint8Array, le: number): Uint8Array | null {
  if (command.length !== 5 && !hasDataAndLe(command)) return null;
  const corrected = command.slice();
  corrected[corrected.length - 1] = le;
  return corrected;
}

function hasDataAndLe(command: Uint8Array): boolean {
  const lc = command[4] ?? 0;
  return lc > 0 && command.length === 4 + 1 + lc + 1;
}

function join(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(a.length + b.length);
  joined.set(a);
  joined.set(b, a.length);
  return joined;
}
