import type { BenchView } from '../../main/contract/bench.ts';
import { CardFace } from './card-face.tsx';
import type { SayToBench } from './say.ts';

/** The cards to choose from. Putting one in pulls the other one out first. */
export function Drawer(props: { readonly view: BenchView; readonly say: SayToBench }) {
  const { view, say } = props;
  return (
    <div className="drawer">
      <div className="drawer-head">
        <h2>Drawer</h2>
        <button
          type="button"
          className="quiet-button"
          disabled={view.cards.every((card) => card.fresh)}
          onClick={() => say({ kind: 'fresh-cards' })}
        >
          All cards as new
        </button>
      </div>
      <ul className="cards">
        {view.cards.map((card) => (
          <li key={card.id}>
            <button
              type="button"
              className="card-button"
              disabled={card.id === view.inserted}
              title={card.note}
              onClick={() => say({ kind: 'insert-card', card: card.id })}
            >
              <CardFace card={card} currency={view.currency} />
            </button>
            <p>{card.note}</p>
          </li>
        ))}
      </ul>
    </div>
  );
}
