import { describe, expect, it } from 'vitest';
import { type ConnectionEvents, ReopeningLine } from '../../../hardware/line/reopening.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

/** The tries to connect, each with what the system would do to it. */
function rig() {
  const clock = new VirtualClock();
  const tries: (ConnectionEvents & { destroyed: number; written: Uint8Array[] })[] = [];
  const line = new ReopeningLine(
    (events) => {
      const attempt = { ...events, destroyed: 0, written: [] as Uint8Array[] };
      tries.push(attempt);
      return {
        // A serial port whose far end has vanished: it never calls back.
        write: (bytes) => attempt.written.push(bytes),
        destroy: () => {
          attempt.destroyed += 1;
        },
      };
    },
    { clock, openMs: 1_000, retryMs: 100, retryMaxMs: 400 },
  );
  const told: string[] = [];
  line.watch({
    onOpen: () => told.push('open'),
    onBytes: (bytes) => told.push(`bytes ${bytes.join()}`),
    onLost: () => told.push('lost'),
  });
  return { clock, tries, line, told };
}

describe('a line that opens itself', () => {
  it('gives up a try that takes too long, and makes another', async () => {
    const { clock, tries, told } = rig();
    await clock.advance(1_100);
    expect(tries.map((attempt) => attempt.destroyed)).toEqual([1, 0]);
    tries[0]?.onOpen();
    tries[0]?.onBytes(Uint8Array.of(1));
    expect(told).toEqual([]);
    tries[1]?.onOpen();
    expect(told).toEqual(['open']);
  });

  it('is lost once, however often the system says so', async () => {
    const { clock, tries, told } = rig();
    tries[0]?.onOpen();
    tries[0]?.onGone();
    tries[0]?.onGone();
    await clock.advance(100);
    expect(told).toEqual(['open', 'lost']);
    expect(tries).toHaveLength(2);
    expect(tries[0]?.destroyed).toBe(1);
  });

  it('ends the connection of a write that never calls back: its bytes must not arrive later', async () => {
    const { clock, tries, line, told } = rig();
    tries[0]?.onOpen();
    const answer = line.write(Uint8Array.of(1), 300);
    await clock.advance(300);
    expect(await answer).toEqual({ kind: 'failed', fault: { kind: 'line-stuck' } });
    expect(told).toEqual(['open', 'lost']);
    expect(tries[0]?.destroyed).toBe(1);
  });

  it('fails a write at once when it is lost, whether or not the system calls back', async () => {
    const { clock, tries, line } = rig();
    tries[0]?.onOpen();
    const answer = line.write(Uint8Array.of(1), 300);
    tries[0]?.onGone();
    expect(await answer).toEqual({ kind: 'failed', fault: { kind: 'line-gone' } });
    expect(clock.nowMs()).toBe(0);
  });

  it('keeps a copy of what is written: the caller may use its bytes again', () => {
    const { tries, line } = rig();
    tries[0]?.onOpen();
    const bytes = Uint8Array.of(1, 2, 3);
    void line.write(bytes, 300);
    bytes.fill(9);
    expect(tries[0]?.written).toEqual([Uint8Array.of(1, 2, 3)]);
  });

  it('retries quickly again only after the far end has said something', async () => {
    const { clock, tries } = rig();
    const pauses: number[] = [];
    for (const speaks of [false, false, false, true, false]) {
      const attempt = tries.at(-1);
      attempt?.onOpen();
      if (speaks) attempt?.onBytes(Uint8Array.of(1));
      const goneMs = clock.nowMs();
      attempt?.onGone();
      const before = tries.length;
      await clock.until(() => tries.length > before);
      pauses.push(clock.nowMs() - goneMs);
    }
    expect(pauses).toEqual([100, 200, 400, 100, 200]);
  });

  it('makes no more tries after it was closed', async () => {
    const { clock, tries, line } = rig();
    tries[0]?.onGone();
    await line.close();
    await clock.advance(10_000);
    expect(tries).toHaveLength(1);
  });
});
