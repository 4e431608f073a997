import { timingSafeEqual } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { z } from 'zod';
import type { SamCardKind, SamCardReadiness, SamChannel } from '../../sam/card-applet.ts';
import { samFaultWords } from '../../sam/card-fault.ts';
import { appletOf, type DeedAnswer, handle } from '../../sam/deed.ts';
import type { SamApplet } from '../../sam/port.ts';
import { joinBytes, readUint, uint16Bytes, uint32Bytes } from '../bytes.ts';
import { fromHex } from '../hex.ts';
import type { LinkAnswer } from '../link.ts';
import { parseSelect } from '../select.ts';
import {
  authoriseLoad,
  type LoadPermission,
  type LoadRequest,
  type TacClaim,
  type TacJudgement,
  verifyTac,
} from './authority.ts';
import {
  desCryptMac,
  initForDescrypt,
  parseDesCryptMac,
  parseInitForDescrypt,
  selectSamApplication,
  verifySamPin,
} from './sam-card-commands.ts';
import { parseVerifyPin } from './verify-pin.ts';

const byte = z.int().min(0).max(0xff);

const samKey = z.strictObject({
  /** P1 and P2 of INIT FOR DESCRYPT: levels and key use, version (see initForDescrypt). */
  p1: byte,
  p2: byte,
  /**
   * What the key is diversified with, in the order in which the SAM wants it; empty: the key is the card's own.
   * `city-code`: the first two bytes of the card number, four times over. In hex: 8 bytes that are the same for all cards.
   */
  factors: z
    .array(
      z.union(
        [z.enum(['card-number', 'city-code']), z.string().regex(/^[0-9a-fA-F]{16}$/)],
        'must be card-number, city-code or 8 bytes in hex',
      ),
    )
    .max(3),
});

/**
 * How an operator's load SAM (ISAM) is asked: vendors differ in all of this, so all of it is to be confirmed with the SAM's
 * own manual. What the SAM must do by itself: for the key use in `load`, diversify, then make the single-DES session key by
 * enciphering the last 8 bytes of INIT FOR DESCRYPT (random number, counter, 8000), so that no session key ever leaves it;
 * for the key use in `tac`, diversify and fold the halves into the single-DES key of TACs; MACs as in cards.md 1.6.
 */
export const pbocSamSettings = z.strictObject({
  /** DF name or file identifier of the application that holds the keys; null: it is there without being selected. */
  application: z
    .string()
    .regex(/^([0-9a-fA-F]{4}|([0-9a-fA-F]{2}){5,16})$/, 'must be 2 or 5 to 16 bytes in hex')
    .nullable(),
  /** `file` holds the PIN as the SAM is sent it, in hex; null: the SAM has none. */
  pin: z.strictObject({ file: z.string().min(1), reference: byte }).nullable(),
  /** By the version that the card names in its answer to INITIALIZE FOR LOAD. */
  load: z.array(samKey.extend({ version: byte })).min(1),
  tac: samKey,
});

type SamKey = z.infer<typeof samKey>;
export type PbocSamSettings = z.infer<typeof pbocSamSettings>;

export const pbocSamCard: SamCardKind<PbocSamSettings> = {
  settings: pbocSamSettings,
  applet(channel, settings) {
    const sam = new PbocSamCard(channel, settings);
    return { prepare: () => sam.prepare(), ...sam.applet };
  },
};

type Mac =
  | { readonly kind: 'done'; readonly mac: Uint8Array }
  | { readonly kind: 'failed'; readonly detail: string };

const ready: SamCardReadiness = { kind: 'ready' };
const algorithmTripleDes = 0x00;

