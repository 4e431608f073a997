import type { SoftwareDesfireKeys } from './software-authority.ts';

/**
 * Master keys that everybody knows, for tests and the simulated station: the system identifier is the one of AN10922's
 * own example ("NXP Abu").
 */
export const testDesfireKeys = {
  load: [
    {
      number: 1,
      version: 1,
      key: Uint8Array.from(Buffer.from('4465736669726520746F702D7570206B', 'hex')),
    },
  ],
  transactionMac: Uint8Array.from(Buffer.from('5472616E73616374696F6E204D41436B', 'hex')),
  diversification: {
    systemIdentifier: Uint8Array.from(Buffer.from('4E585020416275', 'hex')),
  },
} as const satisfies SoftwareDesfireKeys;
