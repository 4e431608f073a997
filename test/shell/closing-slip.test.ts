import { verify } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openJournalToRead } from '../../db/sqlite-journal.ts';
import { isPrintedOn, slipLines } from '../../hardware/printer/simulated-roll.ts';
import { createRig, type Rig } from '../../hardware/rig/rig.ts';
import type { Station } from '../../main/runtime/station.ts';
import { composeStation } from '../../main/shell/compose.ts';
import { runCli } from '../db/cli.ts';
import { act } from '../runtime/visitor.ts';
import { quietLog } from '../support/quiet-log.ts';
import { Random } from '../support/random.ts';
import { TestScreen } from '../support/screen.ts';
import { testTerms } from '../support/terms.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const dayMs = 24 * 60 * 60_000;

/** A station whose devices and journal outlive its process. */
class Scene {
  readonly clock = new VirtualClock();
  readonly log = quietLog();
  readonly folder = mkdtempSync(path.join(tmpdir(), 'addvalue-closing-'));
  readonly journalFile = path.join(this.folder, 'journal.sqlite');
  readonly rig: Rig;
  screen = new TestScreen();
  #station: Station | null = null;

  constructor() {
    const random = new Random(5);
    this.rig = createRig({
      clock: this.clock,
      randomBytes: (length) => Uint8Array.from({ length }, () => random.below(256)),
      speeds: 'lifelike',
      payments: 'at-once',
      currency: testTerms.currency,
      means: testTerms.means,
    });
  }

  async start(printClosings?: boolean): Promise<void> {
    const { clock, ...ports } = this.rig.openPorts();
    const { journalFile, log } = this;
    const closings = printClosings === undefined ? {} : { printClosings };
    this.#station = composeStation({
      ...{ terms: testTerms, ports, journalFile, clock, log },
      ...closings,
    });
    this.screen = new TestScreen();
    this.#station.attach(this.screen);
    await this.clock.until(() => this.screen.screen.kind === 'attract');
  }

  /** The process is gone where it stood. */
  kill(): void {
    this.rig.killPorts();
    this.#station?.abandon();
  }

  async topUp(amountMinor: number, means: string): Promise<void> {
    const visit = { rig: this.rig, screen: this.screen, cardId: 'ordinary', amountMinor, means };
    this.rig.insert('ordinary');
    await this.clock.until(() => this.screen.screen.kind === 'card');
    while (this.screen.screen.kind !== 'attract') {
      const { seq } = this.screen;
      act(visit);
      await this.clock.until(() => this.screen.seq !== seq, 120_000);
    }
  }

  /** It is the next day, and nobody was there to see how it came. */
  async nextDay(): Promise<void> {
    this.clock.jumpWall(dayMs);
    await this.clock.advance(60_000);
  }

  /** It is the next day, and the first line of the closing is on paper. */
  async untilItPrints(): Promise<void> {
    this.clock.jumpWall(dayMs);
    await this.clock.until(() => isPrintedOn(this.rig.printer.device.hanging));
  }

  get slips(): readonly (readonly string[])[] {
    return this.rig.printer.slips.map(slipLines);
  }

  get rows(): readonly string[] {
    const reader = openJournalToRead(this.journalFile);
    const kinds = reader.rows(0, 10_000).map(({ kind }) => kind);
    reader.close();
    return kinds;
  }

  end(): void {
    this.kill();
    rmSync(this.folder, { recursive: true });
  }
}

let scene: Scene;
beforeEach(() => {
  scene = new Scene();
});
afterEach(() => scene.end());

const isReceipt = (lines: readonly string[] | undefined): boolean =>
  lines?.[0] === '充值凭条' && lines.at(-1) === '感谢使用，请收好卡片';
const isClosing = (lines: readonly string[] | undefined): boolean =>
  lines?.[0]?.startsWith('CLOSING ') === true && lines.at(-1)?.endsWith('==') === true;

