import { systemClock as clock } from '../../runtime/clock.ts';
import { createLog } from '../../runtime/log.ts';
import { lookAtReaders, openVirtual } from '../bench-virtual-station.ts';
import { rebuildRenderer } from '../build.ts';
import { closeAtEnd } from '../end-of-process.ts';
import type { StartOptions } from '../options.ts';
import { openSimulated } from '../simulated-station.ts';
import { benchSurface } from './bench-surface.ts';
import { kioskSurface } from './kiosk-surface.ts';
import { showOnWeb } from './show.ts';

/** A simulated or virtual station on the web shell, with its bench. Both open in any browser; none is started. */
export async function runOnWeb(options: StartOptions, rendererFolder: string): Promise<void> {
  const log = createLog('warn');
  const isVirtual = options.station === 'virtual';
  const bench = isVirtual ? await openVirtual(options, log) : openSimulated(options, log);
  const print = (line: string): void => void process.stdout.write(`${line}\n`);
  const server = await showOnWeb({
    surfaces: [kioskSurface(bench.attachKiosk), benchSurface(bench.attachBench)],
    rendererFolder,
    port: options.port,
    fullScreen: false,
    clock,
    log,
    print,
  });
  if (isVirtual) print(lookAtReaders());
  const endRebuilding = options.dev ? await rebuildRenderer(server.reload) : async () => {};
  closeAtEnd(async () => {
    await endRebuilding();
    await server.close();
    await bench.close();
  }, process.exit);
}
