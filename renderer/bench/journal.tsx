import type { BenchJournalRow, BenchView } from '../../main/contract/bench.ts';

/** The newest rows of the journal: what the kiosk would know after a power cut. */
export function Journal(props: { readonly journal: BenchView['journal'] }) {
  const { rows } = props.journal;
  return (
    <div className="instrument journal">
      <h2>Journal</h2>
      <ol className="mono">
        {rows.length === 0 ? <li className="nothing">Empty.</li> : null}
        {rows.map((row) => {
          const standing = standingOf(row, rows);
          return (
            <li key={row.seq} data-standing={standing}>
              <span className="at">{row.seq}</span>
              <span className="what">{row.kind}</span>
              <span className="answer">{row.attempt === '-' ? '' : row.attempt}</span>
              <span className="standing">{standing}</span>
            </li>
          );
        })}
      </ol>
    </div>
  );
}

/** Only an attempt's last row says how it stands; `rows` are newest first. */
function standingOf(
  row: BenchJournalRow,
  rows: readonly BenchJournalRow[],
): 'open' | 'settled' | null {
  const last = rows.find((each) => each.attempt === row.attempt);
  if (row.attempt === '-' || last !== row) return null;
  return row.settled ? 'settled' : 'open';
}
