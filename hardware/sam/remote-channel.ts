import { isIP } from 'node:net';
import { connect, type SecureContext, type TLSSocket } from 'node:tls';
import type { Clock } from '../../main/contract/clock.ts';
import { FrameReader, toFrame } from './remote-frame.ts';
import {
  type HostMessage,
  hostMessage,
  protocolVersion,
  type Readiness,
  type RefusalReason,
  type StationMessage,
} from './remote-message.ts';
import {
  certificateTrouble,
  type HostAddress,
  hostName,
  type Trouble,
  troubleOf,
} from './remote-trouble.ts';

export type ChannelTimings = {
  /** From the first packet to the end of the TLS handshake. */
  readonly connectMs: number;
  /** From the station's hello to the host's. */
  readonly helloMs: number;
  /** Between two pings. */
  readonly pingMs: number;
  /** From a ping to its pong. */
  readonly pongMs: number;
};

export type ChannelOptions = {
  readonly address: HostAddress;
  readonly credentials: SecureContext;
  readonly caFile: string;
  readonly station: string;
  readonly families: readonly string[];
  readonly clock: Clock;
  readonly timings: ChannelTimings;
};

type Answer = Extract<HostMessage, { readonly type: 'answer' }>;

export type ChannelEvents = {
  readonly onHello: (families: Readonly<Record<string, Readiness>>) => void;
  readonly onAnswer: (answer: Answer) => void;
  readonly onReadiness: (family: string, readiness: Readiness) => void;
  /** Once, and nothing after it. Null: it was lost while all was well. */
  readonly onEnd: (trouble: Trouble | null) => void;
};

const refusals: Readonly<Record<RefusalReason, string>> = {
  protocol: 'it does not speak this version of the protocol',
  certificate: "it does not accept the station's certificate",
  'unknown-station': 'it does not know this station: enter its terminal id there',
};

/** One connection to a SAM host, from the first packet to the last. */
export class SamChannel {
  readonly #options: ChannelOptions;
  readonly #events: ChannelEvents;
  readonly #name: string;
  readonly #reader = new FrameReader();
  readonly #socket: TLSSocket;
  readonly #closed: Promise<void>;
  #stage: 'connecting' | 'securing' | 'greeting' | 'open' | 'over' = 'connecting';
  #cancelDeadline: () => void;
  #cancelPing: () => void = () => {};
  #awaitsPong = false;

