import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../../hardware/card/hex.ts';
import { authoriseLoad } from '../../../hardware/card/pboc/authority.ts';
import { diversify } from '../../../hardware/card/pboc/load-mac.ts';
import { cityCard } from '../../../hardware/card/pboc/profiles.ts';
import { simulatedCityProgram } from '../../../hardware/card/pboc/simulated.ts';
import { softwarePboc } from '../../../hardware/card/pboc/software-authority.ts';
import { testMasterKeys } from '../../../hardware/card/pboc/test-keys.ts';
import { ask } from '../../../hardware/sam/deed.ts';
import { SoftwareSam } from '../../../hardware/sam/software.ts';
import { Canary } from '../../support/canary.ts';
import { cardNumber, cardStation, inTime, issueCard, loadOf } from './card-station.ts';

const serial = fromHex(cardNumber);
const keys = [
  testMasterKeys.load[0].key,
  testMasterKeys.tac,
  diversify(testMasterKeys.load[0].key, serial),
  diversify(testMasterKeys.tac, serial),
];

const canary = new Canary(keys);

function expectNoKeyIn(what: string): void {
  expect(canary.findIn(what)).toBeNull();
}

function everythingOf(value: unknown): string {
  const seen = [
    String(value),
    JSON.stringify(value) ?? '',
    inspect(value, { depth: 20, showHidden: true, getters: true, maxArrayLength: null }),
  ];
  if (value instanceof Error) seen.push(value.message, value.stack ?? '');
  return seen.join('\n');
}

describe('keys stay in the SAM', () => {
  it('and this test would see one that does not', () => {
    const leak = { key: keys[0], text: toHex(keys[2] ?? new Uint8Array()) };
    expect(() => expectNoKeyIn(everythingOf(leak))).toThrow();
    for (const written of [inspect(keys[1]), JSON.stringify(keys[1])]) {
      expect(() => expectNoKeyIn(written)).toThrow();
    }
  });

  it('whatever is printed of the SAM, the station or a load', async () => {
    const station = cardStation([cityCard]);
    const card = issueCard(simulatedCityProgram);
    const trace: string[] = [];
    station.reader.watchApdus((command, response) => {
      trace.push(toHex(command), response === null ? '' : toHex(response));
    });
    station.reader.insert(card);
    const answers: unknown[] = [await station.cards.read()];
    const order = loadOf(cityCard, 5_000);
    answers.push(await station.cards.prepare(order), station.cards, station.sam);
    answers.push(await station.cards.credit(), card, station.reader);
    expect(answers[4]).toMatchObject({ kind: 'done' });
    for (const answer of answers) expectNoKeyIn(everythingOf(answer));
    expectNoKeyIn(trace.join('\n'));
  });

  it('whatever goes wrong at any command of a load', async () => {
    for (let nth = 0; nth < 8; nth += 1) {
      for (const response of ['6F00', '9302', '6985', '9000', '00', '']) {
        const station = cardStation([cityCard]);
        station.reader.insert(issueCard(simulatedCityProgram));
        station.reader.injectFault(nth, { kind: 'answered-with', response: fromHex(response) });
        const order = loadOf(cityCard, 5_000);
        const prepared = await inTime(station.clock, station.cards.prepare(order));
        expectNoKeyIn(everythingOf(prepared));
        if (prepared.kind !== 'done') continue;
        const credited = await inTime(station.clock, station.cards.credit());
        expectNoKeyIn(everythingOf(credited));
      }
    }
  });

  it('when keys are given wrongly, or questions are put wrongly', async () => {
    const warnings: string[] = [];
    const onWarning = (warning: string) => warnings.push(warning);
    const short = { ...testMasterKeys, tac: testMasterKeys.tac.slice(1) };
    let thrown: unknown = null;
    try {
      softwarePboc(short);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(RangeError);
    expectNoKeyIn(everythingOf(thrown));
    const applet = softwarePboc(testMasterKeys);
    const sam = new SoftwareSam({ applets: { pboc: applet }, onWarning });
    const answer = await ask({ ask: applet.answer }, authoriseLoad, {
      reference: 'A1/1',
      transactionType: 2,
      cardNumber: serial,
      amount: 1,
      terminalId: new Uint8Array(6),
      challenge: Uint8Array.of(0, 0, 0, 0, 0, 0, 1, 0, 1, 2, 3, 4, 0, 0, 0, 0),
      dateTime: new Uint8Array(7),
    });
    expect(answer).toEqual({ kind: 'done', answer: { mac2: null } });
    const wrong = await applet.answer('authorise-load', { challenge: 1 });
    expect(wrong.kind).toBe('failed');
    expectNoKeyIn(everythingOf(wrong) + everythingOf(applet));
    expectNoKeyIn(everythingOf(sam) + warnings.join('\n'));
  });
});
