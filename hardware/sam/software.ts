import { type Health, up } from '../../main/contract/device.ts';
import type { Sam, SamAnswer, SamApplet, SamQuestion } from './port.ts';

export type SoftwareSamParts = {
  /** By family: what answers its questions with keys in memory. */
  readonly applets: Readonly<Record<string, SamApplet>>;
  /** Called once, at once, with one line. */
  readonly onWarning: (warning: string) => void;
};

/** A load authority with its keys in memory: for tests and the simulated station only, and it says so. */
export class SoftwareSam implements Sam {
  readonly families: readonly string[];
  readonly #applets: ReadonlyMap<string, SamApplet>;

  constructor({ applets, onWarning }: SoftwareSamParts) {
    this.#applets = new Map(Object.entries(applets));
    this.families = [...this.#applets.keys()];
    onWarning('software SAM: test keys only, held in memory, never for real money');
  }

  watch(onHealth: (health: Health) => void): () => void {
    onHealth(up);
    return () => {};
  }

  async ask({ family, deed, body }: SamQuestion): Promise<SamAnswer> {
    const applet = this.#applets.get(family);
    if (applet === undefined) {
      return { kind: 'failed', detail: `the SAM holds no keys of ${family} cards` };
    }
    return applet.answer(deed, body);
  }

  async close(): Promise<void> {}
}
