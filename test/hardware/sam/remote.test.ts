import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../../hardware/card/hex.ts';
import { loadSessionKey } from '../../../hardware/card/pboc/load-mac.ts';
import { cardKeyFromMaster } from '../../../hardware/card/pboc/simulated-mac.ts';
import { testMasterKeys } from '../../../hardware/card/pboc/test-keys.ts';
import type { SamAnswer, SamQuestion } from '../../../hardware/sam/port.ts';
import type { RemoteSamOptions } from '../../../hardware/sam/remote.ts';
import type { SimulatedSamHost } from '../../../hardware/sam/simulated-host.ts';
import type {
  ConnectionMishap,
  QuestionMishap,
} from '../../../hardware/sam/simulated-host-mishaps.ts';
import { down, type Health, up } from '../../../main/contract/device.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { cardNumber } from '../card/card-station.ts';
import {
  authoriseLoadQuestion,
  faultOf,
  openStation,
  type RemoteStation,
  rightAnswer,
  StationFiles,
  spend,
  startHost,
  until,
} from './remote-station.ts';

const ready = 'the SAM host HOST is ready for pboc, toy cards';
const lost = 'the connection to the SAM host HOST was lost';

let files: StationFiles;
let host: SimulatedSamHost;
const stations: RemoteStation[] = [];

beforeEach(async () => {
  files = new StationFiles();
  host = startHost();
  await host.listen();
});

afterEach(async () => {
  for (const { sam } of stations.splice(0)) await sam.close();
  await host.vanish();
  files.remove();
});

function open(rest: Partial<RemoteSamOptions> = {}): RemoteStation {
  const station = openStation(host.port, files, rest);
  stations.push(station);
  return station;
}

/** A station that is connected, with a clock that stands still. */
async function openInVirtualTime(rest: Partial<RemoteSamOptions> = {}) {
  const clock = new VirtualClock();
  const station = open({ clock, ...rest });
  await until(() => faultOf(station) === 'up');
  return { ...station, clock };
}

function wordFor(health: Health): string {
  return health.kind === 'up' ? 'up' : health.fault;
}

function detailOf(answer: SamAnswer): string {
  return answer.kind === 'failed'
    ? answer.detail.replaceAll(/127.0.0.1:\d+/g, 'HOST')
    : answer.kind;
}

/** Hex of the master keys, of the card's own load key, and of the session key of this very load. */
function keysInPlay({ body }: SamQuestion): readonly string[] {
  const cardKey = cardKeyFromMaster(testMasterKeys.load[0].key, cardNumber);
  const challenge = fromHex(String(body.challenge));
  const sessionKey = loadSessionKey(cardKey, challenge.subarray(8, 12), challenge.subarray(4, 6));
  const keys = [testMasterKeys.load[0].key, testMasterKeys.tac, cardKey, sessionKey];
  return keys.flatMap((key) => [toHex(key.subarray(0, 4)), toHex(key.subarray(-4))]);
}