/** A load SAM by INIT FOR DESCRYPT and DES CRYPT. Each MAC has its own INIT: some SAMs forget the key after one. */
class PbocSamCard {
  readonly applet: SamApplet = appletOf([
    handle(authoriseLoad, (request) => this.#authoriseLoad(request)),
    handle(verifyTac, (claim) => this.#verifyTac(claim)),
  ]);
  readonly #channel: SamChannel;
  readonly #settings: PbocSamSettings;
  /** What the SAM said to the PIN of a file written then. It is not tried again: each try brings the SAM nearer to its lock. */
  #refusedPin: { readonly writtenMs: number; readonly detail: string } | null = null;

  constructor(channel: SamChannel, settings: PbocSamSettings) {
    this.#channel = channel;
    this.#settings = settings;
  }

  async prepare(): Promise<SamCardReadiness> {
    for (const step of [() => this.#select(), () => this.#enterPin(), () => this.#findKeys()]) {
      const readiness = await step();
      if (readiness.kind !== 'ready') return readiness;
    }
    return ready;
  }

  async #select(): Promise<SamCardReadiness> {
    const { application } = this.#settings;
    if (application === null) return ready;
    const command = selectSamApplication(fromHex(application));
    const remedy = 'set its application as the SAM’s manual has it, or put in the right SAM';
    return readiness(await this.#channel.send(command, parseSelect), remedy);
  }

  async #enterPin(): Promise<SamCardReadiness> {
    const { pin } = this.#settings;
    if (pin === null) return ready;
    const read = await readPin(pin.file);
    if (read === null)
      return notReady(`no PIN in hex can be read from ${pin.file}: write it there`);
    if (read.writtenMs === this.#refusedPin?.writtenMs) return notReady(this.#refusedPin.detail);
    const answer = await this.#channel.send(verifySamPin(read.pin, pin.reference), parseVerifyPin);
    const remedy = `correct the PIN in ${pin.file}, it is not tried twice, or have the SAM unlocked`;
    const opened = readiness(answer, remedy);
    if (opened.kind === 'not-ready') {
      this.#refusedPin = { writtenMs: read.writtenMs, detail: opened.detail };
    }
    return opened;
  }

  /** Each key is asked for once, with factors of no card. */
  async #findKeys(): Promise<SamCardReadiness> {
    const nobody = new Uint8Array(8);
    const { load, tac } = this.#settings;
    for (const { what, key, block } of [
      ...load.map((key) => ({ what: `load key ${key.version}`, key, block: nobody })),
      { what: 'TAC key', key: tac, block: new Uint8Array() },
    ]) {
      const answer = await this.#initialise(key, nobody, block);
      const found = readiness(
        answer,
        `set its ${what} as the SAM’s manual has it, or put in the right SAM`,
      );
      if (found.kind !== 'ready') return found;
    }
    return ready;
  }

  async #authoriseLoad(request: LoadRequest): Promise<DeedAnswer<LoadPermission>> {
    const { challenge, cardNumber, terminalId, dateTime } = request;
    // The answer to INITIALIZE FOR LOAD (cards.md 1.6): balance, counter, key version, algorithm, random, MAC1.
    const version = readUint(challenge, 6, 1);
    const algorithm = readUint(challenge, 7, 1);
    if (algorithm !== algorithmTripleDes) return failed(`algorithm ${algorithm} is not known`);
    const key = this.#settings.load.find((candidate) => candidate.version === version);
    if (key === undefined) return failed(`no load key of version ${version} is configured`);
    const counter = challenge.subarray(4, 6);
    const session = joinBytes(challenge.subarray(8, 12), counter, Uint8Array.of(0x80, 0x00));
    const terms = joinBytes(
      uint32Bytes(request.amount),
      Uint8Array.of(request.transactionType),
      terminalId,
    );

    const mac1 = await this.#mac(
      key,
      cardNumber,
      session,
      joinBytes(challenge.subarray(0, 4), terms),
    );
    if (mac1.kind === 'failed') return mac1;
    if (!timingSafeEqual(mac1.mac, challenge.subarray(12, 16))) return done({ mac2: null });
    const mac2 = await this.#mac(key, cardNumber, session, joinBytes(terms, dateTime));
    return mac2.kind === 'failed' ? mac2 : done({ mac2: mac2.mac });
  }

  async #verifyTac(claim: TacClaim): Promise<DeedAnswer<TacJudgement>> {
    const message = joinBytes(
      uint32Bytes(claim.balanceAfter),
      uint16Bytes(claim.counter),
      uint32Bytes(claim.amount),
      Uint8Array.of(claim.transactionType),
      claim.terminalId,
      claim.dateTime,
    );
    const tac = await this.#mac(this.#settings.tac, claim.cardNumber, new Uint8Array(), message);
    return tac.kind === 'failed' ? tac : done({ genuine: timingSafeEqual(tac.mac, claim.tac) });
  }

  async #mac(
    key: SamKey,
    cardNumber: Uint8Array,
    block: Uint8Array,
    message: Uint8Array,
  ): Promise<Mac> {
    const begun = await this.#initialise(key, cardNumber, block);
    if (begun.kind !== 'done') return failed(whyNot(begun));
    const made = await this.#channel.send(desCryptMac(message), parseDesCryptMac);
    return made.kind === 'done' ? { kind: 'done', mac: made.value } : failed(whyNot(made));
  }

  #initialise(
    { p1, p2, factors }: SamKey,
    cardNumber: Uint8Array,
    block: Uint8Array,
  ): Promise<LinkAnswer<null>> {
    const levels = factors.map((factor) => factorOf(factor, cardNumber));
    const command = initForDescrypt(p1, p2, joinBytes(...levels, block));
    return this.#channel.send(command, parseInitForDescrypt);
  }
}

function factorOf(factor: SamKey['factors'][number], cardNumber: Uint8Array): Uint8Array {
  switch (factor) {
    case 'card-number':
      return cardNumber;
    case 'city-code':
      return cardNumber.map((_, at) => cardNumber[at % 2] ?? 0);
    default:
      return fromHex(factor);
  }
}

/** Null where there is no such file, or no PIN in it. */
async function readPin(
  file: string,
): Promise<{ readonly pin: Uint8Array; readonly writtenMs: number } | null> {
  try {
    const pin = fromHex((await readFile(file, 'utf8')).trim());
    const { mtimeMs } = await stat(file);
    return pin.length === 0 ? null : { pin, writtenMs: mtimeMs };
  } catch {
    return null;
  }
}

function readiness(answer: LinkAnswer<unknown>, remedy: string): SamCardReadiness {
  if (answer.kind === 'done') return ready;
  if (answer.kind === 'failed') return { kind: 'silent' };
  return notReady(`${answer.detail}: ${remedy}`);
}

function notReady(detail: string): SamCardReadiness {
  return { kind: 'not-ready', detail };
}

function whyNot(answer: Exclude<LinkAnswer<unknown>, { readonly kind: 'done' }>): string {
  return `the SAM card: ${answer.kind === 'failed' ? samFaultWords(answer.fault) : answer.detail}`;
}

function done<Answer>(answer: Answer): DeedAnswer<Answer> {
  return { kind: 'done', answer };
}

function failed(detail: string) {
  return { kind: 'failed', detail } as const;
}
