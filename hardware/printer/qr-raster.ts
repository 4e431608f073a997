import { encode } from 'uqr';
import { Canvas, type Raster } from './raster.ts';

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
  const canvas = new Canvas(sizeDots, sizeDots);
  for (let y = 0; y < sizeDots; y += 1) {
    for (let x = 0; x < sizeDots; x += 1) {
      if (qr.data[Math.floor(y / scale)]?.[Math.floor(x / scale)] === true) canvas.set(x, y);
    }
  }
  return canvas;
}
