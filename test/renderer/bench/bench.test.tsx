// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen, within } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import type { BenchCommand } from '../../../main/contract/bench.ts';
import { Bench } from '../../../renderer/bench/bench.tsx';
import { exampleView } from './example-view.ts';

afterEach(cleanup);

/** What the hand does by the name of the control that it touches. */
const hands: readonly (readonly [string, RegExp, BenchCommand])[] = [
  ['puts another card in', /80\.20/, { kind: 'insert-card', card: 'other' }],
  ['pulls the card out', /^Pull the card out/, { kind: 'pull-card' }],
  ['renews the cards', /^All cards as new/, { kind: 'fresh-cards' }],
  ['cuts the power', /^Cut the power/, { kind: 'kill-process' }],
  ['throws the slips away', /^Throw the slips/, { kind: 'tear-off' }],
  [
    'sets a trap',
    /^Pulled before/,
    { kind: 'arm-trap', trap: 'card-pulled-before-credit', armed: true },
  ],
  [
    'takes a trap away',
    /^Pulled after/,
    { kind: 'arm-trap', trap: 'card-pulled-after-credit', armed: false },
  ],
  ['plugs a cable in', /^Unplugged/, { kind: 'set-cable', cable: 'mobile', plugged: true }],
];

test.each(hands)('a hand %s', (_deed, name, command) => {
  const said = show();
  fireEvent.click(screen.getByRole('button', { name }));
  expect(said).toEqual([command]);
});

test('only the terminal that waits for a person takes an answer', () => {
  const said = show();
  const approve = screen.getAllByRole('button', { name: 'Approve' });
  for (const button of approve) fireEvent.click(button);
  expect(said).toEqual([{ kind: 'approve-payment', terminal: 'bank-card' }]);
});

test('a hand takes the paper away and opens the cover', () => {
  const said = show();
  fireEvent.click(screen.getByRole('checkbox', { name: 'No paper' }));
  fireEvent.click(screen.getByRole('checkbox', { name: 'Cover open' }));
  expect(said).toEqual([
    { kind: 'set-paper', out: true },
    { kind: 'set-cover', open: true },
  ]);
});

test('the slip can be read without looking at its picture, the QR text included', () => {
  show();
  const slip = screen.getByRole('img', { name: /After ¥86.20/ });
  const item = slip.closest('li');
  expect(item && within(item).getByText(/ADDVALUE\|1\|top-up/)).toBeTruthy();
});

test('only the last row of an attempt says how it stands', () => {
  show();
  const rows = within(screen.getByRole('region', { name: 'Instruments' })).getAllByRole('listitem');
  const journal = rows.flatMap((row) => {
    const kind = row.querySelector('.what')?.textContent;
    const standing = row.querySelector('.standing');
    return standing === null ? [] : [`${kind} ${standing.textContent}`.trim()];
  });
  expect(journal).toEqual(['payment-approved open', 'top-up-confirmed', 'receipt-printed settled']);
});

test('what is real is named, and nothing of it can be worked from here', () => {
  const { terminals, traps } = exampleView;
  show({
    ...exampleView,
    real: ['reader', 'printer', 'gate-3'],
    cards: [],
    inserted: null,
    terminals: terminals.slice(0, 1),
    traps: traps.filter(({ place }) => place === 'payment'),
  });
  expect(screen.getAllByText(/^Real device: see the configuration/)).toHaveLength(3);
  expect(screen.getByText('Payment terminal gate-3')).toBeTruthy();
  expect(screen.getByRole('alert').textContent).toContain('TEST KEYS ARE IN USE');
  for (const gone of [/^Pull the card/, /^All cards/, /^Throw the slips/]) {
    expect(screen.queryByRole('button', { name: gone })).toBeNull();
  }
  expect(screen.queryByRole('heading', { name: 'Paper' })).toBeNull();
  // The simulated terminal’s and the two SAMs’.
  expect(screen.getAllByRole('button', { name: /^Plugged in/ })).toHaveLength(3);
});

test('a virtual station says what its plugs do, and is worked as a simulated one', () => {
  const said = show({ ...exampleView, station: 'virtual' });
  expect(screen.getByText(/^A virtual station: .* real pcscd, .* real serial port/)).toBeTruthy();
  expect(screen.getByText('Its plug kills and starts pcscd.')).toBeTruthy();
  expect(screen.getByText(/takes its serial port away/)).toBeTruthy();
  expect(screen.queryByRole('alert')).toBeNull();
  fireEvent.click(screen.getByRole('button', { name: /^Pull the card out/ }));
  expect(said).toEqual([{ kind: 'pull-card' }]);
});

test('a virtual station with a printer of its own claims no serial port for it', () => {
  show({ ...exampleView, station: 'virtual', real: ['printer'] });
  expect(screen.getByText(/^A virtual station: .* real pcscd\./)).toBeTruthy();
  expect(screen.queryByText(/serial port/)).toBeNull();
});

test('nothing can be done to a station that cannot be heard', () => {
  const said: BenchCommand[] = [];
  const { container } = render(
    <Bench view={exampleView} connection="lost" say={(command) => said.push(command)} />,
  );
  expect(container.querySelector('.bench')?.hasAttribute('inert')).toBe(true);
  expect(screen.getByText('Waiting for the station…')).toBeTruthy();
});

function show(view = exampleView): BenchCommand[] {
  const said: BenchCommand[] = [];
  render(<Bench view={view} connection="open" say={(command) => said.push(command)} />);
  return said;
}
