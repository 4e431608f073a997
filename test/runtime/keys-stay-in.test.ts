import { createDecipheriv, createSecretKey } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, describe, expect, test } from 'vitest';
import { openJournal } from '../../db/sqlite-journal.ts';
import { cmac } from '../../hardware/card/desfire/aes-cmac.ts';
import { simulatedCardKey } from '../../hardware/card/desfire/simulated-cipher.ts';
import {
  simulatedCampusDesfireProgram,
  simulatedTransitDesfireProgram,
} from '../../hardware/card/desfire/simulated-program.ts';
import { testDesfireKeys } from '../../hardware/card/desfire/test-keys.ts';
import { fromHex } from '../../hardware/card/hex.ts';
import { diversify, loadSessionKey, tacSessionKey } from '../../hardware/card/pboc/load-mac.ts';
import { pbocSamCard } from '../../hardware/card/pboc/sam-card.ts';
import { testMasterKeys } from '../../hardware/card/pboc/test-keys.ts';
import { slipLines } from '../../hardware/printer/simulated-roll.ts';
import { type ApduFault, SimulatedReader } from '../../hardware/reader/simulated.ts';
import type { CardSpec } from '../../hardware/rig/drawer.ts';
import { createRig } from '../../hardware/rig/rig.ts';
import { SamCard } from '../../hardware/sam/card.ts';
import { currencies, minorUnits } from '../../main/contract/money.ts';
import type { Log } from '../../main/runtime/log.ts';
import { startStation } from '../../main/runtime/station.ts';
import { issueSam, samSettings } from '../hardware/sam/card-slot.ts';
import { Canary } from '../support/canary.ts';
import { Random } from '../support/random.ts';
import { TestScreen } from '../support/screen.ts';
import { testTerms } from '../support/terms.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const number = '2026030100005001';

/** What a card's issuer made of its master keys, computed here once more. */
function cardKeys(profile: string): readonly Uint8Array[] {
  const master = [testMasterKeys.load[0].key, testMasterKeys.tac];
  const pboc = master.map((key) => diversify(key, fromHex(number)));
  const { load, transactionMac, diversification } = testDesfireKeys;
  const uid = Uint8Array.of(0x04, ...fromHex(number.slice(-12)));
  const application = fromHex(
    (profile === 'campus-desfire' ? simulatedCampusDesfireProgram : simulatedTransitDesfireProgram)
      .application,
  );
  const input = Uint8Array.of(...uid, ...application, ...diversification.systemIdentifier);
  const desfire = [load[0].key, transactionMac].map((key) => simulatedCardKey(key, input));
  return [...master, ...pboc, load[0].key, transactionMac, ...desfire];
}

type Apdu = readonly [command: Uint8Array, response: Uint8Array | null];

/** The keys of each session that these commands began, found out with the card's own keys. */
function sessionKeys(profile: string, apdus: readonly Apdu[]): readonly Uint8Array[] {
  const [loadKey, tacKey] = cardKeys(profile).slice(2);
  const aesKey = cardKeys(profile)[6];
  if (loadKey === undefined || tacKey === undefined || aesKey === undefined) throw new Error();
  return apdus.flatMap(([command, response], at): readonly Uint8Array[] => {
    const [cla, ins] = command;
    if (cla === 0x80 && ins === 0x50 && response?.length === 18) {
      return [
        loadSessionKey(loadKey, response.slice(8, 12), response.slice(4, 6)),
        tacSessionKey(tacKey),
      ];
    }
    const isEv2 = ins === 0x71;
    if (cla !== 0x90 || (ins !== 0xaa && !isEv2) || response?.length !== 18) return [];
    const challenge = response.slice(0, 16);
    const answer = apdus[at + 1]?.[0].slice(5, 37);
    if (answer?.length !== 32) return [];
    const decipher = (iv: Uint8Array, data: Uint8Array): Uint8Array =>
      createDecipheriv('aes-128-cbc', aesKey, iv).setAutoPadding(false).update(data);
    const zero = new Uint8Array(16);
    const b = decipher(zero, challenge);
    const a = decipher(isEv2 ? zero : challenge, answer).subarray(0, 16);
    if (!isEv2) {
      return [Uint8Array.of(...a.slice(0, 4), ...b.slice(0, 4), ...a.slice(12), ...b.slice(12))];
    }
    // AN12343: what both threw in, under one label for each of the two keys.
    const mixed = a.slice(2, 8).map((byte, nth) => byte ^ (b[nth] ?? 0));
    const context = Uint8Array.of(...a.slice(0, 2), ...mixed, ...b.slice(6), ...a.slice(8));
    return ['A55A00010080', '5AA500010080'].map((label) =>
      cmac(createSecretKey(aesKey), Uint8Array.of(...fromHex(label), ...context)),
    );
  });
}

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

type Told = { readonly where: string; readonly what: string | Uint8Array };

