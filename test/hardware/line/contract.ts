import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Line } from '../../../hardware/line/port.ts';

/** A line and a hand on its far end. */
export type LineRig = {
  readonly line: Line;
  readonly far: {
    readonly send: (bytes: Uint8Array) => void;
    /** Everything that has arrived so far. */
    readonly received: () => Uint8Array;
    /** Stop taking bytes, so that a large write gets stuck. */
    readonly stall: () => void;
    /** Be gone, as when the cable is pulled or the device's power is cut. */
    readonly vanish: () => Promise<void>;
    readonly comeBack: () => Promise<void>;
  };
  /** Let time pass, or the system do its work, until `condition` holds. Throws when it never does. */
  readonly until: (condition: () => boolean) => Promise<void>;
  readonly dispose: () => Promise<void>;
};

// More than any buffer on the way holds.
const flood = new Uint8Array(16 * 1024 * 1024);
const everyByte = Uint8Array.from({ length: 256 }, (_, index) => index);

class Listener {
  opens = 0;
  losses = 0;
  readonly bytes: number[] = [];
  readonly stop: () => void;

  constructor(line: Line) {
    this.stop = line.watch({
      onOpen: () => {
        this.opens += 1;
      },
      onBytes: (bytes) => this.bytes.push(...bytes),
      onLost: () => {
        this.losses += 1;
      },
    });
  }
}

/** What every line must do, whatever it is made of. */
export function describeLine(name: string, openRig: () => Promise<LineRig>): void {
  describe(name, () => {
    let rig: LineRig;
    let listener: Listener;

    beforeEach(async () => {
      rig = await openRig();
      listener = new Listener(rig.line);
      await rig.until(() => listener.opens === 1);
    });

    afterEach(async () => {
      await rig.line.close();
      await rig.dispose();
    });

    it('passes every byte value both ways, in order', async () => {
      expect(await rig.line.write(everyByte, 5_000)).toEqual({ kind: 'done' });
      rig.far.send(everyByte);
      await rig.until(() => rig.far.received().length >= 256 && listener.bytes.length >= 256);
      expect([...rig.far.received()]).toEqual([...everyByte]);
      expect(listener.bytes).toEqual([...everyByte]);
    });

    it('keeps writes in the order in which they were made, also when nobody waits for them', async () => {
      const answers = [...everyByte].map((byte) => rig.line.write(Uint8Array.of(byte), 5_000));
      await rig.until(() => rig.far.received().length >= 256);
      expect([...rig.far.received()]).toEqual([...everyByte]);
      expect(new Set((await Promise.all(answers)).map((answer) => answer.kind))).toEqual(
        new Set(['done']),
      );
    });

    it('sends the bytes as they were when they were given', async () => {
      const bytes = Uint8Array.of(1, 2, 3);
      const answer = rig.line.write(bytes, 5_000);
      bytes.fill(9);
      await answer;
      await rig.until(() => rig.far.received().length >= 3);
      expect([...rig.far.received()]).toEqual([1, 2, 3]);
    });

    it('tells a late listener at once that the line is open, and one that has left nothing more', async () => {
      const late = new Listener(rig.line);
      expect(late.opens).toBe(1);
      late.stop();
      rig.far.send(Uint8Array.of(7));
      await rig.until(() => listener.bytes.length === 1);
      expect(late.bytes).toEqual([]);
    });

    it('tells once that the far end is gone, takes no bytes meanwhile, and opens again by itself', async () => {
      await rig.far.vanish();
      await rig.until(() => listener.losses === 1);
      const lost = { kind: 'failed', fault: { kind: 'line-gone' } };
      expect(await rig.line.write(everyByte, 5_000)).toEqual(lost);
      const late = new Listener(rig.line);
      expect(late.opens).toBe(0);

      await rig.far.comeBack();
      await rig.until(() => listener.opens === 2 && late.opens === 1);
      expect(listener.losses).toBe(1);
      rig.far.send(Uint8Array.of(42));
      expect(await rig.line.write(Uint8Array.of(43), 5_000)).toEqual({ kind: 'done' });
      await rig.until(() => listener.bytes.includes(42) && rig.far.received().includes(43));
    });

    it('ends a write that the far end does not take at its deadline', async () => {
      rig.far.stall();
      const answers: unknown[] = [];
      void rig.line.write(flood, 50).then((answer) => answers.push(answer));
      await rig.until(() => answers.length === 1);
      expect(answers).toEqual([{ kind: 'failed', fault: { kind: 'line-stuck' } }]);
    });

    it('fails a stuck write at once when the far end vanishes', async () => {
      rig.far.stall();
      const answers: unknown[] = [];
      void rig.line.write(flood, 600_000).then((answer) => answers.push(answer));
      await rig.far.vanish();
      await rig.until(() => answers.length === 1);
      expect(answers).toEqual([{ kind: 'failed', fault: { kind: 'line-gone' } }]);
    });

    it('is silent after it was closed, and may be closed twice', async () => {
      await rig.line.close();
      await rig.line.close();
      const answer = await rig.line.write(everyByte, 5_000);
      expect(answer).toEqual({ kind: 'failed', fault: { kind: 'line-gone' } });
      expect(listener.opens).toBe(1);
      expect(listener.losses).toBe(0);
    });
  });
}
