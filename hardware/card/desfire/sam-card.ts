import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { SamCardKind, SamCardReadiness, SamChannel } from '../../sam/card-applet.ts';
import { samFaultWords } from '../../sam/card-fault.ts';
import { appletOf, type DeedAnswer, handle } from '../../sam/deed.ts';
import type { SamApplet } from '../../sam/port.ts';
import { joinBytes } from '../bytes.ts';
import { fromHex } from '../hex.ts';
import type { LinkAnswer } from '../link.ts';
import {
  authenticate,
  authenticated,
  type ProtectionMode,
  protect,
  verify,
  verifyTransactionMac,
} from './authority.ts';
import { littleEndian } from './little-endian.ts';
import {
  applySm,
  authenticatePicc,
  commModes,
  dataFrame,
  decipherData,
  encipherData,
  finishAuthenticatePicc,
  generateMac,
  killAuthentication,
  mostInFrame,
  parseSamReply,
  removeSm,
  type SamKeyEntry,
  type SamReply,
  verifyMac,
} from './sam-card-commands.ts';

const byte = z.int().min(0).max(0xff);

/** Which keys of an NXP SAM serve which keys of the cards. The SAM must not want its host to authenticate. */
export const desfireSamSettings = z.strictObject({
  keys: z
    .array(
      z.strictObject({
        /** The card's key, as the profile names it. */
        keyNumber: z.int().min(0).max(13),
        keyVersion: byte,
        /** The SAM's entry and version that hold it, or the master key of it. */
        entry: z.int().min(0).max(0x7f),
        version: byte,
      }),
    )
    .min(1),
  /** AN10922 with this system identifier in hex (6 to 20 bytes); null: the SAM holds the cards' keys themselves. */
  systemIdentifier: z
    .string()
    .regex(/^([0-9a-fA-F]{2}){6,20}$/, 'must be 6 to 20 bytes in hex')
    .nullable(),
});

export type DesfireSamSettings = z.infer<typeof desfireSamSettings>;

export const desfireSamCard: SamCardKind<DesfireSamSettings> = {
  settings: desfireSamSettings,
  applet(channel, settings) {
    const sam = new DesfireSamCard(channel, settings);
    return { prepare: () => sam.prepare(), ...sam.applet };
  },
};

/** The SAM keeps one session, and forgets it without power. */
type Session = {
  readonly name: string;
  readonly secureMessaging: 'ev1' | 'ev2';
  readonly open: boolean;
};

type Question<D extends { readonly question: z.ZodType }> = z.output<D['question']>;
type Answered<D extends { readonly answer: z.ZodType }> = DeedAnswer<z.output<D['answer']>>;

const statusOk = Uint8Array.of(0x00);
const none = new Uint8Array();
const macBytes = 8;

