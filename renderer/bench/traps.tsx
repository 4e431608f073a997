import type { BenchTrap } from '../../main/contract/bench.ts';
import type { SayToBench } from './say.ts';

const places = [
  ['card', 'Card'],
  ['payment', 'Payment'],
  ['paper', 'Paper'],
] as const;

/** Things that go wrong once, at an exact place: set one, then top up a card. */
export function Traps(props: { readonly traps: readonly BenchTrap[]; readonly say: SayToBench }) {
  const { traps, say } = props;
  return (
    <div className="traps">
      <h2>Traps</h2>
      <p className="lead">Each springs once, at the moment that it names.</p>
      {places
        .filter(([place]) => traps.some((trap) => trap.place === place))
        .map(([place, words]) => (
          <div key={place} className="trap-group">
            <h3>{words}</h3>
            <ul>
              {traps
                .filter((trap) => trap.place === place)
                .map((trap) => (
                  <li key={trap.id} data-armed={trap.armed}>
                    <button
                      type="button"
                      aria-pressed={trap.armed}
                      onClick={() => say({ kind: 'arm-trap', trap: trap.id, armed: !trap.armed })}
                    >
                      <span className="trap-title">{trap.title}</span>
                      <span className="trap-expect">{trap.expect}</span>
                    </button>
                  </li>
                ))}
            </ul>
          </div>
        ))}
    </div>
  );
}
