import { type Currency, minorUnits } from '../../../main/contract/money.ts';
import type { CardFace, Obstacle, Screen, View } from '../../../main/contract/view.ts';

/** One look of one screen. */
export type Fixture = {
  readonly name: string;
  readonly screen: Screen;
  readonly currency?: Currency;
  readonly idleWarning?: View['idleWarning'];
  /** Open the keypad and type these digits, as a person would. */
  readonly typed?: string;
  /** Key in this much of a reference. */
  readonly keyed?: string;
};

export const fen = minorUnits;
export const reference = 'K7Q4-0193';

/** As long as a configuration may make it. */
export const longTitle = 'Metropolitan Student Transit Concession';

export const card: CardFace = {
  maskedNumber: '•••• •••• 9432',
  title: 'City card',
  balanceMinor: fen(2340),
  validTo: '20301231',
};

export const terminalDown: Obstacle = { kind: 'device-down', device: 'terminal', fault: 'silent' };
export const suspended: Obstacle = { kind: 'device-down', device: 'terminal', fault: 'suspended' };
export const printerDown: Obstacle = { kind: 'device-down', device: 'printer', fault: 'paper-out' };
