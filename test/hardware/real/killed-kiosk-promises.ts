import type { AccountEnding, Screen } from '../../../main/contract/view.ts';
import type { Attempt } from '../../../main/session/attempt.ts';

/** Something that a person was shown: whatever happens then, the journal knows it. */
export type Promised = {
  /** As a sentence about the screen. */
  readonly what: string;
  /** The attempt that it was said of, by its reference, or (where the screen has none) by its amount, which is its own. */
  readonly of: { readonly reference: string } | { readonly amountMinor: number };
  /** Whether one of the attempt's rows says so. */
  readonly isKept: (step: Attempt) => boolean;
};

const wasAuthorised = ({ money }: Attempt): boolean =>
  !['none', 'authorising', 'declined'].includes(money);
const wasWriting = ({ card }: Attempt): boolean => card !== 'none';
const isProved = ({ card, proof }: Attempt): boolean => card === 'written' && proof !== null;
/** With a capture that is written down, or nothing left to capture. */
const isDone = (step: Attempt): boolean =>
  isProved(step) && ['capturing', 'captured', 'uncollected'].includes(step.money);
const isBack = ({ money }: Attempt): boolean => money === 'reversed';

const endings: Readonly<Record<AccountEnding, (step: Attempt) => boolean>> = {
  loaded: isProved,
  'paid-back': isBack,
  'not-paid': ({ money }) => money === 'declined' || money === 'none',
  'going-back': wasAuthorised,
  'being-checked': () => true,
  'card-needed': wasWriting,
};

/** What a screen promises about money. */
export function promisesOf(screen: Screen): readonly Promised[] {
  const say = (what: string, isKept: Promised['isKept']): Promised => {
    const of =
      'reference' in screen
        ? { reference: screen.reference }
        : { amountMinor: 'amountMinor' in screen ? screen.amountMinor : 0 };
    return { what: `"${screen.kind}": ${what}`, of, isKept };
  };
  switch (screen.kind) {
    case 'pay':
      return screen.step === 'present'
        ? [say('pay at the terminal now', ({ money }) => money !== 'none')]
        : [];
    case 'checking-payment':
      return [say('the terminal is asked', ({ money }) => money !== 'none')];
    case 'hold-card':
      return screen.step === 'paid'
        ? [say('paid', wasAuthorised)]
        : [say('the card is written', wasWriting)];
    case 'put-card-back':
      return [
        say('paid', wasAuthorised),
        ...(screen.canCancel ? [] : [say('the write is in doubt', wasWriting)]),
      ];
    case 'money-back':
      return screen.step === 'under-way' ? [] : [say('the money is back', isBack)];
    case 'done':
      return [say('loaded', isDone)];
    case 'receipt':
      return [
        ...(screen.afterMinor === null ? [] : [say('loaded', isDone)]),
        ...(screen.state === 'printed' ? [say('printed', ({ paper }) => paper === 'printed')] : []),
      ];
    case 'see-staff':
      return [say('this is your claim', ({ claim }) => claim === screen.qrText)];
    case 'unfinished':
      return [
        say('paid and not loaded', (step) => wasAuthorised(step) && step.card === 'unwritten'),
      ];
    case 'account':
      return screen.rows.map(({ reference, ending }) => ({
        what: `"account": ${ending}`,
        of: { reference },
        isKept: endings[ending],
      }));
    default:
      return [];
  }
}
