import type { BenchView } from '../../main/contract/bench.ts';
import type { Connection } from '../channel.ts';
import { Drawer } from './drawer.tsx';
import { Journal } from './journal.tsx';
import { PaymentTerminal } from './payment-terminal.tsx';
import { PowerSwitch } from './power-switch.tsx';
import { Printer } from './printer.tsx';
import { Reader } from './reader.tsx';
import { RealPart } from './real-part.tsx';
import type { SayToBench } from './say.ts';
import { Trace } from './trace.tsx';
import { Traps } from './traps.tsx';

/** The workbench beside the kiosk's screen: every simulated part, and the hands to work them. */
export function Bench(props: {
  readonly view: BenchView | null;
  readonly connection: Connection;
  readonly say: SayToBench;
}) {
  const { view, connection, say } = props;
  if (view === null) return <Away />;
  return (
    <div className="bench" inert={connection !== 'open'}>
      <header className="head">
        <h1>Bench</h1>
        <p>
          {about(view)} The kiosk does not know: it talks to these parts in the bytes of the real
          ones.
        </p>
        {connection === 'open' ? null : <Away />}
      </header>
      <section className="hands" aria-label="Cards">
        <Reader view={view} say={say} />
        {view.real.includes('reader') ? null : <Drawer view={view} say={say} />}
      </section>
      <section className="parts" aria-label="Devices">
        <div className="terminals">
          {view.terminals.map((terminal) => (
            <PaymentTerminal
              key={terminal.id}
              terminal={terminal}
              currency={view.currency}
              say={say}
            />
          ))}
          {view.real
            .filter((cable) => cable !== 'reader' && cable !== 'printer')
            .map((id) => (
              <RealPart key={id} title={`Payment terminal ${id}`} />
            ))}
        </div>
        {view.real.includes('printer') ? (
          <RealPart title="Receipt printer" />
        ) : (
          <Printer printer={view.printer} isVirtual={view.station === 'virtual'} say={say} />
        )}
      </section>
      <section className="traps-column" aria-label="Trouble">
        <PowerSwitch kills={view.kills} unsettled={view.journal.unsettled} say={say} />
        <Traps traps={view.traps} say={say} />
      </section>
      <section className="instruments" aria-label="Instruments">
        <Trace rows={view.trace} isReal={view.real.includes('reader')} />
        <Journal journal={view.journal} />
      </section>
    </div>
  );
}

function about({ station, real }: BenchView): string {
  if (station === 'virtual') {
    const printer = real.includes('printer') ? '' : ', its printer through a real serial port';
    return `A virtual station: its reader is reached through a real pcscd${printer}.`;
  }
  return real.length === 0 ? 'A simulated station.' : 'A station that is simulated in part.';
}

function Away() {
  return (
    <p className="away" role="status">
      Waiting for the station…
    </p>
  );
}
