import { encode } from 'uqr';
import type { RollAlign, RollItem, RollRun, Slip } from '../printer/simulated-roll.ts';

const dotsPerColumn = 12;
const characterDots = 24;
/** From line to line, as the simulated press feeds. */
const lineDots = 30;
const marginDots = 24;

/** A slip as a picture: an SVG document, one unit a dot of the print head. `columns`: of the standard font. */
export function slipPicture(slip: Slip, columns: number): string {
  const width = columns * dotsPerColumn;
  let y = marginDots;
  const drawn: string[] = [];
  for (const item of slip.items) {
    drawn.push(draw(item, width, y));
    y += heightOf(item);
  }
  const fullWidth = width + 2 * marginDots;
  const fullHeight = Math.ceil(y) + marginDots;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${fullWidth} ${fullHeight}" `,
    `width="${fullWidth}" height="${fullHeight}">`,
    `<rect width="${fullWidth}" height="${fullHeight}" fill="#fffefa"/>`,
    `<g transform="translate(${marginDots} 0)" fill="#1b1b1d" font-family="monospace">`,
    ...drawn,
    '</g></svg>',
  ].join('');
}

function heightOf(item: RollItem): number {
  switch (item.kind) {
    case 'text':
      return lineDots + characterDots * (tallest(item.runs) - 1);
    case 'feed':
      return item.dots;
    default:
      return item.heightDots;
  }
}

function tallest(runs: readonly RollRun[]): number {
  return runs.reduce((tall, run) => Math.max(tall, run.tall), 1);
}

function draw(item: RollItem, width: number, y: number): string {
  switch (item.kind) {
    case 'feed':
      return '';
    case 'text':
      return drawLine(item.runs, item.align, width, y);
    case 'qr': {
      const qr = encode(item.text, { ecc: 'M', border: 0 });
      const side = qr.size * item.moduleDots;
      const black = (column: number, row: number) => qr.data[row]?.[column] === true;
      const path = cells(qr.size, qr.size, item.moduleDots, black);
      return `<path transform="translate(${leftOf(item.align, side, width)} ${y})" d="${path}"/>`;
    }
    case 'raster': {
      const dots = item.widthBytes * 8;
      const black = (column: number, row: number) =>
        ((item.bits[row * item.widthBytes + (column >> 3)] ?? 0) & (0x80 >> (column & 7))) !== 0;
      const path = cells(dots, item.heightDots, 1, black);
      return `<path transform="translate(${leftOf(item.align, dots, width)} ${y})" d="${path}"/>`;
    }
  }
}

function drawLine(runs: readonly RollRun[], align: RollAlign, width: number, y: number): string {
  const lengthOf = (run: RollRun) => run.columns * run.wide * dotsPerColumn;
  const length = runs.reduce((sum, run) => sum + lengthOf(run), 0);
  const baseline = y + characterDots * tallest(runs) - 4;
  let x = leftOf(align, length, width);
  let line = '';
  for (const run of runs) {
    if (run.text.trim() !== '') {
      const scale = run.wide / run.tall;
      line += [
        `<text transform="translate(${x} ${baseline}) scale(${scale} 1)" `,
        `font-size="${characterDots * run.tall - 2}" ${run.bold ? 'font-weight="bold" ' : ''}`,
        `textLength="${lengthOf(run) / scale}" lengthAdjust="spacingAndGlyphs" `,
        `xml:space="preserve">${escaped(run.text)}</text>`,
      ].join('');
    }
    x += lengthOf(run);
  }
  return line;
}

function leftOf(align: RollAlign, length: number, width: number): number {
  if (align === 'left') return 0;
  return align === 'right' ? width - length : (width - length) / 2;
}

/** Black cells as one path, a rectangle for each run of them in a row. */
function cells(
  columns: number,
  rows: number,
  side: number,
  black: (column: number, row: number) => boolean,
): string {
  let path = '';
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      if (!black(column, row)) continue;
      const from = column;
      while (column < columns && black(column, row)) column += 1;
      path += `M${from * side} ${row * side}h${(column - from) * side}v${side}h-${(column - from) * side}z`;
    }
  }
  return path;
}

function escaped(text: string): string {
  return text.replace(/[&<>]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
