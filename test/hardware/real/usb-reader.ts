import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Pcscd } from '../../../hardware/rig/virtual/pcscd.ts';
import { bindFolder } from './virtual-readers.ts';

const source = fileURLToPath(new URL('unpluggable-reader.c', import.meta.url));

/** What pcscd reads of a USB driver: which devices it is for, and their name. */
const infoPlist = `<?xml version="1.0" encoding="UTF-8"?>
<plist version="1.0">
<dict>
	<key>CFBundleExecutable</key><string>reader.so</string>
	<key>ifdCapabilities</key><string>0x00000000</string>
	<key>ifdVendorID</key><array><string>0x1209</string></array>
	<key>ifdProductID</key><array><string>0x0001</string></array>
	<key>ifdFriendlyName</key><array><string>Virtual PCD</string></array>
</dict>
</plist>
`;

/**
 * A card reader on a USB cable that can be pulled under a running pcscd: its own hot-plug code takes the reader out of its
 * list and puts it in again. vpcd's driver is behind it, so its card is put into slot 0. Compiled with cc.
 */
export class UsbReader {
  readonly #folder = mkdtempSync(join(tmpdir(), 'addvalue-usb-'));
  readonly #cable = join(this.#folder, 'bus', 'reader');
  readonly pcscd = new Pcscd();
  readonly #unbind: readonly (() => void)[];

  /** Throws outside the namespaces, and where it cannot be compiled. */
  constructor() {
    const drivers = join(this.#folder, 'drivers');
    const contents = join(drivers, 'reader.bundle', 'Contents');
    mkdirSync(join(contents, 'Linux'), { recursive: true });
    mkdirSync(join(this.#folder, 'bus'));
    mkdirSync(join(this.#folder, 'no-other-readers'));
    writeFileSync(join(contents, 'Info.plist'), infoPlist);
    const library = join(contents, 'Linux', 'reader.so');
    const flags = ['-shared', '-fPIC', '-O1', '-Wall', '-Wextra', '-I/usr/include/PCSC'];
    execFileSync('cc', [...flags, '-o', library, source, '-ldl']);
    copyFileSync(library, this.#library);
    copyFileSync('/usr/lib/pcsc/drivers/serial/libifdvpcd.so', this.#vpcd);
    this.#unbind = [
      bindFolder(drivers, '/usr/lib/pcsc/drivers'),
      bindFolder(join(this.#folder, 'no-other-readers'), '/etc/reader.conf.d'),
    ];
    this.plug();
  }

  /** Start pcscd on it. */
  async start(): Promise<void> {
    const own = {
      LD_PRELOAD: this.#library,
      READER_CABLE: this.#cable,
      READER_BUS: join(this.#folder, 'bus'),
      READER_DRIVER: this.#vpcd,
    };
    // Pcscd hands down the environment of this process.
    Object.assign(process.env, own);
    try {
      await this.pcscd.start();
    } finally {
      for (const name of Object.keys(own)) delete process.env[name];
    }
  }

  plug(): void {
    writeFileSync(this.#cable, '');
  }

  unplug(): void {
    rmSync(this.#cable, { force: true });
  }

  async end(): Promise<void> {
    await this.pcscd.kill();
    for (const unbind of this.#unbind) unbind();
    rmSync(this.#folder, { recursive: true });
  }

  get #library(): string {
    return join(this.#folder, 'reader.so');
  }

  get #vpcd(): string {
    return join(this.#folder, 'libifdvpcd.so');
  }
}
