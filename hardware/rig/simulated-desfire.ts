import { campusDesfire, transitDesfire } from '../card/desfire/profiles.ts';
import { SimulatedDesfireCard } from '../card/desfire/simulated.ts';
import { simulatedCardKey } from '../card/desfire/simulated-cipher.ts';
import { type DesfireCardMemory, desfireCardMemory } from '../card/desfire/simulated-memory.ts';
import {
  type SimulatedDesfireProgram,
  simulatedCampusDesfireProgram,
  simulatedTransitDesfireProgram,
} from '../card/desfire/simulated-program.ts';
import { softwareDesfireAuthority } from '../card/desfire/software-authority.ts';
import { testDesfireKeys } from '../card/desfire/test-keys.ts';
import { type LoadRow, simulatedFamily } from './simulated-family.ts';

const programs = new Map<string, SimulatedDesfireProgram>([
  [campusDesfire.name, simulatedCampusDesfireProgram],
  [transitDesfire.name, simulatedTransitDesfireProgram],
]);

/** Of keys that nobody here has: the issuer's and the gates'. */
const keyOfOthers = new Uint8Array(16).fill(0xff);

export const simulatedDesfire = simulatedFamily<DesfireCardMemory>({
  name: 'desfire',
  profiles: [campusDesfire, transitDesfire],
  memory: desfireCardMemory,
  authority: (random) => softwareDesfireAuthority({ keys: testDesfireKeys, random }),
  // CommitTransaction (cards.md 2.3): until then nothing has changed.
  isWrite: ([cla, ins]) => cla === 0x90 && ins === 0xc7,
  issue({ profile, number, balanceMinor, validTo, blocked, randomBytes }, memory) {
    const program = programs.get(profile);
    if (program === undefined) throw new RangeError(`no DESFire card is issued as ${profile}`);
    const uid = Uint8Array.of(0x04, ...Buffer.from(number.slice(-12), 'hex'));
    const own = (masterKey: Uint8Array): Uint8Array => {
      const application = Buffer.from(program.application, 'hex');
      const { systemIdentifier } = testDesfireKeys.diversification;
      return simulatedCardKey(masterKey, Buffer.concat([uid, application, systemIdentifier]));
    };
    const [{ key: loadKey }] = testDesfireKeys.load;
    const card = new SimulatedDesfireCard({
      program,
      uid,
      number,
      keys: [keyOfOthers, own(loadKey), keyOfOthers],
      ...(program.transactionMacFile === null
        ? {}
        : { transactionMacKey: own(testDesfireKeys.transactionMac) }),
      random: randomBytes,
      balance: balanceMinor,
      validTo,
      blocked,
      ...(memory === null ? {} : { memory }),
    });
    const loadsInLog = (): readonly LoadRow[] => loadRows(program, card.memory.records);
    let loads = loadsInLog().length;
    let counter = card.books.counter;
    let tell = (): void => {};
    // The log forgets, and the card has no other count of its loads: they are counted as they are written.
    card.watchMemory(() => {
      loads += loadsInLog().filter((row) => row.counter > counter).length;
      counter = card.books.counter;
      tell();
    });
    return {
      card,
      memory: () => card.memory,
      books: () => ({ balanceMinor: card.books.balance, loads, blocked: card.memory.blocked }),
      loads: loadsInLog,
      purchase: (amountMinor, at) => card.spend(amountMinor, at),
      loadElsewhere: (amountMinor, at) => card.loadElsewhere(amountMinor, at),
      watchMemory: (onWritten) => {
        tell = onWritten;
      },
    };
  },
});

/** Counter and amount stand in each record where its issuer has laid them. */
function loadRows(
  { recordFile }: SimulatedDesfireProgram,
  records: readonly string[],
): readonly LoadRow[] {
  const { byteOrder, counterOffset, counterBytes, kindOffset, loadKind, amountOffset } =
    recordFile.layout;
  return records.flatMap((record) => {
    const bytes = Buffer.from(record, 'hex');
    if (bytes[kindOffset] !== loadKind) return [];
    const number = (at: number, length: number): number =>
      byteOrder === 'little' ? bytes.readUIntLE(at, length) : bytes.readUIntBE(at, length);
    return [{ counter: number(counterOffset, counterBytes), amountMinor: number(amountOffset, 4) }];
  });
}
