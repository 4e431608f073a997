import { beforeEach, expect, it } from 'vitest';
import { SimulatedLine } from '../../../hardware/line/simulated.ts';
import { askSensors, paperQuery } from '../../../hardware/printer/commands.ts';
import { createReceiptPrinter } from '../../../hardware/printer/driver.ts';
import { identifyPrinter } from '../../../hardware/printer/identify.ts';
import { printerProfiles, settledProfiles } from '../../../hardware/printer/profile.ts';
import { SimulatedPrinter } from '../../../hardware/printer/simulated.ts';
import { automaticStatus } from '../../../hardware/printer/simulated-status.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { printerRig } from './rig.ts';
import { sampleReceipt } from './sample.ts';

/** What web servers say to bytes that are no request of theirs: one in a few words, one with a page. */
const refusals = [
  'HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n',
  'HTTP/1.1 400 Bad Request\r\nServer: nginx/1.22.1\r\nDate: Sat, 21 Nov 2026 18:20:07 GMT\r\n' +
    'Content-Type: text/html\r\nContent-Length: 157\r\nConnection: close\r\n\r\n' +
    '<html>\r\n<head><title>400 Bad Request</title></head>\r\n<body>\r\n' +
    '<center><h1>400 Bad Request</h1></center>\r\n<hr><center>nginx/1.22.1</center>\r\n</body>\r\n</html>\r\n',
] as const;

let clock: VirtualClock;
let line: SimulatedLine;
beforeEach(() => {
  clock = new VirtualClock();
  line = new SimulatedLine(clock);
});

/** A driver that knows nothing of what is at the far end, and all that is told of it. */
function driverOf() {
  const told: string[] = [];
  const driver = createReceiptPrinter({
    line,
    profile: printerProfiles['80mm'],
    clock,
    onPaperLow: (low) => told.push(low ? 'paper low' : 'paper new'),
    onFound: () => told.push('found'),
  });
  driver.watch((health) => told.push(health.kind === 'up' ? 'up' : health.fault));
  return { driver, told };
}

/** Answers whatever it is sent. One that hangs up is called again after 250 ms, as a TCP line does. */
function strangerAt(answer: string, then: 'hangs up' | 'stays'): void {
  let isGone = false;
  line.far.listen(() => {
    line.far.send(Buffer.from(answer, 'latin1'));
    if (then === 'stays' || isGone) return;
    isGone = true;
    clock.after(10, () => line.unplug());
    clock.after(260, () => {
      isGone = false;
      line.plug();
    });
  });
}

it.each(refusals.flatMap((answer) => [[answer, 'hangs up'] as const, [answer, 'stays'] as const]))(
  '%j is no printer that says how it is, whoever says it %s',
  async (answer, then) => {
    strangerAt(answer, then);
    const { driver, told } = driverOf();
    await clock.advance(60_000);
    expect(told).toEqual(['silent', 'garbled']);
    const answers: unknown[] = [];
    void driver.ready().then((given) => answers.push(given));
    await clock.until(() => answers.length > 0);
    expect(answers).toEqual([{ kind: 'not-ready', fault: 'garbled' }]);
  },
);

it.each(['hangs up', 'stays'] as const)(
  'a printer that takes the place of a web server that %s is ready by itself',
  async (then) => {
    strangerAt(refusals[1], then);
    const { driver, told } = driverOf();
    await clock.advance(60_000);
    const printer = new SimulatedPrinter({ clock, far: line.far, columns: 48 });
    await clock.advance(10_000);
    expect(told.filter((what) => what !== 'not-ready')).toEqual([
      'silent',
      'garbled',
      'found',
      'up',
    ]);
    expect(await driver.print({ receipt: sampleReceipt(), copy: 'original' })).toEqual({
      kind: 'printed',
    });
    expect(printer.slips).toHaveLength(1);
  },
);

it('a stranger that is unplugged is so called soon', async () => {
  strangerAt(refusals[1], 'stays');
  const { told } = driverOf();
  await clock.advance(10_000);
  line.unplug();
  await clock.advance(60_000);
  expect(told).toEqual(['silent', 'garbled', 'unplugged']);
});

it('a printer that tells who it is in a way that nobody knows is a printer all the same', async () => {
  const asksWho = Buffer.of(0x1d, 0x49);
  // Its bare name, without the frame that belongs around it: 打印机 in GB18030.
  const name = Buffer.of(0xb4, 0xf2, 0xd3, 0xa1, 0xbb, 0xfa);
  const far = {
    ...line.far,
    listen: (onBytes: (bytes: Uint8Array) => void) =>
      line.far.listen((bytes) => {
        if (Buffer.from(bytes).includes(asksWho)) line.far.send(name);
        onBytes(bytes);
      }),
  };
  const printer = new SimulatedPrinter({
    clock,
    far,
    columns: 48,
    knowsProcessId: false,
    identity: null,
  });
  const { driver, told } = driverOf();
  await clock.advance(60_000);
  expect(told.slice(told.indexOf('up'))).toEqual(['up']);
  expect(await driver.ready()).toEqual({ kind: 'ready' });
  expect(printer.protocolErrors).toEqual([]);
});

it('a byte that was damaged on the way changes nothing', async () => {
  new SimulatedPrinter({ clock, far: line.far, columns: 48 });
  const { told } = driverOf();
  await clock.advance(5_000);
  const before = told.length;
  for (let times = 0; times < 100; times += 1) {
    line.far.send(Uint8Array.of(0xff));
    await clock.advance(5_000);
  }
  expect(told.slice(before)).toEqual([]);
});

it('paper near its end is told once it is sure, however the sensor flutters before', async () => {
  new SimulatedPrinter({ clock, far: line.far, columns: 48 });
  const { told } = driverOf();
  await clock.advance(5_000);
  const before = told.length;
  const well = {
    isStopped: false,
    isOut: false,
    isCoverOpen: false,
    isCutterError: false,
    isHeadHot: false,
  };
  const say = (isLow: boolean) =>
    line.far.send(Uint8Array.from(automaticStatus({ ...well, isLow })));
  for (let times = 0; times < 40; times += 1) {
    say(times % 2 === 0);
    await clock.advance(300);
  }
  expect(told.slice(before)).toEqual([]);
});

it('a technician who looks for a printer where a web server is, is told that it is none', async () => {
  for (const then of ['hangs up', 'stays'] as const) {
    strangerAt(refusals[0], then);
    const answers: unknown[] = [];
    void identifyPrinter(line, clock, 4_000).then((answer) => answers.push(answer));
    await clock.until(() => answers.length > 0);
    expect(answers).toMatchObject([{ maker: null, paperLow: null, fault: 'garbled' }]);
  }
});

it('a receipt is not called printed when nonsense comes after what looked like its confirmation', async () => {
  const rig = await printerRig(settledProfiles['gb18030-58mm-plain']);
  expect(await rig.driver.ready()).toEqual({ kind: 'ready' });
  rig.line.far.listen((bytes) => {
    const end = Buffer.from(bytes).subarray(-paperQuery.length);
    if (end.equals(paperQuery)) rig.line.far.send(Uint8Array.of(0));
    else if (Buffer.from(bytes).equals(askSensors)) rig.line.far.send(Buffer.alloc(16, 0xff));
  });
  const answer = await rig.print({ receipt: sampleReceipt(), copy: 'original' });
  expect(answer).toEqual({ kind: 'unknown', fault: 'garbled' });
});
