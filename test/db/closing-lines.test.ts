import { expect, it } from 'vitest';
import { type Closing, outcomes } from '../../db/closing.ts';
import { closingLines } from '../../db/closing-lines.ts';

const means = ['bank-card', 'a-terminal-with-the-longest-name'];
const signature = `${'jT8YVSybhyk98owPLeGjbVd+/0'.repeat(4).slice(0, 86)}==`;

/** Several days of everything that can happen, and far more money than a machine takes. */
const full: Closing = {
  closing: 12_345,
  firstDay: '2026-03-02',
  lastDay: '2026-03-06',
  fromMs: Date.UTC(2026, 2, 2),
  toMs: Date.UTC(2026, 2, 7),
  firstSeq: 1,
  lastSeq: 123_456_789,
  lastHash: '4a6e4bc3a849da26'.repeat(4),
  figures: means.flatMap((each, nth) =>
    outcomes.map((outcome, index) => ({
      means: each,
      outcome,
      count: 10_000 + index,
      sumMinor: 1_234_567_890 + nth,
    })),
  ),
  open: means.map((each) => ({ attempt: '8C3P-11AB', means: each, amountMinor: 5_000 })),
  previousSignature: null,
};
const money = (amountMinor: number): string => (amountMinor / 100).toFixed(2);

it.each([32, 48, 64])('nothing of a closing is lost on paper of %i columns', (columns) => {
  const lines = closingLines(full, signature, columns, money, [['machine', '0000000000A1']]);
  for (const line of lines) expect(line.length, line).toBeLessThanOrEqual(columns);
  const words = lines.map((line) => line.trim()).join(' ');
  for (const each of [...means, ...outcomes, 'CLOSING 12345', '2026-03-02 - 2026-03-06']) {
    expect(words).toContain(each);
  }
  expect(words).toMatch(/machine +0000000000A1/);
  expect(words).toMatch(/uncollected +10002 +12345678\.90/);
  if (columns === 32) expect(lines).toContain('  uncollected 10002  12345678.90');
  expect(words).toMatch(/8C3P-11AB bank-card +50\.00/);
  expect(words).toMatch(/all means of payment captured +20000 +24691357\.81/);
  const typed = lines.slice(lines.indexOf('signature (Ed25519)') + 1);
  expect(typed.map((line) => line.trim()).join('')).toBe(signature);
});

it('a closing of one means of payment says its sums once', () => {
  const figures = full.figures.filter((figure) => figure.means === 'bank-card');
  const lines = closingLines({ ...full, figures }, signature, 48, money);
  expect(lines.filter((line) => line.includes('captured'))).toHaveLength(1);
});
