import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The top of this checkout. */
export const checkout = fileURLToPath(new URL('../..', import.meta.url));

export type Ran = { readonly code: number; readonly stdout: string; readonly stderr: string };

/** A tree of files in a temporary folder, in which a tool of this checkout can be seen to refuse what is wrong. */
export class PlantedTree {
  readonly root = mkdtempSync(join(tmpdir(), 'addvalue-planted-'));

  plant(path: string, text: string): void {
    const file = join(this.root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  /** Bring a file or a folder of the checkout to the same place in this tree. */
  bring(path: string): void {
    mkdirSync(dirname(join(this.root, path)), { recursive: true });
    cpSync(join(checkout, path), join(this.root, path), { recursive: true });
  }

  /** Let the tree see the libraries of the checkout. */
  linkLibraries(): void {
    symlinkSync(join(checkout, 'node_modules'), join(this.root, 'node_modules'));
  }

  /** Run a tool of the checkout's node_modules/.bin here. */
  run(tool: string, args: readonly string[]): Promise<Ran> {
    return runTool(this.root, tool, args);
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

/** Run a tool of node_modules/.bin in `folder`. Its exit code is part of the answer, not an error. */
export function runTool(folder: string, tool: string, args: readonly string[]): Promise<Ran> {
  return new Promise((resolve, reject) => {
    execFile(
      join(checkout, 'node_modules/.bin', tool),
      [...args],
      { cwd: folder, maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) => {
        if (error !== null && typeof error.code !== 'number') reject(error);
        else resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
      },
    );
  });
}
