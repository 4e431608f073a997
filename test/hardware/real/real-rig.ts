import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { SimulatedCard } from '../../../hardware/card/simulated.ts';
import { openPcscReader } from '../../../hardware/reader/pcsc.ts';
import { openPcscliteReader } from '../../../hardware/reader/pcsclite.ts';
import { type InsertedCard, insertCard } from '../../../hardware/rig/virtual/vpcd-card.ts';
import type { Health } from '../../../main/contract/device.ts';
import { systemClock } from '../../../main/runtime/clock.ts';
import type { ReaderRig } from '../reader/contract.ts';

/** The libraries that a reader can be opened with. Each must be there: none is left out in silence. */
export const drivers = {
  pcsc: { open: openPcscReader, assertUsable: async () => void (await import('pcsc-mini')) },
  pcsclite: {
    open: openPcscliteReader,
    async assertUsable() {
      await import('pcsclite').catch((error) => {
        const [reason] = String(error).split('\n');
        throw new Error(
          `pcsclite is not compiled for this Node: npm run rebuild:pcsclite (${reason})`,
        );
      });
    },
  },
} as const;
export type DriverName = keyof typeof drivers;
export const driverNames: readonly DriverName[] = ['pcsc', 'pcsclite'];

/** Let real time pass until it is so. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  limitMs = 10_000,
): Promise<void> {
  const since = performance.now();
  while (!(await condition())) {
    if (performance.now() - since > limitMs) throw new Error(`not within ${limitMs} ms`);
    await sleep(5);
  }
}

export type RealRig = ReaderRig & {
  /** The lines for the technician. */
  readonly said: string[];
  /** What the reader said of itself last. */
  readonly seen: { health: string; present: boolean };
};

/** A virtual reader, the first where none is named, through pcscd. */
export function pcscRig({
  driver = 'pcsc',
  slot = 0,
  readerName = `^Virtual PCD 00 0${slot}$`,
}: {
  driver?: DriverName;
  slot?: 0 | 1;
  readerName?: string;
} = {}): RealRig {
  const said: string[] = [];
  const seen = { health: 'none', present: false };
  const reader = drivers[driver].open({
    readerName,
    clock: systemClock,
    log: (line) => said.push(line),
  });
  let inserted: InsertedCard | null = null;
  reader.watch(
    (presence) => {
      seen.present = presence.kind === 'present';
    },
    (health: Health) => {
      seen.health = health.kind === 'up' ? 'up' : health.fault;
    },
  );
  const pull = async (): Promise<void> => {
    const card = inserted;
    inserted = null;
    await card?.pull();
  };
  return {
    reader,
    said,
    seen,
    pull,
    until,
    occupy: () => holdElsewhere(readerName),
    async insert(card: SimulatedCard) {
      inserted = await insertCard(card, slot);
    },
    /** The driver is late to notice: the next test would find this one's card. */
    async end() {
      await pull();
      await until(() => !seen.present);
      await reader.close();
    },
  };
}

/** Another process takes the card; the answer lets it go. */
async function holdElsewhere(readerName: string): Promise<() => Promise<void>> {
  const script = fileURLToPath(new URL('./hold-card.ts', import.meta.url));
  const holder = spawn(process.execPath, [script, readerName], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  await once(holder.stdout, 'data');
  return async () => {
    const ended = once(holder, 'exit');
    holder.stdin.end();
    await ended;
  };
}
