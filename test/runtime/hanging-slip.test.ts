import { expect, test } from 'vitest';
import { slipLines } from '../../hardware/printer/simulated-roll.ts';
import type { TestScreen } from '../support/screen.ts';
import { manyLives } from './lives.ts';
import { act, type Visit } from './visitor.ts';

const { clock, rig, live: begin } = manyLives(3);

/** One life of the kiosk's process, up to the idle screen. */
async function live(): Promise<TestScreen> {
  const { screen } = begin();
  await clock.until(() => screen.screen.kind === 'attract');
  return screen;
}

/** Top a card up as the screen asks, until this screen is there. */
async function topUp(
  screen: TestScreen,
  cardId: string,
  end: 'receipt' | 'attract',
): Promise<void> {
  const visit: Visit = { rig, screen, cardId, amountMinor: 5_000, means: 'bank' };
  rig.insert(cardId);
  await clock.until(() => screen.screen.kind === 'card');
  while (screen.screen.kind !== end) {
    const { seq } = screen;
    act(visit);
    await clock.until(() => screen.seq !== seq, 120_000);
  }
}

const lines = (): readonly (readonly string[])[] => rig.printer.slips.map(slipLines);

test('half a slip that a killed process left at the printer is not handed to the next person', async () => {
  const first = await live();
  rig.printer.device.troubleAfter(400, 'paper-out');
  await topUp(first, 'ordinary', 'receipt');
  rig.killPorts();
  rig.pull();
  rig.printer.setPaperOut(false);

  const second = await live();
  await topUp(second, 'other', 'attract');
  const [remains, slip, ...more] = lines();
  expect(remains?.[0]).toBe('充值凭条');
  expect(remains?.at(-1)).not.toBe('感谢使用，请收好卡片');
  expect(slip?.filter((line) => line === '充值凭条')).toHaveLength(1);
  expect(slip?.at(-1)).toBe('感谢使用，请收好卡片');
  expect(more).toEqual([]);
  rig.killPorts();
});

test('a process that ended between two people wastes no paper', async () => {
  const printed = rig.printer.slips.length;
  const third = await live();
  await topUp(third, 'ordinary', 'attract');
  expect(rig.printer.slips).toHaveLength(printed + 1);
  rig.killPorts();
});
