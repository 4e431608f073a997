import { useEffect } from 'react';
import attention from '../../assets/sounds/attention.wav';

/** Two soft notes when a part appears that a person looking elsewhere must not miss. Silent where nothing can sound. */
export function useChime(): void {
  useEffect(() => {
    const played: Promise<void> | undefined = new Audio(attention).play();
    played?.catch(() => {});
  }, []);
}
