import { fileURLToPath } from 'node:url';
import { systemClock as clock } from '../../runtime/clock.ts';
import { createLog } from '../../runtime/log.ts';
import { startAsAsked } from '../command-line.ts';
import { closeAtEnd } from '../end-of-process.ts';
import { readProductionOptions, type StartOptions } from '../options.ts';
import { openProduction } from '../production.ts';
import { kioskSurface } from './kiosk-surface.ts';
import { showOnWeb } from './show.ts';

/** A station with real devices, on the web shell. It has one surface: the kiosk. */
export async function runOnWeb(options: StartOptions, rendererFolder: string): Promise<void> {
  const log = createLog();
  const station = openProduction(options, log);
  const server = await showOnWeb({
    surfaces: [kioskSurface(station.attach)],
    rendererFolder,
    port: options.port,
    fullScreen: true,
    clock,
    log,
    print: (line) => process.stdout.write(`${line}\n`),
  });
  closeAtEnd(async () => {
    await server.close();
    await station.close();
  }, process.exit);
}

if (import.meta.main) {
  const built = new URL('../../../out/renderer', import.meta.url);
  await startAsAsked(
    (options) => runOnWeb(options, fileURLToPath(built)),
    (args) => readProductionOptions(args, 'web'),
  );
}
