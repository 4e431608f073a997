import { expect, test } from 'vitest';
import { receiptOf } from '../../main/session/receipt-of.ts';
import { recover } from '../../main/session/recover.ts';
import { freshAttempt, marked, momentAt, proved } from '../support/attempt.ts';
import { testTerms } from '../support/terms.ts';

const session = recover([], testTerms, momentAt(0));

test('a receipt quotes the payment as people do, never as the terminal is told it', () => {
  const attempt = {
    ...freshAttempt,
    money: 'captured',
    card: 'written',
    loadMark: marked,
    proof: proved,
    terminalReference: '0231/000975/750071',
    terminalReceipt: '0231',
  } as const;
  const receipt = receiptOf(session, attempt);
  expect(receipt.terminalReceipt).toBe('0231');
  expect(JSON.stringify(receipt)).not.toContain('000975');
});

test('a receipt names the machine by the number that it wrote to the card', () => {
  const attempt = { ...freshAttempt, terminalId: '0000000000FF' };
  expect(receiptOf(session, attempt).terminalId).toBe('0000000000FF');
});
