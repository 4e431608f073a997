/** A library that speaks PC/SC. What a kiosk needs of it and no more: pcsc-reader.ts makes a reader of it. */
export type PcscLibrary = {
  /**
   * Only now is it loaded, so that a machine without it runs everything else; once. Rejects where it cannot be used.
   */
  load(): Promise<PcscHub>;
  /** What a technician does where it cannot be loaded, as a sentence. */
  readonly remedy: string;
  /** Whether the service would answer: asked before each call that waits for it on this thread. */
  ask(): PcscdQuestion;
  /** What the service says of its readers itself: the library may have missed it. */
  look(): PcscdLook;
};

export type PcscdQuestion = {
  /**
   * `answers`: a library's call comes back, with success or with the reason. `absent`: nobody is there. While pcscd hangs it
   * stays open, and is settled as soon as pcscd goes on.
   */
  readonly settled: Promise<'answers' | 'absent'>;
  drop(): void;
};

export type PcscdLook = {
  /**
   * The readers that work, by name; null where they cannot be asked for. It stays open while pcscd hangs or starts a reader,
   * and where it ends meanwhile.
   */
  readonly settled: Promise<ReadonlyMap<string, SlotState> | null>;
  drop(): void;
};

/** A library that all readers of the process share. */
export type PcscHub = {
  /** Begin to listen, as PcscBinding.begin; or join who does, and be told soon what has been told so far. */
  join(events: PcscEvents): PcscShare;
};

export type PcscShare = {
  /** Be told nothing more. Only when the service answers, or is gone: the last one to leave may let go of the library. */
  leave(): void;
  /** Something is wrong with it: whoever joins next begins anew. */
  distrust(): void;
};

export type PcscBinding = {
  /**
   * Begin to listen. Throws the library's error where there is no service. Nothing is told before it has returned. Only when
   * the service answers: libraries wait for it on this thread.
   */
  begin(events: PcscEvents): PcscService;
};

export type PcscEvents = {
  readonly onSlot: (slot: PcscSlot) => void;
  readonly onState: (slot: PcscSlot, state: SlotState) => void;
  readonly onUnplugged: (slot: PcscSlot) => void;
  /** The service is gone, or the library is of no use any more. `code` is PC/SC's by name. */
  readonly onLost: (code: string) => void;
};

export type PcscService = {
  /** Let go of everything. Only once `onLost` was told. */
  stop(): void;
};

/** A reader as PC/SC lists it. */
export type PcscSlot = {
  readonly name: string;
  /**
   * Connect, and let nobody else have the card. `atr` was told of the card last, for a library that cannot ask it. Rejects with
   * the library's error.
   */
  connect(atr: Uint8Array): Promise<PcscSession>;
};

/** The library's side of one connection. All reject with the library's errors. */
export type PcscSession = {
  readonly atr: Uint8Array;
  readonly overT0: boolean;
  transmit(command: Uint8Array): Promise<Uint8Array>;
  /**
   * Reset the card, so that no right that it gave outlives the conversation. Only while no transmit is under way. Rejects
   * where the library cannot be used any more.
   */
  disconnect(): Promise<void>;
};

export type SlotState = {
  readonly present: boolean;
  /** Empty where the library does not tell. */
  readonly atr: Uint8Array;
  /** Counts the slot's insertions and removals: tells a card that was swapped from one that stayed. */
  readonly changes: number;
};

const stateFlags = { unknown: 0x04, unavailable: 0x08, present: 0x20 } as const;

/** dwEventState of PC/SC (pcsclite.h): flags in its lower half, pcscd's count of changes in the upper. Null: no reader. */
export function slotState(
  eventState: number,
  atr: Uint8Array = new Uint8Array(0),
): SlotState | null {
  if ((eventState & (stateFlags.unknown | stateFlags.unavailable)) !== 0) return null;
  return { present: (eventState & stateFlags.present) !== 0, atr, changes: eventState >>> 16 };
}
