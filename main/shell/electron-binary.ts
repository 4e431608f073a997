import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

export type ElectronAnswer =
  | { readonly kind: 'done'; readonly binary: string }
  /** `why` finishes the sentence "the web shell, because …". */
  | { readonly kind: 'refused'; readonly why: string };

/** How long a download that has begun may stand still. */
const stallMs = 20_000;

/** What is used of @electron/get 5, the electron package's own downloader. */
type Downloader = {
  downloadArtifact(order: {
    readonly version: string;
    readonly artifactName: 'electron';
    readonly platform: string;
    readonly arch: string;
    readonly checksums: unknown;
    readonly cacheRoot: string | undefined;
    readonly downloadOptions: {
      readonly quiet: true;
      readonly signal: AbortSignal;
      readonly getProgressCallback: (progress: { readonly percent: number }) => void;
    };
  }): Promise<string>;
};

/**
 * Electron's binary: the one that is installed, or one that begins to arrive within `beginWithinMs`. `onProgress` is told
 * how much of it has arrived, 0 to 1. On a closed network the answer comes as soon as the network refuses.
 */
export async function electronBinary(
  beginWithinMs: number,
  onProgress: (part: number) => void,
): Promise<ElectronAnswer> {
  const folder = packageFolder();
  if (folder === null) return { kind: 'refused', why: 'the electron package is not installed' };
  const installed = installedBinary(folder);
  if (installed !== null) return { kind: 'done', binary: installed };

  const silence = new AbortController();
  let timer = setTimeout(
    () => silence.abort(new Error(`it did not begin to arrive within ${beginWithinMs / 1000} s`)),
    beginWithinMs,
  );
  try {
    const inElectron = createRequire(path.join(folder, 'install.js'));
    const downloader: Downloader = await import(
      pathToFileURL(inElectron.resolve('@electron/get')).href
    );
    const { version }: { version: string } = inElectron('./package.json');
    await downloader.downloadArtifact({
      version,
      artifactName: 'electron',
      platform: process.platform,
      arch: process.arch,
      checksums: inElectron('./checksums.json'),
      // As the package's installer does, which is to find it there.
      cacheRoot: process.env.electron_config_cache,
      downloadOptions: {
        quiet: true,
        signal: silence.signal,
        getProgressCallback({ percent }) {
          clearTimeout(timer);
          timer = setTimeout(() => silence.abort(new Error('its download stands still')), stallMs);
          onProgress(percent);
        },
      },
    });
  } catch (error) {
    return { kind: 'refused', why: `Electron's binary cannot be fetched (${reason(error)})` };
  } finally {
    clearTimeout(timer);
  }
  // It is in the downloader's cache now; the package's own installer unpacks it from there.
  const code = await new Promise<number | null>((resolve) => {
    const installer = spawn(process.execPath, [path.join(folder, 'install.js')], {
      stdio: 'ignore',
    });
    installer.on('error', () => resolve(null));
    installer.on('exit', resolve);
  });
  const unpacked = installedBinary(folder);
  if (unpacked === null) {
    return {
      kind: 'refused',
      why: `Electron's binary cannot be unpacked (installer ended ${code})`,
    };
  }
  return { kind: 'done', binary: unpacked };
}

/** Electron's binary where it is installed; null where it would have to be fetched first. */
export function installedElectron(): string | null {
  const folder = packageFolder();
  return folder === null ? null : installedBinary(folder);
}

function packageFolder(): string | null {
  try {
    return path.dirname(createRequire(import.meta.url).resolve('electron/package.json'));
  } catch {
    return null;
  }
}

function installedBinary(folder: string): string | null {
  const pointer = path.join(folder, 'path.txt');
  if (!existsSync(pointer)) return null;
  const dist = process.env.ELECTRON_OVERRIDE_DIST_PATH ?? path.join(folder, 'dist');
  const binary = path.join(dist, readFileSync(pointer, 'utf8'));
  return existsSync(binary) ? binary : null;
}

/** The innermost cause: "fetch failed" says nothing, the refused connection behind it does. */
function reason(error: unknown): string {
  let innermost = error;
  while (innermost instanceof Error && innermost.cause !== undefined) innermost = innermost.cause;
  return innermost instanceof Error ? innermost.message : String(innermost);
}
