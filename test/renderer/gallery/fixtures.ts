import type { Language } from '../../../main/contract/language.ts';
import { currencies } from '../../../main/contract/money.ts';
import type { Screen, View } from '../../../main/contract/view.ts';
import { choosing } from './choosing.ts';
import { finding } from './finding.ts';
import { type Fixture, longTitle } from './fixture.ts';
import { paying } from './paying.ts';

const outOfService: Extract<Screen, { kind: 'out-of-service' }> = {
  kind: 'out-of-service',
  faults: [
    { device: 'reader', which: null, fault: 'unplugged' },
    { device: 'printer', which: null, fault: 'paper-out' },
  ],
  settling: false,
  balanceWorks: false,
  canFindMoney: true,
  notes: [],
};

/** Every screen, in every look that main can ask for. */
export const fixtures: readonly Fixture[] = [
  ...choosing,
  ...paying,
  ...finding,
  { name: 'out-of-service', screen: outOfService },
  {
    name: 'out-of-service-balance-works',
    screen: {
      ...outOfService,
      faults: [{ device: 'sam', which: 'pboc', fault: 'not-ready' }],
      balanceWorks: true,
    },
  },
  {
    name: 'out-of-service-parts',
    screen: {
      ...outOfService,
      faults: [
        { device: 'sam', which: 'pboc', fault: 'not-ready' },
        { device: 'sam', which: 'desfire', fault: 'silent' },
        { device: 'terminal', which: 'zvt', fault: 'unplugged' },
        { device: 'terminal', which: 'qr', fault: 'unplugged' },
      ],
      balanceWorks: true,
    },
  },
  {
    name: 'out-of-service-suspended',
    screen: {
      ...outOfService,
      faults: [{ device: 'terminal', which: 'zvt', fault: 'suspended' }],
      balanceWorks: true,
    },
  },
  {
    name: 'out-of-service-unconfigured',
    screen: {
      ...outOfService,
      faults: [],
      canFindMoney: false,
      notes: [
        '/etc/addvalue/station.json: "terminalId" is missing: it must be 12 hex digits, like "0000000000A1". Add it (docs/configuration.md).',
        '/etc/addvalue/station.json: "devices.printer.line.baudRate" is wrong: it must be a baud rate, like 9600 or 115200. Correct it (docs/configuration.md).',
        '/etc/addvalue/station.json: "colour" is not a known key. Remove it, or correct its spelling (docs/configuration.md).',
        '/etc/addvalue/station.json: "currency" is missing.',
      ],
    },
  },
  {
    name: 'out-of-service-journal',
    screen: {
      ...outOfService,
      faults: [{ device: 'journal', which: null, fault: 'busy' }],
      canFindMoney: false,
      notes: [
        'The journal /var/lib/addvalue/journal.sqlite is being written by another AddValue process, which holds /var/lib/addvalue/journal.sqlite-writer. Stop that process; there is nothing to delete.',
      ],
    },
  },
  { name: 'out-of-service-settling', screen: { ...outOfService, faults: [], settling: true } },
];

/** What people call the cards of the fixtures. */
const titles: Readonly<Record<string, Readonly<Record<Language, string>>>> = {
  'City card': { 'zh-Hans': '城市一卡通', 'zh-Hant': '城市一卡通', en: 'City card' },
  'Campus card': { 'zh-Hans': '校园卡', 'zh-Hant': '校園卡', en: 'Campus card' },
  'Staff card': { 'zh-Hans': '员工卡', 'zh-Hant': '員工卡', en: 'Staff card' },
  [longTitle]: {
    'zh-Hans': '长江三角洲城际轨道交通与公共汽车纪念版学生优惠储值卡',
    'zh-Hant': '長江三角洲城際軌道交通與公共汽車紀念版學生優惠儲值卡',
    en: longTitle,
  },
};

function titled<Named extends { readonly title: string }>(named: Named, language: Language): Named {
  return { ...named, title: titles[named.title]?.[language] ?? named.title };
}

function inLanguage(screen: Screen, language: Language): Screen {
  if ('card' in screen) return { ...screen, card: titled(screen.card, language) };
  if (screen.kind !== 'attract') return screen;
  return { ...screen, cardsOut: screen.cardsOut.map((each) => titled(each, language)) };
}

/** A fixture as main would show it. */
export function viewOf(fixture: Fixture, language: Language): View {
  return {
    language,
    currency: fixture.currency ?? currencies.CNY,
    stationName: { 'zh-Hans': '人民广场站', 'zh-Hant': '人民廣場站', en: 'People’s Square' }[
      language
    ],
    helpLine: '12580-3',
    idleWarning: fixture.idleWarning ?? null,
    screen: inLanguage(fixture.screen, language),
  };
}
