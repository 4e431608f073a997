import { setTimeout as sleep } from 'node:timers/promises';
import type { SimulatedCard } from '../../../hardware/card/simulated.ts';
import { openPcscReader } from '../../../hardware/reader/pcsc.ts';
import { type InsertedCard, insertCard } from '../../../hardware/rig/virtual/vpcd-card.ts';
import { systemClock } from '../../../main/runtime/clock.ts';
import type { ReaderRig } from '../reader/contract.ts';

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

/** The first virtual reader, through pcscd; `said` are the lines for the technician. */
export function pcscRig(readerName = '^Virtual PCD 00 00$'): ReaderRig & { said: string[] } {
  const said: string[] = [];
  const reader = openPcscReader({ readerName, clock: systemClock, log: (line) => said.push(line) });
  let inserted: InsertedCard | null = null;
  let present = false;
  reader.watch(
    (presence) => {
      present = presence.kind === 'present';
    },
    () => {},
  );
  const pull = async (): Promise<void> => {
    const card = inserted;
    inserted = null;
    await card?.pull();
  };
  return {
    reader,
    said,
    pull,
    until,
    async insert(card: SimulatedCard) {
      inserted = await insertCard(card);
    },
    /** The driver is late to notice: the next test would find this one's card. */
    async end() {
      await pull();
      await until(() => !present);
      await reader.close();
    },
  };
}
