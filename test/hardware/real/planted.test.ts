import { afterAll, beforeAll, expect, it } from 'vitest';
import { Pcscd } from '../../../hardware/rig/virtual/pcscd.ts';
import { close } from '../../../main/session/moves.ts';
import { transition } from '../../../main/session/transition.ts';
import { retriesBlindly } from '../../session/mutants.ts';
import type { Transition } from '../../session/world.ts';
import { type Manner, visit } from './person.ts';
import { RealKiosk } from './real-kiosk.ts';

/*
 * The outside books are only worth what they object to: here are kiosks with a bug, each of which would cost somebody money
 * or tell them what is not so.
 */

const pcscd = new Pcscd();
beforeAll(() => pcscd.start());
afterAll(() => pcscd.kill());

/** Planted bug: "done" as soon as the CREDIT has left. */
const saysDoneBeforeTheProof: Transition = (session, event) => {
  const { state } = session;
  return state.kind === 'crediting' && event.fact.kind === 'credit-unknown'
    ? close(session, state.attempt, { kind: 'done' }, event.at)
    : transition(session, event);
};

/** Planted bug: who goes away with their card is forgotten. */
const forgetsWhoLeaves: Transition = (session, event) => {
  const step = transition(session, event);
  return step.next.state.kind === 'idle' ? { ...step, next: { ...step.next, open: [] } } : step;
};

/** Planted bug: who goes away with their card, and has not been settled with, is left without a claim. */
const claimsNothing: Transition = (session, event) => {
  const step = transition(session, event);
  const { state } = step.next;
  if (state.kind !== 'claiming') return step;
  const idle = { kind: 'idle', deadlineMs: null, spoken: null } as const;
  const open = [...step.next.open, state.attempt];
  return { next: { ...step.next, state: idle, open }, effects: [], closed: null };
};

/** Planted bug: a slip is sent once more, as if nothing of it could be on paper. */
function sendsTheSlipAgain(): Transition {
  let isSent = false;
  return (session, event) => {
    const { state } = session;
    if (isSent || state.kind !== 'closing' || event.fact.kind !== 'receipt-printed') {
      return transition(session, event);
    }
    isSent = true;
    const attempt = { ...state.attempt, paper: 'queued', onPaper: null } as const;
    const asked = { ...session, state: { ...state, attempt } };
    return transition(asked, { at: event.at, fact: { kind: 'printer-ready' } });
  };
}

type Story = {
  readonly decide: Transition;
  /** Where the card is pulled as the CREDIT comes; null: it stays in. */
  readonly pull: 'before' | 'after' | null;
  readonly manner: Manner;
  readonly objection: string;
};

it.each<readonly [string, Story]>([
  [
    'writes a card again whose answer was lost',
    {
      decide: retriesBlindly,
      pull: 'after',
      manner: 'when-asked',
      objection: 'was loaded 2 times',
    },
  ],
  [
    'says "done" before the card has proved it',
    {
      decide: saysDoneBeforeTheProof,
      pull: 'before',
      manner: 'leaves',
      objection: '"done" was shown for 1000, which no card holds',
    },
  ],
  [
    'forgets who went away with their card',
    {
      decide: forgetsWhoLeaves,
      pull: 'after',
      manner: 'leaves',
      objection: 'is not settled, and the kiosk has forgotten it',
    },
  ],
  [
    'leaves somebody without a claim',
    {
      decide: claimsNothing,
      pull: 'after',
      manner: 'leaves',
      objection: 'is not settled, and nobody has a claim to show',
    },
  ],
  [
    'prints a slip twice',
    {
      decide: sendsTheSlipAgain(),
      pull: null,
      manner: 'when-asked',
      objection: 'has 2 original top-up slips',
    },
  ],
])('the books object to a kiosk that %s', async (_, { decide, pull, manner, objection }) => {
  const kiosk = await RealKiosk.start({ driver: 'pcsc', decide });
  await kiosk.shows('attract');
  let isPulled = false;
  kiosk.slot.strike((command, when) => {
    const isCredit = command[1] === 0x52;
    if (isPulled || !isCredit || when !== pull) return false;
    isPulled = true;
    void kiosk.slot.pull();
    return true;
  });
  const errand = { kiosk, cardId: 'card-1', means: 'bank-card', manner } as const;
  // Some of them do not live to its end: their own assertions stop them.
  await visit({ ...errand, receiptWanted: true, amountMinor: 1_000 }).catch(() => {});
  expect(kiosk.books.objections().join('\n')).toContain(objection);
  await kiosk.end();
});

it('and to none of a kiosk without a bug', async () => {
  const kiosk = await RealKiosk.start({ driver: 'pcsc' });
  await kiosk.shows('attract');
  const errand = { kiosk, cardId: 'card-1', means: 'bank-card', manner: 'when-asked' } as const;
  await visit({ ...errand, receiptWanted: true, amountMinor: 1_000 });
  expect(kiosk.books.objections()).toEqual([]);
  await kiosk.end();
});
