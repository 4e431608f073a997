/** The station cannot start as it was asked to. The message is for the person who asked: what is wrong and what to do. */
export class StartRefused extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StartRefused';
  }
}

/** Say why, in words where there are any, and end the process. */
export function endRefused(error: unknown): never {
  if (!(error instanceof StartRefused)) throw error;
  process.stderr.write(`${error.message}\n`);
  // At once: the devices that were opened already would keep the process alive.
  process.exit(2);
}
