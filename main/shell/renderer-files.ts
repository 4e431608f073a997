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
  const files = new Map<string, RendererFile>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const contentType = contentTypes[path.extname(entry.name)];
    if (!entry.isFile() || contentType === undefined) continue;
    const file = path.join(entry.parentPath, entry.name);
    const address = `/${path.relative(folder, file).split(path.sep).join('/')}`;
    const cacheControl = address.startsWith('/assets/')
      ? 'private, max-age=31536000, immutable'
      : 'no-store';
    files.set(address, { file, contentType, cacheControl });
  }
  return files;
}
