import type { z } from 'zod';

const manual = 'docs/configuration.md';

/** What is wrong with one key and what to do about it, for the technician who wrote the file. */
export function problemSentence(file: string, issue: z.core.$ZodIssue): readonly string[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const name = keyName([...issue.path, key]);
      return `${file}: ${name} is not a known key. Remove it, or correct its spelling (${manual}).`;
    });
  }
  // Of the ways in which a value may be written, the one that was begun.
  const begun = issue.code === 'invalid_union' ? issue.errors.find(isRightType) : undefined;
  if (begun !== undefined) {
    return begun.flatMap((inner) =>
      problemSentence(file, { ...inner, path: [...issue.path, ...inner.path] }),
    );
  }
  const name = keyName(issue.path);
  // Messages of schemas that do not speak to a technician are quoted as a reason.
  const rule = issue.message.startsWith('must ')
    ? `it ${issue.message}`
    : `it is not as described (${issue.message})`;
  if (issue.input === undefined && issue.code !== 'custom') {
    return [`${file}: ${name} is missing: ${rule}. Add it (${manual}).`];
  }
  return [`${file}: ${name} is wrong: ${rule}. Correct it (${manual}).`];
}

function isRightType(issues: readonly z.core.$ZodIssue[]): boolean {
  return issues.every(({ code, path }) => code !== 'invalid_type' || path.length > 0);
}

/** For a station that takes money and was given a simulated device. */
export function simulatedSentence(file: string, place: readonly PropertyKey[]): string {
  return (
    `${file}: ${keyName(place)} names a simulated device, and this station takes real money. ` +
    'Name the real device, or start the bench instead: npm start -- --config FILE.'
  );
}

/** `"devices.terminals[0].line.baudRate"`. */
function keyName(path: readonly PropertyKey[]): string {
  if (path.length === 0) return 'the whole file';
  const parts = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`));
  return `"${parts.join('').replace(/^\./, '')}"`;
}
