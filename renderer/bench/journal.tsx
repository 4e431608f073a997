import type { BenchView } from '../../main/contract/bench.ts';

/** The newest rows of the journal: what the kiosk would know after a power cut. */
export function Journal(props: { readonly journal: BenchView['journal'] }) {
  const { rows } = props.journal;
  return (
    <div className="instrument journal">
      <h2>Journal</h2>
      <ol className="mono">
        {rows.length === 0 ? <li className="nothing">Empty.</li> : null}
        {rows.map((row) => (
          <li key={row.seq} data-settled={row.settled}>
            <span className="at">{row.seq}</span>
            <span className="what">{row.kind}</span>
            <span className="answer">{row.attempt}</span>
            <span className="settled">{row.settled ? 'settled' : 'open'}</span>
          </li>
        ))}
      </ol>
    </div>
  );
}
