import { expect, it } from 'vitest';
import { settledProfiles } from '../../../hardware/printer/profile.ts';
import { slipToSvg } from '../../../hardware/printer/roll-picture.ts';
import { onlySlip, printerRig } from './rig.ts';
import { sampleReceipt } from './sample.ts';

async function picture(
  name: keyof typeof settledProfiles,
  stationName = '人民广场站',
): Promise<string> {
  const profile = settledProfiles[name];
  const rig = await printerRig(profile);
  await rig.print({ receipt: sampleReceipt({ stationName }), copy: 'original' });
  return slipToSvg(onlySlip(rig.printer), profile.columns);
}

/** The text elements: where, how large, how wide, what. */
function texts(svg: string): readonly (readonly string[])[] {
  const pattern =
    /translate\((\S+) (\S+)\) scale\((\d) (\d)\)" textLength="(\d+)"[^>]*?( font-weight="bold")?>([^<]*)</g;
  return [...svg.matchAll(pattern)].map((match) => match.slice(1));
}

it('the picture of a slip shows the amount large, bold and in the middle', async () => {
  const amount = texts(await picture('gb18030-58mm')).filter((text) => text.includes('50.00'));
  // 32 columns of 12 dots; 7 double columns, the first two of them the full-width sign.
  const left = (384 - 7 * 24) / 2 + 2 * 24;
  expect(amount).toHaveLength(1);
  expect(amount[0]?.slice(2)).toEqual(['2', '2', '60', ' font-weight="bold"', '50.00']);
  expect(Number(amount[0]?.[0])).toBe(left);
});

it('the picture keeps everything on the paper', async () => {
  for (const name of Object.keys(settledProfiles) as (keyof typeof settledProfiles)[]) {
    const svg = await picture(name);
    for (const [left, , wide, , length] of texts(svg)) {
      expect(Number(left) + Number(wide) * Number(length)).toBeLessThanOrEqual(
        settledProfiles[name].columns * 12,
      );
    }
    expect(svg).toMatch(/<path d="M\d+ \d+h\d+v\d+h-\d+z/);
  }
});

it('text on a slip stays text in its picture', async () => {
  const svg = await picture('gb18030-80mm', '<script>alert("1")</script>&');
  expect(svg).not.toContain('<script');
  expect(svg).toContain('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;');
});
