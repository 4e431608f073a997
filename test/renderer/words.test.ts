import { describe, expect, test } from 'vitest';
import { languages } from '../../main/contract/language.ts';
import { currencies, formatMoney, minorUnits } from '../../main/contract/money.ts';
import {
  wordsIn,
  writeDate,
  writeMoment,
  writeObstacle,
  writeRound,
} from '../../renderer/text/say.ts';

/** Every sentence of a text module with its place in it; sentences that take something are given numbers. */
function sentences(node: unknown, place = ''): readonly (readonly [string, string])[] {
  if (typeof node === 'string') return [[place, node]];
  if (typeof node === 'function') return [[place, String(node('7', '8', '9'))]];
  return Object.entries(node as object).flatMap(([name, child]) =>
    sentences(child, place === '' ? name : `${place}.${name}`),
  );
}

const english = new Map(sentences(wordsIn.en));

describe.each(languages)('%s', (language) => {
  const all = sentences(wordsIn[language]);

  test('says everything that English says, and nothing is empty', () => {
    expect(all.map(([place]) => place)).toEqual([...english.keys()]);
    expect(all.filter(([, sentence]) => sentence.trim() === '')).toEqual([]);
    expect(all.length).toBeGreaterThan(150);
  });

  test('uses what a sentence is given', () => {
    const ignored = Object.entries(wordsIn[language].obstacle).filter(
      ([, say]) => typeof say === 'function' && !say('7').includes('7'),
    );
    expect(ignored).toEqual([]);
  });
});

test.each(['zh-Hans', 'zh-Hant'] as const)('%s is translated throughout', (language) => {
  const same = sentences(wordsIn[language]).filter(
    // Two amounts with nothing but a dash between them need no words.
    ([place, sentence]) => english.get(place) === sentence || !/\p{Script=Han}/u.test(sentence),
  );
  expect(same).toEqual([]);
});

test('no simplified form has slipped into the traditional text, nor a traditional one into the simplified', () => {
  // Pairs that differ, taken from what this kiosk talks about.
  const pairs = [
    ...'额額 值值 请請 卡卡 读讀 写寫 钱錢 银銀 帐帳 还還 时時 间間 机機 终終 继繼 给給 为為 会會 个個 这這 张張 备備 务務 说說 话話 后後 号號 码碼 单單 据據 统統 员員 费費 达達 处處 启啟 动動 没沒 应應 复復 误誤 错錯 满滿 储儲'
      .split(' ')
      .values(),
  ];
  const simplified = pairs.filter(([a, b]) => a !== b).map(([a]) => a ?? '');
  const traditional = pairs.filter(([a, b]) => a !== b).map(([, b]) => b ?? '');
  const slips = (language: 'zh-Hans' | 'zh-Hant', foreign: readonly string[]) =>
    sentences(wordsIn[language]).filter(
      ([place, sentence]) => place !== 'name' && foreign.some((glyph) => sentence.includes(glyph)),
    );
  expect(slips('zh-Hans', traditional)).toEqual([]);
  expect(slips('zh-Hant', simplified)).toEqual([]);
});

test('dates read as people write them', () => {
  expect(writeDate('20301205', wordsIn.en)).toBe('5 Dec 2030');
  expect(writeDate('20301205', wordsIn['zh-Hans'])).toBe('2030年12月5日');
  expect(writeMoment('20261121081522', wordsIn.en)).toBe('21 Nov 08:15');
});

test.each([
  [0, '¥0.00'],
  [99_999, '¥999.99'],
  [100_000, '¥1,000.00'],
  [-123_456_789, '-¥1,234,567.89'],
  [Number.MAX_SAFE_INTEGER, '¥90,071,992,547,409.91'],
])('%i fen are written %s, on screen and on paper', (fen, written) => {
  expect(formatMoney(minorUnits(fen), currencies.CNY)).toBe(written);
});

test('round amounts lose their zeros in a sentence, others keep every digit', () => {
  expect(writeRound(minorUnits(100_000), currencies.CNY)).toBe('¥1,000');
  expect(writeRound(minorUnits(100_050), currencies.CNY)).toBe('¥1,000.50');
});

test('an expired card says when it expired and where to turn', () => {
  const sentence = writeObstacle(
    { kind: 'card-expired', validTo: '20251231' },
    wordsIn.en,
    currencies.CNY,
  );
  expect(sentence).toContain('31 Dec 2025');
  expect(sentence).toContain('staff');
});
