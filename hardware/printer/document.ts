import type { Language } from '../../main/contract/language.ts';
import { type Currency, formatMoney, type MinorUnits } from '../../main/contract/money.ts';
import { type Receipt, receiptQrText } from '../../main/contract/receipt.ts';
import type { PrintOrder } from './port.ts';
import { receiptWords } from './words.ts';

/** What is on a receipt, from top to bottom, before it is known how wide the paper is. */
export type PaperBlock =
  | { readonly kind: 'title'; readonly text: string }
  /** A key and its value on one line where they fit. */
  | { readonly kind: 'row'; readonly key: string; readonly value: string }
  /** What the receipt is about, in large figures. */
  | { readonly kind: 'amount'; readonly key: string; readonly value: string }
  | { readonly kind: 'rule' }
  /** A paragraph that must be read. */
  | { readonly kind: 'note'; readonly text: string }
  /** `caption`: a line under the code, which goes with it; null: none. */
  | { readonly kind: 'qr'; readonly text: string; readonly caption: string | null }
  | { readonly kind: 'footer'; readonly text: string };

/** A receipt as a document. Balances that nobody has read from the card are left out, never guessed. */
export function receiptDocument(order: PrintOrder, language: Language): readonly PaperBlock[] {
  const { receipt } = order;
  const words = receiptWords[language];
  const money = (amountMinor: MinorUnits) => paperMoney(amountMinor, receipt.currency);
  const blocks: PaperBlock[] = [{ kind: 'title', text: words.title[receipt.kind] }];
  const row = (key: string, value: string | null) => {
    if (value !== null) blocks.push({ kind: 'row', key, value });
  };
  const rule = () => blocks.push({ kind: 'rule' });

  if (order.copy === 'duplicate') blocks.push({ kind: 'title', text: words.duplicate });
  rule();
  blocks.push({
    kind: 'amount',
    key: words.amount[receipt.kind],
    value: money(receipt.amountMinor),
  });
  row(words.before, receipt.beforeMinor === null ? null : money(receipt.beforeMinor));
  row(words.after, receipt.afterMinor === null ? null : money(receipt.afterMinor));
  rule();
  row(words.card, receipt.maskedNumber);
  row(words.means, words.meansNames[receipt.means]);
  row(words.terminalReceipt, receipt.terminalReceipt);
  row(words.time, paperTime(receipt.at));
  row(words.station, receipt.stationName[language]);
  row(words.machine, receipt.terminalId);
  row(words.reference, receipt.reference);
  rule();
  for (const text of words.note[receipt.kind]) blocks.push({ kind: 'note', text });
  const caption = receipt.claim === null ? null : words.signed;
  blocks.push({ kind: 'qr', text: safeQrText(receipt), caption });
  blocks.push({ kind: 'footer', text: `${words.help}: ${receipt.helpLine}` });
  blocks.push({ kind: 'footer', text: words.thanks[receipt.kind] });
  return blocks;
}

/** The yuan sign as printers have it: U+FFE5, for U+00A5 has no code in GBK and Big5. */
function paperMoney(amountMinor: MinorUnits, currency: Currency): string {
  return formatMoney(amountMinor, currency, currency.symbol === '¥' ? '￥' : currency.symbol);
}

/** YYYYMMDDhhmmss to "YYYY-MM-DD hh:mm:ss". Anything else is printed as it is. */
function paperTime(at: string): string {
  return at.replace(/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/, '$1-$2-$3 $4:$5:$6');
}

/** Without control characters: a printer would execute a real-time command (10 04 n) even inside a QR code's data. */
function safeQrText(receipt: Receipt): string {
  return receiptQrText(receipt)
    .toWellFormed()
    .replace(/\p{Cc}/gu, ' ');
}
