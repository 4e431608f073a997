import { create } from 'zustand';
import type { Shown } from '../main/contract/channel.ts';

/** All that the renderer knows: the last whole view, and whether main can still be heard. */
export type Store = {
  /** Null until main has shown its first view. */
  readonly shown: Shown | null;
  readonly connection: 'open' | 'lost';
};

export const useStore = create<Store>(() => ({ shown: null, connection: 'open' }));

/** Draw this view from now on. A view can only come over an open line. */
export function show(shown: Shown): void {
  useStore.setState({ shown, connection: 'open' });
}

export function setConnection(connection: Store['connection']): void {
  useStore.setState({ connection });
}