describe('a load authority behind a host', () => {
  it('authorises a load as an authority with the same keys would here', async () => {
    const station = open();
    const question = authoriseLoadQuestion();
    expect(await station.sam.ask(question)).toEqual(await rightAnswer(question));
    expect(station.healths).toEqual([down('service-down'), up]);
    expect(station.lines).toEqual([ready]);
  });

  it('answers each of many questions that are under way together', async () => {
    const { sam } = open();
    const answers = await Promise.all(Array.from({ length: 50 }, () => sam.ask(spend)));
    const counts = answers.map((answer) => answer.kind === 'done' && answer.body.spent);
    expect(counts).toEqual(Array.from({ length: 50 }, (_, at) => at + 1));
  });

  it('passes on why it did not answer', async () => {
    const { sam } = open();
    const answer = await sam.ask({ ...spend, family: 'pboc' });
    expect(detailOf(answer)).toBe('the SAM does not know spend');
    expect(detailOf(await sam.ask({ ...spend, family: 'desfire' }))).toBe(
      'the SAM host HOST is not configured for desfire cards',
    );
  });

  it('tells how it is with each family, and asks nothing of one that is not ready', async () => {
    host.setReadiness('toy', { kind: 'not-ready', detail: 'key 3\nis missing: load it' });
    const station = open();
    const toy: string[] = [];
    const pboc: string[] = [];
    station.sam.watch((health) => toy.push(wordFor(health)), 'toy');
    station.sam.watch((health) => pboc.push(wordFor(health)), 'pboc');
    const unready = 'the SAM host HOST is not ready for toy cards: key 3 is missing: load it';
    expect(detailOf(await station.sam.ask(spend))).toBe(unready);
    expect(faultOf(station)).toBe('not-ready');
    host.setReadiness('toy', { kind: 'ready' });
    await until(() => faultOf(station) === 'up');
    expect(await station.sam.ask(spend)).toEqual({ kind: 'done', body: { spent: 1 } });
    host.setReadiness('toy', { kind: 'not-ready', detail: 'locked' });
    await until(() => faultOf(station) === 'not-ready');
    expect(detailOf(await station.sam.ask(spend))).toContain('locked');
    expect(host.asked).toHaveLength(1);
    expect(toy).toEqual(['service-down', 'not-ready', 'up', 'not-ready']);
    expect(pboc).toEqual(['service-down', 'up']);
    expect(station.lines).toEqual([
      `the SAM host HOST is ready for pboc cards; ${unready}`,
      ready,
      'the SAM host HOST is ready for pboc cards; the SAM host HOST is not ready for toy cards: locked',
    ]);
  });

  it('is not ready for a family that the host does not serve', async () => {
    const station = open({ families: ['pboc', 'desfire'] });
    await until(() => station.lines.length > 0);
    expect(faultOf(station)).toBe('not-ready');
    expect(station.lines).toEqual([
      'the SAM host HOST is ready for pboc cards; the SAM host HOST does not serve desfire cards: set it up for them',
    ]);
  });

  it('sends and is sent no key, and logs no question', async () => {
    const station = open();
    const question = authoriseLoadQuestion();
    const answer = await station.sam.ask(question);
    await host.vanish();
    await until(() => faultOf(station) === 'service-down');
    const wire = JSON.stringify([host.asked, answer]);
    expect(wire).toContain(String(question.body.challenge));
    for (const key of keysInPlay(question)) expect(wire).not.toContain(key);
    const log = station.lines.join('\n');
    for (const field of ['challenge', 'cardNumber']) {
      expect(log).not.toContain(String(question.body[field]));
    }
  });

  it('ends what is under way when the station closes, and takes no more', async () => {
    const { sam } = open();
    host.befall('never-answer');
    const answer = sam.ask(spend);
    await until(() => host.asked.length === 1);
    await sam.close();
    expect(detailOf(await answer)).toBe('the station is closing');
    expect(detailOf(await sam.ask(spend))).toBe('the station is closing');
  });

  it('does not send what is too long', async () => {
    const station = open();
    const long = await station.sam.ask({ ...spend, body: { text: ' '.repeat(65_536) } });
    expect(detailOf(long)).toBe('spend is too long a question');
    expect((await station.sam.ask(spend)).kind).toBe('done');
    expect(station.lines).toEqual([ready]);
  });
});