/** NXP SAM AV2 (EV1 only) or AV3, in S-mode: the session key is made in the SAM and stays there. */
class DesfireSamCard {
  readonly applet: SamApplet = appletOf([
    handle(authenticate, (question) => this.#authenticate(question)),
    handle(authenticated, (question) => this.#authenticated(question)),
    handle(protect, (question) => this.#protect(question)),
    handle(verify, (question) => this.#verify(question)),
    // Its key is made anew for each transaction, which no SAM command of those known here does.
    handle(verifyTransactionMac, () => failed('the SAM card verifies no transaction MACs')),
  ]);
  readonly #channel: SamChannel;
  readonly #settings: DesfireSamSettings;
  #session: Session | null = null;

  constructor(channel: SamChannel, settings: DesfireSamSettings) {
    this.#channel = channel;
    this.#settings = settings;
  }

  /** Each key is put to use once, for a card that is not there. */
  async prepare(): Promise<SamCardReadiness> {
    this.#session = null;
    for (const key of this.#settings.keys) {
      const nobody = { uid: new Uint8Array(7), application: new Uint8Array(3) };
      const begun = await this.#begin('ev1', key, new Uint8Array(16), nobody);
      if (begun.kind === 'failed') return { kind: 'silent' };
      if (begun.kind === 'done' && begun.value.kind !== 'more-expected') {
        return { kind: 'not-ready', detail: `${outOfStep}, or put in an NXP SAM AV2 or AV3` };
      }
      if (begun.kind !== 'done') {
        const { entry, version } = key;
        const detail = `key entry ${entry}, version ${version}: ${begun.detail}: load the key, unlock the SAM, or put in the right one`;
        return { kind: 'not-ready', detail };
      }
    }
    const killed = await this.#kill();
    return killed.kind === 'failed' ? { kind: 'silent' } : { kind: 'ready' };
  }

  async #authenticate(
    question: Question<typeof authenticate>,
  ): Promise<Answered<typeof authenticate>> {
    const { secureMessaging, keyNumber, keyVersion, challenge } = question;
    this.#session = null;
    const key = this.#settings.keys.find(
      (candidate) => candidate.keyNumber === keyNumber && candidate.keyVersion === keyVersion,
    );
    if (key === undefined) {
      return failed(`no key ${keyNumber} of version ${keyVersion} is configured for the SAM card`);
    }
    const begun = await this.#begin(secureMessaging, key, challenge, question);
    if (begun.kind !== 'done') return failed(whyNot(begun));
    const { kind, data } = begun.value;
    if (kind !== 'more-expected' || data.length !== 32) return failed(outOfStep);
    const name = randomUUID();
    this.#session = { name, secureMessaging, open: false };
    return { kind: 'done', answer: { session: name, response: data } };
  }

  async #authenticated({
    session,
    answer,
  }: Question<typeof authenticated>): Promise<Answered<typeof authenticated>> {
    const begun = this.#session;
    this.#session = null;
    if (begun === null || begun.open || begun.name !== session) return failed(noSession);
    const expectedBytes = begun.secureMessaging === 'ev1' ? 16 : 32;
    // The SAM still waits for it; it takes no answer of another length.
    if (answer.length !== expectedBytes) return genuine(false);
    const judged = await this.#send('SAM_AuthenticatePICC', finishAuthenticatePicc(answer));
    if (judged.kind !== 'done') return failed(whyNot(judged));
    if (judged.value.kind === 'more-expected') return failed(outOfStep);
    if (judged.value.kind === 'whole') this.#session = { ...begun, open: true };
    return genuine(judged.value.kind === 'whole');
  }

