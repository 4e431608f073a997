import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Journal } from '../../../db/port.ts';
import { openJournal } from '../../../db/sqlite-journal.ts';
import { campusDesfire, transitDesfire } from '../../../hardware/card/desfire/profiles.ts';
import { cityCard } from '../../../hardware/card/pboc/profiles.ts';
import { createStoredValueCards } from '../../../hardware/card/registry.ts';
import { createSerialLine } from '../../../hardware/line/serialport.ts';
import { createReceiptPrinter } from '../../../hardware/printer/driver.ts';
import { printerProfiles } from '../../../hardware/printer/profile.ts';
import { SimulatedPrinter } from '../../../hardware/printer/simulated.ts';
import type { Slip } from '../../../hardware/printer/simulated-roll.ts';
import { type CardSpec, type DrawerCard, makeCard } from '../../../hardware/rig/drawer.ts';
import { RigTerminal } from '../../../hardware/rig/rig-terminal.ts';
import { simulatedFamilies } from '../../../hardware/rig/simulated-families.ts';
import { SerialCable } from '../../../hardware/rig/virtual/serial-cable.ts';
import type { VirtualSlot } from '../../../hardware/rig/virtual/vpcd-card.ts';
import type { Sam } from '../../../hardware/sam/port.ts';
import { SoftwareSam } from '../../../hardware/sam/software.ts';
import { createZvtTerminal } from '../../../hardware/terminal/zvt/driver.ts';
import type { PaymentMeans } from '../../../main/contract/payment.ts';
import type { Screen } from '../../../main/contract/view.ts';
import { systemClock } from '../../../main/runtime/clock.ts';
import { type Kiosk, startKiosk } from '../../../main/runtime/kiosk.ts';
import { createStage } from '../../../main/runtime/stage.ts';
import { attemptsOf, type Step, type Terms } from '../../../main/session/session.ts';
import { transition } from '../../../main/session/transition.ts';
import { quietLog } from '../../support/quiet-log.ts';
import { Random } from '../../support/random.ts';
import { TestScreen } from '../../support/screen.ts';
import { testTerms } from '../../support/terms.ts';
import { CardSlot } from './card-slot.ts';
import { OutsideBooks } from './outside-books.ts';
import { type DriverName, drivers } from './real-rig.ts';
import { readerNameOf } from './virtual-readers.ts';

const means: readonly PaymentMeans[] = [
  { id: 'bank-card', kind: 'bank-card', phases: 'two' },
  { id: 'mobile', kind: 'mobile', phases: 'one' },
];

/** A person waits as briefly here as the wires allow: vpcd needs up to 0.4 s to notice a card. */
const timings: Terms['timings'] = {
  idleMs: 20_000,
  idleWarningMs: 20_000,
  cardReturnMs: 2_000,
  patienceMs: 10_000,
  doneMs: 2_000,
  closingMs: 5_000,
};

const roomy = { ...cityCard, balanceCapMinor: 100_000_000, loadCapMinor: 1_000_000 };
const cardSpecs: readonly CardSpec[] = [
  ...['1', '2', '3', '4'].map(
    (holder): CardSpec => ({
      kind: 'city-card',
      id: `card-${holder}`,
      name: 'City card',
      note: 'Somebody’s card.',
      face: 'transit',
      number: `410000000000${holder}000`,
      balanceMinor: 50_000,
      validTo: '20381231',
    }),
  ),
  ...['campus-desfire', 'transit-desfire'].map(
    (profile): CardSpec => ({
      kind: profile,
      id: profile,
      name: 'DESFire card',
      note: 'Somebody’s card.',
      face: 'campus',
      number: profile === 'campus-desfire' ? '2026030100005001' : '2026030100005002',
      balanceMinor: 2_000,
      validTo: '20381231',
    }),
  ),
  { kind: 'bank-card', id: 'foreign', name: 'Bank card', note: 'No purse.', face: 'foreign' },
];

