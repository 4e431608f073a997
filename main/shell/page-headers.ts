/**
 * What a page of ours may do, whichever shell shows it: run and draw only what came with it, talk only to where it came
 * from. No inline script, no inline style element, no frame, no form, no plug-in. `sockets`: WebSocket addresses that
 * older browsers do not take for 'self'.
 */
function contentPolicy(sockets: readonly string[]): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "media-src 'self'",
    ["connect-src 'self'", ...sockets].join(' '),
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** The headers of everything that is served to a page, the policy among them. */
export function pageHeaders(sockets: readonly string[]): Readonly<Record<string, string>> {
  return {
    'Content-Security-Policy': contentPolicy(sockets),
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Permissions-Policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=(), serial=()',
  };
}
