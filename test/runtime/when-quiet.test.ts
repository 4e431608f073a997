import { expect, test } from 'vitest';
import { JournalFault } from '../../db/port.ts';
import { chooseFifty, shows, start } from './one-station.ts';

test('the books are looked at while nobody is there, and never while somebody is', async () => {
  const seen: number[] = [];
  const closeBooks = (wallMs: number): null => {
    seen.push(wallMs);
    return null;
  };
  const set = await start(() => {}, { closeBooks });
  await shows(set, 'attract');
  await set.clock.advance(60_000);
  expect(seen.length).toBeGreaterThan(0);
  expect(seen.at(-1)).toBeLessThanOrEqual(set.clock.wallMs());

  await chooseFifty(set);
  const before = seen.length;
  await set.clock.advance(50_000);
  expect(set.screen.screen.kind).toBe('confirm');
  expect(seen).toHaveLength(before);
});

test('the books are left alone by a station that has been given up', async () => {
  let looks = 0;
  const closeBooks = (): null => {
    looks += 1;
    return null;
  };
  const set = await start(() => {}, { closeBooks });
  await shows(set, 'attract');
  await set.clock.advance(60_000);
  const before = looks;
  expect(before).toBeGreaterThan(0);
  set.station.abandon();
  await set.clock.advance(120_000);
  expect(looks).toBe(before);
});

test('books that cannot be closed are a fault of the journal, which the station shows and survives', async () => {
  let fault: JournalFault | null = new JournalFault('disk-full', 'no room in the test');
  const set = await start(() => {}, {
    closeBooks() {
      if (fault !== null) throw fault;
      return null;
    },
  });
  await shows(set, 'attract');
  await set.clock.until(() => set.screen.screen.kind === 'out-of-service', 60_000);
  expect(set.screen.screen).toMatchObject({ faults: [{ device: 'journal', fault: 'disk-full' }] });
  fault = null;
  await shows(set, 'attract');
  await set.clock.advance(120_000);
  expect(set.screen.screen.kind).toBe('attract');
});