const profiles = { pboc: [roomy], desfire: [campusDesfire, transitDesfire] };
const served: Terms['cards'] = Object.entries(profiles).flatMap(([family, cards]) =>
  cards.map(({ name, title }) => ({ profile: name, family, title })),
);

const usual = printerProfiles['gb18030-80mm'];
const printerProfile = {
  ...usual,
  deadlines: {
    ...usual.deadlines,
    pollMs: 250,
    silentMs: 1_500,
    confirmMs: 5_000,
    refillMs: 8_000,
  },
};

export type RealKioskOptions = {
  readonly driver: DriverName;
  /** Where its reader's cards lie. */
  readonly slot?: VirtualSlot;
  readonly seed?: number;
  readonly timings?: Partial<Terms['timings']>;
  /** A bug planted on purpose. */
  readonly decide?: typeof transition;
  /** Opened with the kiosk. Absent: test keys in its own memory, for both families. */
  readonly openSams?: () => readonly Sam[];
  /** Of the printer's paper. Slow enough, a receipt can be interrupted. */
  readonly printMmPerS?: number;
};

/** A whole kiosk on real wires, the people's cards, the bank behind its terminals, and the books that are kept outside. */
export class RealKiosk {
  readonly slot: CardSlot;
  readonly screen = new TestScreen();
  readonly random: Random;
  readonly cards = new Map<string, DrawerCard>();
  readonly terminals = means.map((each) => new RigTerminal(each, systemClock, 156));
  readonly cable: SerialCable;
  readonly printer: SimulatedPrinter;
  readonly books: OutsideBooks;
  readonly journal: Journal;
  /** Lines for the technician. */
  readonly said: string[] = [];
  /** What stopped the kiosk, if anything did. */
  fatal: unknown = null;
  #kiosk: Kiosk | null = null;
  #onStep: (step: Step) => void = () => {};
  readonly #folder: string;
  readonly #options: RealKioskOptions;
  #ports: { readonly close: () => Promise<unknown> } | null = null;

  static async start(options: RealKioskOptions): Promise<RealKiosk> {
    const folder = await mkdtemp(join(tmpdir(), 'addvalue-real-'));
    const kiosk = new RealKiosk(options, folder, await SerialCable.make());
    await kiosk.#start();
    return kiosk;
  }

  private constructor(options: RealKioskOptions, folder: string, cable: SerialCable) {
    this.#options = options;
    this.#folder = folder;
    this.cable = cable;
    this.random = new Random(options.seed ?? 1);
    this.slot = new CardSlot(options.slot ?? 0);
    this.printer = new SimulatedPrinter({
      clock: systemClock,
      far: { listen: (onBytes) => cable.listen(onBytes), send: (bytes) => cable.send(bytes) },
      speedMmPerS: options.printMmPerS ?? 2_000,
    });
    for (const { device } of this.terminals) device.present({ kind: 'approve' });
    for (const spec of cardSpecs) {
      const onWritten = (): void => this.books.written(spec.id);
      const randomBytes = (length: number): Uint8Array =>
        Uint8Array.from({ length }, () => this.random.below(256));
      this.cards.set(spec.id, makeCard(spec, { randomBytes, wallMs: Date.now(), onWritten }));
    }
    this.journal = openJournal(join(folder, 'journal.sqlite'));
    this.books = new OutsideBooks({
      cards: this.cards,
      terminals: this.terminals,
      slips: () => this.slips,
      journal: this.journal,
      waiting: () => attemptsOf(this.session),
    });
  }