/** One visit to a station whose card and SAM misbehave at their nth command, and all that anybody can read of it afterwards. */
async function visit(
  profile: string,
  samOnCard: boolean,
  fault: { readonly nth: number; readonly at: 'card' | 'sam'; readonly fault: ApduFault } | null,
): Promise<{
  readonly told: readonly Told[];
  readonly apdus: readonly Apdu[];
  readonly kinds: readonly string[];
}> {
  const folder = mkdtempSync(join(tmpdir(), 'addvalue-canary-'));
  folders.push(folder);
  const clock = new VirtualClock();
  const random = new Random(23);
  const told: Told[] = [];
  const apdus: Apdu[] = [];
  const hear = (where: string, ...words: readonly unknown[]): void => {
    told.push({ where, what: words.map((word) => inspect(word, { depth: 20 })).join(' ') });
  };
  const heard =
    (level: string) =>
    (...words: unknown[]) =>
      hear(`log ${level}`, ...words);
  const log: Log = {
    debug: heard('debug'),
    info: heard('info'),
    warn: heard('warn'),
    error: heard('error'),
    fatal: heard('fatal'),
  };
  const spec: CardSpec = {
    kind: profile,
    id: 'card',
    name: 'Card',
    note: '',
    face: 'campus',
    number,
    balanceMinor: 2_000,
    validTo: '20991231',
  };
  const rig = createRig({
    clock,
    randomBytes: (length) => Uint8Array.from({ length }, () => random.below(256)),
    speeds: 'instant',
    payments: 'at-once',
    currency: currencies.CNY,
    means: testTerms.means.slice(0, 1),
    cards: [spec],
    onWarning: (warning) => hear('warning', warning),
  });
  rig.reader.watchApdus((command, response) => apdus.push([command, response]));
  const samReader = new SimulatedReader({ clock });
  samReader.watchApdus((command, response) => {
    told.push({ where: 'sam trace', what: Buffer.concat([command, response ?? new Uint8Array()]) });
  });
  samReader.insert(issueSam());
  const openSam = () =>
    new SamCard({
      family: 'pboc',
      reader: samReader,
      applet: (channel) => pbocSamCard.applet(channel, samSettings),
      clock,
      log: (line) => hear('sam', line),
    });
  const { clock: ownClock, ...ports } = rig.openPorts(() => ({
    sams: samOnCard ? [openSam()] : [],
    reader: null,
    printer: null,
    terminals: [],
  }));
  const station = startStation({
    terms: {
      ...testTerms,
      means: testTerms.means.slice(0, 1),
      cards: ['pboc', 'desfire'].map((family) => ({
        profile: family === 'pboc' ? 'city-card' : profile,
        family,
        title: { 'zh-Hans': '卡', 'zh-Hant': '卡', en: 'Card' },
      })),
    },
    ports,
    openJournal: () => openJournal(join(folder, 'journal.sqlite')),
    clock: ownClock,
    chance: () => random.hex(10),
    log,
    onFatal: (error) => hear('fatal', error),
  });
  const screen = new TestScreen();
  station.attach({
    send: (shown) => {
      told.push({ where: `view ${shown.view.screen.kind}`, what: JSON.stringify(shown) });
      screen.send(shown);
    },
    watch: (onMessage) => screen.watch(onMessage),
    close: () => {},
  });
  const shows = (kind: string) => clock.until(() => screen.screen.kind === kind, 120_000);
  await shows('attract');
  rig.insert('card');
  await shows('card');
  screen.tap({ kind: 'begin-top-up' });
  screen.tap({ kind: 'choose-amount', amountMinor: minorUnits(5_000) });
  if (fault?.at === 'card') rig.reader.injectFault(fault.nth, fault.fault);
  if (fault?.at === 'sam') samReader.injectFault(fault.nth, fault.fault);
  screen.tap({ kind: 'confirm' });
  await clock.advance(5_000);
  if (rig.inserted === null) rig.insert('card');
  await clock.advance(90_000);
  told.push({ where: 'bench', what: JSON.stringify(rig.snapshot()) });
  told.push({ where: 'world', what: JSON.stringify(rig.memory) });
  if (fault === null) hear('ports', ports, station);
  for (const slip of rig.books().slips)
    told.push({ where: 'slip', what: slipLines(slip).join(' ') });
  for (const [command, response] of apdus) {
    told.push({ where: 'trace', what: Buffer.concat([command, response ?? new Uint8Array()]) });
  }
  await station.close();
  for (const file of readdirSync(folder)) {
    // The journal's own keys are kept in a file of their own, and are none of a card's.
    told.push({ where: file, what: readFileSync(join(folder, file)) });
  }
  return { told, apdus, kinds: screen.kinds };
}

function leaks(
  profile: string,
  { told, apdus }: Awaited<ReturnType<typeof visit>>,
): readonly string[] {
  const canary = new Canary([...cardKeys(profile), ...sessionKeys(profile, apdus)]);
  return told.flatMap(({ where, what }) => {
    const found = canary.findIn(what);
    return found === null ? [] : [`${where}: ${found}`];
  });
}

const cases = [
  ['city-card', false],
  ['city-card', true],
  ['campus-desfire', false],
  ['transit-desfire', false],
] as const;

describe.each(cases)(
  'no byte of a key of a %s is ever told (SAM card: %s)',
  (profile, samOnCard) => {
    test('in a top-up that goes well', async () => {
      const seen = await visit(profile, samOnCard, null);
      expect(seen.kinds).toContain('done');
      expect(sessionKeys(profile, seen.apdus).length).toBeGreaterThan(0);
      expect(new Set(seen.told.map(({ where }) => where))).toContain('journal.sqlite');
      expect(leaks(profile, seen)).toEqual([]);
    });

    test('whatever its card answers, at any command', async () => {
      for (let nth = 0; nth < 12; nth += 1) {
        const response = fromHex(nth % 2 === 0 ? '6F00' : '00');
        const fault = { kind: 'answered-with', response } as const;
        const seen = await visit(profile, samOnCard, { nth, at: 'card', fault });
        expect(leaks(profile, seen)).toEqual([]);
      }
    });
  },
);
