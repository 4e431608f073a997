import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  type ConfigAnswer,
  namesSimulated,
  parseBenchConfig,
  parseProductionConfig,
  termsOf,
} from '../../main/shell/config.ts';

const file = '/etc/addvalue/station.json';

/** A full example of the manual, the station's or the bench's: what is documented is what is tested. */
function documented(which = 0): string {
  const manual = readFileSync(new URL('../../docs/configuration.md', import.meta.url), 'utf8');
  return [...manual.matchAll(/```json\n([\s\S]*?)```/g)][which]?.[1] ?? '';
}

type Json = { [key: string]: Json } & Json[];

/** The documented example with something changed. */
function changed(change: (config: Json) => void): string {
  const config: Json = JSON.parse(documented());
  change(config);
  return JSON.stringify(config);
}

function problems(answer: ConfigAnswer<unknown>): readonly string[] {
  return answer.kind === 'refused' ? answer.problems : [];
}

test('the documented example is a whole configuration', () => {
  const answer = parseProductionConfig(file, documented());
  expect(problems(answer)).toEqual([]);
  if (answer.kind !== 'done') throw new Error('refused');
  const terms = termsOf(answer.config);
  expect(terms.terminalId).toMatch(/^[0-9A-F]{12}$/);
  expect(terms.timings).toMatchObject({ idleMs: 60_000, idleWarningMs: 20_000 });
  expect(terms.means).toEqual(
    answer.config.devices.terminals.map(({ id, kind, phases }) => ({ id, kind, phases })),
  );
});

test.each(['pcsc', 'pcsclite'])('a card reader can be driven through %s', (driver) => {
  const text = changed((config) => Object.assign(config.devices?.reader ?? {}, { driver }));
  const answer = parseProductionConfig(file, text);
  expect(problems(answer)).toEqual([]);
  expect(answer.kind === 'done' && answer.config.devices.reader.driver).toBe(driver);
});

test('a station has one name for all languages, or one for each', () => {
  const names = (text: string) => {
    const answer = parseProductionConfig(file, text);
    if (answer.kind !== 'done') throw new Error(answer.problems.join());
    return termsOf(answer.config).stationName;
  };
  expect(names(changed((config) => Object.assign(config, { stationName: 'Platform 2' })))).toEqual({
    'zh-Hans': 'Platform 2',
    'zh-Hant': 'Platform 2',
    en: 'Platform 2',
  });
  const each = { 'zh-Hans': '示范站', 'zh-Hant': '示範站', en: 'Demo station' };
  expect(names(changed((config) => Object.assign(config, { stationName: each })))).toEqual(each);
});

test('a station that says nothing of time warns after a minute and waits twenty seconds', () => {
  const text = changed((config) => {
    delete config.timings;
  });
  const answer = parseProductionConfig(file, text);
  if (answer.kind !== 'done') throw new Error(answer.problems.join());
  expect(answer.config.timings).toMatchObject({ idleMs: 60_000, idleWarningMs: 20_000 });
});

test("a day's closing is printed only where the configuration says so", () => {
  const said = (printClosings: boolean | undefined) => {
    const text = changed((config) => Object.assign(config, { printClosings }));
    const answer = parseProductionConfig(file, text);
    return answer.kind === 'done' ? answer.config.printClosings : answer.problems.join();
  };
  expect([said(undefined), said(false), said(true)]).toEqual([false, false, true]);
});

test.each([
  ['zh-Hans on a printer of traditional characters', 'big5-80mm', '人民广场'],
  ['a name with accents on a mainland printer', 'gb18030-80mm', 'Düsseldorf-Gößnitz'],
  ['Chinese on a western printer', 'western-80mm', '人民广场'],
  ['any of them on a printer that is still to be asked', '80mm', '人民广场 Orléans'],
])('%s is drawn, so it is a good name', (_name, profile, stationName) => {
  const text = changed((config) => {
    Object.assign(config, { stationName });
    Object.assign(config.devices?.printer ?? {}, { profile });
  });
  expect(problems(parseProductionConfig(file, text))).toEqual([]);
});

