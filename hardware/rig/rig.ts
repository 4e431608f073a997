import type { BenchCommand, BenchView } from '../../main/contract/bench.ts';
import type { Clock } from '../../main/contract/clock.ts';
import type { Currency } from '../../main/contract/money.ts';
import type { PaymentMeans } from '../../main/contract/payment.ts';
import type { CardProfile } from '../card/profile.ts';
import type { Slip } from '../printer/simulated-roll.ts';
import { type ApduFault, SimulatedReader } from '../reader/simulated.ts';
import { SoftwareSam } from '../sam/software.ts';
import type { BookEntry } from '../terminal/zvt/simulated-books.ts';
import { benchCards, type CardSpec, type DrawerCard, makeCard, type PurseBooks } from './drawer.ts';
import { cardOnMat, terminalOnMat } from './mat.ts';
import type { RigMemory } from './rig-memory.ts';
import { type OpenReal, openRigPorts, type RigPorts } from './rig-ports.ts';
import { RigPrinter } from './rig-printer.ts';
import { RigTerminal } from './rig-terminal.ts';
import { SamSocket } from './sam-socket.ts';
import { isWrite, simulatedFamilies } from './simulated-families.ts';
import type { LoadRow } from './simulated-family.ts';
import { Tether } from './tether.ts';
import { Trace } from './trace.ts';
import { type Trap, type TrapHook, traps } from './traps.ts';

export type RigOptions = {
  readonly clock: Clock;
  /** Chance for the simulated cards: seeded in tests. */
  readonly randomBytes: (length: number) => Uint8Array;
  /** `instant`: nothing takes time of itself. `lifelike`: as long as the real parts take. */
  readonly speeds: 'instant' | 'lifelike';
  /** `by-hand`: a payment waits for approve or decline. `at-once`: it is approved. */
  readonly payments: 'by-hand' | 'at-once';
  readonly currency: Currency;
  readonly means?: readonly PaymentMeans[];
  /** The cards that the kiosk serves, by family. Those of all simulated families, where nothing is said. */
  readonly profiles?: Readonly<Record<string, readonly CardProfile[]>>;
  readonly cards?: readonly CardSpec[];
  /** What cards and terminals remember from an earlier life: `rig.memory`. Those that it does not name are new. */
  readonly memory?: RigMemory;
  /** What a simulated part has to say for itself: one line each. */
  readonly onWarning?: (warning: string) => void;
};

/** What an outsider reads from the devices themselves, to compare the kiosk's claims with. */
export type RigBooks = {
  /** By the card's id. */
  readonly purses: ReadonlyMap<string, PurseBooks>;
  /** The loads in a card's own log, newest first. */
  readonly loads: (cardId: string) => readonly LoadRow[];
  /** By the terminal's id, oldest first, as the bank sees them. */
  readonly payments: ReadonlyMap<string, readonly BookEntry[]>;
  /** Everything that was ever cut off, oldest first. */
  readonly slips: readonly Slip[];
};

/** As people do it: a contactless card answers in some 30 ms, a thermal printer moves 150 mm a second. */
const lifelike = { apduMs: 30, printMmPerS: 150 };
/** Changes are told together, so that one conversation with a card is not sixty pictures. */
const tellAfterMs = 60;

const usualMeans: readonly PaymentMeans[] = [
  { id: 'bank-card', kind: 'bank-card', phases: 'two' },
  { id: 'mobile', kind: 'mobile', phases: 'one' },
];

const allProfiles = Object.fromEntries(
  simulatedFamilies.map(({ name, profiles }) => [name, profiles]),
);

/** Every simulated device of a station behind one handle. The devices outlive the kiosk that uses them. */
export function createRig(options: RigOptions): Rig {
  return new Rig(options);
}

export class Rig {
  readonly reader: SimulatedReader;
  /** One a family. */
  readonly sams: readonly SamSocket[];
  readonly printer: RigPrinter;
  readonly terminals: readonly RigTerminal[];
  readonly #options: RigOptions;
  readonly #clock: Clock;
  readonly #trace: Trace;
  #drawer: ReadonlyMap<string, DrawerCard>;
  #inserted: string | null = null;
  #readerPlugged = true;
  #tether = new Tether();
  readonly #armed = new Set<string>();
  readonly #watchers = new Set<() => void>();
  #onMemory: () => void = () => {};
  #telling = false;

