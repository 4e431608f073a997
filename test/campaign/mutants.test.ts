import { expect, test } from 'vitest';
import { flows } from './flows.ts';
import { mutants, stoppedBySam } from './mutants.ts';
import { drawerOf, liveFlow } from './tasks.ts';

const seed = 7;

test.each(mutants)('a planted bug is found: $bug', { timeout: 60_000 }, async (planted) => {
  const { mutant, flow: name, cards = 'pboc', fault } = planted;
  const flow = flows.find((each) => each.name === name);
  if (flow === undefined) throw new Error(`no flow is called ${name}`);
  const drawer = drawerOf(cards);
  expect((await liveFlow(seed, flow, drawer, fault)).failures).toEqual([]);
  expect((await liveFlow(seed, flow, drawer, fault, mutant)).failures).not.toEqual([]);
});

test('a load authority that knows a reference authorises no second load for it', {
  timeout: 60_000,
}, async () => {
  const { mutant, flow: name, fault } = stoppedBySam;
  const flow = flows.find((each) => each.name === name);
  if (flow === undefined) throw new Error(`no flow is called ${name}`);
  const { failures, loads } = await liveFlow(seed, flow, drawerOf('pboc'), fault, mutant);
  expect(failures).toEqual([]);
  expect(loads).toBe(1);
});
