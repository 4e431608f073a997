import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TLSSocket } from 'node:tls';
import type { SamAnswer, SamApplet } from './port.ts';
import type { Readiness } from './remote-message.ts';
import { HostConversation } from './simulated-host-conversation.ts';
import { HostMemory, type HostQuestion } from './simulated-host-memory.ts';
import { type ConnectionMishap, type HostMishap, HostMishaps } from './simulated-host-mishaps.ts';

/** PEM texts. */
export type HostCredentials = {
  /** The CA of the stations' certificates. */
  readonly ca: string;
  readonly certificate: string;
  readonly privateKey: string;
};

export type SimulatedHostParts = {
  readonly credentials: HostCredentials;
  /** The terminal ids that are served. A station's certificate bears its own as the subject's common name. */
  readonly stations: readonly string[];
  /** By family: what answers its questions. */
  readonly applets: Readonly<Record<string, SamApplet>>;
};

/**
 * A SAM host on loopback as docs/sam-protocol.md describes it: the reference for those who build one, and the far end of
 * tests and the bench. It refuses what it does not understand, and can fail in every way that a network and a host can.
 */
export class SimulatedSamHost {
  readonly #parts: SimulatedHostParts;
  readonly #readiness = new Map<string, Readiness>();
  readonly #memory = new HostMemory();
  readonly #mishaps = new HostMishaps();
  readonly #conversations = new Set<HostConversation>();
  readonly #sockets = new Set<Socket>();
  readonly #late: (() => void)[] = [];
  readonly #asked: HostQuestion[] = [];
  #credentials: HostCredentials;
  #server: Server | null = null;
  #isMute = false;
  #port = 0;
  #connections = 0;
  #ignored = 0;
  #heard = 0;
  #pings = 0;

  constructor(parts: SimulatedHostParts) {
    this.#parts = parts;
    this.#credentials = parts.credentials;
    for (const family of Object.keys(parts.applets)) {
      this.#readiness.set(family, { kind: 'ready' });
    }
  }
  /** TCP port; 0 before it listens. */
  get port(): number {
    return this.#port;
  }

  /** How many times somebody has connected. */
  get connections(): number {
    return this.#connections;
  }

  /** How many times a station has been left to wait for what does not come: a handshake, a greeting, an answer, a pong. */
  get ignored(): number {
    return this.#ignored;
  }

  /** How many messages of stations have come. */
  get heard(): number {
    return this.#heard;
  }

  /** How many of them only asked whether it is there. */
  get pings(): number {
    return this.#pings;
  }

  /** The questions that were put to the applets, in order. */
  get asked(): readonly HostQuestion[] {
    return this.#asked;
  }

  /** Listen on loopback; again on the same port after `vanish`. */
  listen(): Promise<void> {
    const server = createServer((socket) => this.#connected(socket));
    this.#server = server;
    return new Promise((resolve, reject) => {
      server.on('error', reject);
      server.listen(this.#port, '127.0.0.1', () => {
        const address = server.address();
        if (address !== null && typeof address === 'object') this.#port = address.port;
        resolve();
      });
    });
  }

  /** The process is gone, or the cable is out: connections break, and none is taken any more. */
  async vanish(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    const closed = new Promise((resolve) => server?.close(resolve) ?? resolve(null));
    this.cut();
    await closed;
  }

  /** Break the connections that there are. */
  cut(): void {
    for (const socket of [...this.#sockets]) socket.destroy();
  }

  /** Let something go wrong once: with the next connection or the next question, whichever it is about. */
  befall(mishap: HostMishap): void {
    this.#mishaps.add(mishap);
  }

  /** Send the answers that were kept back. */
  sendLate(): void {
    for (const send of this.#late.splice(0)) send();
  }

  /** Answer no ping any more, or again. */
  setMute(isMute: boolean): void {
    this.#isMute = isMute;
  }

  /** Say how it is with one family, to all stations. */
  setReadiness(family: string, readiness: Readiness): void {
    this.#readiness.set(family, readiness);
    for (const conversation of this.#conversations) conversation.tell(family, readiness);
  }

  /** For the connections to come. */
  renew(credentials: HostCredentials): void {
    this.#credentials = credentials;
  }

  #connected(socket: Socket): void {
    this.#connections += 1;
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('error', () => {});
    const mishap = this.#mishaps.nextOfConnection();
    if (mishap === 'close-before-tls') socket.destroy();
    else if (mishap === 'speak-no-tls') socket.end('SSH-2.0-OpenSSH_9.9\r\n');
    else if (mishap === 'hang-before-tls') socket.once('data', () => this.#ignore());
    else this.#secure(socket, mishap);
  }

  #secure(socket: Socket, mishap: ConnectionMishap | null): void {
    const { ca, certificate, privateKey } = this.#credentials;
    const only = mishap === 'offer-only-tls-1.2' ? 'TLSv1.2' : 'TLSv1.3';
    const tls = createTlsServer({
      ca,
      cert: certificate,
      key: privateKey,
      minVersion: only,
      maxVersion: only,
      requestCert: true,
      // Refused in words by the conversation.
      rejectUnauthorized: false,
    });
    tls.on('secureConnection', (secured) => this.#converse(secured, mishap));
    // A station that broke off the handshake.
    tls.on('tlsClientError', () => socket.destroy());
    tls.emit('connection', socket);
  }

  #converse(socket: TLSSocket, mishap: ConnectionMishap | null): void {
    socket.on('error', () => {});
    const conversation = new HostConversation(
      socket,
      {
        stations: this.#parts.stations,
        readiness: () => this.#readiness,
        answer: (station, question) => this.#answer(station, question),
        nextMishap: () => this.#mishaps.nextOfQuestion(),
        isMute: () => this.#isMute,
        onMessage: ({ type }) => {
          this.#heard += 1;
          if (type === 'ping') this.#pings += 1;
        },
        onIgnored: () => this.#ignore(),
        keepBack: (send) => this.#late.push(send),
      },
      mishap,
    );
    this.#conversations.add(conversation);
    socket.on('close', () => this.#conversations.delete(conversation));
  }

  #ignore(): void {
    this.#ignored += 1;
  }

  async #answer(station: string, question: HostQuestion): Promise<SamAnswer> {
    const { family, deed, body } = question;
    const readiness = this.#readiness.get(family);
    const applet = this.#parts.applets[family];
    if (applet === undefined || readiness === undefined) {
      return { kind: 'failed', detail: `${family} cards are not served here` };
    }
    if (readiness.kind === 'not-ready') return { kind: 'failed', detail: readiness.detail };
    return this.#memory.answer(station, question, () => {
      this.#asked.push(question);
      return applet.answer(deed, body);
    });
  }
}
