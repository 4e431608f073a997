import type { Planned } from './fate.ts';
import { plainVisit, type Visit } from './visit.ts';

/** A story that people live at the kiosk: who comes, one after the other. In the evening they all come once more. */
export type Flow = { readonly name: string; readonly visits: readonly Visit[] };

const visit = (ways: Partial<Visit>): Visit => ({ ...plainVisit, ...ways });
const once = (kind: Planned['kind'], nth: Planned['nth']): Planned => ({
  kind,
  nth,
  lasting: false,
});
/** The card is pulled when it has taken the load, and before it could say so. */
const torn = [once('apdu-after', 'credit')];
/** The card is pulled before it has taken the load. */
const missed = [once('apdu-before', 'credit')];
const away = ['walks-away'] as const;
const silent = [{ kind: 'silent-after-approving' }] as const;

/** Every story that is told with every fault. The name of a flow is what its replay is called by. */
export const flows: readonly Flow[] = [
  { name: 'bank-card', visits: [visit({})] },
  { name: 'mobile', visits: [visit({ means: 'mobile' })] },
  { name: 'without-slip', visits: [visit({ wantsSlip: false, pullsFirst: true })] },
  {
    name: 'declined-then-paid',
    visits: [visit({ pays: [{ kind: 'decline' }], retries: true })],
  },
  { name: 'stopped-at-terminal', visits: [visit({ pays: [{ kind: 'stop' }] })] },
  {
    name: 'cancelled-on-screen',
    visits: [visit({ pays: [{ kind: 'slow', ms: 5_000 }], tires: 'cancels' })],
  },
  { name: 'pulled-while-paying', visits: [visit({ pays: [{ kind: 'wait' }], tires: 'pulls' })] },
  { name: 'put-back-loaded', visits: [visit({ mishaps: torn })] },
  { name: 'put-back-not-loaded', visits: [visit({ mishaps: missed, means: 'mobile' })] },
  { name: 'other-card-first', visits: [visit({ mishaps: torn, putsBack: ['other', 'own'] })] },
  {
    name: 'never-back',
    visits: [visit({ mishaps: torn, putsBack: away }), visit({ holder: 'ben', means: 'mobile' })],
  },
  {
    name: 'spent-meanwhile',
    visits: [
      visit({ mishaps: torn, putsBack: away }),
      visit({ wants: 'to-settle', passesGate: true }),
    ],
  },
  {
    name: 'restart-at-the-write',
    visits: [
      visit({ mishaps: [once('kill-before-order', 'credit')] }),
      visit({ wants: 'to-settle' }),
    ],
  },
  {
    name: 'restart-while-paying',
    visits: [visit({ pays: silent, means: 'mobile', mishaps: [once('row-after', 1)] })],
  },
  {
    name: 'paper-out-then-refill',
    visits: [
      visit({ slip: 'mended', mishaps: [{ ...once('print-paper-out', 300), lasting: true }] }),
    ],
  },
  {
    name: 'two-people',
    visits: [
      visit({ mishaps: missed, putsBack: away }),
      visit({ holder: 'ben', mishaps: torn, putsBack: away }),
      visit({ unfinished: 'pay-back', wants: 'to-settle' }),
      visit({ holder: 'ben', wants: 'to-settle' }),
    ],
  },
  {
    name: 'unfinished-finished',
    visits: [visit({ mishaps: missed, putsBack: away }), visit({ unfinished: 'finish' })],
  },
  {
    name: 'unfinished-paid-back',
    visits: [
      visit({ mishaps: missed, putsBack: away, means: 'mobile' }),
      visit({ unfinished: 'pay-back', means: 'mobile' }),
    ],
  },
  {
    name: 'unfinished-walked-away',
    visits: [
      visit({ mishaps: missed, putsBack: away }),
      visit({ unfinished: 'walk-away', wants: 'to-settle' }),
    ],
  },
  {
    name: 'account-by-card',
    visits: [visit({ mishaps: torn, putsBack: away }), visit({ wants: 'card-account' })],
  },
  {
    name: 'account-by-slip',
    visits: [visit({ wantsSlip: false }), visit({ wants: 'slip-account' })],
  },
  {
    name: 'suspended-means',
    visits: [
      visit({ pays: silent }),
      visit({ pays: silent, holder: 'ben' }),
      visit({ means: null, holder: 'cem' }),
    ],
  },
];
