import {
  closeSync,
  fsyncSync,
  linkSync,
  openSync,
  renameSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { fileFault } from './fault-of.ts';

/**
 * Make a small file, whole and durable or not at all. One that is there already is never written over. Throws JournalFault.
 */
export function placeFile(file: string, content: string, mode: number): void {
  const draft = `${file}.draft`;
  try {
    // What a cut-off start left would keep its own mode.
    rmSync(draft, { force: true });
    writeFileSync(draft, content, { mode, flag: 'wx', flush: true });
    link(draft, file);
    flushFolder(dirname(file));
  } catch (error) {
    rmSync(draft, { force: true });
    throw fileFault(error, file);
  }
}

/** Give a file that is whole its name; one that is there already is never written over. Throws JournalFault. */
export function moveFile(draft: string, file: string): void {
  try {
    link(draft, file);
    flushFolder(dirname(file));
  } catch (error) {
    throw fileFault(error, file);
  }
}

/** A link refuses to replace anything. Some file systems (FAT) have none. */
function link(draft: string, file: string): void {
  try {
    linkSync(draft, file);
    unlinkSync(draft);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) throw error;
    renameSync(draft, file);
  }
}

/** A new name is on the disk once its folder is. Windows knows no flush of a folder. */
function flushFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
