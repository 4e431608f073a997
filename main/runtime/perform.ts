import type { Journal } from '../../db/port.ts';
import type { CardFault, ReaderFault } from '../../hardware/reader/port.ts';
import type { PaymentTerminal } from '../../hardware/terminal/port.ts';
import type { Effect } from '../session/effect.ts';
import type { AnswerFact, CardTrouble } from '../session/event.ts';
import type { Ports } from './ports.ts';
import { attemptsFound, signedClaim } from './records.ts';

type Fault = CardFault | ReaderFault | { readonly kind: 'undecided'; readonly detail: string };

function troubleOf(fault: Fault): CardTrouble {
  switch (fault.kind) {
    case 'undecided':
      return { kind: 'undecided', detail: fault.detail };
    case 'card-gone':
    case 'card-mute':
    case 'card-garbled':
      return { kind: 'card-fault', detail: fault.kind };
    default:
      return { kind: 'reader-fault', detail: fault.kind };
  }
}

function terminalOf(ports: Ports, means: string): PaymentTerminal | undefined {
  return ports.terminals.find((terminal) => terminal.means.id === means);
}

/**
 * Carry out one order. Always answers, with exactly one fact; devices' troubles are facts, not exceptions. Throws JournalFault
 * where it is the journal that is asked.
 */
export async function perform(effect: Effect, ports: Ports, journal: Journal): Promise<AnswerFact> {
  switch (effect.kind) {
    case 'read-card': {
      const answer = await ports.cards.read();
      if (answer.kind === 'done') return { kind: 'card-read', card: answer.card };
      if (answer.kind === 'refused') return { kind: 'card-refused', refusal: answer.refusal };
      return { kind: 'card-unreadable', trouble: troubleOf(answer.fault) };
    }
    case 'prepare-credit': {
      const answer = await ports.cards.prepare(effect.order);
      if (answer.kind === 'done') return { kind: 'credit-prepared', mark: answer.mark };
      if (answer.kind === 'failed') {
        return { kind: 'credit-preparation-failed', trouble: troubleOf(answer.fault) };
      }
      const { refusal } = answer;
      return {
        kind: 'credit-not-prepared',
        why:
          refusal.kind === 'other-card' || refusal.kind === 'two-cards' ? refusal.kind : 'refused',
        detail: 'detail' in refusal ? `${refusal.kind}: ${refusal.detail}` : refusal.kind,
      };
    }
    case 'credit-card': {
      const answer = await ports.cards.credit();
      if (answer.kind === 'done') return { kind: 'credit-proved', proof: answer.proof };
      if (answer.kind === 'refused') {
        return { kind: 'credit-disproved', detail: answer.refusal.kind };
      }
      return { kind: 'credit-unknown', trouble: troubleOf(answer.fault) };
    }
    case 'check-card': {
      const answer = await ports.cards.check(effect.order, effect.mark);
      switch (answer.kind) {
        case 'loaded':
          return { kind: 'load-found', proof: answer.proof };
        case 'not-loaded':
          return { kind: 'load-not-found' };
        case 'other-card':
        case 'two-cards':
          return { kind: 'other-card-found', why: answer.kind };
        case 'unknown':
          return { kind: 'load-unknown', trouble: troubleOf(answer.fault) };
      }
      break;
    }
    case 'open-terminal': {
      const answer = await terminalOf(ports, effect.means)?.open();
      if (answer === undefined) return { kind: 'terminal-not-opened', fault: 'unplugged' };
      return answer.kind === 'done'
        ? { kind: 'terminal-opened', mark: answer.mark }
        : { kind: 'terminal-not-opened', fault: answer.fault };
    }
    case 'authorise': {
      const answer = await terminalOf(ports, effect.order.means)?.authorise(effect.order);
      if (answer === undefined || answer.kind === 'unknown') return { kind: 'payment-unknown' };
      if (answer.kind === 'refused') return { kind: 'payment-declined', reason: answer.reason };
      const { terminalReference, terminalReceipt } = answer;
      return { kind: 'payment-approved', terminalReference, terminalReceipt };
    }
    case 'cancel-payment':
      terminalOf(ports, effect.means)?.cancel();
      return { kind: 'payment-cancel-sent' };
    case 'capture': {
      const answer = await terminalOf(ports, effect.order.means)?.capture(effect);
      if (answer === undefined || answer.kind === 'unknown') return { kind: 'capture-unknown' };
      return answer.kind === 'done'
        ? { kind: 'payment-captured' }
        : { kind: 'capture-refused', detail: answer.detail };
    }
    case 'reverse': {
      const answer = await terminalOf(ports, effect.order.means)?.reverse(effect);
      if (answer === undefined || answer.kind === 'unknown') return { kind: 'reversal-unknown' };
      return answer.kind === 'done'
        ? { kind: 'payment-reversed' }
        : { kind: 'reversal-refused', detail: answer.detail };
    }
    case 'inquire-payment': {
      const answer = await terminalOf(ports, effect.order.means)?.inquire(effect);
      if (answer === undefined || answer.kind === 'unknown') return { kind: 'inquiry-unanswered' };
      const { status, terminalReference, terminalReceipt } = answer;
      return { kind: 'payment-found', status, terminalReference, terminalReceipt };
    }
    case 'sign-claim':
      return { kind: 'claim-signed', claim: signedClaim(journal, effect.claim) };
    case 'look-up':
      return { kind: 'attempts-found', found: attemptsFound(journal, effect.by) };
    case 'ready-printer': {
      const answer = await ports.printer.ready();
      return answer.kind === 'ready'
        ? { kind: 'printer-ready' }
        : { kind: 'printer-not-ready', fault: answer.fault };
    }
    case 'print-receipt': {
      const { receipt, copy } = effect;
      const answer = await ports.printer.print({ receipt, copy });
      switch (answer.kind) {
        case 'printed':
          return { kind: 'receipt-printed' };
        case 'not-printed':
          return { kind: 'receipt-not-printed', fault: answer.fault };
        case 'unknown':
          return { kind: 'receipt-unknown', fault: answer.fault };
      }
    }
  }
}
