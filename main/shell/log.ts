/** What the shells need of the station's log (pino has this shape). Facts first, then a sentence. */
export type Log = {
  info(facts: object, sentence: string): void;
  warn(facts: object, sentence: string): void;
  error(facts: object, sentence: string): void;
};
