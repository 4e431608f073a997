import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { CardOrder, CardReport, Exchange, MeasuredCard } from './card-order.ts';

const program = fileURLToPath(new URL('card-process.ts', import.meta.url));

/** The kiosk's side of card-process.ts. */
export class CardInSlot {
  readonly #process: ChildProcess = fork(program);

  /** A purse that takes so long for each command. */
  async insert(card: MeasuredCard, answersAfterMs: number): Promise<void> {
    await this.#order({ kind: 'insert', card, answersAfterMs });
  }

  async pull(): Promise<void> {
    await this.#order({ kind: 'pull' });
  }

  /** Make it what it was when it was inserted. Answers what passed since then. */
  async rewind(): Promise<readonly Exchange[]> {
    return this.#order({ kind: 'rewind' });
  }

  async end(): Promise<void> {
    const ended = once(this.#process, 'exit');
    this.#process.kill();
    await ended;
  }

  async #order(order: CardOrder): Promise<readonly Exchange[]> {
    const answered = new Promise<CardReport>((resolve, reject) => {
      const fail = () => reject(new Error('the card’s process has ended'));
      this.#process.once('exit', fail);
      this.#process.once('message', (report: CardReport) => {
        this.#process.off('exit', fail);
        resolve(report);
      });
    });
    this.#process.send(order);
    return (await answered).exchanges;
  }
}