  constructor(options: ChannelOptions, events: ChannelEvents) {
    this.#options = options;
    this.#events = events;
    this.#name = hostName(options.address);
    this.#cancelDeadline = options.clock.after(options.timings.connectMs, () =>
      this.#end(this.#slowness()),
    );
    const { host, port, serverName = host } = options.address;
    this.#socket = connect({
      host,
      port,
      // An address in place of a name is compared with the certificate's addresses, and never sent (RFC 6066, section 3).
      ...(isIP(serverName) === 0 ? { servername: serverName } : {}),
      secureContext: options.credentials,
      // The same is looked at in #secured, for only there can the reason be told: Node forgets the certificate that it refuses.
      rejectUnauthorized: false,
    });
    this.#socket.setNoDelay(true);
    this.#socket.on('connect', () => {
      if (this.#stage === 'connecting') this.#stage = 'securing';
    });
    this.#socket.on('secureConnect', () => this.#secured());
    this.#socket.on('data', (bytes) => this.#heard(bytes));
    this.#socket.on('error', (error) => this.#failed(error));
    this.#closed = new Promise((resolve) => {
      this.#socket.on('close', () => {
        this.#end(this.#loss());
        resolve();
      });
    });
  }

  /** Put a message on its way. */
  send(message: StationMessage): void {
    if (this.#stage !== 'over') this.#socket.write(toFrame(message));
  }

  /** Ask whether the host is still there, before the next time that it is asked anyway. */
  ping(): void {
    if (this.#stage !== 'open' || this.#awaitsPong) return;
    this.#awaitsPong = true;
    this.send({ type: 'ping' });
    this.#cancelPing();
    const { pongMs } = this.#options.timings;
    this.#cancelPing = this.#options.clock.after(pongMs, () =>
      this.#end({ fault: 'silent', detail: `${this.#name} has been silent for ${pongMs} ms` }),
    );
  }

  /** Give it up. No event comes any more. */
  destroy(): Promise<void> {
    this.#stop();
    return this.#closed;
  }

  #secured(): void {
    if (this.#stage === 'over') return;
    const { address, caFile, clock, timings, station, families } = this.#options;
    const trouble = certificateTrouble(this.#socket, address, caFile);
    if (trouble !== null) {
      this.#end(trouble);
      return;
    }
    this.#stage = 'greeting';
    this.#cancelDeadline();
    this.#cancelDeadline = clock.after(timings.helloMs, () => this.#end(this.#slowness()));
    this.send({ type: 'hello', protocol: protocolVersion, station, families: [...families] });
  }

  #heard(bytes: Uint8Array): void {
    for (const frame of this.#reader.push(bytes)) {
      if (this.#stage === 'over') return;
      const trouble =
        frame.kind === 'wrong' ? this.#garble(frame.detail) : this.#understand(frame.value);
      if (trouble !== null) this.#end(trouble);
    }
  }

  /** Do what a message says; or why it ends the connection. */
  #understand(value: unknown): Trouble | null {
    const read = hostMessage.safeParse(value);
    if (!read.success) return this.#garble('a message that the protocol does not have');
    const message = read.data;
    if (message.type === 'refusal') {
      const why = `${refusals[message.reason]} (it says: ${message.detail})`;
      return { fault: 'not-ready', detail: `${this.#name} refuses the station: ${why}` };
    }
    if (this.#stage !== (message.type === 'hello' ? 'greeting' : 'open')) {
      return this.#garble(`${message.type} out of its turn`);
    }
    switch (message.type) {
      case 'hello':
        return this.#greeted(message.protocol, message.families);
      case 'answer':
        this.#events.onAnswer(message);
        break;
      case 'health':
        this.#events.onReadiness(message.family, message.readiness);
        break;
      case 'pong':
        this.#awaitsPong = false;
        this.#pingLater();
        break;
    }
    return null;
  }

  #greeted(protocol: number, families: Readonly<Record<string, Readiness>>): Trouble | null {
    if (protocol !== protocolVersion) {
      const detail = `${this.#name} speaks version ${protocol} of the protocol, the station ${protocolVersion}: bring both to one`;
      return { fault: 'not-ready', detail };
    }
    this.#stage = 'open';
    this.#cancelDeadline();
    this.#pingLater();
    this.#events.onHello(families);
    return null;
  }

  #pingLater(): void {
    this.#cancelPing();
    const { clock, timings } = this.#options;
    this.#cancelPing = clock.after(timings.pingMs, () => this.ping());
  }

  #garble(what: string): Trouble {
    return { fault: 'garbled', detail: `${this.#name} sent ${what}` };
  }

  /** What it means that the deadline has passed. */
  #slowness(): Trouble {
    const { connectMs, helloMs } = this.#options.timings;
    switch (this.#stage) {
      case 'connecting': {
        const detail = `${this.#name} cannot be reached: no answer within ${connectMs} ms; look at the network and at the SAM host`;
        return { fault: 'service-down', detail };
      }
      case 'securing': {
        const detail = `${this.#name} takes the connection and says nothing: no TLS within ${connectMs} ms; start the SAM host anew`;
        return { fault: 'silent', detail };
      }
      default: {
        const detail = `${this.#name} does not greet the station within ${helloMs} ms; start the SAM host anew`;
        return { fault: 'silent', detail };
      }
    }
  }

  /** What it means that the connection was closed. */
  #loss(): Trouble | null {
    switch (this.#stage) {
      case 'connecting':
      case 'securing': {
        const detail = `${this.#name} closes the connection before TLS is agreed: look at the SAM host, and whether the port is its own`;
        return { fault: 'service-down', detail };
      }
      case 'greeting': {
        const detail = `${this.#name} closes the connection without a word: perhaps it does not accept the station's certificate`;
        return { fault: 'not-ready', detail };
      }
      default:
        return null;
    }
  }

  #failed(error: Error): void {
    const code = 'code' in error ? String(error.code) : error.name;
    // The other side is gone: 'close' follows, and the stage at which it comes says more.
    if (code === 'ECONNRESET' || code === 'EPIPE') return;
    this.#end(troubleOf(this.#options.address, code));
  }

  #end(trouble: Trouble | null): void {
    if (this.#stage === 'over') return;
    this.#stop();
    this.#events.onEnd(trouble);
  }

  #stop(): void {
    this.#stage = 'over';
    this.#cancelDeadline();
    this.#cancelPing();
    this.#socket.destroy();
  }
}
