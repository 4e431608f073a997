import type { Command } from '../../main/contract/command.ts';
import { minorUnits } from '../../main/contract/money.ts';
import { attemptsOf, type Session, type Terms } from '../../main/session/session.ts';
import { decisions } from '../../main/session/transition.ts';
import type { World } from './explore-world.ts';

/** A reference that no top-up ever had. */
const nobodys = 'ZZZZ-ZZZZ';

/** Everything that people can say to the kiosk here: with each thing that they can name, one that is not to be had among them. */
export function tapsAt(session: Session, world: World, terms: Terms): readonly Command[] {
  const { state } = session;
  return Object.keys(decisions[state.kind].commands).flatMap((kind): readonly Command[] => {
    switch (kind) {
      case 'choose-language':
        return [{ kind, language: 'en' }];
      case 'choose-amount':
        return [...terms.presetsMinor, minorUnits(1)].map((amountMinor) => ({ kind, amountMinor }));
      case 'want-receipt':
        return [true, false].map((wanted) => ({ kind, wanted }));
      case 'choose-means':
        return [...terms.means.map(({ id }) => id), 'none'].map((means) => ({ kind, means }));
      case 'look-up':
        return [...known(session, world), nobodys].map((reference) => ({ kind, reference }));
      case 'print-slip':
      case 'settle': {
        const found = state.kind === 'account' ? state.found : [];
        const references = found.map(({ reference }) => reference);
        return [...references, nobodys].map((reference) => ({ kind, reference }));
      }
      case 'begin-top-up':
      case 'confirm':
      case 'back':
      case 'cancel':
      case 'retry':
      case 'more-time':
      case 'print-again':
      case 'find-money':
      case 'finish-top-up':
      case 'pay-back':
      case 'finish':
        return [{ kind }];
      default:
        throw new Error(`nobody knows how to say ${kind}`);
    }
  });
}

/** What somebody may have a slip of. */
function known(session: Session, { past }: World): readonly string[] {
  const attempts = [...attemptsOf(session), ...(past === null ? [] : [past])];
  return attempts.map(({ reference }) => reference);
}
