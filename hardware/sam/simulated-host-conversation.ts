import type { TLSSocket } from 'node:tls';
import type { SamAnswer } from './port.ts';
import { FrameReader, maxFrameBytes, toFrame } from './remote-frame.ts';
import {
  type HostMessage,
  protocolVersion,
  type Readiness,
  type RefusalReason,
  type StationMessage,
  stationMessage,
} from './remote-message.ts';
import type { HostQuestion } from './simulated-host-memory.ts';
import type { ConnectionMishap, QuestionMishap } from './simulated-host-mishaps.ts';

type Answer = Extract<HostMessage, { readonly type: 'answer' }>;

/** What a conversation needs of its host. */
export type HostSide = {
  readonly stations: readonly string[];
  readonly readiness: () => ReadonlyMap<string, Readiness>;
  readonly answer: (station: string, question: HostQuestion) => Promise<SamAnswer>;
  readonly nextMishap: () => QuestionMishap | null;
  readonly isMute: () => boolean;
  readonly onMessage: (message: StationMessage) => void;
  /** The station waits for something that will not come. */
  readonly onIgnored: () => void;
  /** Keep something back, to be done when the host is told to send what is late. */
  readonly keepBack: (send: () => void) => void;
};

/** One connection with a station, from the end of the TLS handshake. */
export class HostConversation {
  readonly #socket: TLSSocket;
  readonly #host: HostSide;
  readonly #mishap: ConnectionMishap | null;
  readonly #reader = new FrameReader();
  /** The station's terminal id, once it has been greeted. */
  #station: string | null = null;

  constructor(socket: TLSSocket, host: HostSide, mishap: ConnectionMishap | null) {
    this.#socket = socket;
    this.#host = host;
    this.#mishap = mishap;
    // Told in a message, for a station cannot tell from a connection that was cut why it was.
    if (!socket.authorized) this.#refuse('certificate', String(socket.authorizationError));
    else socket.on('data', (bytes) => this.#heard(bytes));
  }

  tell(family: string, readiness: Readiness): void {
    if (this.#station !== null) this.#send({ type: 'health', family, readiness });
  }

  #heard(bytes: Uint8Array): void {
    for (const frame of this.#reader.push(bytes)) {
      const read = stationMessage.safeParse(frame.kind === 'json' ? frame.value : null);
      if (!read.success) {
        this.#socket.destroy();
        return;
      }
      this.#host.onMessage(read.data);
      this.#understand(read.data);
    }
  }

  #understand(message: StationMessage): void {
    if (message.type === 'hello') this.#greet(message.station, message.protocol);
    else if (this.#station === null) this.#socket.destroy();
    else if (message.type === 'question') void this.#answer(this.#station, message);
    else if (this.#host.isMute()) this.#host.onIgnored();
    else this.#send({ type: 'pong' });
  }

  #greet(station: string, protocol: number): void {
    if (this.#mishap === 'hang-before-hello') {
      this.#host.onIgnored();
      return;
    }
    if (this.#mishap === 'close-before-hello') {
      this.#socket.destroy();
      return;
    }
    if (this.#mishap === 'answer-before-hello') {
      this.#send({ type: 'answer', id: 'of no question', answer: { kind: 'done', body: {} } });
      return;
    }
    const holder = this.#socket.getPeerCertificate().subject.CN;
    if (protocol !== protocolVersion) {
      this.#refuse('protocol', `only version ${protocolVersion} is spoken here`);
    } else if (holder !== station) {
      this.#refuse('certificate', `the certificate is for ${holder}, not for ${station}`);
    } else if (!this.#host.stations.includes(station)) {
      this.#refuse('unknown-station', `${station} is not in the list of stations`);
    } else {
      this.#station = station;
      const version = this.#mishap === 'greet-in-version-2' ? 2 : protocolVersion;
      const families = Object.fromEntries(this.#host.readiness());
      this.#send({ type: 'hello', protocol: version, families });
    }
  }

  #refuse(reason: RefusalReason, detail: string): void {
    this.#send({ type: 'refusal', reason, detail });
    this.#socket.end();
  }

  async #answer(station: string, question: HostQuestion): Promise<void> {
    const mishap = this.#host.nextMishap();
    if (mishap === 'drop-before-asking') {
      this.#socket.destroy();
      return;
    }
    const answer = await this.#host.answer(station, question);
    const message: Answer = { type: 'answer', id: question.id, answer };
    if (mishap === null) this.#send(message);
    else this.#goWrong(mishap, message);
  }

  #goWrong(mishap: Exclude<QuestionMishap, 'drop-before-asking'>, message: Answer): void {
    const frame = toFrame(message);
    const half = frame.subarray(0, frame.length / 2);
    switch (mishap) {
      case 'drop-before-answering':
        this.#socket.destroy();
        break;
      case 'never-answer':
        this.#host.onIgnored();
        break;
      case 'answer-late':
        this.#host.keepBack(() => this.#send(message));
        this.#host.onIgnored();
        break;
      case 'answer-twice':
        this.#write(frame);
        this.#write(frame);
        break;
      case 'answer-another':
        this.#send({ ...message, id: 'of no question' });
        this.#host.onIgnored();
        break;
      case 'answer-no-json':
        this.#write(framed('{"type":"answer",'));
        break;
      case 'answer-no-message':
        this.#write(framed('{"type":"answer"}'));
        break;
      case 'answer-too-long':
        this.#write(framed(' '.repeat(maxFrameBytes + 1)));
        break;
      case 'answer-half':
        this.#socket.end(half);
        break;
      case 'stop-halfway':
        this.#write(half);
        this.#host.onIgnored();
        break;
    }
  }

  #send(message: HostMessage): void {
    this.#write(toFrame(message));
  }

  #write(bytes: Uint8Array): void {
    if (this.#socket.writable) this.#socket.write(bytes);
  }
}

function framed(text: string): Uint8Array {
  const bytes = Buffer.from(text);
  const prefix = Buffer.alloc(4);
  prefix.writeUInt32BE(bytes.length);
  return Buffer.concat([prefix, bytes]);
}