describe("a day's closing on paper", () => {
  it('says what is stored, of which machine, and its signature can be typed from it and believed', async () => {
    await scene.start(true);
    await scene.topUp(5_000, 'bank');
    await scene.topUp(2_000, 'bank');
    await scene.topUp(10_000, 'phone');
    await scene.nextDay();
    const paper = scene.slips[3] ?? [];
    const stored = await runCli('closings', scene.journalFile, '--currency', 'CNY');
    expect(stored.code).toBe(0);
    const isAbout = (line: string) => /^(machine|amounts in) /.test(line);
    const shown = stored.out.slice(0, stored.out.indexOf('\n\n')).split('\n');
    expect(paper.filter((line) => !isAbout(line))).toEqual(shown);
    expect(paper.filter(isAbout).map((line) => line.split(/ {2,}/))).toEqual([
      ['machine', testTerms.terminalId],
      ['amounts in', 'CNY'],
    ]);
    expect(paper.join('\n')).toMatch(
      /bank\n {2}captured +2 +70\.00\nphone\n {2}captured +1 +100\.00/,
    );
    expect(paper.join('\n')).toMatch(/all means of payment\n {2}captured +3 +170\.00/);

    const typed = paper.slice(paper.indexOf('signature (Ed25519)') + 1);
    const signature = Buffer.from(typed.map((line) => line.trim()).join(''), 'base64');
    const reader = openJournalToRead(scene.journalFile);
    const [{ statement } = { statement: '' }] = reader.closings();
    reader.close();
    const publicPem = (await runCli('public-key', scene.journalFile)).out;
    const signed = Buffer.from(`AddValue closing\n${statement}`);
    expect(verify(null, signed, publicPem, signature)).toBe(true);
    expect(verify(null, Buffer.from(`${signed} `), publicPem, signature)).toBe(false);
    expect((await runCli('verify', scene.journalFile)).code).toBe(0);
  });

  it('comes only where the configuration asks for it', async () => {
    await scene.start();
    await scene.nextDay();
    await scene.nextDay();
    expect(scene.rows.filter((kind) => kind === 'books-closed')).toHaveLength(2);
    expect(scene.slips).toEqual([]);
  });

  it('comes once a day', async () => {
    await scene.start(true);
    await scene.nextDay();
    await scene.nextDay();
    expect(scene.slips.map((lines) => lines[0]?.slice(0, 9))).toEqual(['CLOSING 1', 'CLOSING 2']);
    expect(scene.log.lines).toEqual([]);
  });

  it('that finds no paper is said where to be seen, and is not printed behind the back', async () => {
    await scene.start(true);
    scene.rig.printer.setPaperOut(true);
    await scene.nextDay();
    scene.rig.printer.setPaperOut(false);
    await scene.clock.advance(60_000);
    const command = `npm run journal -- closings ${scene.journalFile} --currency CNY`;
    expect(scene.log.lines).toEqual([
      `{"fault":"paper-out"} the closing was not printed; to see it: ${command}`,
    ]);
    expect(scene.slips).toEqual([]);
    await scene.nextDay();
    expect(scene.slips.map((lines) => lines[0]?.slice(0, 9))).toEqual(['CLOSING 2']);
  });

  it('that runs out of paper half way is said, and its half is not handed to the next person', async () => {
    await scene.start(true);
    await scene.untilItPrints();
    scene.rig.printer.device.trouble('paper-out');
    await scene.clock.until(() => scene.log.lines.length > 0);
    expect(scene.log.lines[0]).toContain(
      'the closing may not be whole on paper; to see it: npm run',
    );
    scene.rig.printer.setPaperOut(false);
    await scene.clock.until(() => scene.screen.screen.kind === 'attract');
    await scene.topUp(5_000, 'bank');
    const [half, receipt, ...more] = scene.slips;
    expect([isClosing(half), isReceipt(receipt), more]).toEqual([false, true, []]);
    expect(half?.[0]).toMatch(/^CLOSING 1/);
  });

  it('keeps nobody waiting: who comes while it is printed has their receipt, and it is whole too', async () => {
    await scene.start(true);
    await scene.untilItPrints();
    await scene.topUp(5_000, 'bank');
    const [closing, receipt, ...more] = scene.slips;
    expect([isClosing(closing), isReceipt(receipt), more]).toEqual([true, true, []]);
  });

  it('that is cut short with the power hangs half at the printer, and is cut off before the next slip', async () => {
    await scene.start(true);
    await scene.untilItPrints();
    scene.rig.printer.device.trouble('switched-off');
    scene.kill();
    scene.rig.printer.device.mend('switched-off');
    await scene.start(true);
    await scene.topUp(5_000, 'bank');
    const [half, receipt, ...more] = scene.slips;
    expect(half?.[0]).toMatch(/^CLOSING 1/);
    expect([isClosing(half), isReceipt(receipt), more]).toEqual([false, true, []]);
    expect(scene.rows.filter((kind) => kind.startsWith('closing-'))).toEqual(['closing-printing']);
  });

  it('that came out wastes no paper at the next start', async () => {
    await scene.start(true);
    await scene.nextDay();
    scene.kill();
    await scene.start(true);
    await scene.topUp(5_000, 'bank');
    expect(scene.slips).toHaveLength(2);
    expect(scene.slips.map(isReceipt)).toEqual([false, true]);
    expect(scene.rows.filter((kind) => kind.startsWith('closing-'))).toEqual([
      'closing-printing',
      'closing-printed',
    ]);
  });
});
