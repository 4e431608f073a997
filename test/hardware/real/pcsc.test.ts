import { afterAll, beforeAll } from 'vitest';
import { Pcscd } from '../../../hardware/rig/virtual/pcscd.ts';
import { describeReader } from '../reader/contract.ts';
import { pcscRig } from './real-rig.ts';

const pcscd = new Pcscd();
beforeAll(() => pcscd.start());
afterAll(() => pcscd.kill());

describeReader('pcsc-mini through pcscd', async () => pcscRig());
