import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { BenchCommand, BenchView } from '../../main/contract/bench.ts';
import type { Channel } from '../../main/contract/channel.ts';
import type { Command } from '../../main/contract/command.ts';
import { minorUnits } from '../../main/contract/money.ts';
import type { ScreenKind } from '../../main/contract/view.ts';
import { startBench } from '../../main/shell/bench.ts';
import { parseBenchConfig } from '../../main/shell/config.ts';
import { StartRefused } from '../../main/shell/start-refused.ts';
import { quietLog } from '../support/quiet-log.ts';
import { TestScreen } from '../support/screen.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'addvalue-bench-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** The manual's own example, with simulated devices. */
function config() {
  const manual = readFileSync(new URL('../../docs/configuration.md', import.meta.url), 'utf8');
  const example = JSON.parse(manual.match(/```json\n([\s\S]*?)```/)?.[1] ?? '{}');
  delete example.journal;
  example.devices = {
    reader: { driver: 'simulated' },
    sams: [{ driver: 'simulated' }],
    printer: { driver: 'simulated' },
    terminals: [{ id: 'till', kind: 'bank-card', phases: 'two', driver: 'simulated' }],
  };
  const answer = parseBenchConfig('example', JSON.stringify(example));
  if (answer.kind === 'refused') throw new Error(answer.problems.join('\n'));
  return answer.config;
}

/** One run of `npm start`: the kiosk's screen and the bench's hands. */
function run(clock: VirtualClock) {
  const bench = startBench({
    config: config(),
    clock,
    log: quietLog(),
    journalPath: path.join(folder, 'journal.sqlite'),
  });
  const screen = new TestScreen();
  bench.attachKiosk(screen);
  let view: BenchView | null = null;
  let tell: (message: unknown) => void = () => {};
  const hands: Channel<BenchView, unknown> = {
    send: (shown) => {
      view = shown;
    },
    watch: (onMessage) => {
      tell = onMessage;
      return () => {};
    },
    close: () => {},
  };
  bench.attachBench(hands);
  return {
    screen,
    close: async () => {
      let closed = false;
      const closing = bench.close().finally(() => {
        closed = true;
      });
      await clock.until(() => closed);
      await closing;
    },
    hand: (command: BenchCommand) => tell(command),
    balance: () => view?.cards.find(({ id }) => id === 'ordinary')?.purse?.balanceMinor,
    books: () => view?.terminals[0]?.books.map(({ amountMinor, status }) => [amountMinor, status]),
    at: (kind: ScreenKind) => clock.until(() => screen.screen.kind === kind),
  };
}

test('a simulated station that is started again finds its cards and its till as they were left', async () => {
  const clock = new VirtualClock();
  const first = run(clock);
  await first.at('attract');
  first.hand({ kind: 'insert-card', card: 'ordinary' });
  const walk: readonly (readonly [ScreenKind, Command])[] = [
    ['card', { kind: 'begin-top-up' }],
    ['amount', { kind: 'choose-amount', amountMinor: minorUnits(5_000) }],
    ['confirm', { kind: 'confirm' }],
  ];
  for (const [kind, command] of walk) {
    await first.at(kind);
    first.screen.tap(command);
  }
  await clock.until(() => {
    first.hand({ kind: 'approve-payment', terminal: 'till' });
    return first.screen.screen.kind === 'done';
  });
  await first.close();

  const second = run(clock);
  await second.at('attract');
  expect(second.balance()).toBe(8_620);
  expect(second.books()).toEqual([[5_000, 'captured']]);
  await second.close();
});

test('a world that cannot be understood is refused with what to do', () => {
  writeFileSync(path.join(folder, 'journal.world.json'), '{');
  expect(() => run(new VirtualClock())).toThrow(StartRefused);
  expect(() => run(new VirtualClock())).toThrow(
    /journal\.world\.json.*Delete it together with the journal/,
  );
});
