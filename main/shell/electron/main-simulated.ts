import path from 'node:path';
import { app } from 'electron';
import { systemClock as clock } from '../../runtime/clock.ts';
import { createLog } from '../../runtime/log.ts';
import { closeAtEnd } from '../end-of-process.ts';
import { readOptions } from '../options.ts';
import { openSimulated } from '../simulated-station.ts';
import { benchSurface } from '../web/bench-surface.ts';
import { showOnWeb } from '../web/show.ts';
import { openKioskWindow, prepareElectron } from './kiosk-window.ts';

/*
 * A simulated station in an ordinary window; its bench opens in any browser. Never packaged: electron-builder.yml names
 * main.js only.
 */

const log = createLog('warn');

function end(error: unknown): void {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  app.exit(1);
}

// Electron would show a dialogue box instead.
process.on('uncaughtException', end);
process.on('unhandledRejection', end);

const answer = readOptions(process.argv.slice(1), 'own-among-others');
if (answer.kind === 'refused') {
  log.fatal({}, answer.why);
  app.exit(2);
} else if (answer.options.station === 'virtual') {
  log.fatal({}, 'the virtual station is shown in a browser: npm start -- --station virtual');
  app.exit(2);
} else if (!prepareElectron()) {
  log.fatal({}, 'a kiosk is running on this machine already');
  app.exit(1);
} else {
  await app.whenReady();
  const bench = openSimulated(answer.options, log);
  const rendererFolder = path.join(import.meta.dirname, '../renderer');
  const server = await showOnWeb({
    surfaces: [benchSurface(bench.attachBench)],
    rendererFolder,
    port: answer.options.port,
    fullScreen: false,
    clock,
    log,
    print: (line) => process.stdout.write(`${line}\n`),
  });
  openKioskWindow({
    station: { attach: bench.attachKiosk },
    rendererFolder,
    preload: path.join(import.meta.dirname, 'preload.cjs'),
    presentation: 'desk',
    clock,
    log,
  });
  closeAtEnd(
    async () => {
      await server.close();
      await bench.close();
    },
    (code) => app.exit(code),
  );
}
