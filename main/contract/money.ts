declare const minorUnitsBrand: unique symbol;

/** A whole number of the currency's smallest unit (fen, cents). Never a float, may be negative (an overdrawn card). */
export type MinorUnits = number & { readonly [minorUnitsBrand]: true };

/** What is needed to write an amount down. `exponent`: digits after the point (ISO 4217). */
export type Currency = {
  readonly code: string;
  readonly numeric: number;
  readonly exponent: number;
  readonly symbol: string;
};

/** The currencies a station can be configured for. Code, number and exponent: ISO 4217. */
export const currencies = {
  CNY: { code: 'CNY', numeric: 156, exponent: 2, symbol: '¥' },
  HKD: { code: 'HKD', numeric: 344, exponent: 2, symbol: 'HK$' },
  TWD: { code: 'TWD', numeric: 901, exponent: 2, symbol: 'NT$' },
  SGD: { code: 'SGD', numeric: 702, exponent: 2, symbol: 'S$' },
  EUR: { code: 'EUR', numeric: 978, exponent: 2, symbol: '€' },
} as const satisfies Record<string, Currency>;

/** Brand a number as money. Throws a RangeError when it is not a safe integer: a float must never become money. */
export function minorUnits(value: number): MinorUnits {
  if (!Number.isSafeInteger(value)) {
    throw new RangeError(`${value} is not a whole number of minor units`);
  }
  return value as MinorUnits;
}

export const noMoney = minorUnits(0);

export function add(a: MinorUnits, b: MinorUnits): MinorUnits {
  return minorUnits(a + b);
}

export function subtract(a: MinorUnits, b: MinorUnits): MinorUnits {
  return minorUnits(a - b);
}

/** Where a comma stands in a row of digits: before every three that are left. */
const everyThird = /\B(?=(?:\d{3})+$)/g;

/** "¥50.00", "-HK$1,000.20". The symbol may be replaced (receipt printers need U+FFE5 for the yuan sign). */
export function formatMoney(
  amountMinor: MinorUnits,
  currency: Currency,
  symbol: string = currency.symbol,
): string {
  const digits = Math.abs(amountMinor)
    .toString()
    .padStart(currency.exponent + 1, '0');
  const whole = digits.slice(0, digits.length - currency.exponent).replace(everyThird, ',');
  const fraction = currency.exponent === 0 ? '' : `.${digits.slice(-currency.exponent)}`;
  return `${amountMinor < 0 ? '-' : ''}${symbol}${whole}${fraction}`;
}