  get session() {
    if (this.#kiosk === null) throw new Error('the kiosk has not started');
    return this.#kiosk.session;
  }

  get slips(): readonly Slip[] {
    return this.printer.slips;
  }

  card(id: string): DrawerCard['card'] {
    const found = this.cards.get(id);
    if (found === undefined) throw new RangeError(`nobody has ${id}`);
    return found.card;
  }

  /** Be told of each step, written down and not yet carried out. One listener. */
  onStep(listener: (step: Step) => void): void {
    this.#onStep = listener;
  }

  /** Let real time pass until it is so. */
  async until(condition: () => boolean, what: string, limitMs = 15_000): Promise<void> {
    const since = performance.now();
    while (!condition()) {
      if (this.fatal !== null) throw new Error('the kiosk stopped', { cause: this.fatal });
      if (performance.now() - since > limitMs) {
        throw new Error(`not within ${limitMs} ms: ${what}; ${this.#standstill()}`);
      }
      await sleep(4);
    }
  }

  /** Until this screen is shown. */
  async shows<K extends Screen['kind']>(kind: K, limitMs?: number): Promise<void> {
    await this.until(() => this.screen.screen.kind === kind, `the screen ${kind}`, limitMs);
  }

  async end(): Promise<void> {
    this.#onStep = () => {};
    this.#kiosk?.stop();
    await this.slot.pull();
    await this.#kiosk?.settled();
    await this.#ports?.close();
    this.journal.close();
    await this.cable.dispose();
    await rm(this.#folder, { recursive: true });
  }

  async #start(): Promise<void> {
    const { driver, slot = 0, openSams, decide = transition } = this.#options;
    await drivers[driver].assertUsable();
    const reader = drivers[driver].open({
      readerName: readerNameOf(slot),
      clock: systemClock,
      log: (line) => this.said.push(line),
    });
    const cards = createStoredValueCards({
      reader,
      sams: openSams?.() ?? [this.#softwareSam()],
      profiles,
      clock: systemClock,
    });
    const terminals = this.terminals.map(({ line, means: each }) =>
      createZvtTerminal({
        line,
        means: each,
        clock: systemClock,
        currency: 156,
        password: '000000',
      }),
    );
    const line = createSerialLine({
      path: this.cable.path,
      baudRate: 115_200,
      clock: systemClock,
      retryMs: 50,
      retryMaxMs: 500,
    });
    const printer = createReceiptPrinter({ line, profile: printerProfile, clock: systemClock });
    this.#ports = {
      close: () => Promise.all([cards, printer, ...terminals].map((port) => port.close())),
    };
    const log = quietLog();
    const stage = createStage(log);
    stage.attach(this.#auditedScreen());
    this.#kiosk = startKiosk({
      terms: {
        ...testTerms,
        means,
        cards: served,
        timings: { ...timings, ...this.#options.timings },
      },
      ports: { cards, terminals, printer },
      journal: this.journal,
      stage,
      clock: systemClock,
      chance: () => this.random.hex(10),
      log,
      decide: (session, event) => {
        const step = decide(session, event);
        this.#onStep(step);
        return step;
      },
      onHalt: (fault) => {
        this.fatal = fault;
      },
      onFatal: (error) => {
        this.fatal ??= error;
        this.#kiosk?.stop();
      },
    });
  }

  #softwareSam(): Sam {
    const random = (length: number): Uint8Array =>
      Uint8Array.from({ length }, () => this.random.below(256));
    const applets = simulatedFamilies.map(({ name, authority }) => [name, authority(random)]);
    return new SoftwareSam({ applets: Object.fromEntries(applets), onWarning: () => {} });
  }

  #auditedScreen(): Parameters<ReturnType<typeof createStage>['attach']>[0] {
    return {
      send: (message) => {
        this.books.shown(message.view.screen);
        this.screen.send(message);
      },
      watch: (onMessage) => this.screen.watch(onMessage),
      close: () => this.screen.close(),
    };
  }

  #standstill(): string {
    const { state, open, cardPresent, devices } = this.session;
    return JSON.stringify({
      screen: this.screen.screen,
      state,
      open: open.map(({ reference, money, card, paper }) => ({ reference, money, card, paper })),
      cardPresent,
      reader: devices.reader,
      printer: devices.printer,
      said: this.said.slice(-5),
    });
  }
}
