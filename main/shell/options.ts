import { parseArgs } from 'node:util';

/** How a station was asked to start. Null: not said. */
export type StartOptions = {
  readonly configFile: string | null;
  readonly journalFile: string | null;
  readonly shell: 'electron' | 'web' | null;
  readonly station: 'simulated' | 'virtual' | null;
  /** Of the web server. */
  readonly port: number | null;
  /** Build the renderer again at each change. */
  readonly dev: boolean;
};

export const usage = `npm start -- [options]

  --config FILE     the station that FILE describes (docs/configuration.md); with a bench beside it
                    where FILE names simulated devices. Without it everything is simulated
  --station NAME    simulated, as without it; or virtual: real pcscd and a real serial port between
                    the simulated reader and printer and the kiosk (Linux; in a browser)
  --journal FILE    where every step is remembered
  --shell NAME      electron or web; without it, electron where it can be had
  --port N          of the web server (4280, or any that is free)
  --dev             build the screens again at each change (not with real devices)
  --help            show this
`;

export type OptionsAnswer =
  | { readonly kind: 'done'; readonly options: StartOptions }
  | { readonly kind: 'refused'; readonly why: string };

/**
 * Read a command line. `among`: other switches are on it too and are passed over (Electron is given Chromium's); without
 * it an unknown one is refused.
 */
export function readOptions(
  args: readonly string[],
  among: 'own' | 'own-among-others' = 'own',
): OptionsAnswer {
  let values: Readonly<Record<string, unknown>>;
  try {
    values = parseArgs({
      args: [...args],
      options: {
        config: { type: 'string' },
        journal: { type: 'string' },
        shell: { type: 'string' },
        station: { type: 'string' },
        port: { type: 'string' },
        dev: { type: 'boolean' },
      },
      strict: among === 'own',
    }).values;
  } catch (error) {
    return { kind: 'refused', why: error instanceof Error ? error.message : String(error) };
  }
  const { shell, station, port } = values;
  if (shell !== undefined && shell !== 'electron' && shell !== 'web') {
    return { kind: 'refused', why: `--shell ${shell}: must be electron or web` };
  }
  if (station !== undefined && station !== 'simulated' && station !== 'virtual') {
    return { kind: 'refused', why: `--station ${station}: must be simulated or virtual` };
  }
  if (station === 'virtual' && shell === 'electron') {
    return { kind: 'refused', why: '--station virtual is shown in a browser: leave --shell out' };
  }
  if (port !== undefined && !(/^\d{1,5}$/.test(String(port)) && Number(port) <= 65_535)) {
    return { kind: 'refused', why: `--port ${port}: must be a TCP port, 0 to 65535` };
  }
  return {
    kind: 'done',
    options: {
      configFile: typeof values.config === 'string' ? values.config : null,
      journalFile: typeof values.journal === 'string' ? values.journal : null,
      shell: shell ?? null,
      station: station ?? null,
      port: port === undefined ? null : Number(port),
      dev: values.dev === true,
    },
  };
}

/**
 * The same for an entry that has real devices only, in one `shell`: whoever asked for something else is told, and not served
 * by them unawares.
 */
export function readProductionOptions(
  args: readonly string[],
  shell: 'electron' | 'web',
  among: 'own' | 'own-among-others' = 'own',
): OptionsAnswer {
  const answer = readOptions(args, among);
  const why = answer.kind === 'done' ? notForProduction(answer.options, shell) : null;
  return why === null ? answer : { kind: 'refused', why };
}

function notForProduction({ station, shell, dev }: StartOptions, own: string): string | null {
  if (station !== null) {
    return `--station ${station}: this is the station with real devices. Leave it out, or: npm start -- --station ${station}`;
  }
  if (shell !== null && shell !== own) {
    return `--shell ${shell}: this is the ${own} shell. Leave it out, or: npm start -- --shell ${shell}`;
  }
  return dev ? devRefused : null;
}

/** Nobody changes the screens of a station that takes real money. */
export const devRefused =
  '--dev: this is the station with real devices. Leave it out, or name simulated ones: npm run dev';

/** The options as they are handed on to another process. */
export function optionsText(options: StartOptions): readonly string[] {
  const { configFile, journalFile, port } = options;
  return [
    ...(configFile === null ? [] : [`--config=${configFile}`]),
    ...(journalFile === null ? [] : [`--journal=${journalFile}`]),
    ...(port === null ? [] : [`--port=${port}`]),
  ];
}
