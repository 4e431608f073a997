import { answerOf, type DesfireCommand, noBytes } from './command.ts';

export const applicationNotFound = 0x91a0;
/** A chip that takes wrapped commands and has no applications. */
export const instructionNotKnown = 0x911c;

/** 5A. `application`: 3 bytes, least significant first. Ends what was authenticated or not committed. */
export function selectApplication(application: Uint8Array): DesfireCommand<null> {
  const name = 'SELECT APPLICATION';
  return {
    name,
    ins: 0x5a,
    header: application,
    data: noBytes,
    answerBytes: 0,
    parse: (data) => answerOf(name, data, 0, () => null),
  };
}
