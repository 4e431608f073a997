import { expect, test } from 'vitest';
import { down, up } from '../../main/contract/device.ts';
import type { Fact } from '../../main/session/event.ts';
import { deviceTold } from '../support/device-told.ts';
import { allWell, payFor } from './all-well.ts';
import { restarted } from './told.ts';

const opened: Fact = { kind: 'terminal-opened', mark: 'mark' };

/** Somebody has chosen how to pay, and the terminal is being woken. */
const choosing = () => payFor(restarted([], { answers: { ...allWell, 'open-terminal': null } }));

test.each(['reader', 'sam', 'journal'] as const)(
  'nobody is asked to pay where the %s broke down while the terminal was woken',
  (device) => {
    const told = choosing();
    told.tell(deviceTold(device, down('not-ready')), opened);
    expect(told.orders).not.toContain('authorise');
    expect(told.screen).toMatchObject({ kind: 'declined', reason: 'cancelled', canRetry: false });
  },
);

test('one that is back by then keeps nobody from paying, and the printer never does', () => {
  const told = choosing();
  told.tell(
    deviceTold('sam', down('not-ready')),
    deviceTold('sam', up),
    deviceTold('printer', down('unplugged')),
    opened,
  );
  expect(told.orders).toContain('authorise');
});
