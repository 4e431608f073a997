import { cpSync, type Dirent, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { InlineConfig } from 'vite';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Where the built renderer is. */
export const rendererFolder = path.join(root, 'out/renderer');
const electronFolder = path.join(root, 'out/electron');
/** What is packaged is built apart: it must not be taken for what `npm start` needs, which is more. */
const packagedFolder = path.join(root, 'out/packaged');

const rendererConfig: InlineConfig = {
  configFile: path.join(root, 'renderer/vite.config.ts'),
  logLevel: 'warn',
};

/** Build the renderer if it is missing or older than what it is made of. Rejects with the bundler's error. */
export async function buildRendererIfStale(): Promise<'built' | 'fresh'> {
  const builtMs = newestMs([path.join(rendererFolder, 'index.html')]);
  const sources = ['renderer', 'main/contract', 'assets', 'package-lock.json'];
  if (builtMs > newestMs(sources.map((source) => path.join(root, source)))) return 'fresh';
  await buildReleased(rendererConfig);
  return 'built';
}

/**
 * Build what customers get, whoever starts the build: Vite takes NODE_ENV from its surroundings, and a test run's would put
 * React's development half, twice as large and slower, where every later start finds it and calls it fresh.
 */
async function buildReleased(config: InlineConfig): Promise<void> {
  const { build } = await import('vite');
  const { NODE_ENV: around } = process.env;
  process.env.NODE_ENV = 'production';
  try {
    await build(config);
  } finally {
    if (around === undefined) delete process.env.NODE_ENV;
    else process.env.NODE_ENV = around;
  }
}

/** Build the packaged renderer, which has no bench, into a folder. */
export async function buildPackagedRenderer(outDir: string): Promise<void> {
  await buildReleased({ ...rendererConfig, mode: 'packaged', build: { outDir } });
}

/** Build again at each change; `onBuilt` is called after each build but the first. The answer ends it. */
export async function rebuildRenderer(onBuilt: () => void): Promise<() => Promise<void>> {
  const { build } = await import('vite');
  const watcher = await build({ ...rendererConfig, build: { watch: {} } });
  if (!('on' in watcher)) throw new Error('the bundler does not watch');
  let first = true;
  watcher.on('event', (event) => {
    if (event.code !== 'END') return;
    if (!first) onBuilt();
    first = false;
  });
  return () => watcher.close();
}

/** The two ways in that Electron can be started with; only `main` is ever packaged. */
export type ElectronEntry = 'main' | 'main-simulated';

/**
 * Bundle Electron's main side and its preload script into a folder; the answer is the main file. Packages with
 * native code stay outside. A sandboxed preload can load nothing, so it is one CommonJS file.
 */
export async function buildElectron(
  entry: ElectronEntry,
  folder: string = electronFolder,
): Promise<string> {
  const { build } = await import('vite');
  const shared: InlineConfig = { root, configFile: false, logLevel: 'warn' };
  await build({
    ...shared,
    build: {
      ssr: path.join(root, `main/shell/electron/${entry}.ts`),
      outDir: folder,
      emptyOutDir: false,
      target: 'node24',
      rolldownOptions: {
        external: ['electron', 'better-sqlite3', 'serialport', 'pcsc-mini', 'pcsclite'],
        output: { format: 'esm', entryFileNames: '[name].js', codeSplitting: false },
      },
    },
    ssr: { noExternal: true },
  });
  await buildPreload(path.join(folder, 'preload.cjs'));
  // db/migrations.ts looks for them beside itself, which is the bundle now.
  cpSync(path.join(root, 'db/migrations'), path.join(folder, 'migrations'), {
    recursive: true,
  });
  return path.join(folder, `${entry}.js`);
}

/** Bundle the preload script into `file`. */
async function buildPreload(file: string): Promise<void> {
  const { build } = await import('vite');
  await build({
    root,
    configFile: false,
    logLevel: 'warn',
    build: {
      ssr: path.join(root, 'main/shell/electron/preload.ts'),
      outDir: path.dirname(file),
      emptyOutDir: false,
      target: 'chrome140',
      rolldownOptions: {
        external: ['electron'],
        output: { format: 'cjs', entryFileNames: path.basename(file) },
      },
    },
    ssr: { noExternal: true },
  });
}

/** The newest change among these files and everything in these folders; 0 when there is nothing. */
function newestMs(places: readonly string[]): number {
  let newest = 0;
  for (const place of places) {
    const found = statSync(place, { throwIfNoEntry: false });
    if (found === undefined) continue;
    newest = Math.max(newest, found.mtimeMs);
    if (!found.isDirectory()) continue;
    const inside: Dirent[] = readdirSync(place, { recursive: true, withFileTypes: true });
    for (const entry of inside) {
      newest = Math.max(newest, statSync(path.join(entry.parentPath, entry.name)).mtimeMs);
    }
  }
  return newest;
}

/** `node main/shell/build.ts`: everything that is packaged, and nothing of the bench. */
if (import.meta.main) {
  await buildPackagedRenderer(path.join(packagedFolder, 'renderer'));
  await buildElectron('main', path.join(packagedFolder, 'electron'));
}
