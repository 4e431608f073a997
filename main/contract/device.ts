/** The parts of a station whose health decides what can be offered. Payment terminals carry their own ids besides. */
export type DeviceName = 'reader' | 'sam' | 'terminal' | 'printer' | 'journal';

/** What is wrong with a device: nouns of the world, for screens, logs and the technician alike. */
export type DeviceFault =
  /** Not plugged in, or its line is closed. */
  | 'unplugged'
  /** There, but it does not answer. */
  | 'silent'
  /** It answers in a way its protocol does not allow. */
  | 'garbled'
  /** The service in front of it (pcscd, a host) is not running. */
  | 'service-down'
  /** Somebody else is using it. */
  | 'busy'
  /** It says of itself that it cannot work (out of order, not set up, keys missing). */
  | 'not-ready'
  | 'paper-out'
  | 'cover-open'
  | 'cutter-jam'
  | 'head-hot'
  /** A payment terminal that left two payments in a row unanswered: it is not offered for a while. */
  | 'suspended'
  /** The journal: no room, cannot be written, damaged. */
  | 'disk-full'
  | 'read-only'
  | 'corrupt';

export type Health =
  | { readonly kind: 'up' }
  | { readonly kind: 'down'; readonly fault: DeviceFault };

export const up: Health = { kind: 'up' };

export function down(fault: DeviceFault): Health {
  return { kind: 'down', fault };
}
