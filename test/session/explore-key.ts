import type { Attempt } from '../../main/session/attempt.ts';
import { errandTriesMax } from '../../main/session/moves.ts';
import { isSettled } from '../../main/session/resolve.ts';
import { attemptsOf, type Session } from '../../main/session/session.ts';
import { captureTriesMax } from '../../main/session/settling.ts';
import type { Place } from './explore-moves.ts';

/*
 * Two places are one when no decision can tell them apart. What is left out here is written down, with the reason, in
 * docs/states.md. Whatever is not named is kept: a field that is added to the session makes the space larger, never blind.
 */

/** Words, figures and names that are printed, shown or passed on, and never decided by. */
const forgotten: ReadonlySet<string> = new Set([
  'terms',
  'language',
  'openedWallMs',
  'profile',
  'terminalId',
  'terminalMark',
  'terminalReceipt',
  'loadTime',
  'loads',
  'why',
  'spoken',
  'unknownReference',
  // It only withholds a slip, and comes to that from places that are met before.
  'copies',
  // Of a card that was read, its number says which one it is; the others are alike.
  'family',
  'enabled',
  'validFrom',
  'validTo',
  'balanceMinor',
  'balanceCapMinor',
  'loadCapMinor',
  'history',
]);

/** Of a top-up that is over: nobody is asked about it any more. */
const forgottenInTheEnd: ReadonlySet<string> = new Set([
  'terminalReference',
  'loadMark',
  'proof',
  'claim',
]);

/** Of these only whether there is one is asked. */
const presence: ReadonlySet<string> = new Set([
  'deadlineMs',
  'untilMs',
  'terminalReference',
  'loadMark',
  'proof',
  'claim',
]);

/** How often the terminal was asked in vain: only where it changes what is done next. Patience ends before any count does. */
function triesClass(tries: number): string {
  if (tries < errandTriesMax) return 'few';
  if (tries === errandTriesMax) return 'last';
  return tries < captureTriesMax ? 'many' : 'spent';
}

/** A top-up's reference, or a card's number. */
const nameOf = /^([0-9A-Z]{4}-[0-9A-Z]{4}|\d{16})$/;

/** Objects never change, and most of them are shared by many sessions: each is written once. */
const writtenBefore = new WeakMap<object, string>();

/** `patience`: whether somebody waits, where there is a count of tries at the terminal. Undefined: tries of a card. */
function write(value: unknown, field: string, patience: 'waits' | 'nobody' | undefined): string {
  if (field === 'tries') {
    if (patience === undefined) return String(value);
    return patience === 'waits' ? '' : triesClass(Number(value));
  }
  if (field === 'reason') return value === 'reader-fault' ? 'r' : '';
  if (presence.has(field)) return value === null ? '-' : '+';
  if (typeof value === 'string') return nameOf.test(value) ? `#${value}#` : value;
  if (typeof value !== 'object' || value === null) return String(value);
  const known = writtenBefore.get(value);
  if (known !== undefined) return known;
  const isOver = isAttempt(value) && isSettled(value);
  let text = '{';
  for (const name in value) {
    if (forgotten.has(name) || (isOver && forgottenInTheEnd.has(name))) continue;
    text += `${write(Reflect.get(value, name), name, patience)},`;
  }
  text += '}';
  writtenBefore.set(value, text);
  return text;
}

function isAttempt(value: object): value is Attempt {
  return 'money' in value && 'card' in value;
}

/** Whether the load on the card is the newest that was ordered: an earlier one would not be found. */
function loadedIs(session: Session, loadedAs: string | null): string {
  if (loadedAs === null) return '-';
  const [reference = '', nth] = loadedAs.split('/');
  const known = attemptsOf(session).find((attempt) => attempt.reference === reference);
  return String(known?.loads) === nth ? 'newest' : 'older';
}

/** Writes a place down with everything that a decision can depend on, and nothing else. */
export function keyOf({ session, world }: Place): string {
  const { state } = session;
  const patience = 'patience' in state ? (state.patience === null ? 'nobody' : 'waits') : undefined;
  let text = `${state.kind}${write(state, '', patience)}`;
  for (const name in session) {
    if (name === 'state' || forgotten.has(name)) continue;
    text += `;${write(Reflect.get(session, name), name, 'nobody')}`;
  }
  text += `#${world.slot}#`;
  for (const { effect, first, seen } of world.orders) {
    text += `!${effect.kind}#${first}#${seen.map((card) => `#${card}#`).join('')}`;
  }
  for (const reference in world.books) {
    const book = world.books[reference];
    if (book === undefined) continue;
    text += `|#${reference}#${book.payment}${loadedIs(session, book.loadedAs)}`;
    text += `${book.originals.join()}/${book.maybe.join()}`;
  }
  if (world.past !== null) text += `~${write(world.past, '', undefined)}`;
  for (const [means, { count, untilMs }] of Object.entries(world.silences)) {
    text += `&${means}${count}${untilMs === null ? '-' : '+'}`;
  }
  // Cards and references by the order in which they are met: which one is which makes no difference.
  const names = new Map<string, string>([['#null#', '-']]);
  return text.replace(/#[^#]*#/g, (name) => {
    const met = names.get(name);
    if (met !== undefined) return met;
    const given = `#${names.size}`;
    names.set(name, given);
    return given;
  });
}
