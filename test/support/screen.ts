import type { Channel, Shown } from '../../main/contract/channel.ts';
import type { Command } from '../../main/contract/command.ts';
import type { Screen as ScreenView, View } from '../../main/contract/view.ts';

/** The kiosk's screen as a test holds it: sees whole views, taps by naming the view that it saw. */
export class TestScreen implements Channel<Shown, unknown> {
  readonly kinds: ScreenView['kind'][] = [];
  #shown: Shown | null = null;
  #tell: (message: unknown) => void = () => {};

  get view(): View {
    if (this.#shown === null) throw new Error('nothing has been shown yet');
    return this.#shown.view;
  }

  get seq(): number {
    return this.#shown?.seq ?? 0;
  }

  get screen(): ScreenView {
    return this.view.screen;
  }

  /** Tap. `seq`: an older view, for a tap that comes late. */
  tap(command: Command, seq = this.seq): void {
    this.#tell({ seq, command });
  }

  /** Send anything at all. */
  sendRaw(message: unknown): void {
    this.#tell(message);
  }

  send(message: Shown): void {
    this.#shown = message;
    if (this.kinds.at(-1) !== message.view.screen.kind) this.kinds.push(message.view.screen.kind);
  }

  watch(onMessage: (message: unknown) => void): () => void {
    this.#tell = onMessage;
    return () => {
      this.#tell = () => {};
    };
  }

  close(): void {
    this.#tell = () => {};
  }
}
