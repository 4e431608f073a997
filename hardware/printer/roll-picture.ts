import { encode } from 'uqr';
import type { RollAlign, RollItem, RollRun, Slip } from './simulated-roll.ts';

// One dot of the head is one unit of the picture: 12 a column, 30 a line.
const dotsPerColumn = 12;
const lineDots = 30;
const characterDots = 24;
const marginDots = 24;

/** A slip as an SVG document, as wide as the paper. CJK glyphs come from the fonts of whoever looks at it. */
export function slipToSvg(slip: Slip, columns: number): string {
  const paperDots = columns * dotsPerColumn;
  const parts: string[] = [];
  let y = marginDots;
  for (const item of slip.items) {
    parts.push(drawItem(item, paperDots, y));
    y += itemHeightDots(item);
  }
  const width = paperDots + 2 * marginDots;
  const height = y + marginDots;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" `,
    `width="${width}" height="${height}" font-size="${characterDots}" `,
    `font-family="'Noto Sans Mono CJK SC', 'Noto Sans Mono', monospace" fill="#222">`,
    `<rect width="${width}" height="${height}" fill="#fdfcf7"/>`,
    `<g transform="translate(${marginDots} 0)">${parts.join('')}</g>`,
    // The torn or cut edge: a slip that still hangs in the printer has none.
    slip.cut ? `<path d="M0 ${height - 1}H${width}" stroke="#bbb" stroke-dasharray="6 4"/>` : '',
    '</svg>',
  ].join('');
}

function itemHeightDots(item: RollItem): number {
  if (item.kind === 'feed') return item.dots;
  if (item.kind !== 'text') return item.heightDots;
  return item.runs.reduce((dots, run) => Math.max(dots, run.tall * characterDots), lineDots);
}

function drawItem(item: RollItem, paperDots: number, y: number): string {
  switch (item.kind) {
    case 'feed':
      return '';
    case 'text':
      return drawText(item.runs, item.align, paperDots, y + itemHeightDots(item));
    case 'qr': {
      const { data, size } = encode(item.text, { ecc: 'M', border: 0 });
      const left = leftDots(item.align, paperDots, size * item.moduleDots);
      const black = (x: number, row: number) => data[row]?.[x] === true;
      return drawDots(size, size, black, left, y, item.moduleDots);
    }
    case 'raster': {
      const { widthBytes, heightDots, bits } = item;
      const left = leftDots(item.align, paperDots, widthBytes * 8);
      const black = (x: number, row: number) =>
        ((bits[row * widthBytes + (x >> 3)] ?? 0) & (0x80 >> (x & 7))) !== 0;
      return drawDots(widthBytes * 8, heightDots, black, left, y, 1);
    }
  }
}

function leftDots(align: RollAlign, paperDots: number, widthDots: number): number {
  if (align === 'left') return 0;
  const room = Math.max(0, paperDots - widthDots);
  return align === 'centre' ? Math.floor(room / 2) : room;
}

function runDots(run: RollRun): number {
  return run.columns * run.wide * dotsPerColumn;
}

function drawText(
  runs: readonly RollRun[],
  align: RollAlign,
  paperDots: number,
  bottom: number,
): string {
  let left = leftDots(
    align,
    paperDots,
    runs.reduce((dots, run) => dots + runDots(run), 0),
  );
  // Descenders reach a fifth of the height below the line.
  const baseline = bottom - characterDots / 5;
  let drawn = '';
  for (const run of runs) {
    drawn += drawRun(run, left, baseline);
    left += runDots(run);
  }
  return drawn;
}

/** Pieces of narrow and of wide characters are each set to the width that the printer gives them. */
function drawRun(run: RollRun, left: number, baseline: number): string {
  const pieces = run.text.match(/[ -~]+|[^ -~]+/g) ?? [];
  const widePieceColumns = wideColumns(run);
  let at = 0;
  let drawn = '';
  for (const piece of pieces) {
    const perCharacter = /^[ -~]/.test(piece) ? 1 : widePieceColumns;
    const dots = [...piece].length * perCharacter * dotsPerColumn;
    if (piece.trim() !== '') {
      const weight = run.bold ? ' font-weight="bold"' : '';
      drawn +=
        `<text transform="translate(${left + at * run.wide} ${baseline}) scale(${run.wide} ` +
        `${run.tall})" textLength="${dots}" lengthAdjust="spacingAndGlyphs" ` +
        `xml:space="preserve"${weight}>${escapeXml(piece)}</text>`;
    }
    at += dots;
  }
  return drawn;
}

/** Two columns each in Chinese, one on a single-byte code page: what the run's width says. */
function wideColumns(run: RollRun): number {
  const narrow = run.text.match(/[ -~]/g)?.length ?? 0;
  const others = [...run.text].length - narrow;
  return others === 0 ? 0 : (run.columns - narrow) / others;
}

/** Black dots as one path of horizontal strokes. */
function drawDots(
  width: number,
  height: number,
  black: (x: number, y: number) => boolean,
  left: number,
  top: number,
  size: number,
): string {
  let path = '';
  for (let y = 0; y < height; y += 1) {
    let x = 0;
    while (x < width) {
      const start = x;
      while (x < width && black(x, y)) x += 1;
      if (x > start) {
        const length = (x - start) * size;
        path += `M${left + start * size} ${top + y * size}h${length}v${size}h-${length}z`;
      }
      x += 1;
    }
  }
  return `<path d="${path}" shape-rendering="crispEdges"/>`;
}

function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replace(/\p{Cc}/gu, ' ');
}
