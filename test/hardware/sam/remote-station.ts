import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, vi } from 'vitest';
import { z } from 'zod';
import { fromHex } from '../../../hardware/card/hex.ts';
import { authoriseLoad } from '../../../hardware/card/pboc/authority.ts';
import { simulatedCityProgram } from '../../../hardware/card/pboc/simulated.ts';
import { softwarePboc } from '../../../hardware/card/pboc/software-authority.ts';
import { testMasterKeys } from '../../../hardware/card/pboc/test-keys.ts';
import type { SamAnswer, SamQuestion } from '../../../hardware/sam/port.ts';
import { openRemoteSam, type RemoteSamOptions } from '../../../hardware/sam/remote.ts';
import { SimulatedSamHost } from '../../../hardware/sam/simulated-host.ts';
import type { Health } from '../../../main/contract/device.ts';
import { systemClock } from '../../../main/runtime/clock.ts';
import { type Identity, TestAuthority } from '../../support/certificates.ts';
import { cardNumber, issueCard, terminalId } from '../card/card-station.ts';

// Real sockets and handshakes: slow on a machine that is busy otherwise.
vi.setConfig({ testTimeout: 30_000 });

const operator = await TestAuthority.create();
const hostIdentity = await operator.server();
const stationIdentity = await operator.station(terminalId);

/** What an operator has made: a CA, and what it issued to a host and to a station. */
export const credentials = { operator, host: hostIdentity, station: stationIdentity };

/** What a card asks for with its INITIALIZE FOR LOAD of 5000, and so its whole load authority. */
export function authoriseLoadQuestion(): SamQuestion {
  const card = issueCard(simulatedCityProgram);
  card.powerOn();
  card.exchange(fromHex('00A4040009A00000000386980701'));
  const response = card.exchange(fromHex(`805000020B0100001388${terminalId}`));
  const body = z.encode(authoriseLoad.question, {
    reference: 'A1/1',
    transactionType: 0x02,
    cardNumber: fromHex(cardNumber),
    amount: 5_000,
    terminalId: fromHex(terminalId),
    challenge: response.slice(0, 16),
    dateTime: fromHex('20260302160000'),
  });
  return { family: 'pboc', deed: authoriseLoad.name, body, repeatable: true };
}

/** What an authority with the same keys answers to it. */
export function rightAnswer({ deed, body }: SamQuestion): Promise<SamAnswer> {
  return softwarePboc(testMasterKeys).answer(deed, body);
}

/** A question that must not be asked twice. The answer counts how often it was. */
export const spend: SamQuestion = { family: 'toy', deed: 'spend', body: {}, repeatable: false };

export function startHost(identity: Identity = hostIdentity): SimulatedSamHost {
  let spent = 0;
  return new SimulatedSamHost({
    credentials: { ca: operator.certificate, ...identity },
    stations: [terminalId],
    applets: {
      pboc: softwarePboc(testMasterKeys),
      toy: {
        answer: async () => {
          spent += 1;
          return { kind: 'done', body: { spent } };
        },
      },
    },
  });
}

/** A station's files, in a folder of their own. */
export class StationFiles {
  readonly #folder = mkdtempSync(join(tmpdir(), 'addvalue-sam-'));
  readonly caFile = join(this.#folder, 'ca.pem');
  readonly certificateFile = join(this.#folder, 'station.pem');
  readonly privateKeyFile = join(this.#folder, 'station.key');

  constructor() {
    this.putCa(operator.certificate);
    this.putStation(stationIdentity);
  }

  putCa(certificate: string): void {
    writeFileSync(this.caFile, certificate);
  }

  putStation({ certificate, privateKey }: Identity): void {
    writeFileSync(this.certificateFile, certificate);
    rmSync(this.privateKeyFile, { force: true });
    writeFileSync(this.privateKeyFile, privateKey, { mode: 0o600 });
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true });
  }
}

/** A kiosk's remote SAM, and what it said. Deadlines are generous and retries quick, but for what a test sets itself. */
export function openStation(
  port: number,
  files: StationFiles,
  rest: Partial<RemoteSamOptions> = {},
) {
  const lines: string[] = [];
  const healths: Health[] = [];
  const sam = openRemoteSam({
    families: ['pboc', 'toy'],
    host: '127.0.0.1',
    port,
    caFile: files.caFile,
    certificateFile: files.certificateFile,
    privateKeyFile: files.privateKeyFile,
    station: terminalId,
    clock: systemClock,
    log: (line) => lines.push(line.replaceAll(`127.0.0.1:${port}`, 'HOST')),
    ...rest,
    timings: {
      connectMs: 20_000,
      helloMs: 20_000,
      questionMs: 20_000,
      retryMs: 2,
      retryMaxMs: 2,
      ...rest.timings,
    },
  });
  sam.watch((health) => healths.push(health));
  return { sam, lines, healths };
}

export type RemoteStation = ReturnType<typeof openStation>;

/** Wait for what real sockets will bring about. */
export function until(condition: () => boolean): Promise<void> {
  return vi.waitFor(() => expect(condition()).toBe(true), { timeout: 15_000, interval: 2 });
}

/** What is wrong now; `up` where nothing is. */
export function faultOf({ healths }: RemoteStation): string {
  const health = healths.at(-1);
  return health?.kind === 'down' ? health.fault : 'up';
}
