import { execFile } from 'node:child_process';

export type ProgramAnswer =
  /** Not there, or not to be started. */
  | { readonly kind: 'not-started' }
  /** `code` is null where a signal ended it: a crash, or the deadline. */
  | {
      readonly kind: 'ended';
      readonly code: number | null;
      readonly out: string;
      readonly err: string;
    };

/** Run another program to its end, or to the deadline's signal. Never rejects. */
export function runProgram(
  file: string,
  args: readonly string[],
  late: AbortSignal,
): Promise<ProgramAnswer> {
  return new Promise((resolve) => {
    const options = { signal: late, killSignal: 'SIGKILL', encoding: 'utf8' } as const;
    const child = execFile(file, args, options, (error, out, err) => {
      if (error !== null && child.pid === undefined) resolve({ kind: 'not-started' });
      else resolve({ kind: 'ended', code: child.exitCode, out, err });
    });
  });
}
