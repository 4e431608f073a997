import type { StateKind } from '../../main/session/session.ts';
import {
  type Arrow,
  type Box,
  layOut,
  lineHeight,
  textWidth,
  thin,
  type Wire,
} from './explore-layout.ts';

/** "state state" → the facts that lead from the one to the other; those that leave the top-up in hand where it is begin with "=". */
export type Ways = ReadonlyMap<string, ReadonlySet<string>>;

/** Where a visit, or an errand without a person, is over: the move `rest` (main/session/moves.ts). No state of its own. */
const rest = 'what now?';
const restLeads: Readonly<Record<string, string>> = {
  inquiring: 'no answer yet',
  capturing: 'money is due',
  reversing: 'money goes back',
  claiming: 'a claim is due',
  reading: 'a card not read yet',
  'take-card': 'a card that was read',
  idle: 'no card',
} satisfies Partial<Record<StateKind, string>>;

/** Facts that lead to states, once what goes through `rest` is drawn so. What stays, and the power cut, is left out. */
function arrowsOf(ways: Ways): ReadonlyMap<string, ReadonlySet<string>> {
  const leads = (from: string, fact: string, to: StateKind): boolean =>
    ways.get(`${from} ${to}`)?.has(fact) === true;
  // Only `rest` leads to these two, and from where an attempt is told of or claimed nothing else leads to its terminal. A card
  // that is put in ends a visit, unless it is to tell whose money is asked for.
  const isEnd = (from: string): boolean => from === 'closing' || from === 'claiming';
  const over = (from: string, fact: string): boolean =>
    leads(from, fact, 'idle') ||
    leads(from, fact, 'take-card') ||
    isEnd(from) ||
    (fact === 'card-inserted' && !['idle', 'take-card', 'finding', 'account'].includes(from));
  const arrows = new Map<string, Set<string>>();
  const add = (from: string, to: string, fact: string): void => {
    const arrow = `${from}/${to}`;
    arrows.set(arrow, (arrows.get(arrow) ?? new Set()).add(fact));
  };
  for (const [way, facts] of ways) {
    const [from = '', to = ''] = way.split(' ');
    if (from === to) continue;
    for (const fact of facts) {
      const name = fact.replace('=', '');
      if (name === 'process-died' || name === 'time-and-again') continue;
      const goesOn = fact !== name && !isEnd(from);
      const isOver = to in restLeads && !goesOn && over(from, fact);
      add(from, isOver ? rest : to, name);
      if (isOver) add(rest, to, restLeads[to] ?? name);
    }
  }
  return arrows;
}

const colours: Readonly<Record<string, string>> = {
  starting: 'grey',
  idle: 'grey',
  'take-card': 'grey',
  finding: 'blue',
  'looking-up': 'blue',
  account: 'blue',
  reading: 'blue',
  'refused-card': 'blue',
  card: 'blue',
  amount: 'blue',
  confirm: 'blue',
  means: 'blue',
  opening: 'amber',
  authorising: 'amber',
  declined: 'amber',
  preparing: 'green',
  crediting: 'green',
  checking: 'green',
  'awaiting-card': 'green',
  unfinished: 'green',
  capturing: 'violet',
  reversing: 'violet',
  inquiring: 'violet',
  resting: 'violet',
  claiming: 'rose',
  closing: 'rose',
} satisfies Record<StateKind, string>;

export type Part = {
  /** The states that are drawn in full, by row. The others appear as where these lead. */
  readonly rows: readonly (readonly (StateKind | typeof rest)[])[];
  /** States of other parts, with the row in which they stand. */
  readonly beyond: Readonly<Partial<Record<StateKind, number>>>;
  readonly title: string;
};

export const parts: Readonly<Record<'visit' | 'loading' | 'settling' | 'account', Part>> = {
  visit: {
    title: 'A visit, before any money',
    rows: [
      ['starting'],
      [rest],
      ['take-card', 'idle'],
      ['reading'],
      ['refused-card', 'card'],
      ['amount'],
      ['confirm'],
      ['means', 'declined'],
      ['opening'],
    ],
    beyond: {
      'awaiting-card': 1,
      claiming: 2,
      inquiring: 2,
      capturing: 2,
      reversing: 2,
      finding: 3,
      checking: 4,
      'looking-up': 5,
      authorising: 9,
    },
  },
  loading: {
    title: 'The load: authorise, write, prove',
    rows: [
      ['authorising'],
      ['preparing'],
      ['crediting', 'awaiting-card'],
      ['checking'],
      ['unfinished'],
    ],
    beyond: { inquiring: 1, declined: 1, capturing: 5, reversing: 5, closing: 5, claiming: 5 },
  },
  settling: {
    title: 'The money: capture, or give back, or find out',
    rows: [[], ['inquiring'], ['capturing', 'reversing'], ['resting'], ['claiming'], ['closing']],
    beyond: { preparing: 0, 'awaiting-card': 0, declined: 2 },
  },
  account: {
    title: 'Where is my money?',
    rows: [['finding'], ['looking-up'], ['account']],
    beyond: { reading: 1, card: 3, closing: 3, inquiring: 3, reversing: 3 },
  },
};

