import type { CardFacts } from '../contract/card.ts';
import type { DeviceFault, DeviceName } from '../contract/device.ts';
import { add, type MinorUnits, minorUnits, subtract } from '../contract/money.ts';
import type { AmountChoice, MeansChoice, Obstacle } from '../contract/view.ts';
import { isSuspended } from './breaker.ts';
import { type Devices, owesName, type Session, type Terms } from './session.ts';

/**
 * Every limit on a load in one table: when it applies, and what a person is told. In order of precedence.
 * The card layer checks the caps again, and the card itself has the last word.
 */
const amountLimits: readonly {
  readonly broken: (amountMinor: MinorUnits, card: CardFacts, terms: Terms) => boolean;
  readonly obstacle: (card: CardFacts, terms: Terms) => Obstacle;
}[] = [
  {
    broken: (amountMinor, _card, terms) => amountMinor < terms.minimumMinor,
    obstacle: (_card, terms) => ({ kind: 'below-minimum', minimumMinor: terms.minimumMinor }),
  },
  {
    broken: (amountMinor, card, terms) =>
      amountMinor % terms.stepMinor !== 0 &&
      !terms.fillToMinor.some((target) => subtract(target, card.balanceMinor) === amountMinor),
    obstacle: (_card, terms) => ({ kind: 'not-a-step', stepMinor: terms.stepMinor }),
  },
  {
    broken: (amountMinor, card) => amountMinor > card.loadCapMinor,
    obstacle: (card) => ({ kind: 'above-load-cap', capMinor: card.loadCapMinor }),
  },
  {
    broken: (amountMinor, card) => add(card.balanceMinor, amountMinor) > card.balanceCapMinor,
    obstacle: (card) => ({ kind: 'above-balance-cap', capMinor: card.balanceCapMinor }),
  },
];

/** Why this amount cannot be loaded onto this card, or null when it can. */
export function amountObstacle(
  amountMinor: MinorUnits,
  card: CardFacts,
  terms: Terms,
): Obstacle | null {
  const limit = amountLimits.find(({ broken }) => broken(amountMinor, card, terms));
  return limit === undefined ? null : limit.obstacle(card, terms);
}

/** The most that can be loaded now, in whole steps. May be less than the minimum: then the card is full. */
export function maximumMinor(card: CardFacts, terms: Terms): MinorUnits {
  const room = Math.min(card.loadCapMinor, subtract(card.balanceCapMinor, card.balanceMinor));
  return minorUnits(Math.max(0, Math.floor(room / terms.stepMinor) * terms.stepMinor));
}

/** Why this card cannot be topped up whatever the amount. `today`: YYYYMMDD in the station's zone. */
export function cardObstacle(card: CardFacts, terms: Terms, today: string): Obstacle | null {
  if (!card.enabled) return { kind: 'card-disabled' };
  if (card.validFrom !== null && today < card.validFrom) {
    return { kind: 'card-not-yet-valid', validFrom: card.validFrom };
  }
  if (card.validTo !== null && today > card.validTo) {
    return { kind: 'card-expired', validTo: card.validTo };
  }
  if (maximumMinor(card, terms) < terms.minimumMinor) return { kind: 'card-full' };
  return null;
}

function deviceObstacle(
  device: Exclude<DeviceName, 'terminal' | 'sam'>,
  devices: Devices,
): Obstacle | null {
  const health = devices[device];
  return health.kind === 'up' ? null : { kind: 'device-down', device, fault: health.fault };
}

/** What is wrong with the load authority of a family of cards, or null. */
export function samFault({ sams }: Devices, family: string): DeviceFault | null {
  const health = sams[family] ?? { kind: 'down', fault: 'silent' };
  return health.kind === 'down' ? health.fault : null;
}

/** Why cards of this profile cannot be loaded: their load authority. Of any profile where it is null: none has one. */
function samObstacle({ devices, terms }: Session, profile: string | null): Obstacle | null {
  const cards = terms.cards.filter((served) => profile === null || served.profile === profile);
  const faults = cards.map(({ family }) => samFault(devices, family));
  if (faults.includes(null)) return null;
  // A profile that the configuration no longer names has no load authority either.
  return { kind: 'device-down', device: 'sam', fault: faults[0] ?? 'not-ready' };
}

/** Each means of payment, and why it cannot be used now for a card of this profile; of any profile where it is null. */
export function meansChoices(session: Session, profile: string | null): readonly MeansChoice[] {
  // No money is asked for while the card could not be written afterwards.
  const broken = loadObstacle(session, profile);
  return session.terms.means.map(({ id, kind }) => {
    const fault = terminalFault(session, id);
    const obstacle: Obstacle | null =
      fault === null ? null : { kind: 'device-down', device: 'terminal', fault };
    return { id, kind, obstacle: broken ?? obstacle };
  });
}

/** What is wrong with a payment terminal, or null. One that still owes the name of a payment must not begin another. */
export function terminalFault(session: Session, id: string): DeviceFault | null {
  const { devices, open } = session;
  const health = devices.terminals[id] ?? { kind: 'down', fault: 'unplugged' };
  if (health.kind === 'down') return health.fault;
  if (open.some((attempt) => attempt.means.id === id && owesName(attempt))) return 'not-ready';
  return isSuspended(session, id) ? 'suspended' : null;
}

/** Why no card of this profile could be loaded now, however it is paid for; of any profile where it is null. */
export function loadObstacle(session: Session, profile: string | null): Obstacle | null {
  const { devices } = session;
  return (
    deviceObstacle('reader', devices) ??
    deviceObstacle('journal', devices) ??
    samObstacle(session, profile)
  );
}

/**
 * Why no card of this profile can be topped up now: the worst of the station's faults. Where it is null: why no card at all can.
 */
export function stationObstacle(session: Session, profile: string | null): Obstacle | null {
  const choices = meansChoices(session, profile);
  if (choices.some(({ obstacle }) => obstacle === null)) return null;
  return choices[0]?.obstacle ?? { kind: 'device-down', device: 'terminal', fault: 'unplugged' };
}

/** Whether people can be told what became of their money: the journal can be asked. */
export function canFindMoney({ devices }: Session): boolean {
  return devices.journal.kind === 'up';
}

/** Why there will be no printed receipt, or null. Never a reason to refuse a top-up. */
export function receiptObstacle(session: Session): Obstacle | null {
  return deviceObstacle('printer', session.devices);
}

/** The amounts that are offered as keys: all of them, those not possible with their reason. */
export function amountChoices(card: CardFacts, terms: Terms): readonly AmountChoice[] {
  const choice = (kind: AmountChoice['kind'], amountMinor: MinorUnits): AmountChoice => ({
    kind,
    amountMinor,
    afterMinor: add(card.balanceMinor, amountMinor),
    obstacle: amountObstacle(amountMinor, card, terms),
  });
  const fills = terms.fillToMinor
    .map((target) => subtract(target, card.balanceMinor))
    .filter((amountMinor) => amountMinor > 0)
    .map((amountMinor) => choice('fill-to', amountMinor));
  return [...terms.presetsMinor.map((amountMinor) => choice('preset', amountMinor)), ...fills];
}
