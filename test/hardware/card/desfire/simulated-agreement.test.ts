import { createCipheriv } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aesKey, cmac } from '../../../../hardware/card/desfire/aes-cmac.ts';
import { SimulatedAesKey } from '../../../../hardware/card/desfire/simulated-aes.ts';
import {
  simulatedCardKey,
  simulatedCmac,
} from '../../../../hardware/card/desfire/simulated-cipher.ts';
import {
  type SimulatedDesfireProgram,
  simulatedTransitDesfireProgram as transit,
} from '../../../../hardware/card/desfire/simulated-program.ts';
import { fromHex, toHex } from '../../../../hardware/card/hex.ts';
import { Conversation, issue } from './simulated-conversation.ts';

describe('two codes that share nothing but the standard agree', () => {
  const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });

  it('on AES', () => {
    fc.assert(
      fc.property(bytes(16), bytes(16), (key, block) => {
        const cipher = createCipheriv('aes-128-ecb', key, null).setAutoPadding(false);
        const expected = cipher.update(block);
        const own = new SimulatedAesKey(key);
        expect(toHex(own.encipher(block))).toBe(toHex(expected));
        expect(toHex(own.decipher(expected))).toBe(toHex(block));
      }),
    );
  });

  it('on CMAC', () => {
    fc.assert(
      fc.property(bytes(16), fc.uint8Array({ maxLength: 70 }), bytes(16), (key, message, chain) => {
        const own = simulatedCmac(new SimulatedAesKey(key), [...message], [...chain]);
        expect(toHex(Uint8Array.from(own))).toBe(toHex(cmac(aesKey(key), message, chain)));
      }),
    );
  });

  it('on whole conversations, in every mode', () => {
    const comm = fc.constantFrom('plain', 'mac', 'full');
    const messaging = fc.constantFrom('ev1', 'ev2');
    const amount = fc.integer({ min: 0, max: 2_000 });
    const step = fc.oneof(
      fc.record({ kind: fc.constantFrom('credit', 'debit'), amount }),
      fc.record({ kind: fc.constant('record'), data: bytes(32) }),
      fc.record({ kind: fc.constantFrom('value', 'records', 'commit') }),
    );
    fc.assert(
      fc.property(
        messaging,
        comm,
        comm,
        fc.array(step, { maxLength: 12 }),
        (sm, of, log, steps) => {
          const card = issue(programOf(of, log), { balance: 100_000 });
          const terminal = new Conversation(card).select(transit.application);
          expect(terminal.authenticate(1, sm)).toBe('00');
          let pending = 0;
          let changed = false;
          for (const each of steps) {
            switch (each.kind) {
              case 'credit':
              case 'debit': {
                const data = toHex(littleEndian(each.amount));
                const ins = each.kind === 'credit' ? 0x0c : 0xdc;
                expect(terminal.secure(ins, '02', { comm: of, data, messaging: sm }).status).toBe(
                  '00',
                );
                pending += each.kind === 'credit' ? each.amount : -each.amount;
                changed = true;
                break;
              }
              case 'record': {
                const data = toHex(each.data);
                terminal.secure(0x3b, '03000000200000', { comm: log, data, messaging: sm });
                changed = true;
                break;
              }
              case 'value': {
                const asked = { comm: of, lengthBytes: 4, messaging: sm } as const;
                const { data } = terminal.secure(0x6c, '02', asked);
                expect(data).toBe(toHex(littleEndian(card.books.balance)));
                break;
              }
              case 'records': {
                if (card.books.records === 0) break;
                const lengthBytes = 32 * card.books.records;
                const asked = { comm: log, lengthBytes, messaging: sm } as const;
                const { data } = terminal.secure(0xbb, '03000000000000', asked);
                expect(data).toBe(card.memory.records.toReversed().join('').toUpperCase());
                break;
              }
              case 'commit': {
                if (!changed) break;
                const before = card.books.balance;
                terminal.secure(0xc7, '', { messaging: sm });
                expect(card.books.balance).toBe(before + pending);
                pending = 0;
                changed = false;
              }
            }
          }
        },
      ),
    );
  });

  function programOf(
    value: 'plain' | 'mac' | 'full',
    records: 'plain' | 'mac' | 'full',
  ): SimulatedDesfireProgram {
    return {
      ...transit,
      valueFile: { ...transit.valueFile, comm: value },
      recordFile: { ...transit.recordFile, comm: records },
    };
  }

  function littleEndian(value: number): Uint8Array {
    return Uint8Array.of(value, value >> 8, value >> 16, value >> 24);
  }
});

describe('an issuer’s card key is made of two blocks, whatever the length of what tells the card from others', () => {
  it.each([
    [1, '281049D52ECBC8F60961993D34DE3D54'],
    [7, 'E8B7F67C78C34AF1446E331EF7E6D3FF'],
    [15, '5A3C7F6F0687F24F82DEE7EDA0970D08'],
    [16, 'FEED9FBD36CDB16819A72D30BCF9240B'],
    [31, '21C28CD89BB3147F66C7DBD4851CAB20'],
  ])('%i bytes', (length, expected) => {
    const input = Uint8Array.from({ length }, (_, at) => at);
    expect(toHex(simulatedCardKey(fromHex('00112233445566778899AABBCCDDEEFF'), input))).toBe(
      expected,
    );
  });
});