test('a printer may be left to say itself what it can do, and be given what else to go by', () => {
  const printer = (encoding: object) => ({
    encoding,
    columns: 48,
    hasProcessId: 'ask',
    hasNativeQr: 'ask',
    cut: 'full',
  });
  const profiled = (profile: object) =>
    changed((config) => Object.assign(config.devices?.printer ?? {}, { profile }));
  const western = { kind: 'code-page', name: 'cp858', number: 19 };
  const good = printer({ kind: 'ask', otherwise: western });
  expect(problems(parseProductionConfig(file, profiled(good)))).toEqual([]);
  const twice = printer({ kind: 'ask', otherwise: { kind: 'ask' } });
  expect(problems(parseProductionConfig(file, profiled(twice)))).toHaveLength(1);
});

describe('a technician is told the file, the key and the remedy', () => {
  test.each<[string, (config: Json) => void, string]>([
    [
      'a misspelt key',
      (config) => Object.assign(config, { termialId: 'x' }),
      '"termialId" is not a known key. Remove it',
    ],
    [
      'a misspelt key deep inside',
      (config) => Object.assign(config.devices?.printer ?? {}, { paper: 80 }),
      '"devices.printer.paper" is not a known key',
    ],
    [
      'a missing key',
      (config) => delete config.terminalId,
      '"terminalId" is missing: it must be 12 hex digits',
    ],
    [
      'a word where yes or no is asked',
      (config) => Object.assign(config, { printClosings: 'yes' }),
      '"printClosings" is wrong: it must be true or false',
    ],
    [
      'a terminal number that is too short',
      (config) => Object.assign(config, { terminalId: '123' }),
      '"terminalId" is wrong: it must be 12 hex digits',
    ],
    [
      'a name of two letters too few',
      (config) => Object.assign(config, { stationName: '' }),
      '"stationName" is wrong: it must be text of 2 to 80 characters',
    ],
    [
      'no name at all',
      (config) => delete config.stationName,
      '"stationName" is missing: it must be text of 2 to 80 characters, or such a text for each',
    ],
    [
      'a name that lacks a language',
      (config) =>
        Object.assign(config, { stationName: { 'zh-Hans': '示范站', en: 'Demo station' } }),
      '"stationName.zh-Hant" is missing: it must be text of 2 to 80 characters',
    ],
    [
      'a name in a language that the screen does not speak',
      (config) =>
        Object.assign(config, {
          stationName: { 'zh-Hans': '示范站', 'zh-Hant': '示範站', en: 'Demo', fr: 'Démo' },
        }),
      '"stationName.fr" is not a known key',
    ],
    [
      'an unknown currency',
      (config) => Object.assign(config, { currency: 'XXX' }),
      '"currency" is wrong: it must be one of "CNY"',
    ],
    [
      'an amount with a decimal point',
      (config) => Object.assign(config.amounts ?? {}, { minimumMinor: 10.5 }),
      '"amounts.minimumMinor" is wrong: it must be a whole number of the smallest unit',
    ],
    [
      'a station name that can neither be printed nor drawn',
      (config) => Object.assign(config, { stationName: '人民广场 🚇' }),
      '"stationName" is wrong: it must be in characters that the printer has or a font here can draw, which "🚇"',
    ],
    [
      'a help line that can neither be printed nor drawn',
      (config) => Object.assign(config, { helpLine: '☎️ 400 000 𠮷' }),
      '"helpLine" is wrong: it must be in characters that the printer has',
    ],
    [
      'an amount that no keypad could enter',
      (config) => Object.assign(config.amounts ?? {}, { stepMinor: 3000 }),
      '"amounts.presetsMinor" is wrong: it must be whole steps of "stepMinor"',
    ],
    [
      'a warning shorter than the law allows',
      (config) => Object.assign(config, { timings: { idleWarningMs: 5000 } }),
      '"timings.idleWarningMs" is wrong: it must be a whole number of milliseconds, at least 20000',
    ],
    [
      'an unknown driver',
      (config) => Object.assign(config.devices?.reader ?? {}, { driver: 'usb' }),
      '"devices.reader.driver" is wrong: it must be one of "pcsc", "pcsclite"',
    ],
    [
      'an unknown kind of line',
      (config) => Object.assign(config.devices?.printer?.line ?? {}, { kind: 'usb' }),
      '"devices.printer.line.kind" is wrong: it must be a line of kind "serial" or "tcp"',
    ],
    [
      'two terminals of one name',
      (config) => config.devices?.terminals?.push(config.devices.terminals[0] as Json),
      '"devices.terminals" is wrong: it must give each payment terminal an id of its own',
    ],
    [
      'a card profile with a wrong address',
      (config) => Object.assign(config.cards?.pboc?.[0] ?? {}, { aids: ['xyz'] }),
      '"cards.pboc[0].aids[0]" is wrong: it must be 5 to 16 bytes in hex',
    ],
    [
      'no card that is served',
      (config) => Object.assign(config, { cards: {} }),
      '"cards" is wrong: it must list the cards of at least one family: pboc, desfire',
    ],
    [
      'a card family that does not exist',
      (config) => Object.assign(config.cards ?? {}, { felica: [] }),
      '"cards.felica" is not a known key',
    ],
    [
      'two operators with one name for their cards',
      (config) => Object.assign(config.cards?.desfire?.[0] ?? {}, { name: 'city-card' }),
      '"cards" is wrong: it must give each card profile a name of its own',
    ],
    [
      'a card that people have no name for',
      (config) => delete config.cards?.pboc?.[0]?.title,
      '"cards.pboc[0].title" is missing: it must be text of 2 to 40 characters',
    ],
    [
      'a family with two load authorities',
      (config) => Object.assign(config.devices?.sams?.[1] ?? {}, { families: ['pboc'] }),
      '"devices.sams" is wrong: it must name each card family once',
    ],
    [
      'a load authority for a family that does not exist',
      (config) => Object.assign(config.devices?.sams?.[1] ?? {}, { families: ['felica'] }),
      '"devices.sams[1].families[0]" is wrong: it must be one of "pboc", "desfire"',
    ],
    [
      'a SAM card without its commands',
      (config) => delete config.devices?.sams?.[0]?.settings?.tac,
      '"devices.sams[0].settings.tac" is wrong',
    ],
    [
      'a host without its certificate',
      (config) => delete config.devices?.sams?.[1]?.caFile,
      '"devices.sams[1].caFile" is missing: it must be the path of a PEM file',
    ],
    [
      'a printer profile that does not exist',
      (config) => Object.assign(config.devices?.printer ?? {}, { profile: 'gb18030-90mm' }),
      '"devices.printer.profile" is wrong: it must be one of "80mm", "58mm", "gb18030-80mm"',
    ],
    [
      'a printer profile by the name of something that every object has',
      (config) => Object.assign(config.devices?.printer ?? {}, { profile: '__proto__' }),
      '"devices.printer.profile" is wrong: it must be one of "80mm", "58mm", "gb18030-80mm"',
    ],
    [
      'a bank terminal on a line that it cannot be spoken to over',
      (config) => Object.assign(config.devices?.terminals?.[0]?.line ?? {}, { kind: 'serial' }),
      '"devices.terminals[0].line.kind" is wrong: it must be one of "tcp"',
    ],
    [
      'a key that is no amount of devices',
      (config) => delete config.devices,
      '"devices" is missing: it must be a section in braces',
    ],
  ])('%s', (_what, change, sentence) => {
    const found = problems(parseProductionConfig(file, changed(change)));
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(`${file}: ${sentence}`);
    expect(found[0]).toContain('docs/configuration.md');
  });

  test.each([
    [{ encoding: 'ask' }, '"devices.printer.profile.encoding" is wrong: it must be an encoding in'],
    [{ encoding: { kind: 'code-page', name: 'cp1251', number: 46 } }, 'it must be one of "cp437"'],
    [{ hasProcessId: 'aks' }, '.hasProcessId" is wrong: it must be true, false or "ask"'],
    [{ columns: '48' }, '.columns" is wrong: it must be a whole number, 24 to 64'],
    [{ cut: 'half' }, '.cut" is wrong: it must be one of "partial", "full", "none"'],
    [{ deadlines: { pollMs: 0 } }, '.deadlines.pollMs" is wrong: it must be a whole number, 1 to'],
  ])('a printer profile with %j', (mistake, sentence) => {
    const asking = { hasProcessId: 'ask', hasNativeQr: 'ask', cut: 'partial' };
    const profile = { encoding: { kind: 'ask' }, columns: 48, ...asking, ...mistake };
    const text = changed((config) => Object.assign(config.devices?.printer ?? {}, { profile }));
    const found = problems(parseProductionConfig(file, text));
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(sentence);
  });

  test('a file that is not JSON', () => {
    const [found] = problems(parseProductionConfig(file, '{ "stationName": '));
    expect(found).toContain(`${file} is not JSON`);
  });

  test('every problem at once, not the first only', () => {
    const text = changed((config) => {
      delete config.helpLine;
      Object.assign(config, { currency: 1, colour: 'red' });
    });
    expect(problems(parseProductionConfig(file, text))).toHaveLength(3);
  });
});

