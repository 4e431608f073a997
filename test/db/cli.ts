import { Writable } from 'node:stream';
import { runJournalCli } from '../../db/journal-cli.ts';

/** What somebody who types `npm run journal -- ARGS` gets to read. */
export async function runCli(...args: readonly string[]) {
  const texts = { out: '', err: '' };
  const into = (name: 'out' | 'err') =>
    new Writable({
      write(chunk, _encoding, done) {
        texts[name] += String(chunk);
        done();
      },
    });
  const code = await runJournalCli(args, into('out'), into('err'));
  return { code, ...texts };
}
