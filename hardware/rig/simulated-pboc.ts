import { campusCard, cityCard, tUnionCard } from '../card/pboc/profiles.ts';
import {
  SimulatedPbocCard,
  type SimulatedPbocProgram,
  simulatedCampusProgram,
  simulatedCityProgram,
  simulatedTUnionProgram,
} from '../card/pboc/simulated.ts';
import { cardKeyFromMaster } from '../card/pboc/simulated-mac.ts';
import { isLoadRow, type PbocCardMemory, pbocCardMemory } from '../card/pboc/simulated-memory.ts';
import { softwarePboc } from '../card/pboc/software-authority.ts';
import { testMasterKeys } from '../card/pboc/test-keys.ts';
import { simulatedFamily } from './simulated-family.ts';

const programs = new Map<string, SimulatedPbocProgram>([
  [cityCard.name, simulatedCityProgram],
  [campusCard.name, simulatedCampusProgram],
  [tUnionCard.name, simulatedTUnionProgram],
]);

/** Its cards have been loaded so often, and used at gates, before anybody comes here with them. */
const earlier = { onlineCounter: 6, offlineCounter: 40 };

export const simulatedPboc = simulatedFamily<PbocCardMemory>({
  name: 'pboc',
  profiles: [cityCard, campusCard, tUnionCard],
  memory: pbocCardMemory,
  authority: () => softwarePboc(testMasterKeys),
  // CREDIT FOR LOAD (PBOC 2.0 part 1).
  isWrite: ([cla, ins]) => cla === 0x80 && ins === 0x52,
  issue({ profile, number, balanceMinor, validTo, blocked, randomBytes }, memory) {
    const program = programs.get(profile);
    if (program === undefined) throw new RangeError(`no PBOC card is issued as ${profile}`);
    const [{ key }] = testMasterKeys.load;
    const card = new SimulatedPbocCard({
      program,
      number,
      loadKey: cardKeyFromMaster(key, number),
      tacKey: cardKeyFromMaster(testMasterKeys.tac, number),
      random: () => randomBytes(4),
      ...earlier,
      balance: balanceMinor,
      validTo,
      blocked,
      ...(memory === null ? {} : { memory }),
    });
    return {
      card,
      memory: () => card.memory,
      books: () => ({
        balanceMinor: card.books.balance,
        loads: card.books.onlineCounter,
        blocked: card.memory.blocked,
      }),
      loads: () => card.memory.log.filter(isLoadRow).map(loadRow),
      purchase: (amountMinor, at) => card.purchase(amountMinor, at),
      loadElsewhere: (amountMinor, at) => card.loadElsewhere(amountMinor, at),
      watchMemory: (onWritten) => card.watchMemory(onWritten),
    };
  },
});

/** Counter and amount are at bytes 0 and 5 of a log row (cards.md 1.4). */
function loadRow(row: string) {
  const bytes = Buffer.from(row, 'hex');
  return { counter: bytes.readUInt16BE(0), amountMinor: bytes.readUInt32BE(5) };
}
