import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { text as allOf } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readKey } from '../../db/key-file.ts';
import { openJournal } from '../../db/sqlite-journal.ts';
import { claimIn } from '../../main/contract/claim.ts';
import { minorUnits } from '../../main/contract/money.ts';
import { type Claimed, claimedJournal, pulled, settle, signedThere } from './claimed-journal.ts';
import { runClaim } from './cli.ts';
import { journalPath, step, tamper } from './journal-file.ts';

const lines = (text: string) => text.trimEnd().split('\n');

describe('a clerk with somebody’s slip and the station’s public key', () => {
  it('is told that it is genuine, and all that it says', async () => {
    const { text, publicKey } = claimedJournal();
    const { code, out, err } = await runClaim(['verify', text, '--public-key', publicKey]);
    expect([code, err]).toEqual([0, '']);
    expect(lines(out)).toEqual([
      'GENUINE: the station with this key has signed it.',
      '  claim            7K2M-94QX',
      '  amount           CNY 50.00',
      '  claimed          2026-03-02 08:00:00',
      '  machine          000001000050',
      '  paid             by bank card',
      '  bank receipt     000042',
      '  why              the card was taken away before it was settled, and not put back',
      '  card             ends in 9432, profile city',
      '  load             7K2M-94QX/1, 2026-03-02 07:59:30',
      '  card before it   CNY 36.20',
      '  card counter     7',
    ]);
  });

  it('is told where there was no load and the terminal gave no number', async () => {
    const { text, publicKey } = claimedJournal({
      ...pulled,
      currency: 'JPY',
      means: 'mobile',
      terminalReceipt: null,
      why: 'payment-undecided',
      load: null,
    });
    const { code, out } = await runClaim(['verify', text, '--public-key', publicKey]);
    expect(code).toBe(0);
    expect(lines(out)).toEqual(
      expect.arrayContaining([
        '  amount           5000 of the smallest unit of JPY',
        '  paid             by phone',
        '  bank receipt     the bank terminal gave no number',
        '  load             none was under way: the card has nothing to tell',
      ]),
    );
  });

  it('can have the verdict for a program', async () => {
    const { text, publicKey } = claimedJournal();
    const { code, out } = await runClaim(['verify', text, '--public-key', publicKey, '--json']);
    expect([code, JSON.parse(out)]).toEqual([
      0,
      { genuine: true, claim: claimIn(text)?.claim, isThisCard: null, standing: null },
    ]);
    const cut = await runClaim(['verify', text.slice(0, -1), '--public-key', publicKey, '--json']);
    expect([cut.code, JSON.parse(cut.out), cut.err]).toEqual([
      1,
      { genuine: false, why: 'cut' },
      '',
    ]);
  });

  it.each([
    [['verify'], (text: string) => [`${text}\n`]],
    [['verify', '-'], (text: string) => [`${text}\r\n`, 'and more']],
    [['verify'], (text: string) => ['\n', text.slice(0, 100), text.slice(100), '\r']],
    [['verify'], (text: string) => [`  ${text}`]],
  ])('lets a scanner type it (%j, %#)', async (args, typed) => {
    const { text, publicKey } = claimedJournal();
    const { code, out } = await runClaim([...args, '--public-key', publicKey], typed(text));
    expect([code, out]).toEqual([0, expect.stringContaining('7K2M-94QX')]);
  });

  it('need not end the input after the scanner’s last key', async () => {
    const { text, publicKey } = claimedJournal();
    const cli = fileURLToPath(new URL('../../db/claim-cli.ts', import.meta.url));
    const child = spawn(process.execPath, [cli, 'verify', '--public-key', publicKey], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const exited = once(child, 'exit');
    child.stdin.write(`${text}\n`);
    expect(await allOf(child.stdout)).toContain('GENUINE');
    expect((await exited)[0]).toBe(0);
  }, 30_000);
});

describe('a slip that no station has signed', () => {
  it.each(
    ['7K2M-94QY', '20260303080000', '000001000051', 'HKD', '9000', '9433', 'mobile', '000043'].map(
      (forged, index) => [index + 3, forged] as const,
    ),
  )('is found out where its field %i says %s', async (at, forged) => {
    const { text, publicKey } = claimedJournal();
    const fields = text.split('|');
    fields[at] = forged;
    const { code, out, err } = await runClaim([
      'verify',
      fields.join('|'),
      '--public-key',
      publicKey,
    ]);
    expect([code, out]).toEqual([1, '']);
    expect(err).toContain('NOT GENUINE. This key has not signed it.');
  });

  it('is found out at every letter that is another one', async () => {
    const { text, publicKey } = claimedJournal();
    for (let at = 0; at < text.length; at += 1) {
      const letter = text[at] === '5' ? '6' : '5';
      const forged = text.slice(0, at) + letter + text.slice(at + 1);
      const { code, out } = await runClaim(['verify', forged, '--public-key', publicKey]);
      expect([at, code, out]).toEqual([at, 1, '']);
    }
  });

  it('is found out wherever it was cut off, and where something was added', async () => {
    const { text, publicKey } = claimedJournal();
    for (let length = 1; length < text.length; length += 7) {
      const cut = text.slice(0, length);
      expect((await runClaim(['verify', cut, '--public-key', publicKey])).code).toBe(1);
    }
    for (const more of [`${text}=`, `${text}A`, `${text}|`, `A${text}`, text + text]) {
      const { code, err } = await runClaim(['verify', more, '--public-key', publicKey]);
      expect([code, err]).toEqual([1, expect.stringMatching(/^NOT /)]);
    }
    const { err } = await runClaim(['verify', text.slice(0, 200), '--public-key', publicKey]);
    expect(err).toContain('cut off or changed. Scan it again');
  });

  it('is found out with the signature of another claim, or another station’s key', async () => {
    const one = claimedJournal();
    const other = claimedJournal({ ...pulled, amountMinor: minorUnits(9_000) });
    const swapped = one.text.replace(/[^|]+$/, other.text.replace(/^.*\|/, ''));
    for (const [text, key] of [
      [swapped, one.publicKey],
      [one.text, other.publicKey],
    ] as const) {
      const { code, err } = await runClaim(['verify', text, '--public-key', key]);
      expect([code, err]).toEqual([1, expect.stringContaining('It calls itself 7K2M-94QX')]);
      expect(err).toContain('another station');
    }
  });

  it('is found out with a signature that this key gave for something else', async () => {
    const { text, key, publicKey } = claimedJournal();
    const { statement } = claimIn(text) ?? { statement: '' };
    for (const first of ['', 'AddValue closing\n']) {
      const signature = Buffer.from(readKey(key).sign(first + statement), 'base64');
      const forged = `${statement}|${signature.toString('base64url')}`;
      expect((await runClaim(['verify', forged, '--public-key', publicKey])).code).toBe(1);
    }
  });

  it('is not taken for a claim where it is a receipt, or anything else', async () => {
    const { publicKey } = claimedJournal();
    const receipt = 'ADDVALUE|1|top-up|7K2M-94QX|20260302080000|000001000050|CNY|5000|9432';
    const ask = (text: string) => runClaim(['verify', text, '--public-key', publicKey]);
    expect(await ask(receipt)).toMatchObject({ code: 1, err: expect.stringContaining('receipt') });
    for (const text of ['https://example.org', '|', '|||', '%', 'x'.repeat(100_000)]) {
      expect(await ask(text)).toMatchObject({ code: 1, out: '' });
    }
  });

  it('is given up where it does not end', async () => {
    const { publicKey } = claimedJournal();
    let typed = 0;
    function* flood() {
      for (; typed < 1_000; typed += 1) yield 'x'.repeat(1_000);
    }
    const { code, err } = await runClaim(['verify', '--public-key', publicKey], flood());
    expect([code, err]).toEqual([1, expect.stringContaining('some other text')]);
    expect(typed).toBeLessThan(100);
  });
});

/** Clear the screen, set the window's title (in one byte, too), turn the line round, hide, wrap. */
const hostile =
  '\u001b[2J\u001b]0;paid\u0007\u009b2J\u202e00.09\u202c\u200b\u2028\r\n\u0000\u007f\u{e0041}';

describe('what comes from a slip', () => {
  const raw = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

  it.each([['--json'], []])('never reaches the terminal as more than text %j', async (...more) => {
    const { text, journal, key } = claimedJournal({
      ...pulled,
      reference: `7K2M${hostile}`,
      at: hostile,
      terminalId: hostile,
      currency: hostile,
      terminalReceipt: hostile,
      cardNumber: `41${hostile}`,
      profile: hostile,
    });
    const signed = await runClaim(['verify', text, '--key', key, '--journal', journal, ...more]);
    expect(signed.code).toBe(0);
    expect(signed.out).toMatch(/u\{?001b|u\{1b/);
    const listed = await runClaim(['list', journal, ...more]);
    expect(listed.out).toContain('7K2M');
    const forged = text.replace('|5000|', '|9000|');
    const refused = await runClaim(['verify', forged, '--key', key, ...more]);
    expect(refused.code).toBe(1);
    const junk = await runClaim(['verify', hostile, '--key', key, ...more]);
    const noFile = await runClaim([
      'verify',
      text,
      '--public-key',
      `/${hostile.replace('\0', '')}`,
      ...more,
    ]);
    for (const { out, err } of [signed, listed, refused, junk, noFile]) {
      expect(out + err).not.toMatch(raw);
      expect((out + err).length).toBeGreaterThan(10);
    }
  });
});

describe('whether this is the claimed card', () => {
  const ask = ({ text, key }: Claimed, card: string, typed: readonly string[] = []) =>
    runClaim(['verify', text, '--key', key, '--card', card], typed);

  it('is told by whoever has the journal’s key, however the number is given', async () => {
    const claimed = claimedJournal();
    for (const told of [
      await ask(claimed, pulled.cardNumber),
      await ask(claimed, '4100 0000 9999 9432'),
      await ask(claimed, '-', [`${pulled.cardNumber}\n`]),
      await runClaim(
        ['verify', '--key', claimed.key, '--card', '-'],
        [`${claimed.text}\r\n${pulled.cardNumber}\r\n`],
      ),
    ]) {
      expect(told).toMatchObject({ code: 0, out: expect.stringContaining('THIS CARD') });
    }
  });

  it('is denied of a card with the same last digits, of another issuer’s, and with another key', async () => {
    const claimed = claimedJournal();
    const hash = (text: string) => claimIn(text)?.claim.card.keyedHash;
    expect(hash(claimed.text)).toMatch(/^[\w-]{16}$/);
    const otherIssuers = signedThere(claimed, { ...pulled, profile: 'campus' });
    expect(hash(otherIssuers)).not.toBe(hash(claimed.text));
    const other = await ask(claimed, '4100000089999432');
    expect(other).toMatchObject({ code: 1, out: expect.stringContaining('ANOTHER CARD') });
    const { text, publicKey } = claimed;
    const foreign = ['--public-key', publicKey, '--key', claimedJournal().key];
    expect(await runClaim(['verify', text, ...foreign, '--card', pulled.cardNumber])).toMatchObject(
      { code: 1, out: expect.stringContaining('ANOTHER CARD') },
    );
  });

  it('cannot be told without the key, nor without a number', async () => {
    const { text, publicKey, key } = claimedJournal();
    const card = ['--card', pulled.cardNumber];
    expect(await runClaim(['verify', text, '--public-key', publicKey, ...card])).toMatchObject({
      code: 2,
      out: '',
    });
    expect(await runClaim(['verify', text, '--key', key, '--card', '-'], ['\n'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('Nothing was given'),
    });
  });
});

describe('before anything is paid out', () => {
  const ask = ({ text, journal }: Claimed, ...more: string[]) =>
    runClaim(['verify', text, '--journal', journal, ...more]);

  it('the clerk sees that the claim is open', async () => {
    const { code, out } = await ask(claimedJournal());
    expect(code).toBe(0);
    expect(out).toContain('OPEN: not settled yet, money authorised, card writing (row 1 of ');
    expect(out).toContain('Pay nothing out');
    expect(out).not.toContain('But this journal');
  });

  it.each([
    ['captured', 'written', 'SETTLED: the card was loaded and paid for. Nothing is owed.'],
    ['reversed', 'unwritten', 'SETTLED: the card was not loaded, and the payment was given back.'],
    ['declined', 'none', 'SETTLED: the payment was declined, and no money was taken.'],
    ['uncollected', 'written', 'SETTLED: the card was loaded, but the bank terminal refused'],
    ['vanished', 'none', 'SETTLED: in a way that this program does not know: money vanished'],
  ])('the clerk sees that it was settled long ago: %s', async (money, card, told) => {
    const claimed = claimedJournal();
    settle(claimed, money, card);
    const { code, out } = await ask(claimed);
    expect([code, out]).toEqual([0, expect.stringContaining(told)]);
    expect(out).toContain(`(row 2 of ${claimed.journal}, 2026-03-03 09:30:05 UTC)`);
    const { standing } = JSON.parse((await ask(claimed, '--json')).out);
    expect(standing).toMatchObject({ kind: 'settled', row: 2, money, card });
  });

  it('the clerk sees that the journal is another station’s, or holds another claim', async () => {
    const claimed = claimedJournal();
    const other = journalPath();
    const journal = openJournal(other);
    const mine = ['--public-key', claimed.publicKey, '--journal', other];
    expect((await runClaim(['verify', claimed.text, ...mine])).out).toContain('UNKNOWN');
    const body = JSON.stringify({ money: 'authorised', card: 'writing', claim: null });
    journal.append([step(pulled.reference, 'payment-approved', { body })]);
    expect((await runClaim(['verify', claimed.text, ...mine])).out).toContain(
      'But this journal holds no claim for it.',
    );
    journal.close();
  });

  it.each([
    ['lost its end', 'DELETE FROM step WHERE seq = 2', 'UPDATE sqlite_sequence SET seq = 1'],
    ['was changed', "UPDATE step SET kind = 'x' WHERE seq = 1"],
  ])('nothing is told by a journal that %s', async (_, ...sql) => {
    const claimed = claimedJournal();
    settle(claimed, 'captured', 'written');
    tamper(claimed.journal, ...sql);
    const { code, out, err } = await ask(claimed);
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(/is broken, so it cannot tell how the claim stands. Row [12]: /);
  });
});

describe('the list of open claims', () => {
  it('is what the journal has not settled, with what is claimed', async () => {
    const claimed = claimedJournal();
    const journal = openJournal(claimed.journal);
    journal.append([step('NEW-1', 'payment-approved')]);
    journal.close();
    const { code, out } = await runClaim(['list', claimed.journal]);
    expect([code, lines(out)]).toEqual([
      0,
      [
        '7K2M-94QX  2026-03-02 08:00:00  CNY 50.00  card 9432  bank-card  card-not-returned',
        'NEW-1  open, and not claimed yet',
      ],
    ]);
    const { out: json } = await runClaim(['list', claimed.journal, '--json']);
    const [first, second] = lines(json).map((line) => JSON.parse(line));
    expect(first).toEqual({
      reference: '7K2M-94QX',
      text: claimed.text,
      claim: claimIn(claimed.text)?.claim,
    });
    expect(second).toEqual({ reference: 'NEW-1', text: null, claim: null });
  });

  it('is empty once they are settled', async () => {
    const claimed = claimedJournal();
    settle(claimed, 'captured', 'written');
    expect((await runClaim(['list', claimed.journal])).out).toBe('Nothing is open.\n');
  });
});

describe('somebody who asks in another way', () => {
  it.each([
    [[]],
    [['verify', 'x']],
    [['verify', 'x', 'y', '--key', 'k']],
    [['verify', 'x', '--public-key', 'k', '--card', '1']],
    [['list']],
    [['list', '-']],
    [['list', 'x', '--card', '1']],
    [['pay', 'x']],
    [['verify', 'x', '--key', 'k', '--loud']],
  ])('is shown how to: %j', async (args) => {
    const { code, out, err } = await runClaim(args);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain('npm run claim -- verify');
  });

  it('is told which file is no key, and nothing of what is in it', async () => {
    const { text, journal, publicKey } = claimedJournal();
    writeFileSync(`${publicKey}-not`, 'a secret letter');
    for (const [option, file] of [
      ['--public-key', `${publicKey}-not`],
      ['--public-key', `${publicKey}-missing`],
      ['--public-key', '/'],
      ['--key', publicKey],
      ['--journal', `${journal}-missing`],
    ] as const) {
      const { code, out, err } = await runClaim(['verify', text, option, file]);
      expect([code, out], option + file).toEqual([2, '']);
      expect(err).toContain(file);
      expect(err).not.toContain('secret');
    }
  });

  it('is asked again where nothing was scanned', async () => {
    const { publicKey } = claimedJournal();
    const { code, err } = await runClaim(['verify', '--public-key', publicKey], ['\r\n']);
    expect([code, err]).toEqual([2, expect.stringContaining('Nothing was given')]);
  });
});
