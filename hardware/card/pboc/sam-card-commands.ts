import { answerTo, type CardResponse, type CommandAnswer, commandApdu } from '../apdu.ts';
import { joinBytes } from '../bytes.ts';
import { selectByName } from '../select.ts';

/** SELECT by DF name (5 to 16 bytes) or, as most SAMs are asked, by file identifier (2 bytes): 00 A4 00 00 02 1001. */
export function selectSamApplication(name: Uint8Array): Uint8Array {
  if (name.length > 2) return selectByName(name);
  return commandApdu({ cla: 0x00, ins: 0xa4, p1: 0x00, p2: 0x00, data: name, le: 256 });
}

/** VERIFY (ISO 7816-4 7.5.6). `reference`: which of the SAM's PINs, P2. Answered like the card's own VERIFY. */
export function verifySamPin(pin: Uint8Array, reference: number): Uint8Array {
  return commandApdu({ cla: 0x00, ins: 0x20, p1: 0x00, p2: reference, data: pin });
}

const initialise = {
  name: 'INIT FOR DESCRYPT',
  meanings: {
    27010: 'PIN needed',
    27013: 'not allowed for this key',
    27270: 'no such key use, or not with so many factors',
    27272: 'no such key',
    37891: 'no such key',
  },
};

/**
 * 80 1A P1 P2: have the SAM make a temporary key, which lives until the next one, or until it has lost its power. `factors`:
 * 8 bytes for each level of diversification, and 8 more where the key use makes a session key. Confirmed by the command
 * tables in public source of COS 6.0 (毅能达) and by terminals that use it: P1 is the number of levels in the upper three
 * bits and the key use in the lower five, P2 the key's version.
 */
export function initForDescrypt(p1: number, p2: number, factors: Uint8Array): Uint8Array {
  const header = { cla: 0x80, ins: 0x1a, p1, p2 };
  return commandApdu(factors.length === 0 ? header : { ...header, data: factors });
}

export function parseInitForDescrypt(response: CardResponse): CommandAnswer<null> {
  return answerTo(initialise, response, 0, () => null);
}

const crypt = {
  name: 'DES CRYPT',
  meanings: { 27013: 'no temporary key' },
};

/** P1 of DES CRYPT: the only block of a MAC, with its initial value in front. Confirmed likewise, as is the 80 00… padding. */
const onlyBlockOfMac = 0x05;

/** 80 FA 05 00: the MAC of a message with the temporary key, initial value 0; the asker pads. At most 240 bytes. */
export function desCryptMac(message: Uint8Array): Uint8Array {
  const padded = new Uint8Array(Math.floor(message.length / 8 + 1) * 8);
  padded.set(message);
  padded[message.length] = 0x80;
  const data = joinBytes(new Uint8Array(8), padded);
  return commandApdu({ cla: 0x80, ins: 0xfa, p1: onlyBlockOfMac, p2: 0x00, data, le: 4 });
}

/** 4 bytes. */
export function parseDesCryptMac(response: CardResponse): CommandAnswer<Uint8Array> {
  return answerTo(crypt, response, 4, (data) => data);
}
