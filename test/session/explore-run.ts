import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type Exploration, explore } from './explore.ts';
import { metByAll, pagesOf } from './explore-docs.ts';
import { domains, largeDomains } from './explore-domains.ts';
import { storyText } from './explore-story.ts';
import { truths } from './explore-truth.ts';

const usage = `npm run explore -- [--large] [--depth N] [--docs]

Walks through everything that can happen to the session, breadth first, and holds each step against what
terminal, card and tray know. Prints a line for each domain; a rule that is broken is told as the shortest
story that breaks it.

  --large      larger domains: minutes instead of seconds
  --docs       writes docs/states.md, its pictures and docs/outcomes.md anew
  --depth N    how many steps deep, in every domain (without: to its end, or as its line says)
`;

function depthFrom(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text);
  process.stderr.write(`"${text}" is no depth\n\n${usage}`);
  process.exit(2);
}

const { values } = parseArgs({
  options: { large: { type: 'boolean' }, docs: { type: 'boolean' }, depth: { type: 'string' } },
});
const chosen = depthFrom(values.depth);
const explorations: Exploration[] = [];
for (const { depth = Number.POSITIVE_INFINITY, ...domain } of values.large
  ? largeDomains
  : domains) {
  const began = performance.now();
  const exploration = explore(domain, { depth: chosen ?? depth });
  explorations.push(exploration);
  const { states, edges, depth: reached, complete, starts, found } = exploration;
  const seconds = ((performance.now() - began) / 1_000).toFixed(1);
  const end = complete ? 'complete' : 'left off there';
  process.stdout.write(
    `${domain.name}\n  ${states} states from ${starts + 1} starts, ${edges} edges, depth ${reached} (${end}), ${seconds} s\n`,
  );
  if (found !== null) {
    process.stdout.write(storyText(found));
    process.exitCode = 1;
  }
}
const isKept = explorations.every(({ found }) => found === null);
process.stdout.write(
  `${Object.keys(truths).length} truths, and the rules of main/session/invariants.ts, ${
    isKept ? 'hold on every edge' : 'are not all kept'
  }\n`,
);
// The pages are made of what the tests walk through, so that the tests can tell when they are out of date.
if (values.docs && isKept && !values.large && chosen === undefined) {
  for (const [path, text] of pagesOf(metByAll(explorations))) {
    writeFileSync(new URL(`../../${path}`, import.meta.url), text);
    process.stdout.write(`${path} is written\n`);
  }
}
