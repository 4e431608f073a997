import { lineDots } from '../../../hardware/printer/drawn-line.ts';
import type { RollItem, Slip } from '../../../hardware/printer/simulated-roll.ts';

type RasterItem = Extract<RollItem, { kind: 'raster' }>;

/** The lines that were drawn on a slip, each as the hex of its rows: bands below each other are put together again. */
export function drawnBits(slip: Slip): readonly string[] {
  const lines: string[] = [];
  let bands: RasterItem[] = [];
  for (const item of slip.items) {
    if (item.kind !== 'raster') {
      bands = [];
      continue;
    }
    bands.push(item);
    const heightDots = bands.reduce((dots, band) => dots + band.heightDots, 0);
    if (heightDots !== lineDots && heightDots !== 2 * lineDots) continue;
    lines.push(Buffer.concat(bands.map((band) => band.bits)).toString('hex'));
    bands = [];
  }
  return lines;
}
