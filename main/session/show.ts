import { type CardFacts, maskedNumber } from '../contract/card.ts';
import type { ClaimReason } from '../contract/claim.ts';
import type { DeviceFault, DeviceName } from '../contract/device.ts';
import { add, minorUnits, subtract } from '../contract/money.ts';
import { receiptQrText } from '../contract/receipt.ts';
import type { CardFace, CardsOut, Screen, Slip, StationFault, View } from '../contract/view.ts';
import type { Attempt } from './attempt.ts';
import type { Moment } from './event.ts';
import {
  amountChoices,
  canFindMoney,
  cardObstacle,
  loadObstacle,
  maximumMinor,
  meansChoices,
  receiptObstacle,
  samFault,
  stationObstacle,
  terminalFault,
} from './limits.ts';
import { awaitedFor } from './loading.ts';
import { isPaperComing } from './paper.ts';
import { receiptOf } from './receipt-of.ts';
import type { Session, StateOf } from './session.ts';
import { accountScreen } from './show-account.ts';
import { canPrintAgain, isSlipWanted } from './slip.ts';

/** The whole view for a session at a moment. Pure; the same session and moment give the same view. */
export function show(session: Session, at: Moment): View {
  const { terms, language, state } = session;
  const warned = 'leisure' in state && state.leisure.warned ? state.leisure : null;
  return {
    language,
    currency: terms.currency,
    stationName: terms.stationName[language],
    helpLine: terms.helpLine,
    idleWarning:
      warned === null ? null : { remainingMs: Math.max(0, warned.deadlineMs - at.nowMs) },
    screen: screenOf(session, at),
  };
}

function face({ terms, language }: Session, card: CardFacts): CardFace {
  const served = terms.cards.find(({ profile }) => profile === card.profile);
  return {
    maskedNumber: maskedNumber(card.number),
    title: served?.title[language] ?? card.profile,
    balanceMinor: card.balanceMinor,
    validTo: card.validTo,
  };
}

function screenOf(session: Session, at: Moment): Screen {
  const { state, terms } = session;
  switch (state.kind) {
    case 'starting':
      return { kind: 'starting' };
    case 'idle':
      return idleScreen(session);
    case 'reading':
      return { kind: 'reading' };
    case 'finding':
    case 'looking-up':
    case 'account':
      return accountScreen(session, state);
    case 'card':
      return {
        kind: 'card',
        card: face(session, state.card),
        history: state.card.history,
        topUpObstacle:
          cardObstacle(state.card, terms, at.localTime.slice(0, 8)) ??
          stationObstacle(session, state.card.profile),
      };
    case 'amount':
      return {
        kind: 'amount',
        card: face(session, state.card),
        choices: amountChoices(state.card, terms),
        minimumMinor: terms.minimumMinor,
        maximumMinor: maximumMinor(state.card, terms),
        stepMinor: terms.stepMinor,
        balanceCapMinor: state.card.balanceCapMinor,
      };
    case 'confirm': {
      const afterMinor = add(state.card.balanceMinor, state.amountMinor);
      return {
        kind: 'confirm',
        card: face(session, state.card),
        amountMinor: state.amountMinor,
        afterMinor,
        roomAfterMinor: subtract(state.card.balanceCapMinor, afterMinor),
        receiptWanted: state.receiptWanted,
        receiptObstacle: receiptObstacle(session),
      };
    }
    case 'means':
      return {
        kind: 'means',
        amountMinor: state.amountMinor,
        choices: meansChoices(session, state.card.profile),
      };
    case 'opening':
    case 'authorising':
      return payScreen(state);
    case 'preparing':
      return { kind: 'hold-card', amountMinor: state.attempt.amountMinor, step: 'paid' };
    case 'crediting':
    case 'checking':
      return { kind: 'hold-card', amountMinor: state.attempt.amountMinor, step: 'writing' };
    case 'awaiting-card':
      return {
        kind: 'put-card-back',
        amountMinor: state.attempt.amountMinor,
        reference: state.attempt.reference,
        maskedNumber: maskedNumber(state.attempt.cardNumber),
        why: awaitedFor(session, state),
        finishes: state.wanted,
        canCancel: state.attempt.card !== 'writing',
        remainingMs: Math.max(0, state.deadlineMs - at.nowMs),
      };
    case 'unfinished':
      return {
        kind: 'unfinished',
        amountMinor: state.attempt.amountMinor,
        reference: state.attempt.reference,
        maskedNumber: maskedNumber(state.attempt.cardNumber),
        finishObstacle: loadObstacle(session, state.attempt.profile),
        remainingMs: Math.max(0, state.deadlineMs - at.nowMs),
      };
    case 'capturing':
      return state.patience === null ? errandScreen(session) : doneScreen(state.attempt);
    case 'reversing':
    case 'inquiring':
    case 'resting':
      return state.patience === null ? errandScreen(session) : waitScreen(state);
    case 'claiming':
      return state.isTold
        ? seeStaffScreen(session, state.attempt, state.why, { state: 'printing', canPrint: false })
        : errandScreen(session);
    case 'closing':
      return closingScreen(session, state);
    case 'refused-card':
      return { kind: 'refused-card', reason: state.reason, name: state.name };
    case 'declined':
      return {
        kind: 'declined',
        amountMinor: state.attempt.amountMinor,
        reason: state.reason,
        canRetry:
          state.card !== null &&
          stationObstacle(session, state.attempt.profile) === null &&
          session.cardPresent &&
          !session.cardFresh,
      };
    case 'take-card':
      return { kind: 'take-card' };
  }
}

