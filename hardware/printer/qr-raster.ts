import { encode } from 'uqr';

export type Raster = {
  readonly widthBytes: number;
  readonly heightDots: number;
  /** Rows from the top, most significant bit on the left, 1 is black. */
  readonly bits: Uint8Array;
};

// Half a millimetre at 203 dpi: phones read it, and it is half the bytes of the 6 dots that printers draw by themselves.
const moduleDotsMax = 4;

/**
 * A QR code (level M) as dots, as large as fits into `maxDots`, without the white around it. Never one dot a module, which
 * also keeps 10 (DLE, an isolated dot) out of the data: printers would execute real-time commands in it.
 */
export function qrRaster(text: string, maxDots: number): Raster {
  const qr = encode(text, { ecc: 'M', border: 0 });
  const scale = Math.min(moduleDotsMax, Math.floor(maxDots / qr.size));
  if (scale < 2) throw new RangeError(`a QR code of ${qr.size} modules on ${maxDots} dots`);
  const sizeDots = qr.size * scale;
  const widthBytes = Math.ceil(sizeDots / 8);
  const bits = new Uint8Array(widthBytes * sizeDots);
  const black = (x: number, y: number) =>
    qr.data[Math.floor(y / scale)]?.[Math.floor(x / scale)] === true;
  for (let y = 0; y < sizeDots; y += 1) {
    for (let x = 0; x < sizeDots; x += 1) {
      if (!black(x, y)) continue;
      const at = y * widthBytes + (x >> 3);
      bits[at] = (bits[at] ?? 0) | (0x80 >> (x & 7));
    }
  }
  return { widthBytes, heightDots: sizeDots, bits };
}
