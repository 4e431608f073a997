/**
 * Who may import whom. Each zone lists everything it may see; whatever is not listed, a new library included, is refused
 * until somebody decides where it belongs. Paths are regular expressions over paths from the top of the checkout.
 */

const ports = ['^hardware/.+/port[.]ts$', '^db/port[.]ts$'];
const contract = '^main/contract/';

/** What a profile may say, and ready ones: data, which the configuration has to know. */
const profiles = '^hardware/.+/(profiles?|charset|paper-language)[.]ts$';

/** The card families: what they want configured, and protocols that open nothing. */
const families = '^hardware/card/(registry|family)[.]ts$';

/** What stands in for a real part, or holds a key in software: never within reach of what is packaged. */
const pretended = [
  '^(main|hardware|db)/.*simulated',
  '^hardware/sam/software[.]ts$',
  '^hardware/card/.*/(software-|test-keys)',
  '^hardware/printer/roll-picture[.]ts$',
  '^hardware/rig/',
  '^main/shell/.*bench',
  '^renderer/bench/',
  '^test/',
];

/** What is packaged starts in one of these. */
const productionEntries = [
  '^main/shell/production[.]ts$',
  '^main/shell/electron/(main|preload)[.]c?ts$',
  '^main/shell/web/main[.]ts$',
  // Not packaged, but what a technician is told must be of real devices.
  '^main/shell/doctor/',
  '^renderer/main[.]tsx$',
];

const zones = [
  { zone: 'main/contract', sees: [], libraries: [], node: [] },
  { zone: 'main/session', sees: [contract], libraries: [], node: [] },
  {
    zone: 'main/runtime',
    sees: [contract, '^main/session/', ...ports],
    libraries: ['pino', 'zod'],
    node: ['crypto', 'perf_hooks'],
  },
  {
    zone: 'main/shell',
    sees: [contract, '^main/session/', '^main/runtime/', '^hardware/', '^db/', '^assets/'],
    libraries: ['electron', 'pino', 'vite', 'ws', 'zod'],
    node: ['.*'],
  },
  {
    zone: 'hardware',
    sees: [contract],
    libraries: ['fontkit', 'iconv-lite', 'pcsc-mini', 'pcsclite', 'serialport', 'uqr', 'zod'],
    node: ['.*'],
  },
  { zone: 'db', sees: [contract], libraries: ['better-sqlite3'], node: ['.*'] },
  {
    zone: 'renderer',
    sees: [contract, '^assets/'],
    libraries: ['@fontsource(-variable)?/[^/]+', 'react', 'react-dom', 'uqr', 'zustand'],
    node: [],
    except: '^renderer/vite[.]config[.]ts$',
  },
];

/** Each library that opens a device, a file or a window has one home. */
const homes = [
  ['better-sqlite3', '^db/'],
  ['electron', '^main/shell/electron/'],
  ['fontkit', '^hardware/printer/typeface[.]ts$'],
  ['pcsc-mini', '^hardware/reader/pcsc(-survey)?[.]ts$'],
  ['pcsclite', '^hardware/reader/pcsclite[.]ts$'],
  ['serialport', '^hardware/line/serialport[.]ts$'],
  ['vite', '^(main/shell/build|renderer/vite[.]config)[.]ts$'],
  ['ws', '^main/shell/web/'],
];

const inNodeModules = (library) => `^node_modules/(@types/)?${library}/`;
const production = '^(main|hardware|db|renderer)/';

const zoneRules = zones.map(({ zone, sees, libraries, node, except }) => ({
  name: `${zone.replaceAll('/', '-')}-sees-only-what-it-may`,
  comment: `${zone} may import what test/architecture/dependency-cruiser.cjs lists for it, and nothing else`,
  severity: 'error',
  from: { path: `^${zone}/`, ...(except === undefined ? {} : { pathNot: except }) },
  to: {
    pathNot: [
      `^${zone}/`,
      ...sees,
      ...libraries.map(inNodeModules),
      ...node.map((name) => `^(node:)?${name}$`).filter((name) => !name.includes('.*')),
    ],
    ...(node.includes('.*') ? { dependencyTypesNot: ['core'] } : {}),
  },
}));

const homeRules = homes.map(([library, home]) => ({
  name: `${library}-has-one-home`,
  comment: `only ${home} imports ${library}`,
  severity: 'error',
  from: { path: production, pathNot: home },
  to: { path: inNodeModules(library) },
}));

module.exports = {
  forbidden: [
    ...zoneRules,
    ...homeRules,
    {
      name: 'only-real-ports-and-bench-open-drivers',
      comment: 'everybody else in main sees ports, but the doctor, who opens them to look',
      severity: 'error',
      from: { path: '^main/', pathNot: '^main/shell/(real-ports[.]ts$|bench|doctor/)' },
      to: { path: '^hardware/', pathNot: [...ports, profiles, families] },
    },
    {
      name: 'only-the-shell-opens-the-journal',
      comment: 'everybody else in main sees db/port.ts',
      severity: 'error',
      from: { path: '^main/', pathNot: '^main/shell/' },
      to: { path: '^db/', pathNot: ports },
    },
    {
      name: 'a-port-knows-no-driver',
      comment: 'a port imports the contract and other ports',
      severity: 'error',
      from: { path: ports },
      to: { pathNot: [contract, ...ports] },
    },
    {
      name: 'a-driver-knows-no-simulated-peer',
      comment: 'a driver that knows its peer is simulated is not the driver that will run',
      severity: 'error',
      from: { path: '^(hardware|db)/', pathNot: pretended },
      to: { path: pretended },
    },
    {
      name: 'families-do-not-know-each-other',
      comment: 'a card family or a payment means stands alone in its folder',
      severity: 'error',
      from: { path: '^hardware/(card|terminal)/([^/]+)/' },
      to: { path: '^hardware/$1/[^/]+/', pathNot: '^hardware/$1/$2/' },
    },
    {
      name: 'production-reaches-nothing-simulated',
      comment: 'by no chain of imports, however long',
      severity: 'error',
      from: { path: productionEntries },
      to: { path: pretended, reachable: true },
    },
    {
      name: 'production-reaches-no-builder',
      comment: 'what is packaged is built already',
      severity: 'error',
      from: { path: productionEntries },
      to: { path: inNodeModules('vite'), reachable: true },
    },
    {
      name: 'nothing-needs-a-test',
      comment: 'what runs at a station does not import its tests',
      severity: 'error',
      from: { path: production },
      to: { path: '^test/' },
    },
    {
      name: 'no-development-library-at-run-time',
      comment:
        'electron is the exception: its packager wants it among the development dependencies',
      severity: 'error',
      from: { path: production, pathNot: '^(main/shell/build|renderer/vite[.]config)[.]ts$' },
      to: {
        dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'],
        dependencyTypesNot: ['type-only'],
        pathNot: inNodeModules('electron'),
      },
    },
    {
      name: 'no-circle',
      comment: 'two files that need each other are one idea, or three',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-orphan',
      comment: 'nobody imports it and it imports nobody: what is it for?',
      severity: 'error',
      from: { orphan: true, path: production, pathNot: '[.]d[.]ts$|^renderer/vite[.]config[.]ts$' },
      to: {},
    },
    {
      name: 'everything-resolves',
      comment: 'an import that leads nowhere is not watched by any other rule',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    // Types count too: a type that crosses a border today is a value tomorrow.
    tsPreCompilationDeps: true,
    doNotFollow: { path: '^node_modules/' },
    exclude: { path: '^(test/fixtures|out)/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.cts', '.mts', '.js', '.mjs', '.cjs', '.json', '.css'],
    },
  },
};
