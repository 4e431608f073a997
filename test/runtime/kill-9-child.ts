import { writeSync } from 'node:fs';
import path from 'node:path';
import { type Journal, JournalFault } from '../../db/port.ts';
import { openJournal } from '../../db/sqlite-journal.ts';
import { createRig } from '../../hardware/rig/rig.ts';
import { readWorld, writeWorld } from '../../hardware/rig/world-file.ts';
import type { Channel, Shown } from '../../main/contract/channel.ts';
import type { PaymentPhases } from '../../main/contract/payment.ts';
import { attemptOf } from '../../main/runtime/attempt-record.ts';
import type { Ports } from '../../main/runtime/ports.ts';
import { startStation } from '../../main/runtime/station.ts';
import { nextDeed } from '../../main/session/resolve.ts';
import { quietLog } from '../support/quiet-log.ts';
import { Random } from '../support/random.ts';
import { TestScreen } from '../support/screen.ts';
import { testTerms } from '../support/terms.ts';
import { VirtualClock } from '../support/virtual-clock.ts';
import { act } from './visitor.ts';

/**
 * One life of a kiosk's process, on a journal and a world on disk. `top-up`: somebody tops up a card. `recover`: the next
 * start; somebody puts the card back. At the boundary `death`, by its name or its number, the process kills itself.
 */
const [deed = '', folder = '', phases = 'two', death = 'never'] = process.argv.slice(2);

export type Told = {
  /** The boundary at which the process died, or null. */
  readonly diedAt: string | null;
  readonly screens: readonly string[];
  /** What was wrong, in words. */
  readonly faults: readonly string[];
};

const worldFile = path.join(folder, 'journal.world.json');
const journalFile = path.join(folder, 'journal.sqlite');
const clock = new VirtualClock(Date.UTC(2026, 2, 2, 8, 0, 0) + (deed === 'recover' ? 60_000 : 0));
const random = new Random(deed === 'recover' ? 2 : 1);
const screen = new TestScreen();
const faults: string[] = [];
let crossings = 0;

function tell(diedAt: string | null): void {
  const told: Told = { diedAt, screens: screen.kinds, faults };
  writeSync(1, JSON.stringify(told));
}

/** A place where the power can go. */
function cross(boundary: string): void {
  crossings += 1;
  if (boundary !== death && String(crossings) !== death) return;
  tell(boundary);
  process.kill(process.pid, 'SIGKILL');
}

const world = readWorld(worldFile);
if (world.kind === 'damaged') throw new Error(world.why);
const rig = createRig({
  clock,
  randomBytes: (length) => Uint8Array.from({ length }, () => random.below(256)),
  speeds: 'instant',
  payments: 'at-once',
  currency: testTerms.currency,
  means: [{ id: 'till', kind: 'bank-card', phases: phases as PaymentPhases }],
  ...(world.memory === null ? {} : { memory: world.memory }),
});
writeWorld(worldFile, rig.memory);
rig.onMemory(() => {
  cross('before the world changes');
  writeWorld(worldFile, rig.memory);
  cross('after the world has changed');
});

function mortalJournal(): Journal {
  const journal = openJournal(journalFile);
  return {
    seal: journal.seal,
    append: (entries) => {
      const kinds = entries.map(({ kind }) => kind).join(' ');
      cross(`before the row ${kinds}`);
      journal.append(entries);
      cross(`after the row ${kinds}`);
    },
    unsettled: () => journal.unsettled(),
    rows: (after, limit) => journal.rows(after, limit),
    newest: (limit) => journal.newest(limit),
    attempt: (reference) => journal.attempt(reference),
    attemptsOfCard: (number, limit) => journal.attemptsOfCard(number, limit),
    verify: () => journal.verify(),
    close: () => journal.close(),
  };
}

/** The same port; the process can die before an order goes out, and before its answer is heard. */
function mortal<Port extends object>(port: Port, orders: readonly string[]): Port {
  return new Proxy(port, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      const call = value.bind(target);
      if (!orders.includes(String(name))) return call;
      return async (...parts: readonly unknown[]) => {
        cross(`before ${String(name)}`);
        const answer: unknown = await call(...parts);
        cross(`after ${String(name)}`);
        return answer;
      };
    },
  });
}

const { clock: tethered, cards, terminals, printer } = rig.openPorts();
const ports: Ports = {
  cards: mortal(cards, ['read', 'prepare', 'credit', 'check']),
  terminals: terminals.map((terminal) =>
    mortal(terminal, ['open', 'authorise', 'capture', 'reverse', 'inquire']),
  ),
  printer: mortal(printer, ['ready', 'print']),
};

/** Nobody may be invited while money can still be found out, nor before the card in question was asked for. */
const watchful: Channel<Shown, unknown> = {
  send(shown) {
    screen.send(shown);
    if (shown.view.screen.kind !== 'attract') return;
    for (const row of station.journal?.unsettled() ?? []) {
      const attempt = attemptOf(row);
      const due = nextDeed(attempt);
      if (due !== 'check-card')
        faults.push(`somebody was invited while ${attempt.reference} wants to ${due}`);
      else if (!screen.kinds.includes('put-card-back')) {
        faults.push(`somebody was invited before ${attempt.reference} was asked for its card`);
      }
    }
  },
  watch: (onMessage) => screen.watch(onMessage),
  close: () => screen.close(),
};

const station = startStation({
  terms: { ...testTerms, means: terminals.map(({ means }) => means) },
  ports,
  openJournal: mortalJournal,
  clock: tethered,
  chance: () => random.hex(10),
  log: quietLog(),
  onFatal: (error) => {
    throw error;
  },
});
if (station.journal === null) throw new JournalFault('corrupt', 'the journal did not open');
station.attach(watchful);

await clock.until(() => ['attract', 'put-card-back'].includes(screen.screen.kind));
const visit = { rig, screen, cardId: 'ordinary', amountMinor: 5_000, means: 'till' };
if (deed === 'top-up') {
  rig.insert('ordinary');
  await clock.until(() => screen.screen.kind === 'card');
}
for (let turn = 0; screen.screen.kind !== 'attract'; turn += 1) {
  if (turn > 200) throw new Error(`no end of it: ${screen.kinds.join(' ')}`);
  const { seq } = screen;
  act(visit);
  await clock.until(() => screen.seq !== seq || screen.screen.kind === 'attract');
}
await station.close();
tell(null);
process.exit(0);
