import { afterEach, expect, it } from 'vitest';
import { SimulatedBankCard } from '../../../hardware/card/simulated.ts';
import { surveyPcsc } from '../../../hardware/reader/pcsc-survey.ts';
import { Pcscd } from '../../../hardware/rig/virtual/pcscd.ts';
import { insertCard } from '../../../hardware/rig/virtual/vpcd-card.ts';
import { systemClock } from '../../../main/runtime/clock.ts';
import { until } from './real-rig.ts';

const pcscd = new Pcscd();
afterEach(() => pcscd.kill());

const survey = () => surveyPcsc(systemClock, 1_000);

it('a technician sees the readers, and which of them has a card', async () => {
  await pcscd.start();
  const reader = (slot: string, cardPresent: boolean) => ({
    name: `Virtual PCD 00 ${slot}`,
    cardPresent,
  });
  expect(await survey()).toEqual({
    kind: 'up',
    readers: [reader('00', false), reader('01', false)],
  });
  const card = await insertCard(new SimulatedBankCard(), 1);
  await until(async () => {
    const seen = await survey();
    return seen.kind === 'up' && seen.readers.some(({ cardPresent }) => cardPresent);
  });
  expect(await survey()).toEqual({
    kind: 'up',
    readers: [reader('00', false), reader('01', true)],
  });
  await card.pull();
});

it('where no pcscd runs, a technician is told so', async () => {
  expect(await survey()).toEqual({ kind: 'no-service', code: 'NoService' });
});

it('where pcscd was killed, a technician is told so', async () => {
  await pcscd.start();
  await pcscd.kill();
  expect(await survey()).toEqual({ kind: 'no-service', code: 'NoService' });
});

it('where pcscd hangs, a technician is told so and is not kept waiting', async () => {
  await pcscd.start();
  pcscd.suspend();
  expect(await survey()).toEqual({ kind: 'silent' });
  pcscd.resume();
  expect(await survey()).toMatchObject({ kind: 'up' });
});
