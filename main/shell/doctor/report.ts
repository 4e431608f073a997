import { styleText } from 'node:util';
import type { Finding, Step } from './finding.ts';

/*
 * Findings as a person reads them: 80 columns, plain ASCII around them, nothing said by colour alone. Commands are never
 * broken, so that they can be copied.
 */

const widthColumns = 80;
const verdictColumns = 7;
const textColumn = 23;
const colours = { ok: 'green', note: 'yellow', fault: 'red' } as const;

/** One finding, with a line feed at its end. `stream` says whether there may be colour. */
export function findingText(finding: Finding, stream: NodeJS.WriteStream): string {
  const { verdict, examined, found, remedy } = finding;
  const [first = '', ...more] = wrap(printable(found), widthColumns - textColumn);
  const coloured = styleText(colours[verdict], verdict, { stream });
  const head =
    coloured +
    ' '.repeat(verdictColumns - verdict.length) +
    examined.padEnd(textColumn - verdictColumns);
  const body = more.map((line) => ' '.repeat(textColumn) + line);
  return [head + first, ...body, ...remedy.flatMap(stepLines), ''].join('\n');
}

function stepLines(step: Step): readonly string[] {
  const indent = ' '.repeat(textColumn);
  if ('deed' in step) {
    const lines = wrap(printable(step.deed), widthColumns - textColumn - 2);
    return lines.map((line, index) => `${indent}${index === 0 ? '> ' : '  '}${line}`);
  }
  const line = `$ ${printable(step.command)}`;
  // A long one begins further left; what still does not fit, the terminal breaks without a line feed.
  const column = textColumn + line.length <= widthColumns ? textColumn : verdictColumns;
  return [' '.repeat(column) + line];
}

/** The last lines: what is at fault, and what next. */
export function summaryText(findings: readonly Finding[]): string {
  const faults = findings.filter(({ verdict }) => verdict === 'fault');
  if (faults.length === 0) return '\nNothing is at fault.\n';
  const names = [...new Set(faults.map(({ examined }) => examined))].join(', ');
  const count = faults.length === 1 ? '1 fault' : `${faults.length} faults`;
  const text = `${count}: ${names}. Mend from the top down, then run this again.`;
  return `\n${wrap(text, widthColumns).join('\n')}\n`;
}

/** Everything as one JSON document, for a fleet's monitoring. docs/deployment.md describes it. */
export function reportJson(
  findings: readonly Finding[],
  where: { readonly host: string; readonly version: string; readonly configFile: string | null },
  wallMs: number,
): string {
  const document = {
    host: where.host,
    version: where.version,
    config: where.configFile,
    at: new Date(wallMs).toISOString(),
    ok: findings.every(({ verdict }) => verdict !== 'fault'),
    findings,
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

/** Names of devices and files come from outside: none of them may write to the terminal by itself. */
function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '?');
}

function wrap(text: string, columns: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > columns) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}