const titleSize = 14;
const noteSize = 10.5;
const overWords = 'over, and what now?';

/** One part of the graph as a picture. The same ways give the same picture. */
export function pictureOf({ rows, beyond, title }: Part, ways: Ways): string {
  const arrows = arrowsOf(ways);
  const rank = new Map<string, number>(rows.flatMap((row, n) => row.map((kind) => [kind, n])));
  const ghosts = new Map<string, number>(Object.entries(beyond));
  const drawn: Arrow[] = [];
  const notes = new Map<string, string[]>();
  for (const [arrow, facts] of arrows) {
    const [from = '', to = ''] = arrow.split('/');
    if (!rank.has(from)) continue;
    const words = [...facts].sort();
    if (to === rest && from !== 'starting') notes.set(from, wrap(words, 30));
    else if (rank.has(to) || ghosts.has(to)) drawn.push({ from, to, lines: wrap(words, 20) });
    else throw new Error(`${from} leads to ${to}, which has no place in "${title}"`);
  }
  const nodes = [...rank, ...ghosts].map(([id, n]) => {
    const note = notes.get(id) ?? [];
    const wires = drawn.filter(({ from, to }) => from === id || to === id).length;
    const width = Math.max(
      textWidth(id, titleSize),
      ...(note.length === 0 ? [] : [overWords, ...note]).map((line) => textWidth(line, noteSize)),
      wires * 16,
    );
    const noteHeight = note.length === 0 ? 0 : note.length * 13 + 20;
    return { id, rank: n, width: width + 28, height: 30 + noteHeight };
  });
  const { boxes, labels, wires, width, height } = layOut(nodes, drawn);
  const portOf = portsOf(wires);
  const top = 34;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height + top}" viewBox="0 ${-top} ${width} ${height + top}" role="img" aria-label="${plain(title)}">`,
    style,
    `<rect x="0" y="${-top}" width="${width}" height="${height + top}" class="ground"/>`,
    `<text class="heading" x="24" y="2">${plain(title)}</text>`,
    ...wires.map((wire) => drawWire(wire, portOf)),
    ...labels.map(({ box, lines }) => drawLabel(box, lines)),
    ...[...boxes.values()].map((box) =>
      drawState(box, notes.get(box.id) ?? [], ghosts.has(box.id)),
    ),
    '</svg>\n',
  ].join('\n');
}

/** Words on lines of about this many letters. */
function wrap(words: readonly string[], letters: number): string[] {
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length + 2 <= letters) {
      lines[lines.length - 1] = `${last}, ${word}`;
    } else lines.push(word);
  }
  return lines.map((line, n) => (n < lines.length - 1 ? `${line},` : line));
}

function drawState(
  { id, x, y, width, height }: Box,
  note: readonly string[],
  isGhost: boolean,
): string {
  const left = x - width / 2;
  const top = y - height / 2;
  const lines = [
    `<g class="${colours[id] ?? 'grey'}${isGhost ? ' ghost' : ''}">`,
    `<rect x="${left}" y="${top}" width="${width}" height="${height}" rx="9"/>`,
    `<text class="state" x="${x}" y="${top + 20}">${id}</text>`,
  ];
  if (note.length > 0) {
    lines.push(`<text class="over" x="${x}" y="${top + 40}">${overWords}</text>`);
    note.forEach((line, n) => {
      lines.push(`<text class="note" x="${x}" y="${top + 53 + n * 13}">${plain(line)}</text>`);
    });
  }
  return [...lines, '</g>'].join('\n');
}

function drawLabel({ x, y, height, width }: Box, lines: readonly string[]): string {
  const top = y - height / 2;
  return [
    `<rect class="plate" x="${x - width / 2}" y="${top}" width="${width}" height="${height}" rx="4"/>`,
    ...lines.map(
      (line, n) =>
        `<text class="fact" x="${x}" y="${top + 14 + n * lineHeight}">${plain(line)}</text>`,
    ),
  ].join('\n');
}

