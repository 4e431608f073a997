import type { Found } from './explore.ts';

/** The shortest way to a broken rule, one line for each thing that happens, and what the kiosk does then. */
export function storyText({ rule, detail, story }: Found): string {
  const lines = story.map(
    ({ say, fact, state }, n) =>
      `${String(n).padStart(4)}. ${say} · ${fact} → ${state ?? 'broken'}`,
  );
  return `  broken: ${rule} (${detail})\n${lines.join('\n')}\n`;
}
