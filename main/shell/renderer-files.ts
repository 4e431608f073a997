import { readdirSync } from 'node:fs';
import path from 'node:path';

export type RendererFile = {
  readonly file: string;
  readonly contentType: string;
  /** Names under assets/ carry a hash of their contents, so they never go stale. */
  readonly cacheControl: string;
};

/** Served files by URL path ("/assets/index-4f2a.js"). */
export type RendererFiles = ReadonlyMap<string, RendererFile>;

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
  '.mp3': 'audio/mpeg',
  '.ogg': 'audio/ogg',
  '.wav': 'audio/wav',
};

/**
 * List what the built renderer consists of. Only what is listed here is ever served, by its exact name, so no address
 * can climb out of the folder. Links, and files of kinds the renderer does not use (source maps), are left out.
 */
export function listRendererFiles(folder: string): RendererFiles {
  return new Map(filesIn(folder, '/'));
}

/** One folder after the other: inside a package (app.asar) Electron knows the plain way of reading a folder best. */
function filesIn(folder: string, address: string): readonly (readonly [string, RendererFile])[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) return filesIn(file, `${address}${entry.name}/`);
    const contentType = contentTypes[path.extname(entry.name)];
    if (!entry.isFile() || contentType === undefined) return [];
    const cacheControl = address.startsWith('/assets/')
      ? 'private, max-age=31536000, immutable'
      : 'no-store';
    return [[`${address}${entry.name}`, { file, contentType, cacheControl }]];
  });
}
