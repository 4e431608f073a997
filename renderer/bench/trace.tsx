import type { TraceRow } from '../../main/contract/bench.ts';

/** What passes between reader and card, newest first. */
export function Trace(props: {
  readonly rows: readonly TraceRow[];
  /** The reader is a real one, which is not listened to. */
  readonly isReal: boolean;
}) {
  const { rows, isReal } = props;
  return (
    <div className="instrument trace">
      <h2>Between reader and card</h2>
      <ol className="mono">
        {rows.length === 0 ? (
          <li className="nothing">
            {isReal ? 'What a real reader says is not seen here.' : 'Quiet.'}
          </li>
        ) : null}
        {rows.map((row) => (
          <li key={row.seq} data-outcome={row.outcome}>
            <span className="at">{(row.atMs / 1000).toFixed(3)}</span>
            <span className="what">{row.what}</span>
            <span className="answer">{row.answer}</span>
            {row.command === '' ? null : (
              <span className="bytes">
                {row.command} <b>→</b> {row.response}
              </span>
            )}
          </li>
        ))}
      </ol>
    </div>
  );
}
