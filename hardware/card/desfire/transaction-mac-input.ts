import { joinBytes } from '../bytes.ts';

type Written = {
  readonly ins: number;
  readonly header: Uint8Array;
  readonly data: Uint8Array;
};

const blockBytes = 16;
const creditIns = 0x0c;

/**
 * TMI: what a transaction MAC is made over (MF2DL(H)x0 10.3.4.2): each command since the authentication, in plain, filled up
 * with 00 to whole blocks. Commands that read count too; a load authenticates anew before it writes, so that it has none.
 * CREDIT is one part; WRITE RECORD is two, its header and its data.
 */
export function transactionMacInput(commands: readonly Written[]): Uint8Array {
  const parts = commands.flatMap(({ ins, header, data }) =>
    ins === creditIns
      ? [joinBytes(Uint8Array.of(ins), header, data)]
      : [joinBytes(Uint8Array.of(ins), header), data],
  );
  return joinBytes(...parts.map(filledUp));
}

function filledUp(part: Uint8Array): Uint8Array {
  const blocks = new Uint8Array(Math.ceil(part.length / blockBytes) * blockBytes);
  blocks.set(part);
  return blocks;
}