describe('a station that takes real money', () => {
  const places = ['reader', 'printer'] as const;

  test.each(places)('refuses a simulated %s', (device) => {
    const text = changed((config) => {
      Object.assign(config.devices ?? {}, { [device]: { driver: 'simulated' } });
    });
    const found = problems(parseProductionConfig(file, text));
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(`${file}: "devices.${device}.driver" names a simulated device`);
    expect(found[0]).toContain('npm start -- --config FILE');
  });

  test('refuses a simulated terminal and a simulated load authority together', () => {
    const text = changed((config) => {
      const terminal = { id: 'bank', kind: 'bank-card', phases: 'two', driver: 'simulated' };
      Object.assign(config.devices ?? {}, {
        terminals: [terminal],
        sams: [{ driver: 'simulated' }],
      });
    });
    expect(problems(parseProductionConfig(file, text))).toHaveLength(2);
  });

  test('takes no keys: there is no place for them', () => {
    const text = changed((config) => {
      Object.assign(config.devices ?? {}, { sams: [{ driver: 'software', key: '00' }] });
    });
    expect(problems(parseProductionConfig(file, text))[0]).toContain(
      '"devices.sams[0].driver" is wrong: it must be one of',
    );
  });
});

describe('the bench', () => {
  const mixed = documented(1);

  test('takes real and simulated devices as the manual mixes them', () => {
    const answer = parseBenchConfig(file, mixed);
    expect(problems(answer)).toEqual([]);
    expect(answer.kind === 'done' && termsOf(answer.config).means.map(({ id }) => id)).toEqual([
      'mobile',
      'bank-card',
    ]);
    expect(namesSimulated(file, mixed)).toEqual({ kind: 'done', config: true });
    expect(namesSimulated(file, documented())).toEqual({ kind: 'done', config: false });
  });

  test('may have real load authorities, and a simulated one for the families that are left', () => {
    const text = changed((config) => {
      const { devices } = config;
      devices?.sams?.splice(0, 1, { driver: 'simulated' } as unknown as Json);
    });
    expect(problems(parseBenchConfig(file, text))).toEqual([]);
    expect(problems(parseBenchConfig(file, documented()))).toEqual([]);
  });

  test.each<[string, (devices: Json) => void, string]>([
    [
      'a key that a simulated device does not have',
      (devices) => Object.assign(devices.reader ?? {}, { pattern: 'ACR' }),
      '"devices.reader.pattern" is not a known key',
    ],
    [
      'a key that a real device does not have',
      (devices) => Object.assign(devices.printer ?? {}, { paperMm: 80 }),
      '"devices.printer.paperMm" is not a known key',
    ],
    [
      'a real device that lacks a key',
      (devices) => delete devices.terminals?.[1]?.password,
      '"devices.terminals[1].password" is missing: it must be the terminal\'s six-digit',
    ],
    [
      'a driver that there is not',
      (devices) => Object.assign(devices.terminals?.[0] ?? {}, { driver: 'opi' }),
      '"devices.terminals[0].driver" is wrong: it must be one of "simulated", "zvt"',
    ],
    [
      'a reader’s driver that there is not',
      (devices) => Object.assign(devices.reader ?? {}, { driver: 'usb' }),
      '"devices.reader.driver" is wrong: it must be one of "simulated", "pcsc", "pcsclite"',
    ],
    [
      'a device that is not there',
      (devices) => delete devices.printer,
      '"devices.printer" is missing: it must be a section in braces',
    ],
  ])('names %s', (_what, change, sentence) => {
    const config: Json = JSON.parse(mixed);
    change(config.devices as Json);
    const found = problems(parseBenchConfig(file, JSON.stringify(config)));
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(`${file}: ${sentence}`);
  });
});
