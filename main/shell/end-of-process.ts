/** How long a station may take to let go of its devices before the process ends anyway. */
const patienceMs = 5_000;

/** When the system asks the process to end, let `close` finish first, but not for ever. */
export function closeAtEnd(close: () => Promise<void>, exit: (code: number) => void): void {
  let ending = false;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (ending) return;
      ending = true;
      setTimeout(() => exit(1), patienceMs).unref();
      close().then(
        () => exit(0),
        () => exit(1),
      );
    });
  }
}
