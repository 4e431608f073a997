/*
 * Chromium does not know the schemes that an Electron app registers. Here app://kiosk/x is https://kiosk.app.invalid/x:
 * a secure origin of its own, as the real one is.
 */

export function toBrowser(address: string): string {
  return address.replace(/^app:\/\/([^/]+)/, 'https://$1.app.invalid');
}

export function fromBrowser(address: string): string {
  return address.replace(/^https:\/\/([^/]+)\.app\.invalid/, 'app://$1');
}
