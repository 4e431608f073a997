import type { Language } from '../contract/language.ts';
import { currencies } from '../contract/money.ts';
import type { View } from '../contract/view.ts';
import { checkAnswer } from '../runtime/answer.ts';
import type { Station } from './station.ts';

/**
 * A station that cannot be, for want of a configuration: out of service, naming the file that is missing or wrong where a
 * technician looks for help; the log has every problem. All it understands is the choice of a language.
 */
export function unconfiguredStation(file: string, problems: number): Station {
  const helpLine = `${file}: ${problems} ${problems === 1 ? 'problem' : 'problems'}, see the log`;
  return {
    attach(channel) {
      let seq = 0;
      const show = (language: Language) => {
        seq += 1;
        channel.send({ seq, view: outOfService(language, helpLine) });
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

function outOfService(language: Language, helpLine: string): View {
  return {
    language,
    currency: currencies.CNY,
    stationName: 'AddValue',
    helpLine,
    idleWarning: null,
    screen: {
      kind: 'out-of-service',
      faults: (['reader', 'sam', 'terminal', 'printer', 'journal'] as const).map((device) => ({
        device,
        fault: 'not-ready',
      })),
      settling: false,
      balanceWorks: false,
    },
  };
}
