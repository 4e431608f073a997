import type { Command } from '../../main/contract/command.ts';
import { languages } from '../../main/contract/language.ts';
import { minorUnits } from '../../main/contract/money.ts';
import type { Session } from '../../main/session/session.ts';
import type { Random } from '../support/random.ts';

/** What somebody taps: mostly what leads on from here, now and then anything at all. */
export function tapOn(session: Session, random: Random): Command {
  const { state, terms } = session;
  const amountMinor = random.pick(terms.presetsMinor);
  const means = random.pick(['bank', 'phone']);
  const known = state.kind === 'account' ? state.found : session.open;
  const reference = known.length === 0 ? '0000-0000' : random.pick(known).reference;
  const onwards: { readonly [state in Session['state']['kind']]?: Command } = {
    card: random.chance(0.8) ? { kind: 'begin-top-up' } : { kind: 'find-money' },
    amount: { kind: 'choose-amount', amountMinor },
    confirm: { kind: 'confirm' },
    means: { kind: 'choose-means', means },
    declined: { kind: 'retry' },
    closing: { kind: random.chance(0.5) ? 'print-again' : 'finish' },
    finding: { kind: 'look-up', reference },
    account: { kind: random.chance(0.5) ? 'print-slip' : 'settle', reference },
    unfinished: { kind: random.chance(0.6) ? 'finish-top-up' : 'pay-back' },
  };
  const likely = onwards[state.kind];
  if (likely !== undefined && random.chance(0.8)) return likely;
  return random.pick<Command>([
    { kind: 'begin-top-up' },
    { kind: 'begin-top-up' },
    { kind: 'choose-amount', amountMinor },
    { kind: 'choose-amount', amountMinor: minorUnits(random.below(120_000)) },
    { kind: 'confirm' },
    { kind: 'confirm' },
    { kind: 'choose-means', means: random.pick(['bank', 'phone', 'none']) },
    { kind: 'choose-means', means },
    { kind: 'choose-language', language: random.pick(languages) },
    { kind: 'want-receipt', wanted: random.chance(0.5) },
    ...(random.chance(0.3)
      ? ([{ kind: 'cancel' }, { kind: 'back' }, { kind: 'more-time' }] as const)
      : []),
    { kind: 'retry' },
    { kind: 'print-again' },
    { kind: 'find-money' },
    { kind: 'look-up', reference },
    { kind: 'print-slip', reference },
    { kind: 'settle', reference },
    { kind: 'finish' },
  ]);
}
