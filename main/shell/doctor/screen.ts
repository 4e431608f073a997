import { readFileSync } from 'node:fs';
import path from 'node:path';
import { installedElectron } from '../electron-binary.ts';
import { findBrowser, installedBrowser } from '../web/browser.ts';
import { asRoot, deed, type Finding, fault, note, ok } from './finding.ts';
import { runProgram } from './run-program.ts';

/** What would show the screens, and why that. Nothing is fetched. */
export async function examineScreen(late: AbortSignal): Promise<readonly Finding[]> {
  const chromium = installedBrowser(process.env);
  const electron = installedElectron();
  const findings: Finding[] = [];
  if (chromium !== null) {
    const answer = await runProgram(chromium, ['--version'], late);
    const works = answer.kind === 'ended' && answer.code === 0;
    findings.push(
      works
        ? ok('Chromium', `${answer.out.trim()}, ${chromium}.`)
        : fault(
            'Chromium',
            `${chromium} does not start.`,
            asRoot('apt install --reinstall chromium'),
          ),
    );
  } else if (electron === null) {
    findings.push(
      fault(
        'Chromium',
        'It is not installed, and Electron is not either: nothing can show the screens.',
        asRoot('apt install chromium'),
      ),
    );
  } else {
    findings.push(
      note(
        'Chromium',
        'It is not installed: a unit that starts the web shell shows nothing.',
        asRoot('apt install chromium'),
      ),
    );
  }
  if (electron !== null) findings.push(ok('Electron', `${versionOf(electron)}, ${electron}.`));
  findings.push(shellFinding(chromium !== null, electron !== null));
  return findings;
}

/** Which shell `npm start` would take from here. As start.ts chooses: display and user decide before anything is looked for. */
function shellFinding(hasChromium: boolean, hasElectron: boolean): Finding {
  const browser = findBrowser(process.env);
  const obstacle =
    browser.kind === 'refused' && browser.why !== 'Chromium is not installed' ? browser.why : null;
  if (obstacle !== null) {
    return note(
      'shell',
      `Started from here, npm start would only print its address: ${obstacle}.`,
      deed('Over ssh or as root that is so. The unit names the display (docs/deployment.md).'),
    );
  }
  if (hasElectron) return ok('shell', 'npm start takes Electron, because its binary is here.');
  const which = hasChromium ? 'Chromium' : 'no browser';
  return ok(
    'shell',
    `npm start takes the web shell with ${which} where Electron's binary cannot be fetched: it is not here yet.`,
  );
}

/** Electron's release lies beside its binary, as a file with its version. */
function versionOf(binary: string): string {
  try {
    return readFileSync(path.join(path.dirname(binary), 'version'), 'utf8').trim();
  } catch {
    return 'of an unknown version';
  }
}
