import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../../hardware/card/hex.ts';
import { testMasterKeys } from '../../../hardware/card/pboc/test-keys.ts';
import { SimulatedGarbledCard, SimulatedMuteCard } from '../../../hardware/card/simulated.ts';
import type { ApduFault } from '../../../hardware/reader/simulated.ts';
import type { SamAnswer, SamQuestion } from '../../../hardware/sam/port.ts';
import { down, up } from '../../../main/contract/device.ts';
import { inTime } from '../card/card-station.ts';
import { issueSam, type SamSlot, samKeys, samSettings, samSlot } from './card-slot.ts';

/** INITIALIZE FOR LOAD of 100 at a card with the key of cards.md V3, and its TAC: one question of each deed. */
const number = '4100000099999432';
const tacQuestion: SamQuestion = {
  family: 'pboc',
  deed: 'verify-tac',
  body: {
    transactionType: 2,
    cardNumber: number,
    amount: 100,
    terminalId: '000001000050',
    dateTime: '20240131120000',
    balanceAfter: 1_100,
    counter: 1,
    tac: '00000000',
  },
  repeatable: true,
};
const notGenuine: SamAnswer = { kind: 'done', body: { genuine: false } };

const putIn = 'SAM card for pboc cards: it is not in its slot: put it in';
const ready = 'SAM card for pboc cards: ready';

function ask({ sam, clock }: SamSlot): Promise<SamAnswer> {
  return inTime(clock, sam.ask(tacQuestion));
}

describe('a SAM card in its slot', () => {
  it('is ready once it is there, and says so in one line', async () => {
    const slot = await samSlot();
    expect(slot.healths).toEqual([down('unplugged'), up]);
    expect(slot.log).toEqual([ready]);
    expect(await ask(slot)).toEqual(notGenuine);
  });

  it('is powered once, however often it is asked', async () => {
    const slot = await samSlot();
    const prepared = slot.reader.apdus;
    await ask(slot);
    await ask(slot);
    // INIT FOR DESCRYPT and DES CRYPT for each TAC.
    expect(slot.reader.apdus - prepared).toBe(4);
  });

  it('is missed with the remedy, and found when somebody puts it in', async () => {
    const slot = await samSlot({ card: null });
    expect(slot.log).toEqual([putIn]);
    expect(await ask(slot)).toEqual({
      kind: 'failed',
      detail: 'the SAM card: it is not in its slot: put it in',
    });
    slot.reader.insert(issueSam());
    await slot.clock.settle();
    expect(slot.healths.at(-1)).toEqual(up);
    expect(await ask(slot)).toEqual(notGenuine);
  });

  it('pulled and put back between two questions, serves the second', async () => {
    const slot = await samSlot();
    const card = issueSam();
    slot.reader.pull();
    slot.reader.insert(card);
    expect(await ask(slot)).toEqual(notGenuine);
    expect(slot.healths).toEqual([down('unplugged'), up]);
  });

  it('is down while its reader, or the service, is away, and up again after', async () => {
    const slot = await samSlot();
    slot.reader.unplug();
    await slot.clock.settle();
    expect(slot.healths.at(-1)).toEqual(down('unplugged'));
    slot.reader.plug();
    await slot.clock.settle();
    slot.reader.stopService();
    await slot.clock.settle();
    expect(slot.healths.at(-1)).toEqual(down('service-down'));
    slot.reader.startService();
    await slot.clock.settle();
    expect(slot.healths.at(-1)).toEqual(up);
    expect(slot.log).toEqual([
      ready,
      'SAM card for pboc cards: its reader is not there: plug it in',
      ready,
      'SAM card for pboc cards: the smart card service is down: start pcscd',
      ready,
    ]);
    expect(await ask(slot)).toEqual(notGenuine);
  });

  it('is busy while another program holds it, and found when it lets go', async () => {
    const slot = await samSlot({ card: null });
    slot.reader.setBusy(true);
    slot.reader.insert(issueSam());
    await slot.clock.settle();
    expect(slot.healths.at(-1)).toEqual(down('busy'));
    slot.reader.setBusy(false);
    await slot.clock.settle();
    expect(slot.healths.at(-1)).toEqual(up);
  });

  it('answers questions one after the other, in the order in which they came', async () => {
    const slot = await samSlot();
    slot.reader.latencyMs = 100;
    const answered: number[] = [];
    const all = [0, 1, 2].map(async (nth) => {
      const answer = await slot.sam.ask(tacQuestion);
      answered.push(nth);
      return answer;
    });
    expect(await inTime(slot.clock, Promise.all(all))).toEqual([
      notGenuine,
      notGenuine,
      notGenuine,
    ]);
    expect(answered).toEqual([0, 1, 2]);
  });

  it('says in time that a slow SAM has not answered, and asks it nothing that nobody waits for', async () => {
    const slot = await samSlot();
    slot.reader.latencyMs = 900;
    const late = Promise.all([1, 2, 3].map(() => slot.sam.ask(tacQuestion)));
    const startMs = slot.clock.nowMs();
    const before = slot.reader.apdus;
    const answers = await inTime(slot.clock, late);
    expect(answers.map(({ kind }) => kind)).toEqual(['done', 'failed', 'failed']);
    expect(slot.clock.nowMs() - startMs).toBeLessThanOrEqual(2_500);
    await slot.clock.advance(10_000);
    expect(slot.reader.apdus - before).toBe(4);
  });

  it('holds no keys of another family', async () => {
    const { sam } = await samSlot();
    expect(await sam.ask({ ...tacQuestion, family: 'desfire' })).toEqual({
      kind: 'failed',
      detail: 'the SAM card holds no keys of desfire cards',
    });
  });

  it('leaves a question that it is closed upon without waiting', async () => {
    const slot = await samSlot();
    slot.reader.latencyMs = 200;
    const asked = slot.sam.ask(tacQuestion);
    await slot.clock.advance(50);
    await inTime(slot.clock, slot.sam.close());
    expect((await asked).kind).toBe('failed');
    expect(slot.healths).toEqual([down('unplugged'), up]);
  });
});

