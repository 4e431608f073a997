import { expect, it } from 'vitest';
import { campusDesfire } from '../../../hardware/card/desfire/profiles.ts';
import { fromHex, toHex } from '../../../hardware/card/hex.ts';
import { cityCard } from '../../../hardware/card/pboc/profiles.ts';
import { simulatedCityProgram } from '../../../hardware/card/pboc/simulated.ts';
import { createStoredValueCards } from '../../../hardware/card/registry.ts';
import type { SimulatedCard } from '../../../hardware/card/simulated.ts';
import { SimulatedReader } from '../../../hardware/reader/simulated.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { issueCard, testSam } from './card-station.ts';
import { StrangeCard } from './strange-card.ts';

const withContacts = '3B6500002063CB6800';
const ofDesfire = '3B8180018080';
const selectCityCard = '00A4040009A0000000038698070100';

/** A station that serves both families reads a card: the answer, and what the card was asked first. */
async function read(card: SimulatedCard, families: readonly string[] = ['pboc', 'desfire']) {
  const clock = new VirtualClock();
  const reader = new SimulatedReader({ clock });
  const said: string[] = [];
  reader.watchApdus((command) => said.push(toHex(command)));
  const all = { pboc: [cityCard], desfire: [campusDesfire] };
  const profiles = Object.fromEntries(
    Object.entries(all).filter(([family]) => families.includes(family)),
  );
  const cards = createStoredValueCards({ reader, sams: [testSam()], profiles, clock });
  reader.insert(card);
  return { answer: await cards.read(), said };
}

/** A card as another reader would present it. */
function withAtr(card: SimulatedCard, atr: string): SimulatedCard {
  return {
    label: card.label,
    powerOn: () => (card.powerOn() === null ? null : fromHex(atr)),
    exchange: (command) => card.exchange(command),
    powerOff: () => card.powerOff(),
  };
}

it('a card is first asked by the family that its ATR speaks for', async () => {
  const contact = await read(new StrangeCard({ atr: withContacts }));
  expect(contact.said[0]).toBe(selectCityCard);
  const contactless = await read(new StrangeCard({ atr: ofDesfire }));
  expect(contactless.said.indexOf(selectCityCard)).toBeGreaterThan(0);
});

it.each([withContacts, ofDesfire, '3B80800101'])(
  'an ATR rules no family out: a city card that answers %s is read',
  async (atr) => {
    const { answer } = await read(withAtr(issueCard(simulatedCityProgram), atr));
    expect(answer).toMatchObject({ kind: 'done', card: { family: 'pboc', profile: 'city-card' } });
  },
);

it('a family whose cards are not served is not tried, and its cards are named', async () => {
  const atr = ofDesfire;
  const { answer, said } = await read(new StrangeCard({ atr }), ['pboc']);
  expect(said[0]).toBe(selectCityCard);
  expect(answer).toEqual({
    kind: 'refused',
    refusal: { kind: 'unknown-card', name: 'desfire' },
  });
  const city = await read(issueCard(simulatedCityProgram), ['desfire']);
  expect(city.answer).toEqual({
    kind: 'refused',
    refusal: { kind: 'unknown-card', name: 'city-card' },
  });
});
