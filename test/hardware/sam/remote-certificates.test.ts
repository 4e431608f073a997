import { generateKeyPairSync } from 'node:crypto';
import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RemoteSamOptions } from '../../../hardware/sam/remote.ts';
import { troubleOf } from '../../../hardware/sam/remote-trouble.ts';
import type { SimulatedSamHost } from '../../../hardware/sam/simulated-host.ts';
import { type Identity, TestAuthority } from '../../support/certificates.ts';
import { terminalId } from '../card/card-station.ts';
import {
  credentials,
  faultOf,
  openStation,
  type RemoteStation,
  StationFiles,
  spend,
  startHost,
  until,
} from './remote-station.ts';

const { operator } = credentials;
const stranger = await TestAuthority.create('Another CA');
const ready = 'the SAM host HOST is ready for pboc, toy cards';

let files: StationFiles;
let host: SimulatedSamHost;
let station: RemoteStation | null = null;

beforeEach(() => {
  files = new StationFiles();
});

afterEach(async () => {
  await station?.sam.close();
  await host.vanish();
  files.remove();
});

async function meet(identity: Identity, rest: Partial<RemoteSamOptions> = {}) {
  host = startHost(identity);
  await host.listen();
  station = openStation(host.port, files, rest);
  const opened = station;
  await until(() => opened.lines.length > 0);
  return opened;
}

