import { Readable, Writable } from 'node:stream';
import { runClaimCli } from '../../db/claim-cli.ts';
import { runJournalCli } from '../../db/journal-cli.ts';

/** What somebody who types `npm run journal -- ARGS` gets to read. */
export function runCli(...args: readonly string[]) {
  return read((out, err) => runJournalCli(args, out, err));
}

/** The same of `npm run claim -- ARGS`; `typed` comes from the keyboard, in pieces. */
export function runClaim(args: readonly string[], typed: Iterable<string> = []) {
  return read((out, err) => runClaimCli(args, { input: Readable.from(typed), out, err }));
}

async function read(run: (out: Writable, err: Writable) => Promise<number>) {
  const texts = { out: '', err: '' };
  const into = (name: 'out' | 'err') =>
    new Writable({
      write(chunk, _encoding, done) {
        texts[name] += String(chunk);
        done();
      },
    });
  const code = await run(into('out'), into('err'));
  return { code, ...texts };
}
