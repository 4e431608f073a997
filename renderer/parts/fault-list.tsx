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
            <b>{words.device[first.device]}</b>{' '}
            <span className="faults__which">{namesOf([first, ...others])}</span>{' '}
            {words.fault[first.fault]}
          </li>
        ),
      )}
    </ul>
  );
}

/** As in the configuration and the log. */
function namesOf(faults: readonly StationFault[]): string {
  const names = new Set(faults.flatMap(({ which }) => which ?? []));
  return [...names].join(', ');
}
