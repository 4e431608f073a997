import './erase-sign.css';
import type { ReactNode } from 'react';

/** The sign on the key that takes back what was typed last. */
export function EraseSign(): ReactNode {
  return (
    <svg className="erase-sign" viewBox="0 0 64 48" aria-hidden="true">
      <path d="M20 5h34a6 6 0 0 1 6 6v26a6 6 0 0 1-6 6H20L4 24zM30 16l16 16M46 16L30 32" />
    </svg>
  );
}
