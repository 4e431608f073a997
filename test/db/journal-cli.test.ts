import { describe, expect, it } from 'vitest';
import { openJournal } from '../../db/sqlite-journal.ts';
import { runCli as run } from './cli.ts';
import { journalPath, step, tamper, topUps, writtenJournal } from './journal-file.ts';

describe('a technician who looks at the journal', () => {
  it('is told that it is whole, and how many rows it has', async () => {
    const path = writtenJournal();
    expect(await run('verify', path)).toEqual({
      code: 0,
      out: `${path} is whole: 22 rows, each as it was written.\n`,
      err: '',
    });
  });

  it('is told the first broken row and what to do', async () => {
    const path = writtenJournal();
    tamper(path, "UPDATE step SET body = '{}' WHERE seq = 7");
    const { code, out, err } = await run('verify', path);
    expect([code, out]).toEqual([1, '']);
    expect(err).toContain(`${path} is broken. Row 7: its hash does not fit its fields`);
    expect(err).toContain('Stop the kiosk');
  });

  it('reads the rows in plain words', async () => {
    const path = journalPath();
    const journal = openJournal(path);
    journal.append([
      step('A-1', 'credit-unknown'),
      step('A-1', 'payment-captured', { settled: true, wallMs: 1_767_000_001_234 }),
    ]);
    const { code, out } = await run('list', path);
    journal.close();
    expect(code).toBe(0);
    expect(out.split('\n').map((line) => line.trim().split(/ {2,}/))).toEqual([
      ['row', 'time (UTC)', 'attempt', 'what happened', 'afterwards'],
      ['1', '2025-12-29 09:20:00.000', 'A-1', 'credit unknown', 'open'],
      ['2', '2025-12-29 09:20:01.234', 'A-1', 'payment captured', 'settled'],
      [''],
    ]);
  });

  it('lists a long journal to its end, and with bodies for a program', async () => {
    const path = journalPath();
    const journal = openJournal(path);
    journal.append(topUps(275));
    journal.close();
    const { out } = await run('list', path, '--json');
    const rows = out
      .trimEnd()
      .split('\n')
      .map((line): { seq: number; body: string } => JSON.parse(line));
    expect(rows.map((row) => row.seq)).toEqual(Array.from({ length: 1_100 }, (_, i) => i + 1));
    expect(JSON.parse(rows[1_099]?.body ?? '')).toMatchObject({ attempt: 'A-275' });
  });

  it('can still list a journal whose rows are damaged', async () => {
    const path = writtenJournal();
    tamper(path, 'UPDATE step SET wall_ms = 9000000000000000 WHERE seq = 2');
    const { code, out } = await run('list', path);
    expect(code).toBe(0);
    expect(out).toContain('9000000000000000');
  });

  it('can have the verdict for a program', async () => {
    const path = writtenJournal();
    expect(JSON.parse((await run('verify', '--json', path)).out)).toEqual({
      file: path,
      kind: 'whole',
      rows: 22,
    });
    tamper(path, 'DELETE FROM step WHERE seq = 3');
    const broken = await run('verify', '--json', path);
    expect(broken.code).toBe(1);
    expect(JSON.parse(broken.out)).toMatchObject({ kind: 'broken', row: 3 });
  });

  it.each([[[]], [['verify']], [['mend', 'x']], [['list', 'a', 'b']], [['list', 'a', '--loud']]])(
    'is shown how to ask after %j',
    async (args) => {
      const { code, out, err } = await run(...args);
      expect([code, out]).toEqual([2, '']);
      expect(err).toContain('npm run journal -- verify FILE');
    },
  );

  it('is told which file cannot be opened', async () => {
    const path = journalPath();
    const { code, err } = await run('verify', path);
    expect(code).toBe(2);
    expect(err).toContain(path);
  });
});
