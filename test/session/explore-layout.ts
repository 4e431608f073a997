/** A box of the picture, in the row that it was given. Sizes and places in pixels; x and y are its centre. */
export type Box = {
  readonly id: string;
  readonly row: number;
  readonly width: number;
  readonly height: number;
  x: number;
  y: number;
  /** Half the height of the tallest box in its row: wires bend only beyond that. */
  band: number;
};

/** An arrow through the boxes of its way, from row to row. The label is one of them, so that nothing can cross it. */
export type Wire = { readonly from: string; readonly to: string; readonly way: readonly Box[] };

export type Layout = {
  readonly boxes: ReadonlyMap<string, Box>;
  readonly labels: readonly { readonly box: Box; readonly lines: readonly string[] }[];
  readonly wires: readonly Wire[];
  readonly width: number;
  readonly height: number;
};

export type Node = {
  readonly id: string;
  readonly rank: number;
  readonly width: number;
  readonly height: number;
};
export type Arrow = {
  readonly from: string;
  readonly to: string;
  readonly lines: readonly string[];
};

const gapX = 18;
const gapY = 30;
/** A wire on its way is kept straight before anything else. */
export const thin = 6;
export const lineHeight = 15;
export const textWidth = (text: string, size: number): number =>
  Math.ceil(text.length * size * 0.56);

/** Rows for states are even, rows for labels odd. Wires through a row are boxes without a width to speak of. */
export function layOut(nodes: readonly Node[], arrows: readonly Arrow[]): Layout {
  const boxes = new Map<string, Box>();
  const rows: Box[][] = [];
  const put = (box: Box): Box => {
    const row = rows[box.row] ?? [];
    rows[box.row] = row;
    row.push(box);
    return box;
  };
  const box = (id: string, row: number, width: number, height: number): Box =>
    put({ id, row, width, height, x: 0, y: 0, band: 0 });
  for (const { id, rank, width, height } of nodes) boxes.set(id, box(id, rank * 2, width, height));

  const labels: { box: Box; lines: readonly string[] }[] = [];
  const wires = arrows.map(({ from, to, lines }): Wire => {
    const source = known(boxes, from);
    const target = known(boxes, to);
    const down = source.row <= target.row;
    const [top, bottom] = down ? [source, target] : [target, source];
    // The label stands beside the state whose facts it names.
    const labelRow = down ? top.row + 1 : Math.max(top.row + 1, bottom.row - 1);
    const way: Box[] = [];
    for (let row = top.row + 1; row < Math.max(bottom.row, top.row + 2); row += 1) {
      const isLabel = row === labelRow;
      const width = isLabel ? Math.max(...lines.map((line) => textWidth(line, 11))) + 12 : thin;
      const height = isLabel ? lines.length * lineHeight + 6 : thin;
      const part = box(`${from} ${to} ${row}`, row, width, height);
      if (isLabel) labels.push({ box: part, lines });
      way.push(part);
    }
    const chain = [top, ...way, bottom];
    return { from, to, way: down ? chain : chain.reverse() };
  });
  order(rows, wires);
  const { width, height } = place(rows, wires);
  return { boxes, labels, wires, width, height };
}

function known(boxes: ReadonlyMap<string, Box>, id: string): Box {
  const box = boxes.get(id);
  if (box === undefined) throw new Error(`${id} has no place in the picture`);
  return box;
}

/** Who is connected with whom, across neighbouring rows. */
function neighbours(wires: readonly Wire[]): ReadonlyMap<Box, readonly Box[]> {
  const map = new Map<Box, Box[]>();
  const join = (a: Box, b: Box): void => {
    map.set(a, [...(map.get(a) ?? []), b]);
  };
  for (const { way } of wires) {
    way.forEach((box, n) => {
      const next = way[n + 1];
      if (next === undefined) return;
      join(box, next);
      join(next, box);
    });
  }
  return map;
}

