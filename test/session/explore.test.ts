import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { decisions } from '../../main/session/transition.ts';
import { type Exploration, explore } from './explore.ts';
import { claimMutants } from './explore-claim-mutants.ts';
import { metByAll, pagesOf } from './explore-docs.ts';
import { domains, mutantDomains, type NamedDomain } from './explore-domains.ts';
import { moneyMutants } from './explore-mutants.ts';
import { storyText } from './explore-story.ts';

const walked = new Map<NamedDomain, Exploration>();

function walk(domain: NamedDomain): Exploration {
  const known = walked.get(domain);
  if (known !== undefined) return known;
  const { depth } = domain;
  const exploration = explore(domain, depth === undefined ? {} : { depth });
  walked.set(domain, exploration);
  return exploration;
}

describe('everything that can happen', () => {
  test.each(domains.map((domain) => [domain.name, domain] as const))(
    'nobody loses money: %s',
    { timeout: 120_000 },
    (_name, domain) => {
      const { states, edges, depth, complete, found } = walk(domain);
      expect(found === null ? '' : storyText(found)).toBe('');
      expect(complete || depth === domain.depth).toBe(true);
      expect(edges).toBeGreaterThan(states);
      expect(states).toBeGreaterThan(1_000);
    },
  );

  test('every state is met, and every decision is taken', { timeout: 120_000 }, () => {
    const { pairs } = metByAll(domains.map(walk));
    const decided = Object.entries(decisions).flatMap(([state, { facts, commands }]) => [
      ...Object.entries(facts)
        .filter(([, decision]) => typeof decision === 'function')
        .map(([fact]) => `${state} ${fact}`),
      ...Object.keys(commands).map((command) => `${state} ${command}`),
    ]);
    expect(decided.length).toBeGreaterThan(90);
    expect(decided.filter((pair) => !pairs.has(pair))).toEqual([]);
  });
});

describe('the pages that are made of it', () => {
  test('are as the code is now (npm run explore -- --docs)', { timeout: 120_000 }, () => {
    const pages = pagesOf(metByAll(domains.map(walk)));
    expect(pages.size).toBe(6);
    for (const [path, text] of pages) {
      const committed = readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
      expect(committed, path).toBe(text);
    }
  });

  test('are not the same when the graph is another', { timeout: 120_000 }, () => {
    const met = metByAll(domains.map(walk));
    const ways = new Map(met.ways).set('crediting capturing', new Set(['=credit-unknown']));
    const outcomes = new Set([...met.outcomes].filter((each) => each !== 'uncollected written'));
    const changed = pagesOf({ ...met, ways, outcomes });
    const differ = [...pagesOf(met)].filter(([path, text]) => changed.get(path) !== text);
    expect(differ.map(([path]) => path)).toEqual(['docs/outcomes.md', 'docs/states-loading.svg']);
  });
});

describe('a planted bug is told as the shortest story that shows it', () => {
  const mutants = [...moneyMutants, ...claimMutants];

  test.each(mutants)('%s', { timeout: 60_000 }, (_what, decide, rule, domain) => {
    const { found } = explore(mutantDomains[domain], { decide });
    expect(found?.rule).toBe(rule);
    const story = found === null ? '' : storyText(found);
    expect(story).toMatch(/broken/);
    expect(found?.story.length).toBeGreaterThan(5);
    expect(found?.story.length).toBeLessThan(domain === 'silence' ? 30 : 20);
  });
});
