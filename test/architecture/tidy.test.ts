import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkout } from './planted-tree.ts';

const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], {
  cwd: checkout,
  encoding: 'utf8',
})
  .split('\n')
  .filter((path) => path !== '' && existsSync(join(checkout, path)));

const sources = files.filter((path) => /[.](ts|tsx|cts|cjs|css|html|sql|grit)$/.test(path));

function textOf(path: string): string {
  return readFileSync(join(checkout, path), 'utf8');
}

/** Lines of the sources that match, as `path:line`, but for this file, which has to say what it looks for. */
function linesWith(pattern: RegExp): string[] {
  return sources
    .filter((path) => path !== 'test/architecture/tidy.test.ts')
    .flatMap((path) =>
      textOf(path)
        .split('\n')
        .flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1}`] : [])),
    );
}

describe('the tree is tidy', () => {
  test('a file is named for the one idea that it holds', () => {
    const named = /^(utils?|helpers?|common|manager|misc|shared|index)$/;
    const vague = sources.filter(
      (path) =>
        extname(path) !== '.html' &&
        basename(path)
          .split('.')
          .some((part) => named.test(part)),
    );
    expect(vague).toEqual([]);
  });

  test('file names are kebab-case', () => {
    const odd = sources.filter((path) => !/^\d*[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(basename(path)));
    expect(odd).toEqual([]);
  });

  test('no file only passes on what others export', () => {
    const barrels = sources.filter((path) => {
      if (!/[.]tsx?$/.test(path)) return false;
      const statements = textOf(path)
        .replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')
        .split(';')
        .map((statement) => statement.trim())
        .filter((statement) => statement !== '');
      return (
        statements.length > 0 && statements.every((one) => /^export\b[^=(]*\bfrom\s+'/.test(one))
      );
    });
    expect(barrels).toEqual([]);
  });

  test('no source file is longer than 450 lines, no list of tests than 700', () => {
    const long = sources
      .map((path) => ({ path, lines: textOf(path).split('\n').length - 1 }))
      .filter(({ path, lines }) => lines > (path.startsWith('test/') ? 700 : 450));
    expect(long).toEqual([]);
  });

  test('nothing is left for later in a comment', () => {
    expect(linesWith(/\b(TODO|FIXME)\b/)).toEqual([]);
  });

  test('no test runs alone, and none is switched off', () => {
    expect(linesWith(/\b(test|it|describe)(\.\w+)*\.(only|skip|todo|fails)\b/)).toEqual([]);
  });

  test('no compiler or linter complaint is silenced without saying why', () => {
    expect(linesWith(/@ts-(ignore|nocheck|expect-error)|eslint-disable/)).toEqual([]);
    expect(linesWith(/biome-ignore(?!.*: \S.{15})/)).toEqual([]);
  });

  test('an import names its module in the source, where the graph can see it', () => {
    const unseen = linesWith(/\b(import|require)\((?!\s*['"`][^$]*$)/).map(
      (line) => line.split(':')[0] ?? '',
    );
    // Loads the downloader of whichever Electron is installed: not a file of ours, and not in what is packaged.
    expect(unseen.filter((path) => path !== 'main/shell/electron-binary.ts')).toEqual([]);
  });

  test('a simulated device lives beside the port or the driver that it stands in for', () => {
    const alone = files
      .filter((path) => /^(hardware|db)\/.*(^|[/-])simulated[^/]*[.]ts$/.test(path))
      .filter((path) => {
        const folder = dirname(path);
        return !files.some(
          (other) => dirname(other) === folder && /(^|[/-])(port|driver|family)[.]ts$/.test(other),
        );
      });
    expect(alone).toEqual([]);
  });

  test('the lockfile names no address: any registry will do', () => {
    expect(textOf('package-lock.json')).not.toContain('"resolved"');
  });

  test('every font that is installed is used: knip does not read style sheets', () => {
    const wanted = JSON.parse(textOf('package.json')) as { dependencies: Record<string, string> };
    const fonts = Object.keys(wanted.dependencies).filter((name) => name.startsWith('@fontsource'));
    const styles = sources.filter((path) => path.endsWith('.css')).map(textOf);
    expect(fonts.length).toBeGreaterThan(0);
    const unused = fonts.filter((name) => !styles.some((text) => text.includes(`"${name}/`)));
    expect(unused).toEqual([]);
  });

  test('versions are exact, so that two installs are the same', () => {
    const wanted = JSON.parse(textOf('package.json')) as Record<string, Record<string, string>>;
    const loose = ['dependencies', 'devDependencies', 'optionalDependencies'].flatMap((group) =>
      Object.entries(wanted[group] ?? {}).filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version)),
    );
    expect(loose).toEqual([]);
  });
});