/** Where wires meet a state: side by side, in the order in which they come. */
function portsOf(wires: readonly Wire[]): (wire: Wire, end: 'first' | 'last') => number {
  type Port = {
    readonly key: string;
    readonly box: Box;
    readonly side: string;
    readonly x: number;
  };
  const ports = wires.flatMap((wire): readonly Port[] => {
    const [first, second] = wire.way;
    const [before, last] = wire.way.slice(-2);
    if (!first || !second || !before || !last) return [];
    const name = `${wire.from}/${wire.to}`;
    const side = (box: Box, other: Box): string => `${box.id} ${other.y > box.y}`;
    return [
      { key: `${name} first`, box: first, side: side(first, second), x: second.x },
      { key: `${name} last`, box: last, side: side(last, before), x: before.x },
    ];
  });
  const places = new Map<string, number>();
  for (const { side } of ports) {
    const along = ports.filter((port) => port.side === side).sort((a, b) => a.x - b.x);
    along.forEach(({ key, box }, n) => {
      const pitch = Math.min(30, (box.width - 24) / along.length);
      places.set(key, box.x + (n - (along.length - 1) / 2) * pitch);
    });
  }
  return ({ from, to }, end) => places.get(`${from}/${to} ${end}`) ?? 0;
}

/** Straight through the rows, bent between them: a wire never touches a label that is not its own. */
function drawWire(wire: Wire, portOf: ReturnType<typeof portsOf>): string {
  const { way } = wire;
  let path = '';
  let head = '';
  way.slice(1).forEach((box, n) => {
    const from = way[n];
    if (from === undefined) return;
    const isLast = n === way.length - 2;
    const isDown = box.y > from.y;
    const sign = isDown ? 1 : -1;
    const x = n === 0 ? portOf(wire, 'first') : from.x + turn(way, n);
    const toX = isLast ? portOf(wire, 'last') : box.x - turn(way, n + 1);
    const leave = from.y + sign * from.band;
    const enter = box.y - sign * box.band;
    const middle = (leave + enter) / 2;
    const half = (each: Box): number => (each.width === thin ? 0 : (sign * each.height) / 2);
    const tip = box.y - half(box);
    path += `M${round(x)} ${from.y + half(from)}V${leave}`;
    path += `C${round(x)} ${middle} ${round(toX)} ${middle} ${round(toX)} ${enter}`;
    path += isLast ? `V${tip - sign * 5}` : `V${tip}`;
    if (isLast) head = `M${round(toX)} ${tip}l-4.5 ${-8 * sign}h9z`;
  });
  return `<path class="wire" d="${path}"/><path class="head" d="${head}"/>`;
}

/** Where a wire goes back on the side that it came from, its two ends keep apart by this much to either side. */
function turn(way: readonly Box[], n: number): number {
  const [before, box, after] = way.slice(n - 1, n + 2);
  if (!before || !box || !after || Math.sign(box.y - before.y) === Math.sign(after.y - box.y))
    return 0;
  return after.x < before.x ? -14 : 14;
}

const round = (x: number): number => Math.round(x * 10) / 10;

function plain(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}

const style = `<style>
text { font-family: 'Noto Sans', 'Segoe UI', Helvetica, Arial, sans-serif; text-anchor: middle; fill: #1f2733; }
.ground { fill: #fff; }
.heading { text-anchor: start; font-size: 17px; font-weight: 600; }
.state { font-size: ${titleSize}px; font-weight: 600; }
.over { font-size: ${noteSize}px; font-style: italic; fill: #5b6675; }
.note { font-size: ${noteSize}px; fill: #3c4654; }
.fact { font-size: 11px; fill: #3c4654; }
.plate { fill: #fff; }
.wire { fill: none; stroke: #8592a3; stroke-width: 1.4; }
.head { fill: #8592a3; }
g rect { stroke-width: 1.6; }
.grey rect { fill: #eef1f5; stroke: #7d8a9b; }
.blue rect { fill: #e3effd; stroke: #3b7fcf; }
.amber rect { fill: #fdf0d5; stroke: #c58a17; }
.green rect { fill: #e0f3e6; stroke: #35945a; }
.violet rect { fill: #ece6fa; stroke: #7a58c4; }
.rose rect { fill: #fbe5ea; stroke: #c4506b; }
.ghost rect { stroke-dasharray: 5 4; fill-opacity: .45; }
</style>`;