describe('a host that does not come to a greeting', () => {
  const mishaps: readonly [ConnectionMishap, string, string][] = [
    [
      'close-before-tls',
      'service-down',
      'the SAM host HOST closes the connection before TLS is agreed: look at the SAM host, and whether the port is its own',
    ],
    [
      'speak-no-tls',
      'garbled',
      'what answers as the SAM host HOST does not speak TLS: correct the port',
    ],
    [
      'offer-only-tls-1.2',
      'not-ready',
      'the SAM host HOST does not offer TLS 1.3: set it up for that',
    ],
    [
      'close-before-hello',
      'not-ready',
      "the SAM host HOST closes the connection without a word: perhaps it does not accept the station's certificate",
    ],
    [
      'greet-in-version-2',
      'not-ready',
      'the SAM host HOST speaks version 2 of the protocol, the station 1: bring both to one',
    ],
    ['answer-before-hello', 'garbled', 'the SAM host HOST sent answer out of its turn'],
  ];

  it.each(mishaps)('(%s) is %s, is named, and is tried again', async (mishap, fault, line) => {
    host.befall(mishap);
    const station = open();
    const answer = await station.sam.ask(spend);
    await until(() => faultOf(station) === 'up');
    expect(station.lines).toEqual([line, ready]);
    expect(station.healths).toContainEqual(expect.objectContaining({ fault }));
    // Nothing had been sent yet, so that it could wait for the next connection.
    expect(answer).toEqual({ kind: 'done', body: { spent: 1 } });
  });

  it.each([
    [
      'hang-before-tls',
      'the SAM host HOST takes the connection and says nothing: no TLS within 5000 ms; start the SAM host anew',
    ],
    [
      'hang-before-hello',
      'the SAM host HOST does not greet the station within 3000 ms; start the SAM host anew',
    ],
  ] as const)('(%s) is silent, and is tried again', async (mishap, line) => {
    host.befall(mishap);
    const clock = new VirtualClock();
    const station = open({ clock, timings: { connectMs: 5_000, helloMs: 3_000 } });
    const answer = station.sam.ask(spend);
    await until(() => host.ignored === 1);
    await clock.advance(5_000);
    expect(faultOf(station)).toBe('silent');
    expect(await station.sam.ask(spend)).toEqual({ kind: 'failed', detail: expect.any(String) });
    await clock.advance(2);
    expect(await answer).toEqual({ kind: 'done', body: { spent: 1 } });
    expect(station.lines).toEqual([line, ready]);
  });
});

describe('a connection or an answer that goes wrong', () => {
  const toldLost = 'the connection to the SAM host HOST was lost before it answered';

  it.each<[QuestionMishap, number, readonly string[]]>([
    ['drop-before-asking', 1, [lost, ready]],
    ['drop-before-answering', 1, [lost, ready]],
    ['answer-half', 1, [lost, ready]],
    ['answer-twice', 1, []],
    ['answer-no-json', 1, ['the SAM host HOST sent a message that is not JSON', ready]],
    [
      'answer-no-message',
      1,
      ['the SAM host HOST sent a message that the protocol does not have', ready],
    ],
    [
      'answer-too-long',
      1,
      ['the SAM host HOST sent a message of 65537 bytes, more than the 65536 allowed', ready],
    ],
  ])('(%s) a repeatable question is put again and answered right', async (mishap, asked, lines) => {
    const station = open();
    host.befall(mishap);
    const question = authoriseLoadQuestion();
    expect(await station.sam.ask(question)).toEqual(await rightAnswer(question));
    expect((await station.sam.ask(spend)).kind).toBe('done');
    expect(host.asked.filter(({ deed }) => deed === question.deed)).toHaveLength(asked);
    expect(station.lines).toEqual([ready, ...lines]);
  });

  it.each<[QuestionMishap, number]>([
    ['drop-before-asking', 0],
    ['drop-before-answering', 1],
    ['answer-half', 1],
    ['answer-no-json', 1],
    ['answer-no-message', 1],
    ['answer-too-long', 1],
  ])(
    '(%s) any other question is not put again, and says that the connection was lost',
    async (mishap, spent) => {
      const station = open();
      host.befall(mishap);
      expect(detailOf(await station.sam.ask(spend))).toBe(`${toldLost} spend`);
      await until(() => host.connections === 2 && faultOf(station) === 'up');
      expect(await station.sam.ask(spend)).toEqual({ kind: 'done', body: { spent: spent + 1 } });
    },
  );

  it('puts a repeatable question three times at the most', async () => {
    const { sam } = open();
    for (let at = 0; at < 3; at += 1) host.befall('drop-before-answering');
    const answer = await sam.ask(authoriseLoadQuestion());
    expect(detailOf(answer)).toBe(`${toldLost} authorise-load`);
    expect((await sam.ask(spend)).kind).toBe('done');
  });

  it.each<QuestionMishap>(['never-answer', 'answer-another', 'stop-halfway', 'answer-late'])(
    '(%s) a question ends when its time is up, and the host is asked whether it is still there',
    async (mishap) => {
      const { sam, clock, lines, healths } = await openInVirtualTime({
        timings: { questionMs: 2_500, pingMs: 60_000, pongMs: 3_000 },
      });
      host.befall(mishap);
      host.setMute(true);
      const answer = sam.ask(authoriseLoadQuestion());
      await until(() => host.ignored === 1);
      await clock.advance(2_500);
      expect(detailOf(await answer)).toBe(
        'the SAM host HOST did not answer authorise-load within 2500 ms',
      );
      await until(() => host.ignored === 2);
      await clock.advance(3_000);
      expect(healths.at(-1)).toEqual(down('silent'));
      expect(lines).toEqual([ready, 'the SAM host HOST has been silent for 3000 ms']);
    },
  );

  it('drops an answer that comes when its question has ended', async () => {
    const { sam, clock, healths } = await openInVirtualTime({ timings: { questionMs: 2_500 } });
    host.befall('answer-late');
    const late = sam.ask(spend);
    await until(() => host.ignored === 1);
    await clock.advance(2_500);
    expect((await late).kind).toBe('failed');
    host.befall('answer-late');
    const next = sam.ask(spend);
    await until(() => host.ignored === 2);
    host.sendLate();
    expect(await next).toEqual({ kind: 'done', body: { spent: 2 } });
    expect(healths.at(-1)).toEqual(up);
  });

  it('ends a question whose connection does not come back in its time, and says both', async () => {
    const { sam, clock, lines } = await openInVirtualTime({ timings: { questionMs: 2_500 } });
    host.befall('never-answer');
    const answer = sam.ask(authoriseLoadQuestion());
    await until(() => host.ignored === 1);
    host.befall('hang-before-hello');
    host.cut();
    await until(() => lines.includes(lost));
    await clock.advance(2);
    await until(() => host.ignored === 2);
    await clock.advance(2_500);
    expect(detailOf(await answer)).toBe(
      `${toldLost} authorise-load; then: the SAM host HOST was not connected within 2500 ms`,
    );
  });
});

