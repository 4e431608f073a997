import { statfsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/** Bytes that whoever is not root can still write where this file lies; null where that cannot be told. */
export function freeBytesAround(file: string): number | null {
  try {
    const { bavail, bsize } = statfsSync(dirname(resolve(file)));
    return bavail * bsize;
  } catch {
    return null;
  }
}
