import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { charsetOf } from '../../../hardware/printer/charset.ts';
import { receiptDocument } from '../../../hardware/printer/document.ts';
import { drawLine } from '../../../hardware/printer/drawn-line.ts';
import { renderReceipt } from '../../../hardware/printer/escpos.ts';
import { layOut } from '../../../hardware/printer/layout.ts';
import { paperLanguage } from '../../../hardware/printer/paper-language.ts';
import type { PrintOrder } from '../../../hardware/printer/port.ts';
import { type SettledProfile, settledProfiles } from '../../../hardware/printer/profile.ts';
import { withoutCommands } from '../../../hardware/printer/raster.ts';
import { type Slip, slipQrTexts } from '../../../hardware/printer/simulated-roll.ts';
import { receiptWords } from '../../../hardware/printer/words.ts';
import { languages } from '../../../main/contract/language.ts';
import { currencies, minorUnits } from '../../../main/contract/money.ts';
import { type Receipt, receiptQrText } from '../../../main/contract/receipt.ts';
import { wordsIn } from '../../../renderer/text/say.ts';
import { drawnBits } from './drawn-bits.ts';
import { photographed } from './photograph.ts';
import { onlySlip, onlySlipLines, printerRig } from './rig.ts';
import { sampleReceipt } from './sample.ts';

async function printed(
  receipt: Receipt,
  profile: SettledProfile = settledProfiles['gb18030-80mm'],
  copy: PrintOrder['copy'] = 'original',
): Promise<{ readonly slip: Slip; readonly lines: readonly string[] }> {
  const rig = await printerRig(profile);
  expect(await rig.print({ receipt, copy })).toEqual({ kind: 'printed' });
  expect(rig.printer.protocolErrors).toEqual([]);
  return { slip: onlySlip(rig.printer), lines: onlySlipLines(rig.printer) };
}

/** Key and value of a line, whatever is between them. */
function rows(lines: readonly string[]): readonly string[] {
  return lines.map((line) => line.replace(/ {2,}/g, ' | ').trim());
}