describe('a SAM card that is pulled, falls silent or talks nonsense', () => {
  const faults: readonly { readonly what: string; readonly fault: ApduFault }[] = [
    { what: 'pulled before', fault: { kind: 'tear-before' } },
    { what: 'pulled after', fault: { kind: 'tear-after' } },
    { what: 'mute at', fault: { kind: 'mute' } },
    { what: 'late at', fault: { kind: 'late' } },
    { what: 'garbled at', fault: { kind: 'garbled' } },
  ];
  const places = faults.flatMap((fault) => [0, 1].map((nth) => ({ ...fault, nth })));

  it.each(places)(
    '$what command $nth of a question: it fails, and the next is served',
    async ({ fault, nth }) => {
      const slot = await samSlot();
      const { reader, clock, healths } = slot;
      reader.injectFault(nth, fault);
      const answer = await ask(slot);
      if (answer.kind !== 'failed') throw new Error('answered all the same');
      expect(answer.detail).toMatch(/^the SAM card: it(s answers| is not in its slot| does not)/);
      await clock.settle();
      if (fault.kind.startsWith('tear')) {
        expect(healths.at(-1)).toEqual(down('unplugged'));
        reader.insert(issueSam());
        await clock.settle();
      }
      expect(healths.at(-1)).toEqual(up);
      expect(await ask(slot)).toEqual(notGenuine);
    },
  );

  it.each(places)(
    '$what command $nth while it is made ready: it is found again',
    async ({ fault, nth }) => {
      const slot = await samSlot({ card: null });
      const { reader, clock, healths } = slot;
      reader.injectFault(nth, fault);
      reader.insert(issueSam());
      await clock.advance(2_000);
      if (fault.kind.startsWith('tear')) reader.insert(issueSam());
      else expect(healths.at(-1)).toEqual(down('silent'));
      await clock.advance(15_000);
      expect(healths.at(-1)).toEqual(up);
      expect(await ask(slot)).toEqual(notGenuine);
    },
  );

  it.each([
    new SimulatedMuteCard({ answersReset: true }),
    new SimulatedMuteCard({ answersReset: false }),
    new SimulatedGarbledCard(),
  ])('a $label in the slot is silent, with one line however long it stays', async (card) => {
    const slot = await samSlot({ card: null });
    slot.reader.insert(card);
    await slot.clock.advance(120_000);
    expect(slot.healths).toEqual([down('unplugged'), down('silent')]);
    expect(slot.log).toHaveLength(2);
    slot.reader.pull();
    slot.reader.insert(issueSam());
    await slot.clock.settle();
    expect(slot.healths.at(-1)).toEqual(up);
  });
});

