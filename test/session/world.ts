import type { CardFacts } from '../../main/contract/card.ts';
import { down, up } from '../../main/contract/device.ts';
import { add, type MinorUnits, minorUnits } from '../../main/contract/money.ts';
import type { PaymentStatus } from '../../main/contract/payment.ts';
import type { Receipt } from '../../main/contract/receipt.ts';
import type { Attempt } from '../../main/session/attempt.ts';
import type { Effect, LookUp } from '../../main/session/effect.ts';
import type { AnswerFact, CardTrouble, Event, Fact, Moment } from '../../main/session/event.ts';
import { recover } from '../../main/session/recover.ts';
import { isSettled } from '../../main/session/resolve.ts';
import {
  attemptsOf,
  deadlineOf,
  type Session,
  type Step,
  type Terms,
} from '../../main/session/session.ts';
import { show } from '../../main/session/show.ts';
import { transition } from '../../main/session/transition.ts';
import { deviceTold } from '../support/device-told.ts';
import type { Random } from '../support/random.ts';
import { tapOn } from './tapper.ts';

export type Transition = (session: Session, event: Event) => Step;

/** What lies in the tray. */
type ModelSlip = {
  readonly reference: string;
  readonly kind: Receipt['kind'];
  readonly copy: 'original' | 'duplicate';
};

type ModelCard = { readonly number: string; balanceMinor: MinorUnits; counter: number };

/**
 * A world in the smallest: cards, terminals and paper as plain books, with every way in which an answer can get lost. It
 * drives the bare session, so that thousands of strange days pass in a second. The books are the oracle.
 */
export class ModelWorld {
  readonly cards: readonly ModelCard[] = ['4100000000000017', '4100000000000025'].map((number) => ({
    number,
    balanceMinor: minorUnits(3_620),
    counter: 7,
  }));
  /** What the bank terminals know, by reference. */
  readonly payments = new Map<string, { amountMinor: MinorUnits; status: PaymentStatus }>();
  /** How often each reference was loaded, and onto which card. */
  readonly loads = new Map<string, { count: number; amountMinor: MinorUnits }>();
  readonly slips: ModelSlip[] = [];
  /** Slips that may be on paper for all that the kiosk knows: their answer was lost. By reference and kind. */
  readonly doubtful = new Set<string>();
  readonly journal = new Map<string, Attempt>();
  readonly screens = new Set<string>();
  session: Session;

  readonly #random: Random;
  readonly #fullTerms: Terms;
  /** The station's configuration in this life of the process: terminals come and go between lives. */
  #terms: Terms;
  readonly #transition: Transition;
  #slot: ModelCard | null = null;
  /** Another program holds the card. */
  #isBusy = false;
  #nowMs = 0;
  /** How far the computer's clock has been put forward or back. */
  #clockPutMs = 0;
  #underWay: Effect[] = [];
  #prepared: { reference: string; card: ModelCard; amountMinor: MinorUnits } | null = null;
  /** While true nothing goes wrong any more. */
  calm = false;

