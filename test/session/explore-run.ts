import { parseArgs } from 'node:util';
import { explore } from './explore.ts';
import { domains, largeDomains } from './explore-domains.ts';
import { storyText } from './explore-story.ts';
import { truths } from './explore-truth.ts';

const usage = `npm run explore -- [--large] [--depth N]

Walks through everything that can happen to the session, breadth first, and holds each step against what
terminal, card and tray know. Prints a line for each domain; a rule that is broken is told as the shortest
story that breaks it.

  --large      larger domains: minutes instead of seconds
  --depth N    how many steps deep, in every domain (without: to its end, or as its line says)
`;

function depthFrom(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text);
  process.stderr.write(`"${text}" is no depth\n\n${usage}`);
  process.exit(2);
}

const { values } = parseArgs({
  options: { large: { type: 'boolean' }, depth: { type: 'string' } },
});
const chosen = depthFrom(values.depth);
for (const domain of values.large ? largeDomains : domains) {
  const depth = chosen ?? domain.depth;
  const began = performance.now();
  const {
    states,
    edges,
    depth: reached,
    complete,
    starts,
    found,
  } = explore(domain, depth === undefined ? {} : { depth });
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
process.stdout.write(
  `${Object.keys(truths).length} truths, and the rules of main/session/invariants.ts, ${
    process.exitCode === 1 ? 'not all of them kept' : 'hold on every edge'
  }\n`,
);
