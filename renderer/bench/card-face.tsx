import type { BenchCard } from '../../main/contract/bench.ts';
import { type Currency, formatMoney } from '../../main/contract/money.ts';

/** A card as it lies on the mat: what is printed on it, and what a loupe would read from its purse. */
export function CardFace(props: { readonly card: BenchCard; readonly currency: Currency }) {
  const { card, currency } = props;
  const { purse } = card;
  return (
    <span className="card-face" data-face={card.face} data-blocked={purse?.blocked === true}>
      <span className="card-name">{card.name}</span>
      {card.face === 'contactless' ? <Waves /> : <Chip />}
      {purse === null ? (
        <span className="card-balance">no purse</span>
      ) : (
        <>
          <span className="card-balance">{formatMoney(purse.balanceMinor, currency)}</span>
          <span className="card-number">{purse.maskedNumber.slice(-9)}</span>
          <span className="card-valid">{purse.blocked ? 'BLOCKED' : until(purse.validTo)}</span>
        </>
      )}
    </span>
  );
}

function Chip() {
  return (
    <svg className="chip" viewBox="0 0 30 24" width="30" height="24" aria-hidden="true">
      <rect x="0.75" y="0.75" width="28.5" height="22.5" rx="4" />
      <path d="M0.75 8.5h9v7h-9M29.25 8.5h-9v7h9M9.75 0.75v22.5M20.25 0.75v22.5" />
    </svg>
  );
}

function Waves() {
  return (
    <svg className="waves" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true">
      <path d="M6 8.5a7 7 0 0 1 0 7M11 5.5a12 12 0 0 1 0 13M16 2.5a17.5 17.5 0 0 1 0 19" />
    </svg>
  );
}

function until(date: string): string {
  return `to ${date.slice(0, 4)}-${date.slice(4, 6)}`;
}
