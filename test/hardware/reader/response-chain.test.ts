import { describe, expect, it } from 'vitest';
import { wholeResponse } from '../../../hardware/reader/response-chain.ts';

/** What went over the wire, and what became of it, where the card answers with these one after the other. */
async function carry(command: string, overT0: boolean, ...answers: readonly string[]) {
  const sent: string[] = [];
  const response = await wholeResponse(bytes(command), overT0, async (next) => {
    sent.push(Buffer.from(next).toString('hex'));
    return bytes(answers[Math.min(sent.length, answers.length) - 1] ?? '');
  });
  return { sent, response: response === null ? null : Buffer.from(response).toString('hex') };
}

function bytes(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex, 'hex'));
}

const creditForLoad = '805200000b20260302160000aabbccdd04';

describe('over T=0', () => {
  it('a credit goes out once, without Le, and its TAC is fetched', async () => {
    expect(await carry(creditForLoad, true, '6104', '112233449000')).toEqual({
      sent: [creditForLoad.slice(0, -2), '00c0000004'],
      response: '112233449000',
    });
  });

  it('a credit whose TAC cannot be fetched ends with what the card said last', async () => {
    expect(await carry(creditForLoad, true, '6104', '6f00')).toMatchObject({ response: '6f00' });
  });

  it('a command without data and answer has a fifth byte', async () => {
    expect(await carry('00440000', true, '9000')).toEqual({
      sent: ['0044000000'],
      response: '9000',
    });
  });

  it('a command that only sends data is sent as it is', async () => {
    const verifyPin = '0020000003123456';
    expect(await carry(verifyPin, true, '63c2')).toEqual({ sent: [verifyPin], response: '63c2' });
  });

  it('a wrong length is asked for again with the right one, also of GET RESPONSE', async () => {
    expect(await carry('00b0950000', true, '6c03', '0102039000')).toEqual({
      sent: ['00b0950000', '00b0950003'],
      response: '0102039000',
    });
    expect((await carry('00a4040001aa00', true, '6104', '6c02', '01029000')).sent).toEqual([
      '00a4040001aa',
      '00c0000004',
      '00c0000002',
    ]);
  });

  it('a long answer is put together from its parts', async () => {
    expect((await carry('00b0950000', true, '01026102', '03049000')).response).toBe('010203049000');
  });
});

describe('over T=1', () => {
  it('commands go out as they are', async () => {
    expect(await carry(creditForLoad, false, '112233449000')).toEqual({
      sent: [creditForLoad],
      response: '112233449000',
    });
    expect((await carry('00440000', false, '9000')).sent).toEqual(['00440000']);
  });

  it('a command that wants no answer has no length to correct', async () => {
    const verifyPin = '0020000003123456';
    expect(await carry(verifyPin, false, '6c05')).toEqual({ sent: [verifyPin], response: '6c05' });
  });
});

describe('a card that is not well', () => {
  it.each(['', '90'])('answers "%s", which is no response', async (answer) => {
    expect((await carry('00b0950000', false, answer)).response).toBeNull();
  });

  it.each(['6110', '6c10'])('answers %s for ever, and is given up', async (answer) => {
    const { sent, response } = await carry('00b0950000', true, answer);
    expect(response).toBeNull();
    expect(sent).toHaveLength(16);
  });
});
