/** What one look found. */
export type Finding = {
  /** A note is worth knowing and stops nobody; a fault has to be mended before the station can serve. */
  readonly verdict: 'ok' | 'note' | 'fault';
  /** What was examined, in at most 14 characters. */
  readonly examined: string;
  /** What was found, in whole sentences. */
  readonly found: string;
  /** What to do about it, in this order; empty where there is nothing to do. */
  readonly remedy: readonly Step[];
};

export type Step =
  /** Something that hands do, in words. */
  | { readonly deed: string }
  /** A command line, exactly as it is to be typed. */
  | { readonly command: string };

export function ok(examined: string, found: string): Finding {
  return { verdict: 'ok', examined, found, remedy: [] };
}

export function note(examined: string, found: string, ...remedy: readonly Step[]): Finding {
  return { verdict: 'note', examined, found, remedy };
}

/** A fault always has a remedy. */
export function fault(
  examined: string,
  found: string,
  ...remedy: readonly [Step, ...Step[]]
): Finding {
  return { verdict: 'fault', examined, found, remedy };
}

export function deed(text: string): Step {
  return { deed: text };
}

export function command(line: string): Step {
  return { command: line };
}

/** A command line for which one has to be root. */
export function asRoot(line: string): Step {
  return { command: process.getuid?.() === 0 ? line : `sudo ${line}` };
}

/** The first line of what an error says: the rest is for programmers. */
export function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split('\n')[0] ?? '';
}

/** "ENOENT" and the like; null for an error that is not the system's. */
export function systemCode(error: unknown): string | null {
  return error instanceof Error && 'code' in error ? String(error.code) : null;
}
