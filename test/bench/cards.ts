import { openPcscReader } from '../../hardware/reader/pcsc.ts';
import { openPcscliteReader } from '../../hardware/reader/pcsclite.ts';
import type { CardReader } from '../../hardware/reader/port.ts';
import { firstReader } from '../../hardware/rig/virtual/pcscd.ts';
import type { Clock } from '../../main/contract/clock.ts';
import { systemClock } from '../../main/runtime/clock.ts';
import { openBareLite } from './bare-lite.ts';
import { openBareMini } from './bare-mini.ts';
import type { BareReader } from './bare-reader.ts';
import { CardInSlot } from './card-in-slot.ts';
import { type Exchange, measuredCards } from './card-order.ts';
import { CardsAtWork } from './cards-at-work.ts';
import { type Figure, figureOf, figureWithin } from './figure.ts';
import { inTurn, timed } from './rounds.ts';
import { computingSam, rememberingSam } from './sam.ts';

/*
 * What we add to what a card and PC/SC cost anyway. Through a real pcscd: our whole path, and in turn with it the same
 * commands to the same card in the same state, sent by the library itself in a loop.
 */

type Binding = {
  readonly name: string;
  readonly isUsable: () => Promise<boolean>;
  readonly open: (options: {
    readonly readerName: string;
    readonly clock: Clock;
    readonly log: (line: string) => void;
  }) => CardReader;
  readonly openBare: (readerName: string) => Promise<BareReader>;
};

const bindings: readonly Binding[] = [
  { name: 'pcsc-mini', isUsable: async () => true, open: openPcscReader, openBare: openBareMini },
  {
    name: 'pcsclite',
    isUsable: () =>
      import('pcsclite').then(
        () => true,
        () => false,
      ),
    open: openPcscliteReader,
    openBare: openBareLite,
  },
];

/**
 * A contactless card takes some 10 ms a command: 130 ms to the balance and 70 ms for a load of a PBOC card, 180 and 240 ms of
 * a DESFire card whose value is not free to read, of the 500 and 1,000 ms that product.md 3 gives them; its 1.25 holds for
 * such a card. The hardest for us is one that answers at once, as none does: there
 * a few tenths of a millisecond are ours (ratios of 1.15 to 1.27 on a quiet machine), and the limit only keeps them from growing.
 */
const paces = [
  { name: 'instant card', answersAfterMs: 0, rounds: 200, limit: 1.4 },
  { name: '10 ms card', answersAfterMs: 10, rounds: 15, limit: 1.25 },
] as const;

/** Where pcscd runs and no card is in its first reader. */
export async function measureCards(): Promise<readonly Figure[]> {
  const slot = new CardInSlot();
  const figures: Figure[] = [];
  for (const binding of bindings) {
    if (await binding.isUsable()) figures.push(...(await measureBinding(binding, slot)));
    else process.stderr.write(`${binding.name} is not compiled here: npm run rebuild:pcsclite\n`);
  }
  await slot.end();
  return figures;
}

async function measureBinding(
  { name, open, openBare }: Binding,
  slot: CardInSlot,
): Promise<readonly Figure[]> {
  const said: string[] = [];
  const reader = open({
    readerName: `^${firstReader}$`,
    clock: systemClock,
    log: (line) => said.push(line),
  });
  const figures: Figure[] = [];
  for (const card of ['pboc', 'desfire'] as const) {
    const ours = new CardsAtWork(reader, rememberingSam(), card);
    const oursLoading = new CardsAtWork(reader, rememberingSam(), card);
    const oursWithSam = new CardsAtWork(reader, computingSam(), card);
    for (const pace of paces) {
      await slot.insert(card, pace.answersAfterMs);
      await ours.untilCard(true).catch((cause: unknown) => {
        throw new Error(`${name}: ${said.join('; ')}`, { cause });
      });
      const bare = await openBare(firstReader);
      const conversations = [
        { what: 'card placed → balance', converse: () => ours.read(), limit: pace.limit },
        { what: 'load with proof', converse: () => oursLoading.load(), limit: pace.limit },
        {
          what: 'load with proof and the software SAM',
          converse: () => oursWithSam.load(),
          limit: null,
        },
      ];
      for (const { what, converse, limit: most } of conversations) {
        const title = `${measuredCards[card].name}: ${what}, ${pace.name}, ${name}`;
        figures.push(...(await compare(title, most, pace.rounds, slot, converse, bare)));
      }
      bare.close();
      await slot.pull();
      await ours.untilCard(false);
    }
  }
  await reader.close();
  return figures;
}

/** Each side speaks to the card as it was in the first place, so that the commands and the answers are the same. */
async function compare(
  what: string,
  most: number | null,
  rounds: number,
  slot: CardInSlot,
  converse: () => Promise<void>,
  bare: BareReader,
): Promise<readonly Figure[]> {
  await slot.rewind();
  await converse();
  const recorded = await slot.rewind();
  const commands = recorded.map(({ command }) => Uint8Array.from(Buffer.from(command, 'hex')));
  const assertSame = async (): Promise<void> => {
    const exchanges = await slot.rewind();
    if (!sameExchanges(exchanges, recorded)) throw new Error(`${what}: another conversation`);
  };
  let commandsMs: number[] = [];
  let oursMs: readonly number[] = [];
  const figure = await figureWithin(most, what, async () => {
    commandsMs = [];
    const took = await inTurn(rounds, {
      async ours() {
        const ms = await timed(converse);
        await assertSame();
        return ms;
      },
      async bare() {
        const ms = await bare.converse(commands);
        await assertSame();
        commandsMs.push(ms.commandsMs);
        return ms.wholeMs;
      },
    });
    oursMs = took.ours;
    return took;
  });
  if (most === null) return [figure];
  const alone = { ours: oursMs, bare: commandsMs.slice(-rounds) };
  return [figure, figureOf(`${what}: ${commands.length} commands alone`, alone, null)];
}

function sameExchanges(one: readonly Exchange[], other: readonly Exchange[]): boolean {
  return (
    one.length === other.length &&
    one.every(({ command, response }, at) => {
      const counterpart = other[at];
      return command === counterpart?.command && response === counterpart.response;
    })
  );
}
