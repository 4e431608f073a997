import { describe, expect, it } from 'vitest';
import { desfireStation, issueCard, layouts, loadOf } from './desfire-station.ts';

const amount = 5_000;

describe('a load', () => {
  it.each(layouts)('is written once and proved ($name)', async ({ profile, program }) => {
    const station = desfireStation([profile]);
    const card = issueCard(program);
    station.reader.insert(card);
    const read = await station.cards.read();
    expect(read).toMatchObject({ kind: 'done', card: { balanceMinor: 1_000 } });
    const prepared = await station.cards.prepare(loadOf(profile, amount));
    expect(prepared).toEqual({ kind: 'done', mark: { beforeMinor: 1_000, counter: 0 } });
    expect(await station.cards.credit()).toMatchObject({ kind: 'done' });
    expect(card.books).toMatchObject({ balance: 6_000, counter: 1 });
  });
});
