import { expect, test } from 'vitest';
import { flows } from './flows.ts';
import { mutants } from './mutants.ts';
import { liveFlow } from './tasks.ts';

const seed = 7;

test.each(mutants)('a planted bug is found: $bug', async ({ mutant, flow: name, fault }) => {
  const flow = flows.find((each) => each.name === name);
  if (flow === undefined) throw new Error(`no flow is called ${name}`);
  expect((await liveFlow(seed, flow, fault)).failures).toEqual([]);
  expect((await liveFlow(seed, flow, fault, mutant)).failures).not.toEqual([]);
});
