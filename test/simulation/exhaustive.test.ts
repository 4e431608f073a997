import { describe, expect, test } from 'vitest';
import type { ApduFault } from '../../hardware/reader/simulated.ts';
import type { AnswerGroup } from '../../hardware/terminal/zvt/simulated.ts';
import { Day } from './day.ts';
import { answerFaults, type Mishap, noMishap, persons, slipTroubles, troubles } from './mishap.ts';

/** A visit sends fewer commands to a card, and writes fewer rows, than this: every place is met. */
const apdusOfAVisit = 36;
const rowsOfAVisit = 10;
const receiptBytes = 900;

const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, n) => n);

const apduFaults: readonly ApduFault[] = [
  { kind: 'tear-before' },
  { kind: 'tear-after' },
  { kind: 'garbled' },
  { kind: 'mute' },
  { kind: 'late' },
  { kind: 'answered-with', response: Uint8Array.of(0x6f, 0x00) },
  { kind: 'answered-with', response: Uint8Array.of(0x65, 0x81) },
  { kind: 'answered-with', response: Uint8Array.of(0x90, 0x00) },
];

const groups: readonly Exclude<AnswerGroup, 'authorise'>[] = ['capture', 'reverse', 'inquire'];

const mishap = (what: Partial<Mishap>): Mishap => ({ ...noMishap, ...what });

/** One sweep: the same thing goes wrong at each place in turn. A fault names its seed, and its place by the order. */
const sweeps: readonly (readonly [string, readonly Mishap[]])[] = [
  ...apduFaults.map((fault): [string, readonly Mishap[]] => [
    `the answer to the n-th command: ${describeFault(fault)}`,
    [
      ...upTo(apdusOfAVisit).map((nth) => mishap({ apdu: { nth, fault } })),
      mishap({ apdu: { nth: 'credit', fault } }),
    ],
  ]),
  [
    'the card is pulled at the n-th byte of the write',
    upTo(40).map((bytes) => mishap({ apdu: { nth: 'credit', fault: { kind: 'tear-at', bytes } } })),
  ],
  ...(['before-row', 'after-row'] as const).map((kind): [string, readonly Mishap[]] => [
    `the process dies ${kind === 'before-row' ? 'before' : 'after'} the n-th row of the journal`,
    upTo(rowsOfAVisit).map((nth) => mishap({ kill: { kind, nth } })),
  ]),
  [
    'the process dies when the card has answered the n-th command',
    upTo(apdusOfAVisit).map((nth) => mishap({ kill: { kind: 'at-apdu', nth } })),
  ],
  [
    'the disk is full at the n-th row of the journal',
    upTo(rowsOfAVisit).map((journalRow) => mishap({ journalRow })),
  ],
  ...troubles.map((trouble): [string, readonly Mishap[]] => [
    `the printer at the n-th byte of the receipt: ${trouble}`,
    upTo(receiptBytes / 20).map((n) => mishap({ printer: { bytes: n * 20, trouble } })),
  ]),
  [
    'the printer while the slip is queued, and while it is printed: everything that can happen to it',
    slipTroubles.flatMap((slip) => [
      mishap({ slip }),
      // The slip of money that goes back, and of money that nobody knows about.
      mishap({ slip, apdu: { nth: 'credit', fault: { kind: 'tear-before' } } }),
      mishap({ slip, settlement: { group: 'reverse', fault: { kind: 'lost' } } }),
    ]),
  ],
  [
    'another program holds the card from the n-th command on',
    upTo(apdusOfAVisit).flatMap((nth) => [
      mishap({ busy: { nth, ms: 5_000 } }),
      mishap({ busy: { nth, ms: 5_000 }, apdu: { nth: 'credit', fault: { kind: 'garbled' } } }),
      mishap({ busy: { nth, ms: 90_000 }, apdu: { nth: 'credit', fault: { kind: 'mute' } } }),
    ]),
  ],
  [
    'every way to pay and not to pay, and every answer of the terminal lost',
    [...persons, null].flatMap((payment) =>
      groups.flatMap((group) =>
        answerFaults.map((fault) => mishap({ payment, settlement: { group, fault } })),
      ),
    ),
  ],
  [
    'the money must go back, and every answer of the terminal is lost',
    answerFaults.flatMap((fault) =>
      (['reverse', 'inquire'] as const).map((group) =>
        mishap({
          apdu: { nth: 'credit', fault: { kind: 'tear-before' } },
          settlement: { group, fault },
        }),
      ),
    ),
  ],
  [
    'every cable is pulled when the payment begins',
    (['reader', 'printer', 'bank-card', 'mobile', 'sam'] as const).map((cable) =>
      mishap({ cable }),
    ),
  ],
];

function describeFault(fault: ApduFault): string {
  if (fault.kind !== 'answered-with') return fault.kind;
  return `is ${Buffer.from(fault.response).toString('hex')}`;
}

describe('the n-th call fails, for every n, and nobody loses money', () => {
  test.each(sweeps)('%s', { timeout: 60_000 }, async (_what, mishaps) => {
    for (const seed of [1, 2, 3]) {
      const ledger = await new Day(seed).runThrough(mishaps);
      expect(ledger.faults, `seed ${seed}`).toEqual([]);
      expect(ledger).toMatchObject({ unresolvedMinor: 0, lostMinor: 0 });
      expect(ledger.capturedMinor - ledger.reversedMinor).toBe(ledger.creditedMinor);
    }
  });
});
