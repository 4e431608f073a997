import { setTimeout as sleep } from 'node:timers/promises';
import { createStoredValueCards } from '../../hardware/card/registry.ts';
import type { Line } from '../../hardware/line/port.ts';
import { createReceiptPrinter } from '../../hardware/printer/driver.ts';
import type { CardReader } from '../../hardware/reader/port.ts';
import type { CardSpec } from '../../hardware/rig/drawer.ts';
import { createRig, type Rig } from '../../hardware/rig/rig.ts';
import { rigPrinterProfile } from '../../hardware/rig/rig-printer.ts';
import { simulatedFamilies } from '../../hardware/rig/simulated-families.ts';
import type { Sam } from '../../hardware/sam/port.ts';
import { createZvtTerminal } from '../../hardware/terminal/zvt/driver.ts';
import type { Channel, Shown } from '../../main/contract/channel.ts';
import type { Command } from '../../main/contract/command.ts';
import { minorUnits } from '../../main/contract/money.ts';
import type { Screen } from '../../main/contract/view.ts';
import { createLog } from '../../main/runtime/log.ts';
import type { Terms } from '../../main/session/session.ts';
import { composeStation } from '../../main/shell/compose.ts';
import { Random } from '../support/random.ts';
import { testTerms } from '../support/terms.ts';
import { VirtualClock } from '../support/virtual-clock.ts';
import { lineAt, readerAt, Socket, samAt } from './exchangeable.ts';

/*
 * A whole kiosk with a journal file that serves one person after the other, in virtual time, and says how much memory it
 * needs after each of the given numbers of top-ups. Its simulated devices keep books of their own; so that it is the kiosk
 * which is measured, they are exchanged for new ones every now and then, and before each reading.
 */

/** Bytes, after the garbage has been collected. */
export type MemoryReading = {
  readonly topUps: number;
  readonly rss: number;
  readonly heapUsed: number;
};

const exchangedEvery = 250;
const amountMinor = minorUnits(1_000);
const profiles = Object.fromEntries(
  simulatedFamilies.map(({ name, profiles: own }) => [
    name,
    own.map((profile) => ({ ...profile, balanceCapMinor: 100_000_000 })),
  ]),
);
const terms: Terms = {
  ...testTerms,
  cards: Object.entries(profiles).flatMap(([family, own]) =>
    own.map(({ name, title }) => ({ profile: name, family, title })),
  ),
};
const kinds = ['city-card', 'campus-desfire', 'transit-desfire', 'campus-card'];
const people: readonly CardSpec[] = ['1', '2', '3', '4'].map((holder, at) => ({
  kind: kinds[at] ?? 'city-card',
  id: `card-${holder}`,
  name: 'Card',
  note: 'Somebody’s card.',
  face: 'transit',
  number: `410000000000${holder}000`,
  balanceMinor: 0,
  validTo: '20381231',
}));

/** The kiosk's screen, and a finger. Keeps only what is shown now. */
class Screening implements Channel<Shown, unknown> {
  #shown: Shown | null = null;
  #tell: (message: unknown) => void = () => {};

  get screen(): Screen {
    if (this.#shown === null) throw new Error('nothing is shown');
    return this.#shown.view.screen;
  }

  tap(command: Command): void {
    this.#tell({ seq: this.#shown?.seq ?? 0, command });
  }

  send(message: Shown): void {
    this.#shown = message;
  }

  watch(onMessage: (message: unknown) => void): () => void {
    this.#tell = onMessage;
    return () => {
      this.#tell = () => {};
    };
  }

  close(): void {}
}

class MeasuredKiosk {
  readonly #clock = new VirtualClock();
  readonly #random = new Random(1);
  readonly #page = new Screening();
  readonly #reader;
  readonly #sams;
  readonly #printer;
  readonly #terminals;
  #rig: Rig;
  #topUps = 0;