  constructor(options: RigOptions) {
    const { clock, currency, speeds, payments, means = usualMeans } = options;
    const slow = speeds === 'lifelike';
    this.#options = options;
    this.#clock = clock;
    this.#trace = new Trace(clock, currency);
    this.#drawer = this.#newDrawer(options.memory);
    this.reader = new SimulatedReader({ clock, latencyMs: slow ? lifelike.apduMs : 0 });
    const sam = new SoftwareSam({
      applets: Object.fromEntries(
        simulatedFamilies.map(({ name, authority }) => [name, authority(options.randomBytes)]),
      ),
      onWarning: options.onWarning ?? (() => {}),
    });
    this.sams = sam.families.map((family) => new SamSocket(family, sam, clock));
    const speed = slow ? lifelike.printMmPerS : Number.POSITIVE_INFINITY;
    this.printer = new RigPrinter(this.#observed(clock), speed, () => this.#changed());
    this.terminals = means.map(
      (each) => new RigTerminal(each, clock, currency.numeric, options.memory?.terminals[each.id]),
    );
    for (const { device } of this.terminals) {
      device.watchMemory(() => this.#onMemory());
      device.present({ kind: payments === 'by-hand' ? 'wait' : 'approve' });
      device.watch(() => this.#changed());
    }
    this.reader.meddle((command) => this.#meddle(command));
    this.reader.watchApdus((command, response) => this.#onApdu(command, response));
    this.reader.watch(
      (presence) => {
        // The news may be old: another card may be in by now.
        if (presence.kind === 'absent' && this.reader.isEmpty) this.#cardCameOut();
      },
      () => this.#changed(),
    );
  }

  /** Drivers for one life of the kiosk's process, on the devices as they are. Ends the life before. */
  openPorts(openReal?: OpenReal): RigPorts {
    this.killPorts();
    const { currency, profiles = allProfiles, clock } = this.#options;
    return openRigPorts({
      parts: this,
      tether: this.#tether,
      clock,
      currency,
      profiles,
      openReal,
    });
  }

  /** Kill the kiosk's process: from now on nothing of it reaches a device, and no device reaches it. */
  killPorts(): void {
    this.#tether.cut();
    this.#tether = new Tether();
  }

  /** The id of the card in the reader's slot. */
  get inserted(): string | null {
    return this.#inserted;
  }

  /** Put a card in; another one in the slot is pulled out first. Throws for a card that is not in the drawer. */
  insert(cardId: string): void {
    const held = this.#drawer.get(cardId);
    if (held === undefined) throw new RangeError(`there is no card ${cardId} in the drawer`);
    if (this.#inserted === cardId) return;
    // Whoever sees a card go may put one in at once.
    while (this.#inserted !== null) this.pull();
    this.#inserted = cardId;
    this.#trace.hand('card put in', held.card.label);
    this.reader.insert(held.card);
    this.#changed();
  }

  /**
   * Lay another card on the one in the slot: from then on either of the two answers, as chance will have it. Both come out
   * together. Does nothing without a card in the slot, or where it is the same. Throws for a card that is not in the drawer.
   */
  layOnTop(cardId: string): void {
    const held = this.#drawer.get(cardId);
    if (held === undefined) throw new RangeError(`there is no card ${cardId} in the drawer`);
    if (this.#inserted === null || this.#inserted === cardId) return;
    this.#trace.hand('card laid on top', held.card.label);
    const { randomBytes } = this.#options;
    this.reader.layOnTop(held.card, () => ((randomBytes(1)[0] ?? 0) & 1) === 1);
    this.#changed();
  }

  /** Pull the card out, whatever is under way. */
  pull(): void {
    this.#cardCameOut();
    this.reader.pull();
  }

  /** Pay at a gate with a card from the drawer. False where it holds too little. */
  spend(cardId: string, amountMinor: number): boolean {
    return this.#drawer.get(cardId)?.spend(amountMinor, this.#clock.wallMs()) ?? false;
  }

  /** The terminal of this id. Throws where there is none. */
  terminal(id: string): RigTerminal {
    const found = this.terminals.find((each) => each.means.id === id);
    if (found === undefined) throw new RangeError(`there is no terminal ${id}`);
    return found;
  }

  /** Pull a cable or put it back: "reader", "sam" for all load authorities, "sam-pboc" for one, "printer", or a terminal's id. */
  setCable(cable: string, plugged: boolean): void {
    const sams = this.#samsOn(cable);
    if (sams.length > 0) {
      for (const sam of sams) sam.plugged = plugged;
    } else if (cable === 'reader') {
      this.#readerPlugged = plugged;
      if (plugged) this.reader.plug();
      else this.reader.unplug();
    } else {
      const device = cable === 'printer' ? this.printer : this.terminal(cable);
      if (plugged) device.plug();
      else device.unplug();
    }
    this.#changed();
  }

  /** Set a trap of traps.ts, or take it away. It springs once. */
  arm(trap: Trap, armed: boolean): void {
    const { hook, id } = trap;
    const sprung = (): void => {
      this.#armed.delete(id);
      this.#changed();
    };
    for (const other of traps) {
      // One hook holds one trap.
      if (armed && other.id !== id && sameHook(other, trap)) this.#armed.delete(other.id);
    }
    if (armed) this.#armed.add(id);
    else this.#armed.delete(id);
    switch (hook.kind) {
      case 'credit':
        break;
      case 'apdu':
        if (armed) this.reader.injectFault(hook.nth, hook.fault);
        else this.reader.clearFaults();
        break;
      case 'approval-lost':
        for (const terminal of this.terminals) {
          terminal.setApprovalTrap(armed ? () => this.arm(trap, false) : null);
        }
        break;
      case 'settlement':
        for (const terminal of this.terminals) {
          // It waits at every terminal; where it has sprung at one, the others forget it.
          terminal.setTrap(hook.group, armed ? hook.fault : null, () => this.arm(trap, false));
        }
        break;
      case 'printer':
        this.printer.setTrap(armed ? hook : null, sprung);
        break;
    }
    this.#changed();
  }

  /**
   * All that cards and terminals remember without power: plain data, fit for JSON. Those that are not at this station now
   * remember what they did.
   */
  get memory(): RigMemory {
    const cards = [...this.#drawer.entries()].flatMap(([id, { memory }]) => {
      const remembered = memory();
      return remembered === null ? [] : [[id, remembered] as const];
    });
    const terminals = this.terminals.map(({ means, device }) => [means.id, device.memory] as const);
    const { memory: earlier } = this.#options;
    return {
      cards: { ...earlier?.cards, ...Object.fromEntries(cards) },
      terminals: { ...earlier?.terminals, ...Object.fromEntries(terminals) },
    };
  }

  /** Be told at once, before the kiosk can hear of it, when a card or a terminal has something new to remember. */
  onMemory(callBack: () => void): void {
    this.#onMemory = callBack;
  }

  /** Be told, a moment after, when something that the bench shows has changed. */
  onChange(callBack: () => void): () => void {
    this.#watchers.add(callBack);
    return () => {
      this.#watchers.delete(callBack);
    };
  }

  books(): RigBooks {
    const purses = new Map<string, PurseBooks>();
    for (const [id, { purse }] of this.#drawer) {
      const books = purse();
      if (books !== null) purses.set(id, books);
    }
    const payments = this.terminals.map(({ means, device }) => [means.id, device.books] as const);
    const loads = (cardId: string) => this.#drawer.get(cardId)?.loads() ?? [];
    return { purses, loads, payments: new Map(payments), slips: this.printer.slips };
  }

  /** What the bench's page shows, but for what only the kiosk's process knows. */
  snapshot(): Omit<BenchView, 'journal' | 'kills' | 'real' | 'station'> {
    const { currency } = this.#options;
    return {
      currency,
      cards: [...this.#drawer.values()].map(cardOnMat),
      inserted: this.#inserted,
      readerPlugged: this.#readerPlugged,
      sams: this.sams.flatMap(({ families, plugged }) =>
        families.map((family) => ({ family, plugged })),
      ),
      terminals: this.terminals.map((terminal) => terminalOnMat(terminal, currency)),
      printer: this.printer.snapshot(),
      traps: traps.map(({ hook: _hook, ...trap }) => ({
        ...trap,
        armed: this.#armed.has(trap.id),
      })),
      trace: this.#trace.rows,
    };
  }

  /** Do what a hand at the bench does. What names no card, terminal, cable or trap of this rig does nothing. */
  perform(command: Exclude<BenchCommand, { readonly kind: 'kill-process' }>): void {
    switch (command.kind) {
      case 'insert-card':
        if (this.#drawer.has(command.card)) this.insert(command.card);
        break;
      case 'pull-card':
        this.pull();
        break;
      case 'fresh-cards':
        this.pull();
        this.#drawer = this.#newDrawer();
        this.#onMemory();
        break;
      case 'approve-payment':
        this.#terminalNamed(command.terminal)?.approve();
        break;
      case 'decline-payment':
        this.#terminalNamed(command.terminal)?.decline();
        break;
      case 'silence-terminal':
        this.#terminalNamed(command.terminal)?.silence(command.silent);
        break;
      case 'set-paper':
        this.printer.setPaperOut(command.out);
        break;
      case 'set-cover':
        this.printer.setCover(command.open);
        break;
      case 'tear-off':
        this.printer.tearOff();
        break;
      case 'set-cable':
        if (this.#hasCable(command.cable)) this.setCable(command.cable, command.plugged);
        break;
      case 'arm-trap': {
        const trap = traps.find((each) => each.id === command.trap);
        if (trap !== undefined) this.arm(trap, command.armed);
      }
    }
    this.#changed();
  }

  #newDrawer(memory?: RigMemory): ReadonlyMap<string, DrawerCard> {
    const { cards = benchCards, randomBytes, clock } = this.#options;
    const parts = { randomBytes, wallMs: clock.wallMs(), onWritten: () => this.#onMemory() };
    return new Map(
      cards.map((spec) => [spec.id, makeCard(spec, { ...parts, memory: memory?.cards[spec.id] })]),
    );
  }

  #terminalNamed(id: string): RigTerminal | undefined {
    return this.terminals.find((each) => each.means.id === id);
  }

  #hasCable(cable: string): boolean {
    const isOwn = cable === 'reader' || cable === 'printer' || this.#samsOn(cable).length > 0;
    return isOwn || this.#terminalNamed(cable) !== undefined;
  }

  #samsOn(cable: string): readonly SamSocket[] {
    return this.sams.filter(
      ({ families }) => cable === 'sam' || families.some((family) => cable === `sam-${family}`),
    );
  }

  #cardCameOut(): void {
    if (this.#inserted === null) return;
    this.#trace.hand('card pulled out', this.#drawer.get(this.#inserted)?.card.label ?? '');
    this.#inserted = null;
    this.#changed();
  }

  #onApdu(command: Uint8Array, response: Uint8Array | null): void {
    this.#trace.apdu(command, response, this.#inserted !== null);
    if (response === null) this.#disarm(({ kind }) => kind === 'apdu');
    this.#changed();
  }

  /** What a trap does to the command that is on its way to the card. */
  #meddle(command: Uint8Array): ApduFault | null {
    const hook = isWrite(command) ? this.#disarm(({ kind }) => kind === 'credit') : null;
    return hook?.kind === 'credit' ? hook.fault : null;
  }

  /** The armed trap's hook of this kind, which has sprung. */
  #disarm(isMeant: (hook: TrapHook) => boolean): TrapHook | null {
    if (this.#armed.size === 0) return null;
    const trap = traps.find(({ id, hook }) => isMeant(hook) && this.#armed.delete(id));
    return trap?.hook ?? null;
  }

  /** A clock whose timers are followed by a look at what they changed. */
  #observed(clock: Clock): Clock {
    return {
      nowMs: () => clock.nowMs(),
      wallMs: () => clock.wallMs(),
      after: (delayMs, callBack) =>
        clock.after(delayMs, () => {
          callBack();
          this.#changed();
        }),
    };
  }

  #changed(): void {
    if (this.#telling || this.#watchers.size === 0) return;
    this.#telling = true;
    this.#clock.after(tellAfterMs, () => {
      this.#telling = false;
      for (const watcher of [...this.#watchers]) watcher();
    });
  }
}

function sameHook(one: Trap, other: Trap): boolean {
  if (one.hook.kind !== other.hook.kind) return false;
  if (one.hook.kind !== 'settlement' || other.hook.kind !== 'settlement') return true;
  return one.hook.group === other.hook.group;
}