describe('a SAM card that cannot serve', () => {
  let folder = '';
  let file = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sam-pin-'));
    file = join(folder, 'pin');
  });
  afterEach(() => rm(folder, { recursive: true }));

  /** Reading the PIN file takes real time. */
  async function said(slot: SamSlot, line: RegExp): Promise<void> {
    await expect.poll(() => slot.log.join('\n'), { timeout: 5_000 }).toMatch(line);
  }

  const withPin = () => ({ ...samSettings, pin: { file, reference: 0 } });
  const pin = { bytes: fromHex('313233343536'), tries: 3 };

  it('opens itself with the PIN from its file, after each power-up', async () => {
    await writeFile(file, '31 32 33 34 35 36\n');
    const card = issueSam({ pin });
    const slot = await samSlot({ card, settings: withPin() });
    await said(slot, /ready$/);
    slot.reader.pull();
    await said(slot, /put it in$/);
    slot.reader.insert(card);
    await said(slot, /ready$/);
    expect(await ask(slot)).toEqual(notGenuine);
    expect(card.pinTriesLeft).toBe(3);
  });

  it('is not offered a PIN twice that it has refused, until somebody corrects it', async () => {
    await writeFile(file, '313233343537');
    const card = issueSam({ pin });
    const slot = await samSlot({ card, settings: withPin() });
    const refused =
      /VERIFY PIN answered 63C2 \(PIN wrong, 2 tries left\): correct the PIN in [^\n]*$/;
    await said(slot, refused);
    expect(slot.healths.at(-1)).toEqual(down('not-ready'));
    for (let times = 0; times < 3; times += 1) {
      slot.reader.pull();
      await said(slot, /put it in$/);
      slot.reader.insert(card);
      await said(slot, refused);
      await slot.clock.advance(60_000);
    }
    expect(card.pinTriesLeft).toBe(2);
    expect(slot.log).toHaveLength(7);

    await writeFile(file, '313233343536');
    await utimes(file, new Date(), new Date(Date.now() + 60_000));
    await slot.clock.advance(10_000);
    await said(slot, /ready$/);
    expect(await ask(slot)).toEqual(notGenuine);
  });

  it('says that it is locked, and what to do', async () => {
    await writeFile(file, '313233343536');
    const card = issueSam({ pin: { ...pin, tries: 0 } });
    const slot = await samSlot({ card, settings: withPin() });
    await said(slot, /VERIFY PIN answered 6983 \(PIN blocked\): .*or have the SAM unlocked$/);
    expect((await ask(slot)).kind).toBe('failed');
  });

  it.each([
    ['there is no PIN file', null],
    ['the PIN file holds no hex', 'secret!'],
    ['the PIN file is empty', '\n'],
  ])('asks for the PIN where %s, and never shows what is in it', async (_name, content) => {
    if (content !== null) await writeFile(file, content);
    const card = issueSam({ pin });
    const slot = await samSlot({ card, settings: withPin() });
    await said(slot, /no PIN in hex can be read from .*: write it there$/);
    expect(slot.log.join()).not.toContain('secret');
    expect(card.pinTriesLeft).toBe(3);
  });

  it.each([
    ['load key', samKeys[1], /load key 1 as the SAM’s manual has it/],
    ['TAC key', samKeys[0], /TAC key as the SAM’s manual has it/],
  ])('names the %s that is missing', async (_name, key, words) => {
    const slot = await samSlot({ card: issueSam({ keys: [key] }) });
    expect(slot.healths.at(-1)).toEqual(down('not-ready'));
    expect(slot.log).toHaveLength(1);
    expect(slot.log[0]).toMatch(/INIT FOR DESCRYPT answered 6A88 \(no such key\)/);
    expect(slot.log[0]).toMatch(words);
  });

  it('says that it lacks the application, and serves as soon as the right SAM is put in', async () => {
    const slot = await samSlot({ card: issueSam({ application: 'A000000003869807' }) });
    expect(slot.log[0]).toMatch(/SELECT answered 6A82 \(no such application\): .*right SAM$/);
    slot.reader.pull();
    slot.reader.insert(issueSam());
    await slot.clock.settle();
    expect(slot.healths.at(-1)).toEqual(up);
  });

  it('never shows a byte of a PIN or a key, whatever goes wrong', async () => {
    await writeFile(file, '313233343537');
    const slot = await samSlot({ card: issueSam({ pin }), settings: withPin() });
    await said(slot, /PIN wrong/);
    const shown = [...slot.log, JSON.stringify(await ask(slot))].join('\n');
    for (const secret of ['313233', toHex(testMasterKeys.tac), toHex(testMasterKeys.load[0].key)]) {
      expect(shown).not.toContain(secret);
    }
  });
});