/** What the technician reads, with the folder of the files taken out. */
function readable({ lines }: RemoteStation): readonly string[] {
  return lines.map((line) => line.replaceAll(/\/\S+\/addvalue-sam-\w+\//g, ''));
}

describe('a host that is not the right one', () => {
  const untrusted = 'the SAM host HOST is not trusted: its certificate';

  it.each<[string, () => Promise<Identity>, string]>([
    [
      'was certified by somebody else',
      () => stranger.server(),
      'was not issued for a server by the CA in ca.pem (UNABLE_TO_VERIFY_LEAF_SIGNATURE)',
    ],
    [
      'has a certificate that expired',
      () => operator.server(undefined, { to: '2019-04-30' }),
      ', or one above it, has expired (its own on 2019-04-30); renew it there',
    ],
    [
      'has a certificate for later',
      () => operator.server(undefined, { from: '2048-02-01' }),
      "is valid from 2048-02-01; set the kiosk's clock, or renew it there",
    ],
    [
      'has another name',
      () => operator.server([{ type: 'dns', value: 'other.example' }]),
      'is for DNS:other.example, not for 127.0.0.1; correct the server name or the certificate',
    ],
    [
      'shows the certificate of a station',
      () => operator.station(terminalId),
      'was not issued for a server by the CA in ca.pem (INVALID_PURPOSE)',
    ],
  ])('(%s) is sent nothing, and is named', async (_, identity, why) => {
    const opened = await meet(await identity());
    expect(faultOf(opened)).toBe('not-ready');
    expect(readable(opened)).toEqual([
      `${untrusted} ${why}`.replace('certificate ,', 'certificate,'),
    ]);
    const answer = await opened.sam.ask(spend);
    expect(answer).toEqual({ kind: 'failed', detail: expect.stringContaining('is not trusted') });
    await until(() => host.connections > 2);
    expect({ heard: host.heard, lines: opened.lines.length }).toEqual({ heard: 0, lines: 1 });
  });

  it('is met by the name that the configuration gives it, and by no other', async () => {
    const named = await operator.server([{ type: 'dns', value: 'sam.operator.example' }]);
    const opened = await meet(named, { serverName: 'sam.operator.example' });
    expect(opened.lines).toEqual([ready]);
    await opened.sam.close();
    await host.vanish();
    const other = await meet(named, { serverName: 'sam.example' });
    expect(readable(other)).toEqual([
      `${untrusted} is for DNS:sam.operator.example, not for sam.example; correct the server name or the certificate`,
    ]);
  });

  it('is trusted again once its certificate has been renewed', async () => {
    const opened = await meet(await operator.server(undefined, { to: '2019-04-30' }));
    host.renew({ ca: operator.certificate, ...credentials.host });
    await until(() => faultOf(opened) === 'up');
    expect(opened.lines.at(-1)).toBe(ready);
  });
});

describe('a station that the host does not take', () => {
  const refused = 'the SAM host HOST refuses the station:';

  it.each<[string, () => Promise<Identity>, Partial<RemoteSamOptions>, string]>([
    [
      'was certified by somebody else',
      () => stranger.station(terminalId),
      {},
      "it does not accept the station's certificate (it says: UNABLE_TO_VERIFY_LEAF_SIGNATURE)",
    ],
    [
      "has another station's certificate",
      () => operator.station('0000000000A2'),
      {},
      `it does not accept the station's certificate (it says: the certificate is for 0000000000A2, not for ${terminalId})`,
    ],
    [
      'is not in its list',
      () => operator.station('0000000000A2'),
      { station: '0000000000A2' },
      'it does not know this station: enter its terminal id there (it says: 0000000000A2 is not in the list of stations)',
    ],
  ])('(%s) is not ready, and says why', async (_, identity, rest, why) => {
    files.putStation(await identity());
    const opened = await meet(credentials.host, rest);
    expect(faultOf(opened)).toBe('not-ready');
    expect(opened.lines).toEqual([`${refused} ${why}`]);
    await until(() => host.connections > 2);
    expect({ asked: host.asked, lines: opened.lines.length }).toEqual({ asked: [], lines: 1 });
  });

  it.each([
    ['ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED', 'it has expired'],
    ['ERR_SSL_SSL/TLS_ALERT_CERTIFICATE_EXPIRED', 'it has expired'],
    ['ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', 'it does not know the CA that issued it'],
    ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'it received none'],
  ])('is told what a TLS alert means (%s)', async (code, why) => {
    host = startHost();
    expect(troubleOf({ host: 'sam.example', port: 7443 }, code)).toEqual({
      fault: 'not-ready',
      detail: `the SAM host sam.example:7443 refuses the station's certificate: ${why}`,
    });
  });
});

describe("a station's files", () => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const otherKey = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const enciphered = privateKey
    .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'secret' })
    .toString();

  it.each<[string, (files: StationFiles) => void | Promise<void>, string]>([
    [
      'the CA is missing',
      ({ caFile }) => rmSync(caFile),
      'ca.pem cannot be read (ENOENT): put it there, readable to the kiosk',
    ],
    ['the CA is empty', (all) => all.putCa(''), 'ca.pem holds no certificate in PEM'],
    [
      'the CA is none',
      (all) => all.putCa(credentials.host.certificate),
      'the certificate in ca.pem is not that of a CA',
    ],
    [
      'the certificate is missing',
      ({ certificateFile }) => rmSync(certificateFile),
      'station.pem cannot be read (ENOENT): put it there, readable to the kiosk',
    ],
    [
      'the certificate expired',
      async (all) => all.putStation(await operator.station(terminalId, { to: '2020-02-29' })),
      "the station's certificate in station.pem expired on 2020-02-29: renew it",
    ],
    [
      'the certificate is for later',
      async (all) => all.putStation(await operator.station(terminalId, { from: '2048-02-01' })),
      `the station's certificate in station.pem is valid from 2048-02-01, and the kiosk's clock says ${new Date().toISOString().slice(0, 10)}`,
    ],
    [
      'the key is missing',
      ({ privateKeyFile }) => rmSync(privateKeyFile),
      'station.key cannot be read (ENOENT): put it there, readable to the kiosk',
    ],
    [
      'the key is none',
      ({ privateKeyFile }) => writeFileSync(privateKeyFile, 'key'),
      'station.key holds no private key in PEM',
    ],
    [
      'the key is enciphered',
      ({ privateKeyFile }) => writeFileSync(privateKeyFile, enciphered),
      'the private key in station.key is enciphered, and nobody is there to type its passphrase: store it without',
    ],
    [
      "the key is another certificate's",
      ({ privateKeyFile }) => writeFileSync(privateKeyFile, otherKey),
      'the private key in station.key does not belong to the certificate in station.pem',
    ],
    [
      'others can read the key',
      ({ privateKeyFile }) => chmodSync(privateKeyFile, 0o644),
      'others can get at the private key in station.key (mode 0644): chmod 600 station.key',
    ],
    [
      'others of its group can replace the key',
      ({ privateKeyFile }) => chmodSync(privateKeyFile, 0o660),
      'others can get at the private key in station.key (mode 0660): chmod 600 station.key',
    ],
  ])(
    '(%s) are named where they do not fit, and read again until they do',
    async (_, spoil, line) => {
      await spoil(files);
      const opened = await meet(credentials.host);
      expect(faultOf(opened)).toBe('not-ready');
      expect(readable(opened)).toEqual([line]);
      expect(host.connections).toBe(0);
      files.putCa(operator.certificate);
      files.putStation(credentials.station);
      await until(() => faultOf(opened) === 'up');
      expect(opened.lines.at(-1)).toBe(ready);
      for (const text of opened.lines) expect(text).not.toMatch(/BEGIN|secret/);
    },
  );

  it('may be read by a group of their own', async () => {
    chmodSync(files.privateKeyFile, 0o640);
    expect((await meet(credentials.host)).lines).toEqual([ready]);
  });
});
