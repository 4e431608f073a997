import { type CardResponse, type CommandAnswer, commandApdu } from '../apdu.ts';
import { type StatusWordMeanings, statusWordText } from '../status-word.ts';

/**
 * The commands of an NXP SAM AV2 or AV3 in S-mode, where the host carries commands between SAM and card. Bytes and status
 * words are those of NXP's own reader library (phhalHw_SamAV3_Cmd, phalMfdfEVx_Sam_NonX); SpringCard's helpers for AV2
 * send the same for EV1.
 */

/** What a command's answer says. `not-genuine`: the SAM carried it out, and the cryptogram was wrong. */
export type SamReply = {
  readonly kind: 'whole' | 'more-expected' | 'not-genuine';
  readonly data: Uint8Array;
};

const replies: Readonly<Record<number, SamReply['kind']>> = {
  36864: 'whole',
  37039: 'more-expected',
  36894: 'not-genuine',
};

const meanings: StatusWordMeanings = {
  25858: 'no such key entry',
  25859: 'the key’s usage counter is at its end',
  26755: 'an earlier command was not finished',
  27010: 'integrity wrong',
  27012: 'key entry damaged',
  27013: 'the SAM is locked, or the key not for this',
  27014: 'not allowed in the SAM’s state',
  27266: 'no such key version',
  27268: 'the SAM wants its host to authenticate',
};

export function parseSamReply(
  name: string,
  { data, statusWord }: CardResponse,
): CommandAnswer<SamReply> {
  const kind = replies[statusWord];
  if (kind !== undefined) return { kind: 'done', value: { kind, data } };
  const detail = `${name} answered ${statusWordText(statusWord, meanings)}`;
  return { kind: 'refused', statusWord, detail };
}

/** SAM_KillAuthentication: of the card, not of the host. */
export const killAuthentication = commandApdu({ cla: 0x80, ins: 0xca, p1: 0x01, p2: 0x00 });

export type SamKeyEntry = { readonly entry: number; readonly version: number };

/**
 * SAM_AuthenticatePICC, first part: E(RndB) from the card; answered with E(RndA || RndB') and 90AF. P1: 80 EV2 first (AV3
 * only, then a byte 00 for AES follows the key), 10 key derivation of AV2 (AN10922), 01 diversify.
 */
export function authenticatePicc(
  secureMessaging: 'ev1' | 'ev2',
  { entry, version }: SamKeyEntry,
  challenge: Uint8Array,
  diversification: Uint8Array | null,
): Uint8Array {
  const ev2 = secureMessaging === 'ev2';
  const p1 = (ev2 ? 0x80 : 0x00) | (diversification === null ? 0x00 : 0x11);
  const key = ev2 ? [entry, version, 0x00] : [entry, version];
  const data = Uint8Array.of(...key, ...challenge, ...(diversification ?? []));
  return commandApdu({ cla: 0x80, ins: 0x0a, p1, p2: 0x00, data, le: 256 });
}

/** The second part: what the card answered at last. EV2 is answered with the capabilities of both sides, EV1 with nothing. */
export function finishAuthenticatePicc(answer: Uint8Array): Uint8Array {
  const command = { cla: 0x80, ins: 0x0a, p1: 0x00, p2: 0x00, data: answer };
  return commandApdu(answer.length === 32 ? { ...command, le: 256 } : command);
}

/** P2 of SAM_Apply_SM and SAM_Remove_SM. */
export const commModes = { plain: 0x00, mac: 0x10, full: 0x30 } as const;

/** One frame of a command that takes as many as its data need: P1 is AF but in the last. */
export function dataFrame(ins: number, p2: number, data: Uint8Array, isLast: boolean): Uint8Array {
  const p1 = isLast ? 0x00 : 0xaf;
  return commandApdu({ cla: 0x80, ins, p1, p2, data, ...(ins === verifyMac ? {} : { le: 256 }) });
}

/** Data bytes that fit one frame and are whole AES blocks. */
export const mostInFrame = 0xf0;

/** SAM_Apply_SM (EV2): INS, header and data of a command; answered with the MAC, or with the enciphered data and the MAC. */
export const applySm = 0xae;
/** SAM_Remove_SM (EV2): status and answer of the card; answered with the data where they were enciphered. */
export const removeSm = 0xad;
/** SAM_Generate_MAC (EV1): INS, header and data of a command; answered with its MAC, sent or not. */
export const generateMac = 0x7c;
/** SAM_Verify_MAC (EV1): data, status and MAC of an answer. */
export const verifyMac = 0x5c;
/** SAM_Encipher_Data (EV1): INS, header and data; P2 says where the data begin. The SAM adds checksum and padding. */
export const encipherData = 0xed;
/** SAM_Decipher_Data (EV1): length of the data in 3 bytes, the cryptogram, the status; answered with the data. */
export const decipherData = 0xdd;
