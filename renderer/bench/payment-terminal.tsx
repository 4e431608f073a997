import type { BenchTerminal } from '../../main/contract/bench.ts';
import { type Currency, formatMoney } from '../../main/contract/money.ts';
import { Cable } from './cable.tsx';
import type { SayToBench } from './say.ts';

const titles = { 'bank-card': 'Bank terminal', mobile: 'QR terminal' } as const;

const phases = {
  two: 'reserves first, takes the money later',
  one: 'takes the money at once',
} as const;

/** A payment terminal: its display, a person's two answers, and its books. */
export function PaymentTerminal(props: {
  readonly terminal: BenchTerminal;
  readonly currency: Currency;
  readonly say: SayToBench;
}) {
  const { terminal, currency, say } = props;
  const waiting = terminal.waitingMinor !== null;
  return (
    <div className="part terminal" data-unplugged={!terminal.plugged} data-waiting={waiting}>
      <div className="part-head">
        <h2>{titles[terminal.kind]}</h2>
        <Cable cable={terminal.id} plugged={terminal.plugged} say={say} />
      </div>
      <p className="part-note">{phases[terminal.phases]}</p>
      <div className="terminal-body">
        <output className="display mono">
          {terminal.display.map((line, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a display's rows are its places, not things that move
            <span key={index}>{line}</span>
          ))}
        </output>
        <div className="keys">
          <button
            type="button"
            className="key-no"
            disabled={!waiting}
            onClick={() => say({ kind: 'decline-payment', terminal: terminal.id })}
          >
            Decline
          </button>
          <button
            type="button"
            className="key-yes"
            disabled={!waiting}
            onClick={() => say({ kind: 'approve-payment', terminal: terminal.id })}
          >
            Approve
          </button>
        </div>
      </div>
      <label className="check">
        <input
          type="checkbox"
          checked={terminal.silenced}
          onChange={(event) =>
            say({
              kind: 'silence-terminal',
              terminal: terminal.id,
              silent: event.currentTarget.checked,
            })
          }
        />
        Hears, but does not answer
      </label>
      <table className="books">
        <caption>Its own books</caption>
        <tbody>
          {terminal.books.length === 0 ? (
            <tr>
              <td className="nothing">nothing yet</td>
            </tr>
          ) : (
            terminal.books.slice(0, 2).map((entry) => (
              <tr key={entry.reference}>
                <td>{entry.reference}</td>
                <td className="amount">{formatMoney(entry.amountMinor, currency)}</td>
                <td>
                  <span className="status" data-status={entry.status}>
                    {entry.status}
                  </span>
                </td>
              </tr>
            ))
          )}
        </tbody>
      </table>
    </div>
  );
}
