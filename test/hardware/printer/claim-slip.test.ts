import { createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type SettledProfile, settledProfiles } from '../../../hardware/printer/profile.ts';
import { qrSymbol } from '../../../hardware/printer/qr-symbol.ts';
import { type Slip, slipLines } from '../../../hardware/printer/simulated-roll.ts';
import {
  type Claim,
  claimIn,
  claimSigned,
  claimStatement,
  claimText,
} from '../../../main/contract/claim.ts';
import { languages } from '../../../main/contract/language.ts';
import { minorUnits } from '../../../main/contract/money.ts';
import { photographed } from './photograph.ts';
import { onlySlip, printerRig } from './rig.ts';
import { sampleReceipt } from './sample.ts';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const publicPem = publicKey.export({ type: 'spki', format: 'pem' });

function signedClaim(profile: string, different: Partial<Claim> = {}): string {
  const statement = claimStatement({
    reference: '7K2M-94QX',
    at: '20260302160507',
    terminalId: '0000000000A1',
    currency: 'CNY',
    amountMinor: minorUnits(50_000),
    means: 'bank-card',
    terminalReceipt: '000412',
    why: 'card-not-returned',
    card: { profile, lastDigits: '9432', keyedHash: 'pS8YVSybhyk98owP' },
    load: {
      nth: 2,
      dateTime: '20260302160455',
      mark: { counter: 65_535, beforeMinor: minorUnits(99_999) },
    },
    ...different,
  });
  const signature = sign(null, Buffer.from(claimSigned(statement)), privateKey);
  return claimText(statement, signature.toString('base64url'));
}

const shortest = signedClaim('t', {
  why: 'card-undecided',
  means: 'mobile',
  terminalReceipt: null,
  load: null,
});
const usual = signedClaim('city-card');
const longest = signedClaim('operator-with-a-very-long-name-1234567890');

async function printed(claim: string | null, profile: SettledProfile): Promise<Slip> {
  const rig = await printerRig(profile);
  const receipt = sampleReceipt({
    kind: 'unresolved',
    claim,
    reference: '7K2M-94QX',
    stationName: 'A',
  });
  expect(await rig.print({ receipt, copy: 'original' })).toEqual({ kind: 'printed' });
  expect(rig.printer.protocolErrors).toEqual([]);
  return onlySlip(rig.printer);
}

describe('a claim on paper', () => {
  it.each(Object.entries(settledProfiles))(
    'is read from a photograph of the slip as it was signed, and is believed: %s',
    async (_name, profile) => {
      for (const claim of [shortest, usual, longest]) {
        const read = photographed(await printed(claim, profile), profile.columns) ?? '';
        expect(read).toBe(claim);
        const { statement, signature } = claimIn(read) ?? { statement: '', signature: '' };
        const bytes = Buffer.from(signature, 'base64url');
        const text = Buffer.from(claimSigned(statement));
        expect(verify(null, text, createPublicKey(publicPem), bytes)).toBe(true);
      }
    },
  );

  it('is as large as the paper takes with its white around it, and never finer than half a millimetre', async () => {
    for (const profile of Object.values(settledProfiles)) {
      for (const claim of [shortest, usual, longest, `${longest}${'x'.repeat(200)}`]) {
        const { items } = await printed(claim, profile);
        const at = items.findIndex(({ kind }) => kind === 'qr' || kind === 'raster');
        const symbol = items[at];
        if (symbol === undefined || !('heightDots' in symbol)) throw new Error('there is no code');
        const modules = qrSymbol(claim, 12 * profile.columns)?.modules.length ?? 0;
        const moduleDots = symbol.heightDots / modules;
        const fitting = Math.floor((12 * profile.columns) / (modules + 8));
        expect(fitting).toBeGreaterThanOrEqual(4);
        expect(moduleDots).toBe(profile.hasNativeQr ? Math.min(6, fitting) : 4);
        for (const beside of [items[at - 1], items[at + 1]]) {
          const dots = beside?.kind === 'feed' ? beside.dots : 0;
          expect(dots).toBeGreaterThanOrEqual(4 * moduleDots);
        }
      }
    }
  });

  it('that no paper can hold leaves its words, and nothing that speaks of a code', async () => {
    const hostile = signedClaim('\x1b@�🚇|'.repeat(80));
    for (const profile of Object.values(settledProfiles)) {
      const slip = await printed(hostile, profile);
      const [without, withCode] = [slipLines(slip), slipLines(await printed(usual, profile))];
      expect(slip.items.some(({ kind }) => kind === 'qr' || kind === 'raster')).toBe(false);
      expect(without.join()).toContain('7K2M-94QX');
      // The code's caption alone goes with it.
      expect(withCode.filter((line) => !without.includes(line))).toHaveLength(1);
    }
  });

  it('says in words how much it is about, of which card, its number, and both ways to settle it', async () => {
    const said = {
      'zh-Hans': ['待核实款项凭证', '待核实金额', '再插入本机', '来电查询', '签名'],
      'zh-Hant': ['待核實款項憑證', '待核實金額', '再插入本機', '來電查詢', '簽署'],
      en: ['MONEY CLAIM', 'Amount being checked', 'same card in again', 'call', 'Signed proof'],
    } as const;
    for (const language of languages) {
      for (const columns of [32, 48]) {
        const encoding = { kind: language === 'zh-Hant' ? 'big5' : 'gb18030' } as const;
        const rig = await printerRig({ ...settledProfiles['gb18030-80mm'], encoding, columns });
        const receipt = sampleReceipt({ kind: 'unresolved', language, claim: usual });
        await rig.print({ receipt, copy: 'original' });
        const lines = slipLines(onlySlip(rig.printer));
        const text = lines.join(language === 'en' ? ' ' : '');
        for (const words of said[language]) expect(text).toContain(words);
        expect(text).toContain('50.00');
        expect(text).toContain('9432');
        expect(text).toContain('AV-20260302-000123');
        expect(text).toContain('400-820-0000');
      }
    }
  });

  it('of an attempt that was never claimed is a slip without a signature, and says so by silence', async () => {
    const profile = settledProfiles['gb18030-58mm'];
    const slip = await printed(null, profile);
    expect(photographed(slip, profile.columns)).toMatch(/^ADDVALUE\|1\|unresolved\|7K2M-94QX/);
    expect(slipLines(slip).join('')).not.toContain('签名');
    expect(slipLines(slip).join('')).toContain('再插入本机');
  });
});