  constructor(journalFile: string) {
    const clock = this.#clock;
    const rig = this.#newRig();
    this.#rig = rig;
    this.#reader = new Socket<CardReader>(rig.reader);
    this.#sams = rig.sams.map((sam) => new Socket<Sam>(sam));
    this.#printer = new Socket<Line>(rig.printer.line);
    this.#terminals = rig.terminals.map(({ line, means }) => ({
      socket: new Socket<Line>(line),
      means,
    }));
    const station = composeStation({
      terms,
      ports: {
        cards: createStoredValueCards({
          reader: readerAt(this.#reader),
          sams: this.#sams.map(samAt),
          profiles,
          clock,
        }),
        terminals: this.#terminals.map(({ socket, means }) =>
          createZvtTerminal({
            line: lineAt(socket),
            means,
            clock,
            currency: terms.currency.numeric,
            password: '000000',
          }),
        ),
        printer: createReceiptPrinter({
          line: lineAt(this.#printer),
          profile: rigPrinterProfile,
          clock,
        }),
      },
      journalFile,
      clock,
      log: createLog('silent'),
    });
    station.attach(this.#page);
  }

  /** Serve until so many people have topped up their cards since the start, then weigh the process. */
  async weighAfter(topUps: number): Promise<MemoryReading> {
    await this.#untilReady();
    while (this.#topUps < topUps) {
      await this.#serve(people[this.#topUps % people.length]?.id ?? '');
      this.#topUps += 1;
      if (this.#topUps % exchangedEvery !== 0) continue;
      await this.#exchangeDevices();
      tidyUp();
    }
    return { topUps, ...(await weigh()) };
  }

  #newRig(): Rig {
    return createRig({
      clock: this.#clock,
      randomBytes: (length) => Uint8Array.from({ length }, () => this.#random.below(256)),
      speeds: 'instant',
      payments: 'at-once',
      currency: terms.currency,
      means: terms.means,
      profiles,
      cards: people,
    });
  }

  async #untilReady(): Promise<void> {
    await this.#clock.until(() => {
      const { screen } = this.#page;
      return screen.kind === 'attract' && screen.topUpObstacle === null;
    });
  }

  /** One person tops up, with a receipt, and takes the card. */
  async #serve(cardId: string): Promise<void> {
    this.#rig.insert(cardId);
    let done = false;
    while (this.#rig.inserted !== null) {
      await this.#clock.until(() => this.#isAsking());
      done ||= this.#page.screen.kind === 'done';
      this.#answer(this.#page.screen);
    }
    if (!done) throw new Error(`top-up ${this.#topUps + 1} was not done`);
    await this.#untilReady();
  }

  #isAsking(): boolean {
    const { screen } = this.#page;
    if (screen.kind === 'receipt') return screen.state !== 'printing';
    return !['attract', 'reading', 'pay', 'hold-card'].includes(screen.kind);
  }

  #answer(screen: Screen): void {
    if (screen.kind === 'take-card') this.#rig.pull();
    else this.#page.tap(commandFor(screen));
  }

  /** A technician unplugs every device and plugs a new one in. */
  async #exchangeDevices(): Promise<void> {
    const old = this.#rig;
    const rig = this.#newRig();
    const cables = ['reader', 'sam', 'printer', ...terms.means.map(({ id }) => id)];
    for (const cable of cables) old.setCable(cable, false);
    this.#rig = rig;
    this.#reader.fit(rig.reader);
    for (const [nth, sam] of rig.sams.entries()) this.#sams[nth]?.fit(sam);
    this.#printer.fit(rig.printer.line);
    for (const { socket, means } of this.#terminals) socket.fit(rig.terminal(means.id).line);
    await this.#untilReady();
  }
}

function commandFor(screen: Screen): Command {
  switch (screen.kind) {
    case 'card':
      return { kind: 'begin-top-up' };
    case 'amount':
      return { kind: 'choose-amount', amountMinor };
    case 'confirm':
      return { kind: 'confirm' };
    case 'means':
      return { kind: 'choose-means', means: screen.choices[0]?.id ?? '' };
    case 'done':
    case 'receipt':
      return { kind: 'finish' };
    default:
      throw new Error(`a top-up that goes well does not come to ${screen.kind}`);
  }
}

/**
 * Collect all that can be collected, and give its room back to the system. V8 does it by itself when nothing is to be done;
 * here nobody ever rests between two people.
 */
function tidyUp(): void {
  if (globalThis.gc === undefined) throw new Error('start it with --expose-gc');
  globalThis.gc({ type: 'major', execution: 'sync', flavor: 'last-resort' });
}

async function weigh(): Promise<Pick<MemoryReading, 'rss' | 'heapUsed'>> {
  // More than once: what is collected late lets go of more, and the pages go back a moment after.
  for (let time = 0; time < 4; time += 1) {
    tidyUp();
    await sleep(100);
  }
  const { rss, heapUsed } = process.memoryUsage();
  return { rss, heapUsed };
}

const [journalFile, ...counts] = process.argv.slice(2);
if (journalFile === undefined) throw new Error('usage: memory-kiosk JOURNAL TOP-UPS...');
const kiosk = new MeasuredKiosk(journalFile);
for (const topUps of counts.map(Number)) {
  process.stdout.write(`${JSON.stringify(await kiosk.weighAfter(topUps))}\n`);
}
process.exit(0);
