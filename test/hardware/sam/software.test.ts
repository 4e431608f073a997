import { describe, expect, it } from 'vitest';
import { softwarePboc } from '../../../hardware/card/pboc/software-authority.ts';
import { testMasterKeys } from '../../../hardware/card/pboc/test-keys.ts';
import { SoftwareSam } from '../../../hardware/sam/software.ts';
import type { Health } from '../../../main/contract/device.ts';

function softwareSam(onWarning: (warning: string) => void = () => {}): SoftwareSam {
  return new SoftwareSam({ applets: { pboc: softwarePboc(testMasterKeys) }, onWarning });
}

describe('the software SAM', () => {
  it('says once, loudly, that it is none for real money', () => {
    const warnings: string[] = [];
    softwareSam((warning) => warnings.push(warning));
    expect(warnings).toEqual([
      'software SAM: test keys only, held in memory, never for real money',
    ]);
  });

  it('is up, and says of which families it holds keys', () => {
    const told: Health['kind'][] = [];
    const sam = softwareSam();
    sam.watch(({ kind }) => told.push(kind));
    expect(told).toEqual(['up']);
    expect(sam.families).toEqual(['pboc']);
  });

  it('names the family of which it holds no keys, and the deed that it does not know', async () => {
    const asked = { family: 'pboc', deed: 'unload', body: {}, repeatable: true };
    expect(await softwareSam().ask(asked)).toEqual({
      kind: 'failed',
      detail: 'the SAM does not know unload',
    });
    expect(await softwareSam().ask({ ...asked, family: 'harbour' })).toEqual({
      kind: 'failed',
      detail: 'the SAM holds no keys of harbour cards',
    });
  });
});