describe('a connection over days', () => {
  it('is kept alive, and is silent where the host answers no more', async () => {
    const { clock, lines, sam } = await openInVirtualTime({
      timings: { pingMs: 10_000, pongMs: 3_000 },
    });
    const healths: string[] = [];
    sam.watch((health) => healths.push(wordFor(health)));
    for (let pings = 1; pings <= 3; pings += 1) {
      await clock.advance(10_000);
      await until(() => host.pings === pings);
      expect((await sam.ask(spend)).kind).toBe('done');
    }
    host.setMute(true);
    await clock.advance(10_000);
    await until(() => host.ignored === 1);
    await clock.advance(3_000);
    expect(healths).toEqual(['up', 'silent']);
    expect(lines).toEqual([ready, 'the SAM host HOST has been silent for 3000 ms']);
  });

  it('stays up through one that was lost, and is down when the next cannot be made', async () => {
    const station = open();
    await until(() => faultOf(station) === 'up');
    host.cut();
    await until(() => host.connections === 2 && station.lines.length === 3);
    expect(station.healths).toEqual([down('service-down'), up]);
    await host.vanish();
    await until(() => faultOf(station) === 'service-down');
    const unreachable =
      'the SAM host HOST cannot be reached (ECONNREFUSED): nothing listens there: start the SAM host, or correct the port';
    expect(detailOf(await station.sam.ask(spend))).toBe(unreachable);
    await host.listen();
    await until(() => faultOf(station) === 'up');
    expect((await station.sam.ask(spend)).kind).toBe('done');
    expect(station.lines).toEqual([ready, lost, ready, lost, unreachable, ready]);
  });

  it('is tried again after longer and longer waits', async () => {
    await host.vanish();
    const clock = new VirtualClock();
    const waits: number[] = [];
    open({
      clock: {
        nowMs: () => clock.nowMs(),
        wallMs: () => clock.wallMs(),
        after: (delayMs, callBack) => {
          if (delayMs < 1_000) waits.push(delayMs);
          return clock.after(delayMs, callBack);
        },
      },
      timings: { retryMs: 100, retryMaxMs: 400 },
    });
    for (const count of [1, 2, 3, 4]) {
      await until(() => waits.length >= count);
      await clock.advance(400);
    }
    expect(waits.slice(0, 4)).toEqual([100, 200, 400, 400]);
  });
});