/** Sorts each row by where its neighbours stand, down and up in turn; keeps the order with the fewest crossings. */
function order(rows: Box[][], wires: readonly Wire[]): void {
  const next = neighbours(wires);
  const at = new Map<Box, number>();
  const number = (row: readonly Box[]): void => {
    row.forEach((box, n) => {
      at.set(box, (n + 0.5) / row.length);
    });
  };
  for (const row of rows) number(row);
  let best = crossings(rows, next, at);
  let kept = rows.map((row) => [...row]);
  for (let sweep = 0; sweep < 60; sweep += 1) {
    const down = sweep % 2 === 0;
    const inTurn = down ? rows : [...rows].reverse();
    for (const row of inTurn) {
      const middle = (box: Box): number => {
        const others = (next.get(box) ?? []).filter((each) =>
          sweep % 6 > 3 ? true : down ? each.row < box.row : each.row > box.row,
        );
        if (others.length === 0) return at.get(box) ?? 0;
        return others.reduce((sum, each) => sum + (at.get(each) ?? 0), 0) / others.length;
      };
      const middles = new Map(row.map((box) => [box, middle(box)]));
      row.sort((a, b) => (middles.get(a) ?? 0) - (middles.get(b) ?? 0));
      number(row);
    }
    const now = crossings(rows, next, at);
    if (now >= best) continue;
    best = now;
    kept = rows.map((row) => [...row]);
  }
  kept.forEach((row, n) => {
    rows[n] = row;
  });
}

function crossings(
  rows: readonly (readonly Box[])[],
  next: ReadonlyMap<Box, readonly Box[]>,
  at: ReadonlyMap<Box, number>,
): number {
  let count = 0;
  for (const row of rows) {
    const ends = row.flatMap((box) =>
      (next.get(box) ?? [])
        .filter((other) => other.row === box.row + 1)
        .map((other) => [at.get(box) ?? 0, at.get(other) ?? 0] as const),
    );
    for (const [a, b] of ends) {
      for (const [c, d] of ends) if (a < c && b > d) count += 1;
    }
  }
  return count;
}

/** Moves each box towards its neighbours as far as the others in its row let it. */
function place(rows: readonly Box[][], wires: readonly Wire[]): { width: number; height: number } {
  const next = neighbours(wires);
  let y = gapY;
  for (const row of rows) {
    const height = Math.max(...row.map((box) => box.height));
    for (const box of row) {
      box.y = y + height / 2;
      box.band = height / 2;
    }
    y += height + gapY;
    spread(
      row,
      row.map(() => 0),
    );
  }
  for (let round = 0; round < 80; round += 1) {
    for (const row of round % 2 === 0 ? rows : [...rows].reverse()) {
      const wanted = row.map((box) => {
        const others = next.get(box) ?? [];
        if (others.length === 0) return box.x;
        const weight = (other: Box): number => (box.width === thin && other.width === thin ? 2 : 1);
        const weights = others.reduce((sum, other) => sum + weight(other), 0);
        return others.reduce((sum, other) => sum + other.x * weight(other), 0) / weights;
      });
      spread(row, wanted);
    }
  }
  const left = Math.min(...rows.flat().map((box) => box.x - box.width / 2)) - 20;
  for (const box of rows.flat()) box.x = Math.round(box.x - left);
  const width = Math.max(...rows.flat().map((box) => box.x + box.width / 2)) + 20;
  return { width: Math.ceil(width), height: Math.ceil(y) };
}

/** The places in the given order that are nearest to those wanted (least squares) and do not overlap. */
function spread(row: readonly Box[], wanted: readonly number[]): void {
  const offsets: number[] = [];
  row.forEach((box, n) => {
    const before = row[n - 1];
    const gap = before === undefined ? 0 : (before.width + box.width) / 2 + gapX;
    offsets.push((offsets[n - 1] ?? 0) + gap);
  });
  const blocks: { sum: number; count: number }[] = [];
  wanted.forEach((x, n) => {
    blocks.push({ sum: x - (offsets[n] ?? 0), count: 1 });
    for (;;) {
      const last = blocks.at(-1);
      const before = blocks.at(-2);
      if (last === undefined || before === undefined) break;
      if (before.sum / before.count <= last.sum / last.count) break;
      blocks.splice(-2, 2, { sum: before.sum + last.sum, count: before.count + last.count });
    }
  });
  let n = 0;
  for (const { sum, count } of blocks) {
    for (const end = n + count; n < end; n += 1) {
      const box = row[n];
      if (box !== undefined) box.x = sum / count + (offsets[n] ?? 0);
    }
  }
}
