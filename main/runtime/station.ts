import { type Journal, JournalFault } from '../../db/port.ts';
import type { Channel, Shown } from '../contract/channel.ts';
import type { Clock } from '../contract/clock.ts';
import type { Language } from '../contract/language.ts';
import type { View } from '../contract/view.ts';
import type { Terms } from '../session/session.ts';
import { type Kiosk, startKiosk } from './kiosk.ts';
import type { Log } from './log.ts';
import type { Chance } from './moment.ts';
import type { Ports } from './ports.ts';
import type { ClosingSlip } from './print-closing.ts';
import { createStage } from './stage.ts';

export type StationParts = {
  readonly terms: Terms;
  readonly ports: Ports;
  /** Throws JournalFault while it cannot be opened. */
  readonly openJournal: () => Journal;
  /** Bytes left on the journal's disk; null: it cannot be told. Absent: it has none. */
  readonly freeBytes?: () => number | null;
  /**
   * Close the books of the journal that was opened last, where a day is over; answers what is to be printed of it. Throws
   * JournalFault. Absent: it has none.
   */
  readonly closeBooks?: (wallMs: number) => ClosingSlip | null;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly log: Log;
  /** An assertion failed: the process must stop and be started again. */
  readonly onFatal: (error: unknown) => void;
};

/** A kiosk that outlives its journal's troubles. */
export interface Station {
  attach(channel: Channel<Shown, unknown>): () => void;
  /** The journal while it is open, to be looked at. */
  readonly journal: Journal | null;
  /** Stop where it stands, as a power cut would: nothing is finished or waited for. */
  abandon(): void;
  /** Let what is under way at the devices end, and let go of them. */
  close(): Promise<void>;
}

/** How long a journal that failed is left alone before it is tried again. */
const journalRetryMs = 5_000;

/**
 * Run a kiosk; when its journal fails, show so, take no money, and start again from the journal as soon as it works: what
 * was under way is then taken up like after a power cut.
 */
export function startStation(parts: StationParts): Station {
  const { terms, ports, clock, log } = parts;
  const stage = createStage(log);
  let kiosk: Kiosk | null = null;
  let journal: Journal | null = null;
  let cancelRetry: () => void = () => {};
  let closed = false;
  let loggedProblem = '';

  function start(): void {
    if (closed) return;
    try {
      journal = parts.openJournal();
      kiosk = startKiosk({ ...parts, journal, stage, onHalt: stopFor });
      loggedProblem = '';
    } catch (error) {
      if (!(error instanceof JournalFault)) throw error;
      stopFor(error);
    }
  }

  function stopFor(fault: JournalFault): void {
    if (loggedProblem !== fault.message) {
      log.error(
        { fault: fault.kind, problem: fault.message },
        'the journal failed; no money is taken',
      );
    }
    loggedProblem = fault.message;
    const broken = kiosk;
    kiosk = null;
    journal?.close();
    journal = null;
    let language = terms.defaultLanguage;
    const show = (): void => stage.show(faultView(terms, fault, language));
    stage.listen((command) => {
      if (command.kind === 'choose-language') language = command.language;
      show();
    });
    stage.prompt(show);
    show();
    // An order that is still under way at a device must end before the next kiosk gives its own.
    void (broken?.settled() ?? Promise.resolve())
      .then(() => ports.cards.abandon())
      .then(() => {
        if (!closed) cancelRetry = clock.after(journalRetryMs, start);
      });
  }

  function abandon(): void {
    closed = true;
    cancelRetry();
    kiosk?.stop();
    journal?.close();
    journal = null;
  }

  start();

  return {
    attach: (channel) => stage.attach(channel),
    get journal() {
      return journal;
    },
    abandon,
    async close() {
      closed = true;
      cancelRetry();
      kiosk?.stop();
      await kiosk?.settled();
      await Promise.all([
        ports.cards.close(),
        ports.printer.close(),
        ...ports.terminals.map((terminal) => terminal.close()),
      ]);
      journal?.close();
      journal = null;
    },
  };
}

function faultView(terms: Terms, fault: JournalFault, language: Language): View {
  return {
    language,
    currency: terms.currency,
    stationName: terms.stationName[language],
    helpLine: terms.helpLine,
    idleWarning: null,
    screen: {
      kind: 'out-of-service',
      faults: [{ device: 'journal', which: null, fault: fault.kind }],
      settling: false,
      balanceWorks: false,
      canFindMoney: false,
      notes: [fault.message],
    },
  };
}
