/** Characters of one style beside each other. `columns` at single width. */
export type RollRun = {
  readonly text: string;
  readonly columns: number;
  readonly bold: boolean;
  readonly wide: number;
  readonly tall: number;
};

export type RollAlign = 'left' | 'centre' | 'right';

/** What the head has put on paper, from top to bottom. */
export type RollItem =
  | { readonly kind: 'text'; readonly align: RollAlign; readonly runs: readonly RollRun[] }
  | {
      readonly kind: 'qr';
      readonly align: RollAlign;
      readonly text: string;
      readonly moduleDots: number;
      readonly heightDots: number;
    }
  | {
      readonly kind: 'raster';
      readonly align: RollAlign;
      readonly widthBytes: number;
      readonly heightDots: number;
      readonly bits: Uint8Array;
    }
  | { readonly kind: 'feed'; readonly dots: number };

/** A piece of paper. `cut`: it has been cut off, and a person can hold it in their hand. */
export type Slip = {
  readonly items: readonly RollItem[];
  readonly cut: boolean;
};

/** The words on a slip, line by line, as a person reads them. */
export function slipLines(slip: Slip): readonly string[] {
  const lines: string[] = [];
  for (const item of slip.items) {
    if (item.kind === 'text') lines.push(item.runs.map((run) => run.text).join(''));
  }
  return lines;
}

/** What a phone reads from the slip's QR codes that the printer drew itself. Raster ones have to be looked at. */
export function slipQrTexts(slip: Slip): readonly string[] {
  return slip.items.flatMap((item) => (item.kind === 'qr' ? [item.text] : []));
}

/** Whether anything at all is on it. */
export function isPrintedOn(slip: Slip): boolean {
  return slip.items.some((item) => item.kind !== 'feed');
}
