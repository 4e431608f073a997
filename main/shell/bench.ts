import { randomBytes } from 'node:crypto';
import { parseBenchCommand } from '../../hardware/rig/bench-command.ts';
import { createRig } from '../../hardware/rig/rig.ts';
import type { VirtualWires } from '../../hardware/rig/virtual/wires.ts';
import { readWorld, worldFileBeside, writeWorld } from '../../hardware/rig/world-file.ts';
import type { BenchTrap, BenchView } from '../contract/bench.ts';
import type { Channel, Shown } from '../contract/channel.ts';
import type { Clock } from '../contract/clock.ts';
import type { Log } from '../runtime/log.ts';
import type { Station } from '../runtime/station.ts';
import { RealDevices } from './bench-real-devices.ts';
import { composeStation, journalFault } from './compose.ts';
import { type BenchConfig, termsOf } from './config.ts';
import { StartRefused } from './start-refused.ts';

export type BenchParts = {
  readonly config: BenchConfig;
  readonly clock: Clock;
  readonly log: Log;
  readonly journalPath: string;
  /** Absent: the kiosk is on the simulated devices themselves. */
  readonly virtual?: Virtual;
};

/** Real wires between simulated devices and the kiosk's real drivers. They end with the bench. */
export type Virtual = {
  readonly wires: VirtualWires;
  /** What the configuration names as real, and is simulated at the far end of the wires: reader, printer. */
  readonly cables: readonly string[];
};

/** A station with simulated devices and the hands that work them. */
export interface Bench {
  attachKiosk(channel: Channel<Shown, unknown>): () => void;
  attachBench(channel: Channel<BenchView, unknown>): () => void;
  close(): Promise<void>;
}

/** How many of the journal's rows the bench shows. */
const shownRows = 50;

/**
 * Start a station whose devices are simulated where its configuration says so, and let them be worked by hand. The simulated
 * cards and terminals remember what was done to them in a file beside the journal, as real ones would. Throws StartRefused
 * where that file cannot be understood, or another process is using it.
 */
export function startBench({ config, clock, log, journalPath, virtual }: BenchParts): Bench {
  const terms = termsOf(config);
  const fault = journalFault(journalPath, config.journalKey);
  // Any other fault is shown on screen until it is mended; but there are no two worlds beside one journal.
  if (fault?.kind === 'busy') {
    throw new StartRefused(`${fault.message} Or name another journal with --journal FILE.`);
  }
  const worldFile = worldFileBeside(journalPath);
  const world = readWorld(worldFile);
  if (world.kind === 'damaged') throw new StartRefused(world.why);
  const real = new RealDevices(config, clock, log);
  /** The cables of what is real to its far end: nothing of it can be worked from the bench. */
  const outOfReach = real.cables.filter((cable) => !virtual?.cables.includes(cable));
  if (outOfReach.includes('reader')) {
    log.warn(
      { device: 'sam' },
      'TEST KEYS ARE IN USE WITH A REAL READER: put in test cards only, and take no money',
    );
  }
  const simulatedMeans = terms.means.filter(({ id }) => !outOfReach.includes(id));
  const simulatedPlaces = new Set<BenchTrap['place']>([
    ...(outOfReach.includes('reader') ? [] : (['card'] as const)),
    ...(simulatedMeans.length === 0 ? [] : (['payment'] as const)),
    ...(outOfReach.includes('printer') ? [] : (['paper'] as const)),
  ]);
  const rig = createRig({
    clock,
    randomBytes: (length) => Uint8Array.from(randomBytes(length)),
    speeds: 'lifelike',
    payments: 'by-hand',
    currency: terms.currency,
    means: simulatedMeans,
    profiles: config.cards,
    onWarning: (warning) => log.warn({ device: 'sam' }, warning),
    ...(world.memory === null ? {} : { memory: world.memory }),
  });
  rig.onMemory(() => {
    try {
      writeWorld(worldFile, rig.memory);
    } catch (error) {
      // A real card would remember all the same; the journal has its own way to say that the disk is full.
      log.error({ problem: String(error) }, 'what the simulated devices remember cannot be kept');
    }
  });
  virtual?.wires.join({ reader: rig.reader, printer: rig.printer.line }, clock);
  const kiosks = new Map<Channel<Shown, unknown>, () => void>();
  const benches = new Set<Channel<BenchView, unknown>>();
  let kills = 0;
  let isDark = false;
  let isClosed = false;
  let station = start();

  function start(): Station {
    const { clock: tetheredClock, ...ports } = rig.openPorts((tether, ownClock) =>
      real.open(tether, ownClock),
    );
    return composeStation({
      terms,
      ports,
      journalFile: journalPath,
      journalKey: config.journalKey,
      printClosings: config.printClosings,
      clock: tetheredClock,
      log,
    });
  }

  /** Nothing is finished, said goodbye to or written down: the process is gone where it stood. Then another one starts. */
  async function kill(): Promise<void> {
    if (isDark || isClosed) return;
    isDark = true;
    kills += 1;
    rig.killPorts();
    station.abandon();
    tellBenches();
    await real.close();
    isDark = false;
    if (isClosed) return;
    station = start();
    for (const [channel, detach] of kiosks) {
      detach();
      kiosks.set(channel, station.attach(channel));
    }
    tellBenches();
  }

  function view(): BenchView {
    const { journal } = station;
    const snapshot = rig.snapshot();
    return {
      ...snapshot,
      station: virtual === undefined ? 'simulated' : 'virtual',
      real: outOfReach,
      cards: outOfReach.includes('reader') ? [] : snapshot.cards,
      traps: snapshot.traps.filter(({ place }) => simulatedPlaces.has(place)),
      journal: {
        rows: (journal?.newest(shownRows) ?? []).map(({ seq, wallMs, kind, attempt, settled }) => ({
          seq,
          wallMs,
          kind,
          attempt,
          settled,
        })),
        unsettled: journal?.unsettled().length ?? 0,
      },
      kills,
    };
  }

  function tellBenches(): void {
    if (benches.size === 0) return;
    const now = view();
    for (const channel of benches) channel.send(now);
  }

  rig.onChange(tellBenches);
  if (real.cables.length > 0) {
    // What real devices bring about, the rig does not hear: it is seen when the kiosk shows something new.
    const onlooker = { send: tellBenches, watch: () => () => {}, close: () => {} };
    kiosks.set(onlooker, station.attach(onlooker));
  }

  return {
    attachKiosk(channel) {
      kiosks.set(channel, station.attach(channel));
      return () => {
        kiosks.get(channel)?.();
        kiosks.delete(channel);
      };
    },
    attachBench(channel) {
      benches.add(channel);
      const unwatch = channel.watch((message) => {
        const command = parseBenchCommand(message);
        if (command === null) log.warn({}, 'a message from the bench was refused');
        else if (command.kind === 'kill-process') void kill();
        else rig.perform(command);
      });
      channel.send(view());
      return () => {
        benches.delete(channel);
        unwatch();
      };
    },
    async close() {
      isClosed = true;
      if (!isDark) await station.close();
      await real.close();
      await virtual?.wires.close();
    },
  };
}
