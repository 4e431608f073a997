import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SimulatedBankCard } from '../../../hardware/card/simulated.ts';
import { askPcscd, lookAtPcscd } from '../../../hardware/reader/pcscd-answer.ts';
import { Pcscd } from '../../../hardware/rig/virtual/pcscd.ts';
import { insertCard } from '../../../hardware/rig/virtual/vpcd-card.ts';
import { until } from './real-rig.ts';

const pcscd = new Pcscd();
beforeAll(() => pcscd.start());
afterAll(() => pcscd.kill());

const first = 'Virtual PCD 00 00';

async function firstReader() {
  return (await lookAtPcscd().settled)?.get(first);
}

describe('pcscd, asked without its library', () => {
  it('answers, and names its readers with their cards and how often they changed', async () => {
    expect(await askPcscd().settled).toBe('answers');
    expect([...((await lookAtPcscd().settled) ?? []).keys()]).toEqual([first, 'Virtual PCD 00 01']);
    expect(await firstReader()).toEqual({ present: false, atr: new Uint8Array(0), changes: 0 });

    const card = new SimulatedBankCard();
    const inserted = await insertCard(card);
    await until(async () => (await firstReader())?.present === true);
    expect(await firstReader()).toEqual({ present: true, atr: card.powerOn(), changes: 1 });

    await inserted.pull();
    await until(async () => (await firstReader())?.present === false);
    expect((await firstReader())?.changes).toBe(2);
  });

  it('answers when it goes on after it hung, and is absent when it is not there', async () => {
    pcscd.suspend();
    const look = lookAtPcscd();
    const question = askPcscd();
    pcscd.resume();
    expect(await question.settled).toBe('answers');
    expect((await look.settled)?.size).toBe(2);
    await pcscd.kill();
    expect(await askPcscd().settled).toBe('absent');
  });
});
