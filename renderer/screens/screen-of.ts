import type { Screen, ScreenKind } from '../../main/contract/view.ts';

/** What main says about one kind of screen. */
export type ScreenOf<K extends ScreenKind> = Extract<Screen, { kind: K }>;
