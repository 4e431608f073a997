import { userInfo } from 'node:os';

/** The user that this runs as; its number where it has no name. */
export function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? 'unknown');
  }
}

/** The user that the station is to run as: this one; for root, the one that docs/deployment.md makes. */
export function stationUser(user: string): string {
  return user === 'root' ? 'addvalue' : user;
}
