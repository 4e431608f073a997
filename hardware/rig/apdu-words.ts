import { hexNumber, toHex } from '../card/hex.ts';
import { statusWordText } from '../card/status-word.ts';

const commands: Readonly<Record<string, string>> = {
  '0020': 'VERIFY PIN',
  '00B0': 'READ BINARY',
  '00B2': 'READ RECORD',
  '00C0': 'GET RESPONSE',
  '8050': 'INITIALIZE FOR LOAD',
  '8052': 'CREDIT FOR LOAD',
  '805A': 'GET TRANSACTION PROVE',
  '805C': 'GET BALANCE',
};

/** What a command APDU asks for, for a person at the bench: "READ RECORD 1 of file 18". */
export function commandWords(command: Uint8Array): string {
  const [cla = 0, ins = 0, p1 = 0, p2 = 0] = command;
  const code = hexNumber((cla << 8) | ins, 4);
  switch (code) {
    case '00A4':
      return `SELECT ${selectedName(command)}`;
    case '00B0':
      return `READ BINARY of file ${hexNumber(p1 & 0x1f, 2)}`;
    case '00B2':
      return `READ RECORD ${p1} of file ${hexNumber(p2 >> 3, 2)}`;
    case '8050':
      return `INITIALIZE FOR LOAD of ${Buffer.from(command).readUInt32BE(6)}`;
    default:
      return commands[code] ?? `command ${code}`;
  }
}

/** What became of it: "9000 done", "6A82 (not found)", "no answer". */
export function answerWords(response: Uint8Array | null): string {
  if (response === null) return 'no answer';
  if (response.length < 2) return 'not an answer';
  const word = Buffer.from(response.subarray(-2)).readUInt16BE();
  return word === 0x9000 ? '9000 done' : statusWordText(word, {});
}

function selectedName(command: Uint8Array): string {
  const name = command.subarray(5, 5 + (command[4] ?? 0));
  const text = Buffer.from(name).toString('latin1');
  return /^[0-9A-Z.]{5,}$/.test(text) ? text : spacedHex(name);
}

/** "00 A4 04 00", as people read hex. */
export function spacedHex(bytes: Uint8Array): string {
  return (toHex(bytes).match(/../g) ?? []).join(' ');
}