  constructor(random: Random, terms: Terms, decide: Transition = transition) {
    this.#random = random;
    this.#fullTerms = terms;
    this.#terms = terms;
    this.#transition = decide;
    this.session = recover([], terms, this.#moment());
    this.#greet();
  }

  /** One thing happens. */
  step(): void {
    const random = this.#random;
    const roll = random.next();
    if (random.chance(0.01)) this.crash();
    else if (this.#underWay.length > 0 && random.chance(0.7)) this.#answer();
    else if (roll < (this.#slot === null ? 0.5 : 0.06)) this.#moveCard();
    else if (roll < 0.14) this.#passTime();
    else if (roll < 0.16) this.#upset();
    else if (roll < 0.17) this.#flap();
    else if (roll < 0.2) this.#occupy(!this.#isBusy);
    else this.#tell({ kind: 'commanded', command: tapOn(this.session, this.#random) });
  }

  /** The process dies: what it remembers is what the journal holds. An order under way may or may not have been carried out. */
  crash(): void {
    for (const effect of this.#underWay) {
      if (effect.kind === 'print-receipt') this.#doubt(effect.receipt);
      if (this.#random.chance(0.5)) this.#carryOut(effect);
    }
    this.#underWay = [];
    this.#prepared = null;
    const left = [...this.journal.values()].filter((attempt) => !isSettled(attempt));
    const configured = this.#fullTerms.means.filter(() => this.calm || this.#random.chance(0.8));
    this.#terms =
      configured.length === 0 ? this.#fullTerms : { ...this.#fullTerms, means: configured };
    this.session = recover(left, this.#terms, this.#moment());
    if (this.#slot !== null) this.#tell({ kind: 'card-inserted' });
    this.#greet();
  }

  /** Everything works again, everybody comes back with their card until nothing is left open. */
  settle(): void {
    this.calm = true;
    this.#occupy(false);
    // The technician puts back every terminal, and starts anew where one was missing.
    if (this.#terms !== this.#fullTerms) this.crash();
    this.#greet();
    for (let round = 0; round < 40; round += 1) {
      this.#rest();
      if (this.session.open.length === 0 && this.session.state.kind === 'idle') return;
      const card = this.cards[round % this.cards.length];
      if (card !== undefined) this.#insert(card);
      this.#rest();
      this.#remove();
    }
    throw new Error(
      `not settled: ${JSON.stringify(this.session.state)} ${this.session.open.length}`,
    );
  }

  /** Answer what is under way and let time pass until the kiosk waits for a person. */
  #rest(): void {
    for (let turn = 0; turn < 300; turn += 1) {
      if (this.#underWay.length > 0) this.#answer();
      else if (deadlineOf(this.session) !== null) this.#passTime();
      else return;
    }
    throw new Error(`never at rest: ${this.session.state.kind}`);
  }

  #greet(): void {
    for (const device of ['reader', 'sam', 'printer', 'journal'] as const) {
      this.#tell(deviceTold(device, up));
    }
    for (const { id } of this.#terms.means) {
      this.#tell({ kind: 'terminal-changed', terminal: id, health: up });
    }
  }

  #upset(): void {
    const random = this.#random;
    const health = random.chance(0.7)
      ? up
      : down(random.pick(['unplugged', 'silent', 'paper-out']));
    const device = random.pick(['reader', 'sam', 'printer'] as const);
    if (random.chance(0.7)) this.#tell(deviceTold(device, health));
    else {
      const terminal = random.pick(this.#terms.means).id;
      this.#tell({ kind: 'terminal-changed', terminal, health });
    }
  }

  #moveCard(): void {
    if (this.#slot === null) this.#insert(this.#random.pick(this.cards));
    else this.#remove();
  }

  #insert(card: ModelCard): void {
    if (this.#slot !== null) return;
    this.#slot = card;
    this.#tell({ kind: 'card-inserted' });
  }

  #remove(): void {
    if (this.#slot === null) return;
    this.#slot = null;
    this.#prepared = null;
    this.#tell({ kind: 'card-removed' });
  }

  /** Another program takes the card in the reader, or lets go of it. It may be through before the kiosk hears of it. */
  #occupy(busy: boolean): void {
    this.#isBusy = busy;
    this.#tell({ kind: 'device-changed', device: 'reader', health: busy ? down('busy') : up });
  }

  /** The contact is bad: the reader reports more than happens. */
  #flap(): void {
    const inside = this.#slot !== null;
    this.#tell({ kind: inside ? 'card-inserted' : 'card-removed' });
    if (this.#random.chance(0.5)) return;
    this.#tell({ kind: inside ? 'card-removed' : 'card-inserted' });
    this.#tell({ kind: inside ? 'card-inserted' : 'card-removed' });
  }

  /** Mostly to the deadline, sometimes hours past it, sometimes not there yet. */
  #passTime(): void {
    const deadlineMs = deadlineOf(this.session);
    if (deadlineMs === null) return;
    const early = !this.calm && this.#random.chance(0.05);
    const late = !this.calm && this.#random.chance(0.05) ? this.#random.below(10_000_000) : 0;
    if (!early) this.#nowMs = Math.max(this.#nowMs, deadlineMs + late);
    this.#tell({ kind: 'deadline-passed' });
  }

  #moment(): Moment {
    this.#nowMs += 1;
    if (!this.calm && this.#random.chance(0.002)) {
      this.#clockPutMs = (this.#random.below(21) - 10) * 31_557_600_000;
    }
    const wallMs = 1_772_438_400_000 + this.#nowMs + this.#clockPutMs;
    const localTime = `20260302${String(Math.floor(this.#nowMs / 1000) % 1_000_000).padStart(6, '0')}`;
    return { nowMs: this.#nowMs, wallMs, localTime, chance: this.#random.hex(10) };
  }

  #tell(fact: Fact): void {
    const at = this.#moment();
    const before = new Set(attemptsOf(this.session));
    const step = this.#transition(this.session, { at, fact });
    const after = [...attemptsOf(step.next), ...(step.closed === null ? [] : [step.closed])];
    for (const attempt of after) {
      if (!before.has(attempt) && attempt.money !== 'none')
        this.journal.set(attempt.reference, attempt);
    }
    this.session = step.next;
    this.screens.add(show(step.next, at).screen.kind);
    this.#underWay.push(...step.effects);
  }

  #answer(): void {
    const effect = this.#underWay.shift();
    if (effect === undefined) return;
    const answer = this.#carryOut(effect);
    this.#tell(answer);
  }

  /** Chance of something going wrong. */
  #wrong(p: number): boolean {
    return !this.calm && this.#random.chance(p);
  }

  /** Change the books as the order says, unless something goes wrong; and say what the kiosk gets to hear of it. */
  #carryOut(effect: Effect): AnswerFact {
    const random = this.#random;
    const gone: CardTrouble = this.#isBusy
      ? { kind: 'reader-fault', detail: 'reader-busy' }
      : { kind: 'card-fault', detail: 'card-gone' };
    const silence = this.#silence(effect);
    if (silence !== null) return silence;
    switch (effect.kind) {
      case 'read-card':
        if (this.#slot === null || this.#isBusy || this.#wrong(0.1))
          return { kind: 'card-unreadable', trouble: gone };
        if (this.#wrong(0.05)) return { kind: 'card-refused', refusal: { kind: 'card-blocked' } };
        return { kind: 'card-read', card: factsOf(this.#slot) };
      case 'open-terminal':
        return this.#wrong(0.1)
          ? { kind: 'terminal-not-opened', fault: 'silent' }
          : { kind: 'terminal-opened', mark: 'mark' };
      case 'authorise': {
        const { reference, amountMinor } = effect.order;
        if (this.payments.has(reference)) throw new Error(`${reference} is asked for twice`);
        const approves = !this.#wrong(0.2);
        this.payments.set(reference, { amountMinor, status: approves ? 'authorised' : 'none' });
        if (this.#wrong(0.25)) return { kind: 'payment-unknown' };
        return approves
          ? { kind: 'payment-approved', ...namesFor(reference) }
          : {
              kind: 'payment-declined',
              reason: random.pick(['declined', 'timed-out', 'cancelled']),
            };
      }
      case 'cancel-payment':
        return { kind: 'payment-cancel-sent' };
      case 'prepare-credit': {
        const card = this.#slot;
        if (card === null || this.#isBusy || this.#wrong(0.1))
          return { kind: 'credit-preparation-failed', trouble: gone };
        if (card.number !== effect.order.cardNumber) {
          return { kind: 'credit-not-prepared', why: 'other-card', detail: 'other card' };
        }
        if (this.#wrong(0.1))
          return { kind: 'credit-not-prepared', why: 'refused', detail: '6985' };
        const { reference, amountMinor } = effect.order;
        this.#prepared = { reference, card, amountMinor };
        return {
          kind: 'credit-prepared',
          mark: { beforeMinor: card.balanceMinor, counter: card.counter },
        };
      }
      case 'credit-card': {
        const prepared = this.#prepared;
        this.#prepared = null;
        if (prepared === null || this.#wrong(0.15))
          return { kind: 'credit-unknown', trouble: gone };
        if (this.#wrong(0.1)) return { kind: 'credit-disproved', detail: '9302' };
        const { card, amountMinor, reference } = prepared;
        card.balanceMinor = add(card.balanceMinor, amountMinor);
        card.counter += 1;
        const [attempt = ''] = reference.split('/');
        const earlier = this.loads.get(attempt)?.count ?? 0;
        this.loads.set(attempt, { count: earlier + 1, amountMinor });
        if (this.#wrong(0.3)) return { kind: 'credit-unknown', trouble: gone };
        return { kind: 'credit-proved', proof: proofOf(card) };
      }
      case 'check-card': {
        const card = this.#slot;
        if (card === null || this.#isBusy || this.#wrong(0.1)) {
          return { kind: 'load-unknown', trouble: gone };
        }
        if (card.number !== effect.order.cardNumber)
          return { kind: 'other-card-found', why: 'other-card' };
        if (this.#wrong(0.05)) {
          return { kind: 'load-unknown', trouble: { kind: 'undecided', detail: 'test' } };
        }
        const [attempt = ''] = effect.order.reference.split('/');
        return this.loads.has(attempt)
          ? { kind: 'load-found', proof: proofOf(card) }
          : { kind: 'load-not-found' };
      }
      case 'capture':
        if (this.#wrong(0.15)) return { kind: 'capture-unknown' };
        if (this.#wrong(0.1)) return { kind: 'capture-refused', detail: 'later' };
        this.#move(effect.order.reference, 'captured');
        return this.#wrong(0.15) ? { kind: 'capture-unknown' } : { kind: 'payment-captured' };
      case 'reverse':
        if (this.#wrong(0.1)) return { kind: 'reversal-refused', detail: 'later' };
        if (this.#wrong(0.15)) return { kind: 'reversal-unknown' };
        this.#move(effect.order.reference, 'reversed');
        return this.#wrong(0.15) ? { kind: 'reversal-unknown' } : { kind: 'payment-reversed' };
      case 'inquire-payment': {
        if (this.#wrong(0.4)) return { kind: 'inquiry-unanswered' };
        const status = this.payments.get(effect.order.reference)?.status ?? 'none';
        return { kind: 'payment-found', status, ...namesFor(effect.order.reference) };
      }
      case 'sign-claim':
        return { kind: 'claim-signed', claim: `claim of ${effect.claim.reference}` };
      case 'look-up':
        return { kind: 'attempts-found', found: this.#found(effect.by) };
      case 'ready-printer':
        return this.#wrong(0.2)
          ? { kind: 'printer-not-ready', fault: 'paper-out' }
          : { kind: 'printer-ready' };
      case 'print-receipt':
        return this.#print(effect.receipt, effect.copy);
    }
  }

  #print({ reference, kind }: Receipt, copy: ModelSlip['copy']): AnswerFact {
    if (this.journal.get(reference)?.paper !== 'printing') {
      throw new Error(`${reference} is printed, and nobody has written that down`);
    }
    if (this.#wrong(0.2)) return { kind: 'receipt-not-printed', fault: 'paper-out' };
    const isLost = this.#wrong(0.4);
    if (isLost) this.#doubt({ reference, kind });
    if (!isLost || this.#random.chance(0.5)) this.slips.push({ reference, kind, copy });
    return isLost ? { kind: 'receipt-unknown', fault: 'unplugged' } : { kind: 'receipt-printed' };
  }

  /** What the journal tells of somebody's top-ups. */
  #found(by: LookUp): readonly Attempt[] {
    const isMeant = (attempt: Attempt): boolean =>
      by.kind === 'card' ? attempt.cardNumber === by.number : attempt.reference === by.reference;
    return [...this.journal.values()].filter(isMeant).reverse().slice(0, 5);
  }

  #doubt({ reference, kind }: Pick<Receipt, 'reference' | 'kind'>): void {
    this.doubtful.add(`${reference} ${kind}`);
  }

  /** What the kiosk hears from a terminal that is not in its configuration. */
  #silence(effect: Effect): AnswerFact | null {
    if (!('order' in effect) || !('means' in effect.order)) return null;
    const { means } = effect.order;
    if (this.#terms.means.some(({ id }) => id === means)) return null;
    switch (effect.kind) {
      case 'capture':
        return { kind: 'capture-unknown' };
      case 'reverse':
        return { kind: 'reversal-unknown' };
      case 'inquire-payment':
        return { kind: 'inquiry-unanswered' };
      default:
        throw new Error(`${effect.kind} is asked of a terminal that is not configured`);
    }
  }

  #move(reference: string, status: PaymentStatus): void {
    const payment = this.payments.get(reference);
    if (payment === undefined || payment.status === 'none') {
      throw new Error(`${reference} is ${status}, but was never authorised`);
    }
    if (payment.status !== 'authorised' && payment.status !== status) {
      throw new Error(`${reference} was ${payment.status} and is now ${status}`);
    }
    payment.status = status;
  }
}

function factsOf(card: ModelCard): CardFacts {
  return {
    family: 'model',
    profile: 'model',
    number: card.number,
    enabled: true,
    validFrom: null,
    validTo: null,
    balanceMinor: card.balanceMinor,
    balanceCapMinor: minorUnits(10_000_000),
    loadCapMinor: minorUnits(100_000),
    history: [],
  };
}

function proofOf(card: ModelCard): Extract<AnswerFact, { kind: 'credit-proved' }>['proof'] {
  return { balanceMinor: card.balanceMinor, counter: card.counter - 1, tac: '00000000', by: 'tac' };
}

function namesFor(reference: string) {
  return { terminalReference: `T${reference}/1`, terminalReceipt: `T${reference}` };
}
