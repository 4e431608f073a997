import { joinBytes } from '../bytes.ts';
import type { CardLink, LinkAnswer } from '../link.ts';
import {
  type DesfireCommand,
  type Frame,
  nextFrame,
  parseFrame,
  wrapped,
  wrongAnswer,
} from './command.ts';
import type { CommMode } from './profile.ts';

/** What may come of a command instead of its answer. After any of these the card knows of no authentication any more. */
export type Trouble =
  | Exclude<LinkAnswer<never>, { readonly kind: 'done' }>
  /** The card could not show that it holds its issuer's key. */
  | { readonly kind: 'not-genuine'; readonly detail: string }
  /** `isSent`: the card may have the command already. */
  | { readonly kind: 'sam-failed'; readonly isSent: boolean; readonly detail: string };

export type Told<T> = { readonly kind: 'done'; readonly value: T } | Trouble;

/** Commands to the selected application, whether protected or not. */
export interface Conversation {
  /** `comm`: the communication mode of the file that the command is about. */
  exchange<T>(command: DesfireCommand<T>, comm: CommMode): Promise<Told<T>>;
  /** A command that is not about what is in a file. */
  manage<T>(command: DesfireCommand<T>): Promise<Told<T>>;
}

/** No sensible answer has more frames. */
const mostFrames = 64;

/** Send one command with this after its header; the data of all the frames that it is answered with. */
export async function exchangeFrames(
  link: CardLink,
  { name, ins, header }: DesfireCommand<unknown>,
  protectedData: Uint8Array,
): Promise<LinkAnswer<Uint8Array>> {
  const received: Uint8Array[] = [];
  let command = wrapped(ins, joinBytes(header, protectedData));
  while (received.length < mostFrames) {
    const answer: LinkAnswer<Frame> = await link.send(command, (response) =>
      parseFrame(name, response),
    );
    if (answer.kind !== 'done') return answer;
    received.push(answer.value.data);
    if (answer.value.isLast) return { kind: 'done', value: joinBytes(...received) };
    command = nextFrame;
  }
  return wrongAnswer(name, 'does not end');
}

/** As anybody may speak with the card: nothing is protected, whatever the files' modes (cards.md 2.2, free access). */
export class OpenConversation implements Conversation {
  readonly #link: CardLink;

  constructor(link: CardLink) {
    this.#link = link;
  }

  exchange<T>(command: DesfireCommand<T>): Promise<Told<T>> {
    return this.manage(command);
  }

  async manage<T>(command: DesfireCommand<T>): Promise<Told<T>> {
    const answer = await exchangeFrames(this.#link, command, command.data);
    return answer.kind === 'done' ? command.parse(answer.value) : answer;
  }
}
