import { encode } from 'uqr';
import { Canvas, type Raster } from './raster.ts';

/** A QR code (model 2, level M) that fits the paper. */
export type QrSymbol = {
  readonly text: string;
  /** Rows from the top; true is black. Without the white around it. */
  readonly modules: readonly (readonly boolean[])[];
  /** The side of a module where the printer draws it. */
  readonly moduleDots: number;
};

// 203 dpi: 8 dots are a millimetre. Phones read modules of half a millimetre; what printers draw by themselves is 6 dots.
const moduleDotsMin = 4;
const moduleDotsMax = 6;
/** White that a symbol needs on each side, ISO/IEC 18004. */
const quietModules = 4;
/** 85 modules, 504 bytes: the largest that fits 58 mm paper (384 dots) with the smallest modules. */
const versionMax = 17;

/**
 * A text as a QR code, as large as fits across `paperDots`; null where it does not. Large modules come before a high level of
 * error correction: paper is creased and smudged less often than it is photographed badly.
 */
export function qrSymbol(text: string, paperDots: number): QrSymbol | null {
  const across = paperDots / moduleDotsMin - 2 * quietModules;
  const maxVersion = Math.min(versionMax, Math.floor((across - 17) / 4));
  try {
    const { data, size } = encode(text, { ecc: 'M', border: 0, maxVersion });
    const fitting = Math.floor(paperDots / (size + 2 * quietModules));
    const moduleDots = Math.min(moduleDotsMax, fitting);
    return { text, modules: data, moduleDots };
  } catch (error) {
    // It does not fit.
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/**
 * The symbol as dots, with the smallest modules: they are half the bytes of the largest. No module is one dot wide, which also
 * keeps 10 (DLE, an isolated dot) out of the data: printers would execute real-time commands in it.
 */
export function qrRaster({ modules }: QrSymbol): Raster {
  const sizeDots = modules.length * moduleDotsMin;
  const canvas = new Canvas(sizeDots, sizeDots);
  for (let y = 0; y < sizeDots; y += 1) {
    for (let x = 0; x < sizeDots; x += 1) {
      const row = modules[Math.floor(y / moduleDotsMin)];
      if (row?.[Math.floor(x / moduleDotsMin)] === true) canvas.set(x, y);
    }
  }
  return canvas;
}
