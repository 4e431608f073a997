import type { Language } from '../contract/language.ts';
import { currencies } from '../contract/money.ts';
import type { View } from '../contract/view.ts';
import { checkAnswer } from '../runtime/answer.ts';
import type { Station } from './station.ts';

/**
 * A station that cannot be, for want of a configuration: out of service, with what is wrong with its file for the
 * technician. All it understands is the choice of a language.
 */
export function unconfiguredStation(problems: readonly string[]): Station {
  return {
    attach(channel) {
      let seq = 0;
      const show = (language: Language) => {
        seq += 1;
        channel.send({ seq, view: outOfService(language, problems) });
      };
      show('en');
      return channel.watch((message) => {
        const check = checkAnswer(message);
        if (check.kind !== 'answer') return;
        const { command } = check.answer;
        if (command.kind === 'choose-language') show(command.language);
      });
    },
    close: async () => {},
  };
}

function outOfService(language: Language, notes: readonly string[]): View {
  return {
    language,
    currency: currencies.CNY,
    stationName: 'AddValue',
    helpLine: '',
    idleWarning: null,
    screen: {
      kind: 'out-of-service',
      // It has no devices to speak of: the notes say what is wrong.
      faults: [],
      settling: false,
      balanceWorks: false,
      canFindMoney: false,
      notes,
    },
  };
}
