const reasons = {
  'used-token': {
    title: 'This address has been used',
    text: 'Each printed address opens the station in one browser, once. Start the station again for a new one.',
  },
  'not-admitted': {
    title: 'Open the printed address',
    text: 'This station only answers the browser that opened the address it printed when it started.',
  },
  'not-found': {
    title: 'Nothing here',
    text: 'The station serves no such page.',
  },
} as const;

/** For a second window: the address of the surface, to try again here. */
export function elsewherePage(path: string): string {
  const title = 'This station is open in another window';
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>${title}</title><h1>${title}</h1><p>Close it there, then <a href="${path}">go on here</a>.</p></html>\n`;
}

export type RefusalReason = keyof typeof reasons;

/** A page for the person who is not let in: what happened and what to do. Needs no script and no style. */
export function refusalPage(why: RefusalReason): string {
  const { title, text } = reasons[why];
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>${title}</title><h1>${title}</h1><p>${text}</p></html>\n`;
}
