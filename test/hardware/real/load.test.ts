import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { PbocProfile } from '../../../hardware/card/pboc/profile.ts';
import { campusCard, cityCard } from '../../../hardware/card/pboc/profiles.ts';
import {
  simulatedCampusProgram,
  simulatedCityProgram,
} from '../../../hardware/card/pboc/simulated.ts';
import type { StoredValueCards } from '../../../hardware/card/port.ts';
import { createStoredValueCards } from '../../../hardware/card/registry.ts';
import { type SimulatedCard, SimulatedT0Card } from '../../../hardware/card/simulated.ts';
import { Pcscd } from '../../../hardware/rig/virtual/pcscd.ts';
import { systemClock } from '../../../main/runtime/clock.ts';
import { issueCard, loadOf, testSam } from '../card/card-station.ts';
import { pcscRig, until } from './real-rig.ts';

const pcscd = new Pcscd();
beforeAll(() => pcscd.start());
afterAll(() => pcscd.kill());

let rig: ReturnType<typeof pcscRig>;
let cards: StoredValueCards;
let present: boolean;

beforeEach(async () => {
  rig = pcscRig();
  cards = createStoredValueCards({
    reader: rig.reader,
    sams: [testSam()],
    profiles: { pboc: [cityCard, campusCard] },
    clock: systemClock,
  });
  let up = false;
  cards.watch({
    onPresence: (now) => {
      present = now;
    },
    onReaderHealth: (health) => {
      up = health.kind === 'up';
    },
    onSamHealth: () => {},
  });
  await until(() => up);
});

afterEach(() => rig.end());

async function insert(card: SimulatedCard): Promise<void> {
  await rig.insert(card);
  await until(() => present);
}

const issued: readonly (readonly [string, PbocProfile, () => SimulatedCard])[] = [
  ['a city card', cityCard, () => issueCard(simulatedCityProgram)],
  ['a campus card with a PIN', campusCard, () => issueCard(simulatedCampusProgram)],
  ['a city card over T=0', cityCard, () => new SimulatedT0Card(issueCard(simulatedCityProgram))],
];

describe('a card in a real PC/SC reader', () => {
  it.each(issued)('%s is read, loaded, and proves it', async (_, profile, issue) => {
    await insert(issue());
    const before = await cards.read();
    expect(before).toMatchObject({ kind: 'done', card: { balanceMinor: 1_000 } });

    const order = loadOf(profile, 5_000);
    const prepared = await cards.prepare(order);
    if (prepared.kind !== 'done') throw new Error(JSON.stringify(prepared));
    expect(await cards.credit()).toMatchObject({
      kind: 'done',
      proof: { balanceMinor: 6_000, by: 'tac' },
    });

    expect(await cards.read()).toMatchObject({ kind: 'done', card: { balanceMinor: 6_000 } });
    expect(await cards.check(order, prepared.mark)).toMatchObject({ kind: 'loaded' });
  });

  it('is pulled as soon as it has been credited: unknown, until it is back and says so', async () => {
    const card = issueCard(simulatedCityProgram);
    const creditForLoad = 0x52;
    let pulled = false;
    await insert({
      label: 'pulled',
      powerOn: () => card.powerOn(),
      powerOff: () => card.powerOff(),
      exchange(command) {
        const response = card.exchange(command);
        if (command[1] === creditForLoad && !pulled) {
          pulled = true;
          void rig.pull();
        }
        return response;
      },
    });
    const order = loadOf(cityCard, 5_000);
    const prepared = await cards.prepare(order);
    if (prepared.kind !== 'done') throw new Error(JSON.stringify(prepared));
    expect(await cards.credit()).toMatchObject({ kind: 'unknown', fault: { kind: 'card-gone' } });

    await until(() => !present);
    await insert(card);
    expect(await cards.check(order, prepared.mark)).toMatchObject({
      kind: 'loaded',
      proof: { balanceMinor: 6_000 },
    });
    expect(await cards.read()).toMatchObject({ card: { balanceMinor: 6_000 } });
  });
});