function payScreen(state: StateOf<'opening' | 'authorising'>): Screen {
  const stopped = state.kind === 'opening' ? state.cancelled : state.cancelledBy !== 'nobody';
  return {
    kind: 'pay',
    amountMinor: state.attempt.amountMinor,
    means: state.attempt.means.kind,
    step: stopped ? 'cancelling' : state.kind === 'opening' ? 'preparing' : 'present',
  };
}

function idleScreen(session: Session): Screen {
  const topUpObstacle = stationObstacle(session, null);
  if (topUpObstacle !== null) return outOfService(session, false);
  return {
    kind: 'attract',
    topUpObstacle,
    cardsOut: cardsOut(session),
    receiptObstacle: receiptObstacle(session),
    means: meansChoices(session, null),
  };
}

/** The cards whose load authority does not work. */
function cardsOut({ terms, devices, language }: Session): readonly CardsOut[] {
  return terms.cards.flatMap(({ family, title }) => {
    const fault = samFault(devices, family);
    return fault === null ? [] : [{ title: title[language], family, fault }];
  });
}

function outOfService(session: Session, settling: boolean): Screen {
  const { devices, terms } = session;
  const { reader } = devices;
  const terminals = terms.means.flatMap(({ id }) =>
    faultOf('terminal', id, terminalFault(session, id)),
  );
  const families = [...new Set(terms.cards.map(({ family }) => family))];
  const sams = families.flatMap((family) => faultOf('sam', family, samFault(devices, family)));
  const others = (['reader', 'journal'] as const).flatMap((device) => {
    const health = devices[device];
    return health.kind === 'up' ? [] : faultOf(device, null, health.fault);
  });
  return {
    kind: 'out-of-service',
    faults: [...others, ...sams, ...terminals],
    settling,
    balanceWorks: !settling && reader.kind === 'up',
    canFindMoney: !settling && canFindMoney(session),
    notes: [],
  };
}

function faultOf(
  device: DeviceName,
  which: string | null,
  fault: DeviceFault | null,
): readonly StationFault[] {
  return fault === null ? [] : [{ device, which, fault }];
}

/** An earlier payment is being settled and nobody waits for it. Whose card is still in takes it; a new one is told to wait. */
function errandScreen(session: Session): Screen {
  const left = session.cardPresent && !session.cardFresh;
  return left ? { kind: 'take-card' } : outOfService(session, true);
}

function waitScreen(state: StateOf<'reversing' | 'inquiring' | 'resting'>): Screen {
  const { amountMinor, reference, money } = state.attempt;
  if (money === 'reversing') {
    return {
      kind: 'money-back',
      amountMinor,
      reference,
      step: 'under-way',
      why: state.why,
      slip: null,
    };
  }
  return { kind: 'checking-payment', amountMinor, reference };
}

function doneScreen(attempt: StateOf<'closing'>['attempt']): Screen {
  return {
    kind: 'done',
    amountMinor: attempt.amountMinor,
    beforeMinor: attempt.loadMark?.beforeMinor ?? minorUnits(0),
    afterMinor: attempt.proof?.balanceMinor ?? minorUnits(0),
    maskedNumber: maskedNumber(attempt.cardNumber),
    reference: attempt.reference,
    receiptWanted: attempt.receiptWanted,
  };
}

function slipOf(session: Session, state: StateOf<'closing'>): Slip {
  const { paper } = state.attempt;
  const { printer } = session.devices;
  const canPrint = canPrintAgain(session, state);
  if (isPaperComing(state.attempt)) {
    const fault = printer.kind === 'down' ? printer.fault : null;
    const isHeldUp = fault === 'paper-out' || fault === 'cover-open';
    return { state: isHeldUp ? fault : 'printing', canPrint };
  }
  const isKnown = paper === 'printed' || paper === 'maybe-printed';
  return { state: isKnown ? paper : 'not-printed', canPrint };
}

function closingScreen(session: Session, state: StateOf<'closing'>): Screen {
  const { attempt, page, leaving } = state;
  // Who goes on may be somebody else: nothing of this top-up is for their eyes.
  if (leaving) return { kind: 'slip-first' };
  const { amountMinor, reference } = attempt;
  switch (page.kind) {
    case 'done':
      return doneScreen(attempt);
    case 'receipt':
      return {
        kind: 'receipt',
        ...slipOf(session, state),
        amountMinor,
        afterMinor: attempt.proof?.balanceMinor ?? null,
        reference,
        qrText: receiptQrText(receiptOf(session, attempt)),
      };
    case 'money-back':
      return {
        kind: 'money-back',
        amountMinor,
        reference,
        step: attempt.means.phases === 'two' ? 'released' : 'refunded',
        why: page.why,
        slip: isSlipWanted(state) ? slipOf(session, state) : null,
      };
    case 'see-staff':
      return seeStaffScreen(session, attempt, page.why, slipOf(session, state));
  }
}

function seeStaffScreen(session: Session, attempt: Attempt, why: ClaimReason, slip: Slip): Screen {
  const { amountMinor, reference } = attempt;
  const qrText = receiptQrText(receiptOf(session, attempt));
  return { kind: 'see-staff', amountMinor, reference, why, qrText, slip };
}
