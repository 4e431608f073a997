import { describe, expect, test } from 'vitest';
import { decisions } from '../../main/session/transition.ts';
import { type Exploration, explore } from './explore.ts';
import { domains, mutantDomain, type NamedDomain } from './explore-domains.ts';
import { mutants } from './explore-mutants.ts';
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

function met(what: 'pairs' | 'outcomes' | 'papers'): ReadonlySet<string> {
  return new Set(domains.flatMap((domain) => [...walk(domain).met[what]]));
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
      expect(states).toBeGreaterThan(10_000);
    },
  );

  test('every state is met, and every decision is taken', { timeout: 120_000 }, () => {
    const pairs = met('pairs');
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

describe('a planted bug is told as the shortest story that shows it', () => {
  test.each(mutants)('%s', { timeout: 60_000 }, (_what, decide, rule) => {
    const { found } = explore(mutantDomain, { decide });
    expect(found?.rule).toBe(rule);
    const story = found === null ? '' : storyText(found);
    expect(story).toMatch(/broken/);
    expect(found?.story.length).toBeGreaterThan(5);
    expect(found?.story.length).toBeLessThan(16);
  });
});
