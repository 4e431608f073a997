import type { BenchPrinter, BenchSlip } from '../../main/contract/bench.ts';
import { Cable } from './cable.tsx';
import type { SayToBench } from './say.ts';

/** The receipt printer: what it lacks, and every slip that came out of it. */
export function Printer(props: {
  readonly printer: BenchPrinter;
  readonly isVirtual: boolean;
  readonly say: SayToBench;
}) {
  const { printer, isVirtual, say } = props;
  return (
    <div className="part printer" data-unplugged={!printer.plugged}>
      <div className="part-head">
        <h2>Receipt printer</h2>
        <Cable cable="printer" plugged={printer.plugged} say={say} />
      </div>
      {isVirtual ? <p className="part-note">Unplugging it takes its serial port away.</p> : null}
      <div className="printer-controls">
        <label className="check">
          <input
            type="checkbox"
            checked={printer.paperOut}
            onChange={(event) => say({ kind: 'set-paper', out: event.currentTarget.checked })}
          />
          No paper
        </label>
        <label className="check">
          <input
            type="checkbox"
            checked={printer.coverOpen}
            onChange={(event) => say({ kind: 'set-cover', open: event.currentTarget.checked })}
          />
          Cover open
        </label>
        <button
          type="button"
          className="quiet-button"
          disabled={printer.slips.length === 0}
          onClick={() => say({ kind: 'tear-off' })}
        >
          Throw the slips away
        </button>
      </div>
      <div className="printer-mouth" data-open={printer.coverOpen} />
      <ol className="slips">
        {printer.slips.length === 0 ? (
          <li className="nothing">Nothing printed yet.</li>
        ) : (
          printer.slips.map((slip) => <Slip key={slip.number} slip={slip} />)
        )}
      </ol>
    </div>
  );
}

function Slip(props: { readonly slip: BenchSlip }) {
  const { slip } = props;
  const picture = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(slip.svg)}`;
  const large = `slip-${slip.number}`;
  return (
    <li className="slip" data-cut={slip.cut}>
      <button type="button" popoverTarget={large} title="Look at it closely">
        <img src={picture} alt={slip.text.join('\n')} />
      </button>
      <div id={large} popover="auto" className="slip-large">
        <img src={picture} alt="" />
      </div>
      <p>
        No. {slip.number}
        {slip.cut ? '' : ', still on the roll'}
      </p>
      {slip.qrTexts.map((text) => (
        <p key={text} className="qr-text mono">
          QR: {text}
        </p>
      ))}
    </li>
  );
}
