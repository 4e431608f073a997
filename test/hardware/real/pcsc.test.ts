import { afterAll, beforeAll, describe } from 'vitest';
import { Pcscd } from '../../../hardware/rig/virtual/pcscd.ts';
import { describeReader } from '../reader/contract.ts';
import { driverNames, drivers, pcscRig } from './real-rig.ts';

describe.each(driverNames)('by the driver "%s"', (driver) => {
  const pcscd = new Pcscd();
  beforeAll(async () => {
    await drivers[driver].assertUsable();
    await pcscd.start();
  });
  afterAll(() => pcscd.kill());

  describeReader('a reader through pcscd', async () => pcscRig({ driver }));
});
