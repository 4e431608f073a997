import type { Health } from '../contract/device.ts';
import type { WorldFact } from '../session/event.ts';
import type { Ports } from './ports.ts';

/** Turn what the devices report of themselves into facts, each change once. The drivers reopen what was lost. */
export function supervise(ports: Ports, tell: (fact: WorldFact) => void): () => void {
  const device = (name: 'reader' | 'printer'): ((health: Health) => void) =>
    changes((health) => tell({ kind: 'device-changed', device: name, health }));
  const sams = new Map<string, (health: Health) => void>();
  const samChanged = (family: string): ((health: Health) => void) => {
    const known =
      sams.get(family) ??
      changes((health) => tell({ kind: 'device-changed', device: 'sam', family, health }));
    sams.set(family, known);
    return known;
  };
  let cardPresent = false;
  const stops = [
    ports.cards.watch({
      onPresence: (present) => {
        if (present === cardPresent) return;
        cardPresent = present;
        tell({ kind: present ? 'card-inserted' : 'card-removed' });
      },
      onReaderHealth: device('reader'),
      onSamHealth: (family, health) => samChanged(family)(health),
    }),
    ports.printer.watch(device('printer')),
    ...ports.terminals.map((terminal) =>
      terminal.watch(
        changes((health) =>
          tell({ kind: 'terminal-changed', terminal: terminal.means.id, health }),
        ),
      ),
    ),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

/** Pass a health on when it differs from the last one. */
function changes(tell: (health: Health) => void): (health: Health) => void {
  let last: string | null = null;
  return (health) => {
    const now = health.kind === 'up' ? 'up' : health.fault;
    if (now === last) return;
    last = now;
    tell(health);
  };
}
