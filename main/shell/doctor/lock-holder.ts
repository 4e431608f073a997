import { readdir, readFile, readlink, realpath, stat } from 'node:fs/promises';

/** A process that keeps a file or a port to itself. */
export type Holder = {
  readonly pid: number;
  /** Its command line. */
  readonly command: string;
};

/**
 * Who keeps this file or port to itself: by a lock (drivers and journals take one), else whoever has it open, as far as this
 * user may see. Null: nobody, or the file is not there. Linux only; elsewhere always null.
 */
export async function holderOf(path: string): Promise<Holder | null> {
  const pid = (await lockingPid(path)) ?? (await openingPid(path));
  return pid === null ? null : { pid, command: await commandOf(pid) };
}

/** Only who locked it: readers of a journal hold nobody up. */
export async function lockerOf(path: string): Promise<Holder | null> {
  const pid = await lockingPid(path);
  return pid === null ? null : { pid, command: await commandOf(pid) };
}

/** "process 1234 (node main/shell/web/main.ts)" */
export function holderText({ pid, command }: Holder): string {
  // The program without its folder; the rest as far as it tells programs apart.
  const name = command.replace(/^\S*\//, '');
  const short = name.length > 40 ? `${name.slice(0, 37)}...` : name;
  return short === '' ? `process ${pid}` : `process ${pid} (${short})`;
}

/** /proc/locks names everybody's locks by device and inode, as "1: FLOCK  ADVISORY  WRITE 1234 00:06:123 0 EOF" (proc(5)). */
async function lockingPid(path: string): Promise<number | null> {
  try {
    const { dev, ino } = await stat(path);
    // Linux packs a device's numbers so (glibc, gnu_dev_major and gnu_dev_minor).
    const major = (dev >>> 8) & 0xfff;
    const minor = (dev & 0xff) | ((dev >>> 12) & 0xfff00);
    const hex = (part: number) => part.toString(16).padStart(2, '0');
    const place = `${hex(major)}:${hex(minor)}:${ino}`;
    for (const line of (await readFile('/proc/locks', 'utf8')).split('\n')) {
      const [, kind, , mode, pid, where] = line.split(/\s+/);
      const isHeld = kind !== '->' && mode === 'WRITE' && where === place;
      if (isHeld && Number(pid) > 0) return Number(pid);
    }
  } catch {
    // Not there, or not Linux.
  }
  return null;
}

async function openingPid(path: string): Promise<number | null> {
  try {
    const wanted = await realpath(path);
    // Whoever makes a pseudo-terminal has both its ends open, and is no rival.
    if (wanted.startsWith('/dev/pts/')) return null;
    for (const name of await readdir('/proc')) {
      if (!/^\d+$/.test(name) || Number(name) === process.pid) continue;
      // Other users' processes do not show theirs.
      const open = await readdir(`/proc/${name}/fd`).catch(() => []);
      for (const descriptor of open) {
        const target = await readlink(`/proc/${name}/fd/${descriptor}`).catch(() => '');
        if (target === wanted) return Number(name);
      }
    }
  } catch {
    // Not there, or not Linux.
  }
  return null;
}

async function commandOf(pid: number): Promise<string> {
  const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return line.replaceAll('\0', ' ').trim();
}
