import { ask, type LoadAuthority } from '../../sam/deed.ts';
import type { CardResponse, CommandAnswer } from '../apdu.ts';
import { fromHex } from '../hex.ts';
import type { CardLink } from '../link.ts';
import { authenticate, authenticated, type ProtectionMode, protect, verify } from './authority.ts';
import { type DesfireCommand, parseFrame, wrapped, wrongAnswer } from './command.ts';
import { type Conversation, exchangeFrames, type Told } from './conversation.ts';
import type { CommMode, DesfireProfile } from './profile.ts';

const challengeBytes = 16;

/** AA keyNumber, or 71 keyNumber 00: no capabilities (cards.md 2.3, 2.4). */
function askForChallenge({ secureMessaging, keyNumber }: DesfireProfile) {
  return secureMessaging === 'ev1'
    ? { name: 'AUTHENTICATE AES', command: wrapped(0xaa, Uint8Array.of(keyNumber)), proofBytes: 16 }
    : {
        name: 'AUTHENTICATE EV2 FIRST',
        command: wrapped(0x71, Uint8Array.of(keyNumber, 0x00)),
        proofBytes: 32,
      };
}

/** AF: our half of an authentication, 32 bytes. */
function answerChallenge(response: Uint8Array): Uint8Array {
  return wrapped(0xaf, response);
}

/** Only the first step of an authentication is answered with a frame that is not the last. */
function parseStep(
  name: string,
  response: CardResponse,
  isLast: boolean,
  lengthBytes: number,
): CommandAnswer<Uint8Array> {
  const frame = parseFrame(name, response);
  if (frame.kind !== 'done') return frame;
  const { data } = frame.value;
  if (frame.value.isLast !== isLast || data.length !== lengthBytes) {
    return wrongAnswer(name, `out of step: ${data.length} bytes, ${lengthBytes} expected`);
  }
  return { kind: 'done', value: data };
}

const wrongKey = 0x91ae;

/**
 * Authenticate with the card by the load authority, who then protects every command and verifies every answer. Whatever
 * was not committed before is dropped by the card.
 */
export async function beginSecureConversation(
  link: CardLink,
  authority: LoadAuthority,
  profile: DesfireProfile,
  uid: Uint8Array,
): Promise<Told<Conversation>> {
  const { secureMessaging, keyNumber, keyVersion } = profile;
  const { name, command, proofBytes } = askForChallenge(profile);
  const notGenuine = { kind: 'not-genuine', detail: `${name}: the card has another key` } as const;
  const challenge = await link.send(command, (response) =>
    parseStep(name, response, false, challengeBytes),
  );
  if (challenge.kind !== 'done') return challenge;
  const begun = await ask(authority, authenticate, {
    secureMessaging,
    application: fromHex(profile.application),
    keyNumber,
    keyVersion,
    uid,
    challenge: challenge.value,
  });
  if (begun.kind === 'failed') return samFailed(false, begun.detail);
  const { session, response } = begun.answer;
  const proof = await link.send(answerChallenge(response), (answer) =>
    parseStep(name, answer, true, proofBytes),
  );
  if (proof.kind === 'refused' && proof.statusWord === wrongKey) return notGenuine;
  if (proof.kind !== 'done') return proof;
  const judged = await ask(authority, authenticated, { session, answer: proof.value });
  if (judged.kind === 'failed') return samFailed(true, judged.detail);
  if (!judged.answer.genuine) return notGenuine;
  const conversation = new SecureConversation(link, authority, secureMessaging, session);
  return { kind: 'done', value: conversation };
}

class SecureConversation implements Conversation {
  readonly #link: CardLink;
  readonly #authority: LoadAuthority;
  readonly #secureMessaging: DesfireProfile['secureMessaging'];
  readonly #session: string;

  constructor(
    link: CardLink,
    authority: LoadAuthority,
    secureMessaging: DesfireProfile['secureMessaging'],
    session: string,
  ) {
    this.#link = link;
    this.#authority = authority;
    this.#secureMessaging = secureMessaging;
    this.#session = session;
  }

  async exchange<T>(command: DesfireCommand<T>, comm: CommMode): Promise<Told<T>> {
    const { name, ins, header, data, answerBytes } = command;
    const { toCard, fromCard } = this.#modes(command, comm);
    const session = this.#session;
    const question = { session, mode: toCard, ins, header, data };
    const sent = await ask(this.#authority, protect, question);
    if (sent.kind === 'failed') return samFailed(false, sent.detail);
    const answered = await exchangeFrames(this.#link, command, sent.answer.data);
    if (answered.kind !== 'done') return answered;
    const judged = await ask(this.#authority, verify, {
      session,
      mode: fromCard,
      lengthBytes: answerBytes,
      data: answered.value,
    });
    if (judged.kind === 'failed') return samFailed(true, judged.detail);
    if (!judged.answer.genuine) return wrongAnswer(name, 'what protects the answer is not genuine');
    return command.parse(judged.answer.data);
  }

  manage<T>(command: DesfireCommand<T>): Promise<Told<T>> {
    return this.exchange(command, this.#secureMessaging === 'ev1' ? 'plain' : 'mac');
  }

  /** EV1 protects the direction in which the file's data go; the other carries a MAC at most (cards.md 2.3). EV2 both. */
  #modes(
    { data }: DesfireCommand<unknown>,
    comm: CommMode,
  ): { readonly toCard: ProtectionMode; readonly fromCard: ProtectionMode } {
    if (this.#secureMessaging === 'ev2') return { toCard: comm, fromCard: comm };
    return data.length > 0
      ? { toCard: comm, fromCard: 'plain' }
      : { toCard: 'plain', fromCard: comm };
  }
}

function samFailed(isSent: boolean, detail: string) {
  return { kind: 'sam-failed', isSent, detail } as const;
}
