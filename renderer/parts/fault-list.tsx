import './fault-list.css';
import type { ReactNode } from 'react';
import type { StationFault } from '../../main/contract/view.ts';
import { useKiosk } from './kiosk-context.ts';

/** What does not work, for whoever repairs it. Parts of a kind with the same fault stand in one line, each by its own name. */
export function FaultList({ faults }: { readonly faults: readonly StationFault[] }): ReactNode {
  const { words } = useKiosk();
  const lines = Map.groupBy(faults, ({ device, fault }) => `${device} ${fault}`);
  return (
    <ul className="faults">
      {[...lines].flatMap(([line, [first, ...others]]) =>
        first === undefined ? (
          []
        ) : (
          <li key={line}>
            <b>{words.device[first.device]}</b>
            {namesOf([first, ...others]).map((name) => (
              <span key={name} className="faults__which">{` ${name}`}</span>
            ))}
            {` ${words.fault[first.fault]}`}
          </li>
        ),
      )}
    </ul>
  );
}

/** As in the configuration and the log. */
function namesOf(faults: readonly StationFault[]): readonly string[] {
  return [...new Set(faults.flatMap(({ which }) => which ?? []))];
}
