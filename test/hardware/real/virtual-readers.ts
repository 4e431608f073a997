import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assertInNamespaces } from '../../../hardware/rig/virtual/namespaces.ts';
import type { VirtualSlot } from '../../../hardware/rig/virtual/vpcd-card.ts';

/** The reader of each slot, as a regular expression over the names that pcscd gives. */
const readerNames: Readonly<Record<VirtualSlot, string>> = {
  0: '^Virtual PCD .. 00$',
  1: '^Virtual PCD .. 01$',
  2: '^Second PCD .. 00$',
  3: '^Second PCD .. 01$',
};

export function readerNameOf(slot: VirtualSlot): string {
  return readerNames[slot];
}

const vpcd = '/usr/lib/pcsc/drivers/serial/libifdvpcd.so';

/** As in /etc/reader.conf.d/vpcd; the channel is the port of the reader's first slot. */
function readerConf(name: string, channel: string, driver: string): string {
  return [
    `FRIENDLYNAME "${name}"`,
    `DEVICENAME /dev/null:${channel}`,
    `LIBPATH ${driver}`,
    `CHANNELID ${channel}`,
    '',
  ].join('\n');
}

/**
 * From now on a pcscd that is started here has a second virtual reader, for four kiosks beside each other. The answer ends
 * that. Throws outside the namespaces.
 */
export function addSecondReader(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'addvalue-readers-'));
  // Each with a driver of its own: pcscd lets the readers of one driver wait for each other, and vpcd waits for cards.
  const second = join(folder, 'libsecond.so');
  copyFileSync(vpcd, second);
  const conf = [
    readerConf('Virtual PCD', '0x8C7B', vpcd),
    readerConf('Second PCD', '0x8C7D', second),
  ].join('');
  const readers = join(folder, 'readers');
  mkdirSync(readers);
  writeFileSync(join(readers, 'vpcd'), conf);
  const unmount = bindFolder(readers, '/etc/reader.conf.d');
  return () => {
    unmount();
    rmSync(folder, { recursive: true });
  };
}

/** Show a folder in place of another one, within the namespaces; the answer ends it. */
export function bindFolder(folder: string, over: string): () => void {
  assertInNamespaces();
  execFileSync('mount', ['--bind', folder, over]);
  return () => {
    execFileSync('umount', [over]);
  };
}
