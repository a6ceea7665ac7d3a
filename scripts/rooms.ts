import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { root } from './installedPackages.ts';

/** The rooms of src: what each holds, may import and does import. */

export interface Room {
  /** Below src, such as `storage/archive`. */
  name: string;
  holds: string;
  /** By the linter: rooms and files below src; `undefined` where the linter leaves it open. */
  mayImport: string[] | undefined;
  /** What the linter forbids where it leaves the rest open. */
  mayNotImport: string[];
  /** Rooms that files of this one import, and whether types are all that they take. */
  imports: Map<string, { isTypesOnly: boolean }>;
}

const holds: Record<string, string> = {
  alerts: 'which thresholds of a budget are news, and their delivery, once for each crossing',
  app: 'the product put together from its settings; what timers, HTTP functions and the command line start',
  cli: 'the command line, a file for each command; the demo',
  config: 'settings: names, kinds, defaults, rules; the only reader of the environment',
  functions: 'the triggers of Azure Functions, which only register',
  dashboard:
    'the page that shows the history in a browser; it has what the routes answer, and no code of theirs',
  history: 'queries of what was recorded: trends, rankings, totals, runs, health',
  http: 'routes, their parameters and answers, CSV and NDJSON, the OpenAPI description',
  network: 'connections, time limits, retries, proxies, for every host alike',
  'partner-center':
    'the client: paging, gate, reading of answers, errors by what a run does about them',
  report: "a customer's billing period as a page and as lines",
  'sign-in': 'tokens, the stores of the refresh token, the sign-in of a user',
  simulator: 'a simulated Partner Center and sign-in host, for tests, demo and benchmarks',
  snapshot:
    'a run: lists, captures, the ledger of the day, the proof of completeness, the catch-up',
  storage: 'tables: keys, columns, transactions, a store for each table, twins in memory',
  'storage/archive': 'export, import and removal of rows as they are',
  telemetry: 'events, one line of JSON each',
  usage: 'the domain, pure: exact amounts, billing periods, daily cost, forecast, anomaly, budgets',
};

interface ImportRule {
  group: string[];
}
interface LintOverride {
  includes: string[];
  linter: {
    rules: { style?: { noRestrictedImports?: { options: { patterns: ImportRule[] } } } };
  };
}

const importStatement =
  /^(?:import|export)( type)?\b[^;']*?\bfrom '(\.[^']+)';|\bimport\('(\.[^']+)'\)/gm;

/** All rooms, by name. Files directly in src belong to none of them. */
export function readRooms(): Room[] {
  const folder = join(root, 'src');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => /\.tsx?$/.test(file));
  const names = new Set(files.map((file) => dirname(file)).filter((name) => name !== '.'));
  return [...names].toSorted().map((name) => {
    const imports: Room['imports'] = new Map();
    for (const file of files.filter((each) => dirname(each) === name)) {
      const text = readFileSync(join(folder, file), 'utf8');
      for (const [, type, from, fromWhenAsked] of text.matchAll(importStatement)) {
        const imported = posix.join(name, posix.dirname(from ?? fromWhenAsked ?? ''));
        if (imported === name || imported === '.') continue;
        const isTypesOnly = type !== undefined && imports.get(imported)?.isTypesOnly !== false;
        imports.set(imported, { isTypesOnly });
      }
    }
    const description = holds[name];
    if (description === undefined) throw new Error(`expected what src/${name} holds, here`);
    return { name, holds: description, ...readLintRule(name), imports };
  });
}

/** The rules of biome.json for a room's imports. */
function readLintRule(name: string): Pick<Room, 'mayImport' | 'mayNotImport'> {
  const { overrides }: { overrides: LintOverride[] } = JSON.parse(
    readFileSync(join(root, 'biome.json'), 'utf8'),
  );
  const override = overrides.find(
    ({ includes, linter }) =>
      linter.rules.style?.noRestrictedImports &&
      includes.some((pattern) => [`src/${name}/**`, `src/${name}/*.ts`].includes(pattern)),
  );
  const patterns = override?.linter.rules.style?.noRestrictedImports?.options.patterns ?? [];
  const groups = patterns.flatMap(({ group }) => group);
  const below = (pattern: string) => posix.join(name, pattern.replace('!', '')).replace('/**', '');
  const isForbidden = (pattern: string) => pattern.startsWith('..') && below(pattern) !== '**';
  const allowed = groups.filter((pattern) => pattern.startsWith('!')).map(below);
  // A room within another one may import that: it is forbidden only what lies above both.
  if (name.includes('/')) allowed.unshift(posix.dirname(name));
  return {
    mayImport: groups.some((pattern) => below(pattern) === '**') ? allowed : undefined,
    mayNotImport: groups.filter(isForbidden).map(below),
  };
}

/** Everything that a room reaches by what it imports. */
function reachedBy(name: string, rooms: ReadonlyMap<string, Room>, reached = new Set<string>()) {
  for (const imported of rooms.get(name)?.imports.keys() ?? []) {
    if (reached.has(imported)) continue;
    reached.add(imported);
    reachedBy(imported, rooms, reached);
  }
  return reached;
}

/** A room that imports itself by way of others; `undefined` where there is none. */
export function findCircle(rooms: readonly Room[]): string | undefined {
  const byName = new Map(rooms.map((room) => [room.name, room]));
  return rooms.find(({ name }) => reachedBy(name, byName).has(name))?.name;
}

/** A Mermaid graph of the imports, without those that follow from a longer path. */
export function drawRooms(rooms: readonly Room[]): string {
  const byName = new Map(rooms.map((room) => [room.name, room]));
  const idOf = (name: string) => name.replaceAll(/\W/g, '_');
  const arrows = rooms.flatMap(({ name, imports }) =>
    [...imports]
      .filter(([imported]) =>
        [...imports.keys()].every((other) => !reachedBy(other, byName).has(imported)),
      )
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(
        ([imported, { isTypesOnly }]) =>
          `  ${idOf(name)} ${isTypesOnly ? '-.->' : '-->'} ${idOf(imported)}`,
      ),
  );
  const nodes = rooms.map(({ name }) => `  ${idOf(name)}[${name}]`);
  return ['```mermaid', 'flowchart TD', ...nodes, ...arrows, '```'].join('\n');
}

/** A Markdown table of the rooms. */
export function tabulateRooms(rooms: readonly Room[]): string {
  const lines = rooms.map((room) => {
    const imported = [...room.imports.keys()].toSorted().map((name) => `\`${name}\``);
    return `| \`${room.name}\` | ${room.holds} | ${describeRule(room)} | ${imported.join(', ') || '–'} |`;
  });
  const head = [
    '| room | holds | may import, beside itself | imports rooms |',
    '|---|---|---|---|',
  ];
  return [...head, ...lines].join('\n');
}

function describeRule({ mayImport, mayNotImport }: Room): string {
  const list = (names: string[]) => names.map((name) => `\`${name}\``).join(', ');
  if (mayImport) return list(mayImport) || 'nothing';
  return mayNotImport.length > 0 ? `all but ${list(mayNotImport)}` : 'all';
}
