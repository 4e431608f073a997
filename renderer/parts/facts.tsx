import './facts.css';
import type { ReactNode } from 'react';

type Fact = { readonly name: string; readonly value: ReactNode };

/** A few things worth having in writing: the reference, the card, the amount. */
export function Facts({ facts }: { readonly facts: readonly Fact[] }): ReactNode {
  return (
    <dl className="facts">
      {facts.map(({ name, value }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
