import pino from 'pino';

/** What the runtime says of itself: one JSON line an event, with the attempt's reference, never with a card number. */
export type Log = Pick<pino.Logger, 'debug' | 'info' | 'warn' | 'error' | 'fatal'>;

/** Fields that must never reach a log line, wherever they stand in it. */
const secret = ['cardNumber', 'number', 'key', 'token'];

/** A log on standard error, so that standard output stays for what a command was asked for. */
export function createLog(level: pino.Level | 'silent' = 'info'): Log {
  return pino(
    {
      level,
      base: null,
      redact: { paths: secret.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]) },
    },
    pino.destination(2),
  );
}
