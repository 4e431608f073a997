/** 80 00 00: understood. Answers every message of the terminal, and is itself never answered. */
export const positiveAck = Uint8Array.of(0x80, 0x00, 0x00);

/** 84 66 00: goods not issued. The terminal takes the payment back by itself (ZVT PA00P015 13.x, authorisation). */
export const notIssued = Uint8Array.of(0x84, 0x66, 0x00);

/** 84 83 00: unknown command. */
export const unknownCommand = Uint8Array.of(0x84, 0x83, 0x00);

/**
 * What an acknowledgement says: null when positive, else the terminal's reason. 84 00 is a positive one on some terminals.
 * Only for messages of class 80 or 84.
 */
export function parseAcknowledgement(control: number): number | null {
  const reason = control & 0xff;
  return control >> 8 === 0x80 || reason === 0x00 ? null : reason;
}

export function isAcknowledgement(control: number): boolean {
  return control >> 8 === 0x80 || control >> 8 === 0x84;
}
