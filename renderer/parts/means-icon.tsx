import './means-icon.css';
import type { ReactNode } from 'react';
import type { MeansKind } from '../../main/contract/payment.ts';

/** A sign for a way of paying, in the colour of the text beside it. */
export function MeansIcon({ kind }: { readonly kind: MeansKind }): ReactNode {
  return (
    <svg className="means-icon" viewBox="0 0 64 64" aria-hidden="true">
      {kind === 'bank-card' ? (
        <>
          <rect x="5" y="13" width="54" height="38" rx="8" />
          <path d="M5 26h54M15 40h12" />
        </>
      ) : (
        <>
          <rect x="17" y="5" width="30" height="54" rx="8" />
          <path d="M28 50h8M25 18h5v5h-5zM34 18h5v5h-5zM25 27h5v5h-5zM34 27h5v5h-5z" />
        </>
      )}
    </svg>
  );
}
