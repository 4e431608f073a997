import { toBcd } from '../bcd.ts';

/** The cash register's password as three bytes of BCD. Throws a RangeError when it is not six digits. */
export function passwordField(password: string): Uint8Array {
  if (!/^\d{6}$/.test(password)) throw new RangeError('a ZVT password is six digits');
  return toBcd(Number(password), 3);
}
