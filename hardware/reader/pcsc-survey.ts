import type { Clock } from '../../main/contract/clock.ts';
import { within } from '../card/deadline.ts';
import { codeOf } from './pcsc-fault.ts';
import { askPcscd } from './pcscd-answer.ts';

export type PcscSurvey =
  /** PC/SC's library, libpcsclite1 on Debian, is not installed, or does not fit this computer. */
  | { readonly kind: 'no-library'; readonly detail: string }
  /** No pcscd answers. `code` is PC/SC's, by name. */
  | { readonly kind: 'no-service'; readonly code: string }
  /** A service is there, and hangs. */
  | { readonly kind: 'silent' }
  | {
      readonly kind: 'up';
      readonly readers: readonly { readonly name: string; readonly cardPresent: boolean }[];
    };

/** Clients that cannot be stopped any more must not be collected either (pcsc.ts). */
const unstoppable = new Set<object>();

/** The readers are told one after the other, within milliseconds; with so long nothing new there are no more. */
const quietMs = 500;

/** One look at PC/SC, for a technician. Takes about half a second, and never more than `deadlineMs` and that. */
export async function surveyPcsc(clock: Clock, deadlineMs: number): Promise<PcscSurvey> {
  let library: typeof import('pcsc-mini');
  try {
    library = await import('pcsc-mini');
  } catch (error) {
    return { kind: 'no-library', detail: String(error).split('\n')[0] ?? '' };
  }
  const answer = await ask(clock, deadlineMs);
  if (answer === 'silent') return { kind: 'silent' };
  if (answer === 'absent') return { kind: 'no-service', code: 'NoService' };

  const present = new Map<string, boolean>();
  let heardMs = clock.nowMs();
  let code: string | null = null;
  const client = new library.Client();
  unstoppable.add(client);
  client.on('error', (error) => {
    code = codeOf(error);
  });
  client.on('reader', (reader) => {
    present.set(reader.name(), false);
    reader.on('change', (status) => {
      heardMs = clock.nowMs();
      present.set(reader.name(), status.has(library.ReaderStatus.PRESENT));
    });
  });
  try {
    client.start();
  } catch (error) {
    return { kind: 'no-service', code: codeOf(error) };
  }
  const untilMs = heardMs + deadlineMs;
  while (code === null && clock.nowMs() < Math.min(heardMs + quietMs, untilMs)) {
    await new Promise<void>((resolve) => {
      clock.after(20, resolve);
    });
  }
  if (code !== null) return { kind: 'no-service', code };
  // Stopping would wait for a pcscd that has begun to hang.
  if ((await ask(clock, deadlineMs)) === 'silent') return { kind: 'silent' };
  client.stop();
  unstoppable.delete(client);
  return {
    kind: 'up',
    readers: [...present].map(([name, cardPresent]) => ({ name, cardPresent })),
  };
}

async function ask(clock: Clock, deadlineMs: number): Promise<'answers' | 'absent' | 'silent'> {
  const question = askPcscd();
  const answer = await within<'answers' | 'absent' | 'silent'>(
    clock,
    deadlineMs,
    question.settled,
    () => 'silent',
  );
  question.drop();
  return answer;
}