describe('what a person reads on the paper', () => {
  it.each(languages)('the reference has one name on paper and on the screen, in %s', (language) => {
    const { reference, note } = receiptWords[language];
    expect(reference).toBe(wordsIn[language].reference);
    expect(note.unresolved.join(' ').toLowerCase()).toContain(reference.toLowerCase());
  });

  it('a top-up in simplified Chinese: amount, both balances, card, means, time, station, number', async () => {
    const { lines } = await printed(sampleReceipt());
    expect(rows(lines)).toEqual([
      '充值凭条',
      '-'.repeat(48),
      '充值金额',
      '￥50.00',
      '充值前余额 | ￥12.30',
      '充值后余额 | ￥62.30',
      '-'.repeat(48),
      '卡号 | **** **** 9432',
      '支付方式 | 银行卡',
      '支付凭证号 | 000412',
      '交易时间 | 2026-03-02 16:05:07',
      '站点 | 人民广场站',
      '设备编号 | AV000317',
      '流水号 | AV-20260302-000123',
      '-'.repeat(48),
      '咨询: 400-820-0000',
      '感谢使用，请收好卡片',
    ]);
  });

  it('money given back in traditional Chinese on a Big5 printer says so, and names no balance', async () => {
    const receipt = sampleReceipt({
      kind: 'paid-back',
      language: 'zh-Hant',
      currency: currencies.HKD,
      stationName: '尖沙咀站',
      means: 'mobile',
      beforeMinor: null,
      afterMinor: null,
    });
    const { lines } = await printed(receipt, settledProfiles['big5-58mm-plain']);
    const text = lines.join('');
    expect(lines).toContain('HK$50.00');
    expect(text).toContain('退款收據');
    expect(text).toContain('款項將退回原付款方式');
    expect(rows(lines)).toContain('付款方式 | 手機支付');
    expect(rows(lines)).toContain('車站 | 尖沙咀站');
    expect(text).not.toContain('餘額');
  });

  it('names the station in the language of the paper where the printer lacks the person’s', async () => {
    const stationName = { 'zh-Hans': '人民广场', 'zh-Hant': '人民廣場', en: 'Square' };
    const receipt = sampleReceipt({ language: 'zh-Hans', stationName });
    const big5 = await printed(receipt, settledProfiles['big5-80mm']);
    expect(rows(big5.lines)).toContain('車站 | 人民廣場');
    const western = await printed(receipt, settledProfiles['western-80mm']);
    expect(rows(western.lines)).toContain('Station | Square');
  });

  it('an unresolved payment in English tells the person to keep the slip', async () => {
    const receipt = sampleReceipt({
      kind: 'unresolved',
      language: 'en',
      currency: currencies.EUR,
      stationName: 'Zürich HB',
      afterMinor: null,
    });
    const { lines } = await printed(receipt, settledProfiles['western-80mm']);
    const text = lines.join(' ');
    expect(lines).toContain('MONEY CLAIM');
    expect(lines).toContain('€50.00');
    expect(text).toContain('Or keep this slip and call: the reference is your claim number.');
    expect(rows(lines)).toContain('Station | Zürich HB');
    expect(text).not.toContain('Balance after');
  });

  it.each([
    ['zh-Hans', '补打'],
    ['zh-Hant', '補印'],
    ['en', 'DUPLICATE'],
  ] as const)('a second copy in %s is marked %s, the first is not', async (language, mark) => {
    const receipt = sampleReceipt({ language });
    expect((await printed(receipt, undefined, 'duplicate')).lines).toContain(mark);
    expect((await printed(receipt)).lines).not.toContain(mark);
  });

  it('the amount is the largest thing on it', async () => {
    const { slip } = await printed(sampleReceipt());
    const amount = slip.items.find(
      (item) => item.kind === 'text' && item.runs.some((run) => run.text === '￥50.00'),
    );
    expect(amount).toMatchObject({ align: 'centre', runs: [{ wide: 2, tall: 2, bold: true }] });
  });

  it('every kind in every language comes out of every printer without a box or a question mark', async () => {
    for (const profile of Object.values(settledProfiles)) {
      for (const language of languages) {
        for (const kind of ['top-up', 'paid-back', 'unresolved'] as const) {
          const receipt = sampleReceipt({ kind, language, stationName: 'A', helpLine: 'B' });
          const { lines } = await printed(receipt, profile, 'duplicate');
          expect(lines.join('')).not.toMatch(/[□■?〓#]/);
        }
      }
    }
  });

  it('a printer without Chinese characters prints English, one with Big5 only traditional ones', async () => {
    const receipt = sampleReceipt({ stationName: 'A' });
    const western = await printed(receipt, settledProfiles['western-58mm-plain']);
    expect(western.lines).toContain('TOP-UP RECEIPT');
    expect(western.lines).toContain('¥50.00');
    const big5 = await printed(receipt, settledProfiles['big5-80mm']);
    expect(big5.lines).toContain('增值收據');
  });
});

describe('the QR code', () => {
  it('holds the same facts, drawn by the printer', async () => {
    const { slip } = await printed(sampleReceipt());
    expect(slipQrTexts(slip)).toEqual([receiptQrText(sampleReceipt())]);
  });

  it('can be photographed from a printer that has to be sent dots, on the narrowest paper', async () => {
    for (const name of ['gb18030-58mm-plain', 'western-58mm-plain'] as const) {
      const profile = settledProfiles[name];
      const { slip } = await printed(sampleReceipt(), profile);
      expect(photographed(slip, profile.columns)).toBe(receiptQrText(sampleReceipt()));
    }
  });

  it('is left out when it would be too large for the paper', async () => {
    const { slip, lines } = await printed(sampleReceipt({ reference: 'R'.repeat(700) }));
    expect(slipQrTexts(slip)).toEqual([]);
    expect(lines.join('')).toContain('R'.repeat(10));
  });
});

describe('a name that the printer has no characters for', () => {
  const letters = fc.string({
    unit: fc.constantFrom(...'éőŁźẾởßΩЖ人廣广园际站 -.Wmil0'),
    minLength: 1,
    maxLength: 30,
  });

  it('comes back from the paper as it was laid out: text as characters, the rest dot by dot', async () => {
    const profiles = fc.constantFrom(...Object.values(settledProfiles));
    await fc.assert(
      fc.asyncProperty(letters, profiles, async (stationName, profile) => {
        const receipt = sampleReceipt({ stationName });
        const { slip, lines } = await printed(receipt, profile);
        const language = paperLanguage(receipt.language, profile.encoding);
        const document = receiptDocument({ receipt, copy: 'original' }, language);
        const laidOut = layOut(document, charsetOf(profile.encoding), profile.columns).filter(
          (line) => line.kind === 'text',
        );
        const isDrawn = (line: (typeof laidOut)[number]) =>
          line.glyphs.some((glyph) => glyph.bytes === null);
        expect(lines).toEqual(
          laidOut
            .filter((line) => !isDrawn(line))
            .map((line) => line.glyphs.map((glyph) => glyph.text).join('')),
        );
        expect(drawnBits(slip)).toEqual(
          laidOut.filter(isDrawn).map(({ glyphs, bold, double }) => {
            const style = { language, isBold: bold, isDouble: double };
            return Buffer.from(withoutCommands(drawLine(glyphs, style)).bits).toString('hex');
          }),
        );
      }),
      { numRuns: 60 },
    );
  }, 20_000);

  it('is aligned as the others are, and leaves the rest to the printer', async () => {
    // Without a QR code before it, which stands in the middle too.
    const receipt = sampleReceipt({
      stationName: 'Orléans',
      helpLine: 'Łódź',
      reference: 'R'.repeat(700),
    });
    const { slip, lines } = await printed(receipt);
    const drawn = slip.items.filter((item) => item.kind === 'raster');
    expect(drawnBits(slip)).toHaveLength(2);
    expect(drawn.every((band) => band.widthBytes * band.heightDots <= 512)).toBe(true);
    // The help line stands in the middle, and is not wider than its words.
    expect(drawn.at(-1)).toMatchObject({ align: 'centre', widthBytes: (10 * 12) / 8 });
    expect(drawn[0]).toMatchObject({ align: 'left', widthBytes: (48 * 12) / 8 });
    expect(rows(lines)).toContain('交易时间 | 2026-03-02 16:05:07');
  });
});

describe('hostile text', () => {
  const hostile = [
    '\x1b@\x1bm\x1dV\x42\x00',
    '\x10\x04\x01\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08',
    '\x1d(k\x03\x001Q0\x1c.\x1bt\x02',
    'Bob | {code:evil} \\ ~ _ " ` ^ =',
    '=\n-\r\n\f\v\t',
    '\u202etxet desrever\u200b\u2066',
    '🚇🇭🇰👨‍👩‍👧 e\u0301\u0301\u0301',
    '\ud83d lone \udc00',
    'A'.repeat(400),
    '站'.repeat(200),
    '，'.repeat(100),
    '\x00\x7f\x80\x9f\u2028\u2029\ue000\ufffd',
  ];

  it('cuts nothing, asks nothing, draws nothing, and the figures stand', async () => {
    for (const text of hostile) {
      for (const profile of Object.values(settledProfiles)) {
        const receipt = sampleReceipt({
          language: 'en',
          stationName: text,
          helpLine: text,
          terminalReceipt: text,
          terminalId: text,
          reference: text,
          maskedNumber: text,
          at: text,
        });
        const { slip, lines } = await printed(receipt, profile);
        expect(slip.items.filter((item) => item.kind === 'text').length).toBe(lines.length);
        expect(lines.join('\n')).toContain('50.00');
        expect(lines.slice(-2).join(' ')).toMatch(/Thank you. Please take your card.$/);
      }
    }
  });

  it('prints visible characters as they are', async () => {
    const { lines } = await printed(sampleReceipt({ stationName: 'Bob | {code:evil} \\ = `^' }));
    expect(rows(lines)).toContain('站点 | Bob | {code:evil} \\ = `^');
  });

  it('shows what has no character as a box, never as a question mark', async () => {
    const { lines } = await printed(sampleReceipt({ stationName: '𠮷野\x1b@家🚇' }));
    expect(rows(lines)).toContain('站点 | □野 @家□');
  });

  it('never becomes a command: only the printer’s own ones are in the bytes, for any text', () => {
    const texts = fc.oneof(
      fc.string({ unit: 'binary-ascii', maxLength: 80 }),
      fc.string({ unit: 'grapheme', maxLength: 80 }),
      fc.string({ unit: fc.constantFrom(...'éőŁ人广园|.ilẾ·'), maxLength: 40 }),
      fc.constantFrom(...hostile),
    );
    const profiles = fc.constantFrom(...Object.values(settledProfiles));
    fc.assert(
      fc.property(texts, texts, profiles, (one, other, profile) => {
        const receipt = sampleReceipt({
          stationName: one,
          helpLine: other,
          reference: other.slice(0, 20),
          terminalId: one.slice(0, 20),
        });
        const job = renderReceipt({ receipt, copy: 'original' }, profile, new Uint8Array());
        const bytes = Buffer.concat([job.preamble, ...job.parts]).toString('latin1');
        // A real printer would execute these at once, wherever they stand.
        for (const command of ['\x10\x04', '\x10\x05', '\x10\x14']) {
          expect(bytes).not.toContain(command);
        }
        expect(bytes.split('\x1dV')).toHaveLength(2);
        for (const part of job.parts.slice(0, -1)) expect(part.length).toBeGreaterThan(0);
      }),
      { numRuns: 60 },
    );
  }, 20_000);

  it('does not harm a printer that is sent any amount of money', async () => {
    const amountMinor = minorUnits(Number.MAX_SAFE_INTEGER);
    const receipt = sampleReceipt({ amountMinor, beforeMinor: amountMinor, afterMinor: null });
    const { lines } = await printed(receipt, settledProfiles['gb18030-58mm']);
    expect(lines).toContain('￥90,071,992,547,409.91');
  });
});
