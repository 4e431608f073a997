import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type RigMemory, rigMemory } from './rig-memory.ts';

/** The file beside a journal that keeps the simulated devices' memory: station.sqlite, station.world.json. */
export function worldFileBeside(journalFile: string): string {
  const { dir, name } = path.parse(journalFile);
  return path.join(dir, `${name}.world.json`);
}

export type WorldAnswer =
  /** Null: there is no such file, the world is new. */
  | { readonly kind: 'done'; readonly memory: RigMemory | null }
  /** `why` names the file, what is wrong with it and what to do. */
  | { readonly kind: 'damaged'; readonly why: string };

/** What cards and terminals remember from the last run. */
export function readWorld(file: string): WorldAnswer {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      return { kind: 'done', memory: null };
    }
    return damaged(file, 'it cannot be read');
  }
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    return damaged(file, 'it is not JSON');
  }
  const parsed = rigMemory.safeParse(content);
  if (parsed.success) return { kind: 'done', memory: parsed.data };
  const issue = parsed.error.issues[0];
  return damaged(file, `${issue?.path.join('.')}: ${issue?.message}`);
}

/**
 * Keep it: the old file or the new one, never half of either, and on the disk when this returns. Throws what the file
 * system throws.
 */
export function writeWorld(file: string, memory: RigMemory): void {
  const fresh = `${file}.new`;
  const descriptor = openSync(fresh, 'w');
  try {
    writeFileSync(descriptor, JSON.stringify(memory));
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(fresh, file);
}

function damaged(file: string, problem: string): WorldAnswer {
  return {
    kind: 'damaged',
    why:
      `${file}: what the simulated cards and terminals remember cannot be understood (${problem}). ` +
      'Delete it together with the journal and all files that bear its name: each knows only the others’ past.',
  };
}
