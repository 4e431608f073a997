import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'vite';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** A built station: the program, and a command line's beginning. */
export type Program = { readonly folder: string; readonly command: readonly string[] };

/** One text of the program's source is replaced by another: a fault that is planted. */
export type Planted = { readonly was: string; readonly is: string };

/** How a station is started: what `npm start` does once it has chosen the web shell. */
const starter = `import { runOnWeb } from './main-simulated.js';
const [configFile, journalFile] = process.argv.slice(2);
const screens = new URL('screens', import.meta.url).pathname;
await runOnWeb(
  { configFile, journalFile, shell: 'web', station: 'simulated', port: 0, dev: false },
  screens,
);
`;

/**
 * Bundle the simulated station's own main side into a folder of the project, where the packages are found that are not
 * bundled: finding and compiling three hundred files takes longer than a life. Rejects where what is to be replaced by
 * something planted is not there, once.
 */
export async function buildProgram(folder: string, planted: Planted | null): Promise<Program> {
  let replaced = 0;
  const plant: Plugin = {
    name: 'plant',
    transform(code) {
      if (planted === null || !code.includes(planted.was)) return null;
      replaced += 1;
      return { code: code.replace(planted.was, planted.is), map: null };
    },
  };
  await build({
    configFile: false,
    root,
    logLevel: 'error',
    plugins: [plant],
    ssr: {
      noExternal: true,
      external: ['better-sqlite3', 'pcsc-mini', 'pcsclite', 'serialport', 'vite'],
    },
    build: {
      ssr: path.join(root, 'main/shell/web/main-simulated.ts'),
      outDir: folder,
      emptyOutDir: false,
      target: 'node24',
      rolldownOptions: { output: { format: 'esm', codeSplitting: false } },
    },
  });
  if (planted !== null && replaced !== 1) throw new Error(`"${planted.was}" is not there once`);
  // db/migrations.ts looks for them beside itself, which is the bundle now.
  cpSync(path.join(root, 'db/migrations'), path.join(folder, 'migrations'), { recursive: true });
  // Nobody looks: the hands and eyes of this test are at the channels behind the screens.
  for (const page of ['screens', 'screens/bench']) {
    mkdirSync(path.join(folder, page), { recursive: true });
    writeFileSync(path.join(folder, page, 'index.html'), '<title>AddValue</title>');
  }
  const entry = path.join(folder, 'station.js');
  writeFileSync(entry, starter);
  return { folder, command: [process.execPath, entry] };
}
