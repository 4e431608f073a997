import type { Attempt, CardState, MoneyState, PaperState } from '../../main/session/attempt.ts';
import { assertStep, BrokenInvariant } from '../../main/session/invariants.ts';
import { close } from '../../main/session/moves.ts';
import {
  type ClaimStanding,
  type Deed,
  outcomeOf,
  resolve,
  type SlipDeed,
} from '../../main/session/resolve.ts';
import type { Session } from '../../main/session/session.ts';
import { canPrintAgain } from '../../main/session/slip.ts';
import { freshAttempt, marked, momentAt, proved } from '../support/attempt.ts';
import { cardStates, moneyStates } from '../support/attempt-states.ts';

export const deeds: Readonly<Record<Deed, string>> = {
  nothing: 'settled',
  inquire: '**inquire** of the terminal',
  capture: '**capture**',
  reverse: '**reverse**',
  'check-card': '**check the card**',
};

const claims: Readonly<Record<ClaimStanding, string>> = {
  none: 'no',
  due: '**yes**',
  open: 'claimed',
  settled: 'claimed',
};

/** What a combination means. Those that are not here are forbidden, and say which rule forbids them. */
const meanings: Readonly<Record<string, string>> = {
  'none none': 'Nothing has been asked for.',
  'declined none': 'No money was taken.',
  'authorising none': 'Money was asked for; the answer has not come, or never came.',
  'authorised none':
    'The money is reserved (or taken, by a terminal that knows only that). Nothing was written.',
  'authorised writing': 'The write was ordered. Only the card knows whether it happened.',
  'authorised unwritten': 'The card has proved that it was not loaded.',
  'authorised written': 'The card has proved the load: now the money may be taken.',
  'capturing written': 'The load is proved and the capture is ordered; its answer has not come.',
  'captured written': 'Loaded and paid.',
  'uncollected written':
    'Loaded, and the terminal has definitely refused to capture: the operator’s loss, never the person’s.',
  'reversing none': 'The money is on its way back; nothing was written.',
  'reversing unwritten': 'The money is on its way back; the card was proved not to be loaded.',
  'reversed none': 'The money is back; nothing was written.',
  'reversed unwritten': 'The money is back; the card was proved not to be loaded.',
};

/** An attempt as it is when its money and its card stand so. */
export function attemptIn(money: MoneyState, card: CardState): Attempt {
  const attempt: Attempt = { ...freshAttempt, money, card };
  if (card === 'none') return attempt;
  const begun: Attempt = { ...attempt, loads: 1, loadMark: marked };
  return card === 'written' ? { ...begun, proof: proved } : begun;
}

/** The rule that forbids a combination, in its own words. Null: allowed. */
function forbiddenBy(attempt: Attempt, session: Session): string | null {
  const holding: Session = { ...session, state: { kind: 'crediting', attempt } };
  const event = { at: momentAt(0), fact: { kind: 'card-removed' } } as const;
  try {
    assertStep(holding, event, { next: holding, effects: [], closed: null });
    return null;
  } catch (error) {
    if (error instanceof BrokenInvariant) return error.message.split(':')[0] ?? '';
    throw error;
  }
}

/** Rows under a heading. */
export function table(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [heading, heading.map(() => '---'), ...rows];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** money × card, those that can be → what is done next. `met`: the combinations that the exploration met ("money card"). */
export function outcomeTable(session: Session, met: ReadonlySet<string>): string {
  const rows = moneyStates.flatMap((money) =>
    cardStates.flatMap((card) => {
      const attempt = attemptIn(money, card);
      const combination = `${money} ${card}`;
      const rule = forbiddenBy(attempt, session);
      const isMet = met.has(combination);
      if (rule !== null && isMet) throw new Error(`${combination} is met, and forbidden`);
      if (rule !== null) return [];
      const meaning = meanings[combination];
      if (meaning === undefined) throw new Error(`${combination} means nothing`);
      const { deed, claim } = resolve(attempt);
      const stands = outcomeOf(attempt);
      return [
        [
          `${money} · *${stands.money}*`,
          `${card} · *${stands.card}*`,
          deeds[deed],
          claims[claim],
          isMet ? meaning : `${meaning} Within a step; never journaled.`,
        ],
      ];
    }),
  );
  return table(['money', 'card', 'next', 'claimed', 'what it means'], rows);
}

/** The same over every combination, also of those that cannot be: by its rule. */
export function wholeTable(session: Session): string {
  const rules: string[] = [];
  const rows = moneyStates.map((money) => [
    money,
    ...cardStates.map((card) => {
      const attempt = attemptIn(money, card);
      const { deed } = resolve(attempt);
      const word = deed === 'nothing' ? 'settled' : deed;
      const rule = forbiddenBy(attempt, session);
      if (rule === null) return word;
      if (!rules.includes(rule)) rules.push(rule);
      return `(${word})${'¹²³⁴'[rules.indexOf(rule)]}`;
    }),
  ]);
  const why = rules.map((rule, n) => `${n + 1}. ${rule}`).join('\n');
  return `${table(['money', ...cardStates.map((card) => `card ${card}`)], rows)}\n\n${why}`;
}

const paperMeanings: Readonly<Record<PaperState, string>> = {
  none: 'Nobody has asked for a slip.',
  queued: 'The printer is asked whether it can print. Nothing has left.',
  printing: 'The slip has left; only the printer’s confirmation tells.',
  printed: 'The printer has confirmed the last slip.',
  'not-printed': 'It is known that nothing like it is on paper.',
  'maybe-printed': 'The last slip may be in the tray. Nobody knows.',
};

export const trays = {
  nothing: null,
  earlier: 'unresolved',
  same: 'top-up',
} as const satisfies Record<string, Attempt['onPaper']>;

export const trayWords: Readonly<Record<keyof typeof trays, string>> = {
  nothing: 'nothing',
  earlier: 'the earlier slip, “unresolved”',
  same: 'one that says the same',
};

const slips: Readonly<Record<SlipDeed, string>> = {
  print: 'an original',
  copy: 'a duplicate, only if asked for',
  wait: 'none: the printer owes an answer',
};

/** Where a slip is × what may lie in the tray → what the next one is. `met`: "paper tray". */
export function paperTable(session: Session, met: ReadonlySet<string>): string {
  const up: Session = { ...session, devices: { ...session.devices, printer: { kind: 'up' } } };
  const rows = Object.entries(paperMeanings).flatMap(([name, meaning]) =>
    (['nothing', 'earlier', 'same'] as const).flatMap((tray) => {
      const paper = name as PaperState;
      if (!met.has(`${paper} ${tray}`)) return [];
      const attempt: Attempt = { ...attemptIn('captured', 'written'), paper, onPaper: trays[tray] };
      const page = { kind: 'receipt' } as const;
      const { state: closing } = close(up, attempt, page, momentAt(0)).next;
      if (closing.kind !== 'closing') throw new Error('a top-up that is over has no closing page');
      const key = canPrintAgain(up, { ...closing, attempt }) ? 'yes' : 'no';
      const stands = `${paper} · *${outcomeOf(attempt).paper}*`;
      return [[stands, trayWords[tray], meaning, slips[resolve(attempt).slip], key]];
    }),
  );
  return table(
    ['paper', 'in the tray may be', 'what is known', 'the next slip', '“print” on its screen'],
    rows,
  );
}
