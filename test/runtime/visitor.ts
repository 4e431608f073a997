import type { Rig } from '../../hardware/rig/rig.ts';
import { minorUnits } from '../../main/contract/money.ts';
import type { TestScreen } from '../support/screen.ts';

export type Visit = {
  readonly rig: Rig;
  readonly screen: TestScreen;
  readonly cardId: string;
  readonly amountMinor: number;
  readonly means: string;
};

/** Do what the screen asks of a person who wants one top-up. False where it asks for nothing now. */
export function act({ rig, screen, cardId, amountMinor, means }: Visit): boolean {
  const asked = screen.screen;
  switch (asked.kind) {
    case 'card':
      screen.tap({ kind: 'begin-top-up' });
      return true;
    case 'amount':
      screen.tap({ kind: 'choose-amount', amountMinor: minorUnits(amountMinor) });
      return true;
    case 'confirm':
      screen.tap({ kind: 'confirm' });
      return true;
    case 'means':
      screen.tap({ kind: 'choose-means', means });
      return true;
    case 'put-card-back':
      if (rig.inserted === cardId) return false;
      rig.insert(cardId);
      return true;
    case 'money-back':
      if (asked.step === 'under-way') return false;
      screen.tap({ kind: 'finish' });
      return true;
    case 'receipt':
      if (asked.state === 'printing') return false;
      screen.tap({ kind: 'finish' });
      return true;
    case 'done':
    case 'see-staff':
      screen.tap({ kind: 'finish' });
      return true;
    case 'take-card':
      rig.pull();
      return true;
    default:
      return false;
  }
}
