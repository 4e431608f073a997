import path from 'node:path';
import { app } from 'electron';
import { systemClock as clock } from '../../runtime/clock.ts';
import { createLog } from '../../runtime/log.ts';
import { closeAtEnd } from '../end-of-process.ts';
import { readProductionOptions } from '../options.ts';
import { openProduction } from '../production.ts';
import { openKioskWindow, prepareElectron } from './kiosk-window.ts';

/*
 * The product: a station with real devices in a locked-down window. The supervisor (systemd) starts the process again
 * when it ends with an error; the journal knows what was under way.
 */

const log = createLog();

function end(error: unknown): void {
  const what = error instanceof Error ? error.stack : String(error);
  log.fatal({ error: what }, 'the program is wrong about something; it ends');
  app.exit(1);
}

// Electron would show a dialogue box, and a customer would be left standing before it.
process.on('uncaughtException', end);
process.on('unhandledRejection', end);

const answer = readProductionOptions(process.argv.slice(1), 'electron', 'own-among-others');
if (answer.kind === 'refused') {
  log.fatal({}, answer.why);
  app.exit(2);
} else if (!prepareElectron()) {
  log.fatal({}, 'a kiosk is running on this machine already');
  app.exit(1);
} else {
  await app.whenReady();
  const station = openProduction(answer.options, log);
  openKioskWindow({
    station,
    // Both are where build.ts puts them, beside this bundle.
    rendererFolder: path.join(import.meta.dirname, '../renderer'),
    preload: path.join(import.meta.dirname, 'preload.cjs'),
    presentation: 'kiosk',
    clock,
    log,
  });
  closeAtEnd(
    () => station.close(),
    (code) => app.exit(code),
  );
}
