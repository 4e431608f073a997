import { expect, test } from 'vitest';
import type { JournalEntry } from '../../db/port.ts';
import { manyLives } from './lives.ts';

/** A row of a version that writes down more than this one knows. */
const newer: JournalEntry = {
  wallMs: 0,
  kind: 'receipt-printed',
  attempt: '7K2M-94QX',
  settled: true,
  body: JSON.stringify({ reference: '7K2M-94QX', money: 'captured', said: 'nothing' }),
};

test('a station that was put back to an earlier version serves, where what the newer one did is over', async () => {
  const { clock, rig, journal, live } = manyLives(5);
  journal.append([newer]);
  const { screen } = live();
  await clock.until(() => screen.screen.kind === 'attract');
  expect(screen.screen).toMatchObject({ topUpObstacle: null });
  rig.killPorts();
});

test('and takes no money where it is not', () => {
  const { rig, journal, live } = manyLives(6);
  journal.append([{ ...newer, settled: false }]);
  expect(() => live()).toThrow(/cannot be understood/);
  rig.killPorts();
});
