import type { SimulatedAesKey } from './simulated-aes.ts';
import { type Bytes, decipherBlocks, encipherBlocks, noChain } from './simulated-cipher.ts';
import { SimulatedEv1Session } from './simulated-ev1-session.ts';
import { ev2Secrets, SimulatedEv2Session } from './simulated-ev2-session.ts';
import { type SimulatedSession, sameNumbers } from './simulated-session.ts';

/** An authentication of which the first half is done. */
export type SimulatedHandshake = {
  /** E(RndB). */
  readonly challenge: Bytes;
  /** Null where the other side does not hold the key. */
  readonly finish: (
    answer: Bytes,
  ) => { readonly proof: Bytes; readonly session: SimulatedSession } | null;
};

/** AuthenticateAES (AA, cards.md 2.3): one chain through all three cryptograms. */
export function ev1Handshake(
  key: SimulatedAesKey,
  keyNumber: number,
  rndB: Bytes,
): SimulatedHandshake {
  const challenge = encipherBlocks(key, noChain, rndB);
  return {
    challenge,
    finish: (answer) => {
      const rndA = proved(decipherBlocks(key, challenge, answer), rndB);
      if (rndA === null) return null;
      const proof = encipherBlocks(key, answer.slice(-16), rotated(rndA));
      return { proof, session: new SimulatedEv1Session(keyNumber, rndA, rndB) };
    },
  };
}

/**
 * AuthenticateEV2First (71, cards.md 2.4): each cryptogram stands alone. `transaction` is TI; `capabilities` are the
 * terminal's, given back in the proof.
 */
export function ev2Handshake(
  key: SimulatedAesKey,
  keyNumber: number,
  rndB: Bytes,
  transaction: Bytes,
  capabilities: Bytes,
): SimulatedHandshake {
  return {
    challenge: encipherBlocks(key, noChain, rndB),
    finish: (answer) => {
      const rndA = proved(decipherBlocks(key, noChain, answer), rndB);
      if (rndA === null) return null;
      const six = (bytes: Bytes) => [...bytes, ...noChain].slice(0, 6);
      const clear = [...transaction, ...rotated(rndA), ...six([]), ...six(capabilities)];
      return {
        proof: encipherBlocks(key, noChain, clear),
        session: new SimulatedEv2Session(keyNumber, ev2Secrets(key, rndA, rndB), transaction),
      };
    },
  };
}

/** What the other side threw in, if it shows that it could read ours. */
function proved(clear: Bytes, rndB: Bytes): Bytes | null {
  return sameNumbers(clear.slice(16), rotated(rndB)) ? clear.slice(0, 16) : null;
}

function rotated(bytes: Bytes): Bytes {
  return [...bytes.slice(1), ...bytes.slice(0, 1)];
}
