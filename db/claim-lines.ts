import type { Claim, ClaimReason } from '../main/contract/claim.ts';
import { currencies, formatMoney } from '../main/contract/money.ts';
import type { MeansKind } from '../main/contract/payment.ts';
import type { Standing } from './attempt-standing.ts';
import type { ClaimVerdict } from './claim-verdict.ts';

/*
 * A claim in words, for whoever stands at a desk with somebody's slip. What comes from the slip or a file is written without
 * anything that a terminal would obey or that hides what it says.
 */

/** Control and format characters (some turn the direction of a line, some are not seen), and all white space but the space. */
const unprintable = /[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/gu;

/** A text from outside, fit to be written to a terminal. */
export function plain(text: string): string {
  return text.replace(unprintable, (each) => `\\u{${each.codePointAt(0)?.toString(16)}}`);
}

/** JSON in ASCII: a terminal obeys some characters that JSON leaves as they are. */
export function plainJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[^\x20-\x7e]/g,
    (each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

const reasons: Readonly<Record<ClaimReason, string>> = {
  'card-not-returned': 'the card was taken away before it was settled, and not put back',
  'card-undecided': 'the card could not tell whether it was loaded',
  'payment-undecided': 'the bank terminal could not tell whether the money was taken',
};

const meansWords: Readonly<Record<MeansKind, string>> = {
  'bank-card': 'by bank card',
  mobile: 'by phone',
};

/** What a genuine claim says, line by line. */
export function claimLines(claim: Claim): readonly string[] {
  const { reference, at, terminalId, means, terminalReceipt, why, card, load } = claim;
  const row = (what: string, said: string): string => `  ${what.padEnd(16)} ${plain(said)}`;
  return [
    row('claim', reference),
    row('amount', amountOf(claim, claim.amountMinor)),
    row('claimed', localTime(at)),
    row('machine', terminalId),
    row('paid', meansWords[means]),
    row('bank receipt', terminalReceipt ?? 'the bank terminal gave no number'),
    row('why', reasons[why]),
    row('card', `ends in ${card.lastDigits}, profile ${card.profile}`),
    ...(load === null
      ? [row('load', 'none was under way: the card has nothing to tell')]
      : [
          row('load', `${reference}/${load.nth}, ${localTime(load.dateTime)}`),
          row('card before it', amountOf(claim, load.mark.beforeMinor)),
          row('card counter', String(load.mark.counter)),
        ]),
  ];
}

/** "CNY 50.00" */
export function amountOf({ currency: code }: Claim, amountMinor: Claim['amountMinor']): string {
  const currency = Object.values(currencies).find((each) => each.code === code);
  if (currency === undefined) return `${amountMinor} of the smallest unit of ${code}`;
  return `${code} ${formatMoney(amountMinor, currency, '')}`;
}

/** YYYYMMDDhhmmss → "YYYY-MM-DD hh:mm:ss"; anything else stays what it is. */
export function localTime(at: string): string {
  return at.replace(/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/, '$1-$2-$3 $4:$5:$6');
}

/** Why a text is not to be believed, and what to do. */
export function refusalText(verdict: Exclude<ClaimVerdict, { kind: 'genuine' }>): string {
  switch (verdict.kind) {
    case 'forged':
      return (
        `NOT GENUINE. This key has not signed it. It calls itself ${plain(verdict.reference).slice(0, 40)}.\n` +
        'Either it was changed, or another station signed it: look at the machine number on the slip, and try that ' +
        "station's key.\n"
      );
    case 'cut':
      return 'NOT GENUINE. It begins as a claim, but was cut off or changed. Scan it again, all of it.\n';
    case 'receipt':
      return 'NOT A CLAIM. It is the code of a receipt, which claims nothing. Key its number in at the machine.\n';
    case 'no-claim':
      return 'NOT A CLAIM. It is some other text.\n';
  }
}

const endings = new Map([
  ['captured', 'the card was loaded and paid for. Nothing is owed.'],
  ['reversed', 'the card was not loaded, and the payment was given back. Nothing is owed.'],
  ['declined', 'the payment was declined, and no money was taken. Nothing is owed.'],
  [
    'uncollected',
    'the card was loaded, but the bank terminal refused to book it. Nothing is owed.',
  ],
]);

/** How the claim stands in a journal. `text`: the claim as it was given. */
export function standingLines(standing: Standing, file: string, text: string): readonly string[] {
  if (standing.kind === 'not-there') {
    return [
      `UNKNOWN: ${plain(file)} has no such top-up. It is another station's journal, or older than the claim.`,
    ];
  }
  const { row, wallMs, money, card, claim } = standing;
  const seen = `(row ${row} of ${plain(file)}, ${utcTime(wallMs)} UTC)`;
  const doubt =
    claim === text
      ? []
      : [`But this journal holds ${claim === null ? 'no claim' : 'another claim'} for it.`];
  const states = `money ${plain(money)}, card ${plain(card)}`;
  if (standing.kind === 'open') {
    return [
      `OPEN: not settled yet, ${states} ${seen}.`,
      'Pay nothing out: put the card in at the machine, or ask the bank. It may still settle by itself.',
      ...doubt,
    ];
  }
  const ending = endings.get(money) ?? `in a way that this program does not know: ${states}.`;
  return [`SETTLED: ${ending}`, seen, ...doubt];
}

/** "YYYY-MM-DD hh:mm:ss", also of a number that no calendar has. */
function utcTime(wallMs: number): string {
  const date = new Date(wallMs);
  if (Number.isNaN(date.getTime())) return String(wallMs);
  return date.toISOString().slice(0, 19).replace('T', ' ');
}
