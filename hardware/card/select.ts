import { answerTo, type CardResponse, type CommandAnswer, commandApdu, malformed } from './apdu.ts';
import { toHex } from './hex.ts';
import { ok } from './status-word.ts';

const command = {
  name: 'SELECT',
  meanings: { 27265: 'application blocked', 27266: 'no such application' },
};

/** SELECT by DF name, first occurrence, answered with FCI (ISO 7816-4 7.1.1). */
export function selectByName(dfName: Uint8Array): Uint8Array {
  return commandApdu({ cla: 0x00, ins: 0xa4, p1: 0x04, p2: 0x00, data: dfName, le: 256 });
}

/** `dfName`: hex, null where the card does not say it (an empty or proprietary FCI). */
export type FileControlInformation = { readonly dfName: string | null };

export function parseSelect(response: CardResponse): CommandAnswer<FileControlInformation> {
  const { data, statusWord } = response;
  if (statusWord !== ok) return answerTo(command, response, 0, () => ({ dfName: null }));
  // ISO 7816-4 table 10: the FCI is template 6F, in which tag 84 is the DF name.
  if (data.length === 0 || data[0] !== 0x6f) return { kind: 'done', value: { dfName: null } };
  const template = data.subarray(2);
  if (template.length !== data[1]) {
    return malformed(command.name, `its FCI holds ${template.length} bytes, not ${data[1]}`);
  }
  let at = 0;
  while (at + 2 <= template.length) {
    const length = template[at + 1] ?? 0;
    const value = template.subarray(at + 2, at + 2 + length);
    if (value.length !== length) return malformed(command.name, 'its FCI is truncated');
    if (template[at] === 0x84) return { kind: 'done', value: { dfName: toHex(value) } };
    at += 2 + length;
  }
  return { kind: 'done', value: { dfName: null } };
}
