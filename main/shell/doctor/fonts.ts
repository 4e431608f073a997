import { existsSync } from 'node:fs';
import { open, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Language, languages } from '../../contract/language.ts';
import { command, type Finding, fault, note, ok } from './finding.ts';

const top = fileURLToPath(new URL('../../../', import.meta.url));

/** What installs the packages' fonts again, and builds the screens from them. */
const rebuild = [
  command('npm ci'),
  command('npx vite build --config renderer/vite.config.ts --mode packaged'),
] as const;

/** The fonts of the screens and of what is drawn on receipts. All are shipped. */
export async function examineFonts(): Promise<readonly Finding[]> {
  return [await fontsIn(path.join(top, 'out/renderer')), await receiptFonts(samples)];
}

/** A character of each font that receipts are drawn with. */
const samples = { en: 'é', 'zh-Hans': '园', 'zh-Hant': '園' } as const;

/** Whether what a printer has no characters for can be drawn, tried with a character for each language; and every font's file. */
export async function receiptFonts(tried: Readonly<Record<Language, string>>): Promise<Finding> {
  const typeface = await import('../../../hardware/printer/typeface.ts');
  const { damagedFonts, fontFiles, outlineOf } = typeface;
  const fails = (found: string) => fault('receipt fonts', found, command('npm ci'));
  for (const language of languages) {
    const isWide = language !== 'en';
    const outline = outlineOf(tried[language], { language, isWide, isBold: false }, 1);
    const [damage] = damagedFonts();
    if (damage !== undefined) return fails(`One is missing or damaged (${damage}).`);
    if (outline === null) return fails(`"${tried[language]}" cannot be drawn.`);
  }
  const files = fontFiles();
  const bad = await notFonts(files);
  if (bad.length > 0) {
    return fails(`${bad.length} of ${files.length} are missing or damaged, ${bad[0]} among them.`);
  }
  return ok(
    'receipt fonts',
    "Receipts are in the printer's own characters; what it lacks is drawn in shipped fonts.",
  );
}

/** Every font that the built screens' style sheets name is there and is a font. `folder` is the built renderer. */
export async function fontsIn(folder: string): Promise<Finding> {
  if (!existsSync(path.join(folder, 'index.html'))) {
    return note(
      'screens',
      'They are not built. npm start builds them, a unit does not:',
      rebuild[1],
    );
  }
  const assets = path.join(folder, 'assets');
  const names = new Set<string>();
  for (const sheet of (await readdir(assets)).filter((name) => name.endsWith('.css'))) {
    const text = await readFile(path.join(assets, sheet), 'utf8');
    for (const [, name = ''] of text.matchAll(
      /url\(["']?(?:[^)"']*\/)?([^)"'/]+[.]woff2?)["']?\)/g,
    )) {
      names.add(name);
    }
  }
  const bad = (await notFonts([...names].map((name) => path.join(assets, name)))).map((file) =>
    path.basename(file),
  );
  if (names.size === 0) return fault('fonts', `The screens in ${folder} have none.`, ...rebuild);
  if (bad.length > 0) {
    const found = `${bad.length} of ${names.size} are missing or damaged, ${bad[0]} among them.`;
    return fault('fonts', found, ...rebuild);
  }
  return ok(
    'fonts',
    `${names.size} files for all languages, shipped with the screens: this computer needs none of its own.`,
  );
}

async function notFonts(files: readonly string[]): Promise<readonly string[]> {
  const areFonts = await Promise.all(files.map(isFont));
  return files.filter((_, index) => !areFonts[index]);
}

/** WOFF 1 or 2, by its first four bytes, and as long as its header says (both say it in the same place). */
async function isFont(file: string): Promise<boolean> {
  try {
    const opened = await open(file);
    try {
      const { buffer, bytesRead } = await opened.read(Buffer.alloc(12), 0, 12, 0);
      if (bytesRead < 12 || !['wOF2', 'wOFF'].includes(buffer.toString('latin1', 0, 4)))
        return false;
      return buffer.readUInt32BE(8) === (await opened.stat()).size;
    } finally {
      await opened.close();
    }
  } catch {
    return false;
  }
}
