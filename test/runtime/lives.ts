import { openJournal } from '../../db/sqlite-journal.ts';
import { createRig } from '../../hardware/rig/rig.ts';
import { type Kiosk, startKiosk } from '../../main/runtime/kiosk.ts';
import { createStage } from '../../main/runtime/stage.ts';
import { quietLog } from '../support/quiet-log.ts';
import { Random } from '../support/random.ts';
import { TestScreen } from '../support/screen.ts';
import { testTerms } from '../support/terms.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

/** Devices and a journal that outlive the kiosk's process: each `live` is another life of it, and ends the one before. */
export function manyLives(seed: number) {
  const clock = new VirtualClock();
  const random = new Random(seed);
  const journal = openJournal(':memory:');
  const rig = createRig({
    clock,
    randomBytes: (length) => Uint8Array.from({ length }, () => random.below(256)),
    speeds: 'instant',
    payments: 'at-once',
    currency: testTerms.currency,
    means: testTerms.means,
  });
  const problem = (error: unknown): never => {
    throw error;
  };
  const live = (terms = testTerms): { readonly kiosk: Kiosk; readonly screen: TestScreen } => {
    const { clock: tethered, ...ports } = rig.openPorts();
    const log = quietLog();
    const stage = createStage(log);
    const screen = new TestScreen();
    stage.attach(screen);
    const kiosk = startKiosk({
      terms,
      ports,
      journal,
      stage,
      clock: tethered,
      chance: () => random.hex(10),
      log,
      onHalt: problem,
      onFatal: problem,
    });
    return { kiosk, screen };
  };
  return { clock, rig, journal, live };
}