  async #protect(question: Question<typeof protect>): Promise<Answered<typeof protect>> {
    const session = this.#open(question.session);
    if (session === null) return failed(noSession);
    const { mode, ins, header, data } = question;
    const command = joinBytes(Uint8Array.of(ins), header, data);
    const dataAt = command.length - data.length;
    const made =
      session.secureMessaging === 'ev1'
        ? await this.#protectEv1(mode, command, dataAt)
        : await this.#protectEv2(mode, command, dataAt);
    if (made.kind !== 'done') return failed(whyNot(made));
    if (made.value.kind !== 'whole') return failed(outOfStep);
    const protectedData = made.value.data;
    if (mode === 'plain') return { kind: 'done', answer: { data } };
    if (mode === 'full' && data.length > 0)
      return { kind: 'done', answer: { data: protectedData } };
    if (protectedData.length !== macBytes) return failed(outOfStep);
    return { kind: 'done', answer: { data: joinBytes(data, protectedData) } };
  }

  #protectEv1(mode: ProtectionMode, command: Uint8Array, dataAt: number) {
    return mode === 'full' && dataAt < command.length
      ? this.#process('SAM_Encipher_Data', encipherData, dataAt, command)
      : this.#process('SAM_Generate_MAC', generateMac, 0x00, command);
  }

  /** Without data there is nothing to encipher: a MAC is enough. A plain command only goes into the count. */
  #protectEv2(mode: ProtectionMode, command: Uint8Array, dataAt: number) {
    if (mode === 'plain') {
      return this.#process('SAM_Apply_SM', applySm, commModes.plain, Uint8Array.of(0x01));
    }
    return mode === 'full' && dataAt < command.length
      ? this.#process(
          'SAM_Apply_SM',
          applySm,
          commModes.full,
          joinBytes(Uint8Array.of(dataAt), command),
        )
      : this.#process('SAM_Apply_SM', applySm, commModes.mac, command);
  }

  async #verify(question: Question<typeof verify>): Promise<Answered<typeof verify>> {
    const session = this.#open(question.session);
    if (session === null) return failed(noSession);
    const { mode, lengthBytes, data } = question;
    if (session.secureMessaging === 'ev2' && mode === 'plain') {
      return { kind: 'done', answer: { genuine: true, data } };
    }
    if (data.length < macBytes) return this.#notGenuine();
    const payload = data.subarray(0, -macBytes);
    const enciphered = mode === 'full' && (session.secureMessaging === 'ev1' || payload.length > 0);
    const judged =
      session.secureMessaging === 'ev1'
        ? await this.#verifyEv1(enciphered, lengthBytes, data)
        : await this.#verifyEv2(enciphered, data);
    if (judged.kind !== 'done') return failed(whyNot(judged));
    if (judged.value.kind === 'more-expected') return failed(outOfStep);
    if (judged.value.kind === 'not-genuine') return this.#notGenuine();
    const said = enciphered ? judged.value.data : payload;
    return said.length === lengthBytes || !enciphered
      ? { kind: 'done', answer: { genuine: true, data: said } }
      : this.#notGenuine();
  }

  #verifyEv1(enciphered: boolean, lengthBytes: number, data: Uint8Array) {
    if (enciphered) {
      const body = joinBytes(littleEndian(lengthBytes, 3), data, statusOk);
      return this.#process('SAM_Decipher_Data', decipherData, 0x00, body);
    }
    const at = data.length - macBytes;
    const body = joinBytes(data.subarray(0, at), statusOk, data.subarray(at));
    return this.#process('SAM_Verify_MAC', verifyMac, 0x00, body);
  }

  #verifyEv2(enciphered: boolean, data: Uint8Array) {
    const mode = enciphered ? commModes.full : commModes.mac;
    return this.#process('SAM_Remove_SM', removeSm, mode, joinBytes(statusOk, data));
  }

  #open(name: string): Session | null {
    return this.#session?.open && this.#session.name === name ? this.#session : null;
  }

  /** The session has ended with it. */
  #notGenuine(): Answered<typeof verify> {
    this.#session = null;
    return { kind: 'done', answer: { genuine: false, data: none } };
  }

  /** The SAM may be in the middle of an authentication that the card never finished. */
  async #begin(
    secureMessaging: 'ev1' | 'ev2',
    key: SamKeyEntry,
    challenge: Uint8Array,
    { uid, application }: { readonly uid: Uint8Array; readonly application: Uint8Array },
  ): Promise<LinkAnswer<SamReply>> {
    const killed = await this.#kill();
    if (killed.kind === 'failed') return killed;
    const { systemIdentifier } = this.#settings;
    const diversification =
      systemIdentifier === null ? null : joinBytes(uid, application, fromHex(systemIdentifier));
    const command = authenticatePicc(secureMessaging, key, challenge, diversification);
    return this.#send('SAM_AuthenticatePICC', command);
  }

  #kill(): Promise<LinkAnswer<SamReply>> {
    return this.#send('SAM_KillAuthentication', killAuthentication);
  }

  /** All frames of one command; what they are answered with, together. */
  async #process(
    name: string,
    ins: number,
    p2: number,
    data: Uint8Array,
  ): Promise<LinkAnswer<SamReply>> {
    let said: Uint8Array = none;
    for (let at = 0; ; at += mostInFrame) {
      const isLast = at + mostInFrame >= data.length;
      const frame = dataFrame(ins, p2, data.subarray(at, at + mostInFrame), isLast);
      const answer = await this.#send(name, frame);
      if (answer.kind !== 'done') return answer;
      said = joinBytes(said, answer.value.data);
      const { kind } = answer.value;
      if (isLast || kind !== 'more-expected') return { kind: 'done', value: { kind, data: said } };
    }
  }

  #send(name: string, command: Uint8Array): Promise<LinkAnswer<SamReply>> {
    return this.#channel.send(command, (response) => parseSamReply(name, response));
  }
}

const noSession = 'the session with the card has ended';
const outOfStep = 'the SAM answers out of step: put it in again';

function genuine(isGenuine: boolean): Answered<typeof authenticated> {
  return { kind: 'done', answer: { genuine: isGenuine } };
}

function whyNot(answer: Exclude<LinkAnswer<unknown>, { readonly kind: 'done' }>): string {
  return `the SAM card: ${answer.kind === 'failed' ? samFaultWords(answer.fault) : answer.detail}`;
}

function failed(detail: string) {
  return { kind: 'failed', detail } as const;
}
