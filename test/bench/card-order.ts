export const cardNumber = '4100000099999432';

/** What card-process.ts is told. `answersAfterMs`: how long each command takes. */
export type CardOrder =
  | { readonly kind: 'insert'; readonly answersAfterMs: number }
  | { readonly kind: 'pull' }
  | { readonly kind: 'rewind' };

/** One command and its response, hex. */
export type Exchange = { readonly command: string; readonly response: string };

/** Its answer when an order is carried out. `exchanges`: from when the card was inserted or last rewound until then. */
export type CardReport = { readonly exchanges: readonly Exchange[] };
