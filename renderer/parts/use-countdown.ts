import { useEffect, useState } from 'react';

/** Whole seconds left of `remainingMs`, counted down on screen from the moment main said it. Main decides when it is over. */
export function useCountdown(remainingMs: number): number {
  const [left, setLeft] = useState(remainingMs);
  useEffect(() => {
    const startMs = performance.now();
    setLeft(remainingMs);
    const timer = setInterval(() => {
      setLeft(Math.max(0, remainingMs - (performance.now() - startMs)));
    }, 250);
    return () => clearInterval(timer);
  }, [remainingMs]);
  return Math.ceil(left / 1000);
}
