import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeDeploymentPackage } from '../../scripts/deploymentPackage.ts';
import { listDevelopmentPackages } from '../../scripts/installedPackages.ts';
import { type EmbeddedAzurite, startAzurite } from '../../src/cli/embeddedAzurite.ts';
import { endAll, startPartner } from '../support/commandLine.ts';
import { loadFunctions, root } from '../support/functionHost.ts';

/** These register no function, but what is to happen at the host's end, and how answers go out. */
const withoutFunction = ['appTerminate', 'httpStreaming'];

// Outside of the project, where none of its packages can be found.
const place = mkdtempSync(join(tmpdir(), 'deployment-package-'));
const folder = join(place, 'package');
const load = (...[env, calls]: Parameters<typeof loadFunctions>) =>
  loadFunctions(env, calls, folder);

const read = (file: string, from = folder) => readFileSync(join(from, file), 'utf8');

/** What went into a file of the bundle: it names each before its code. */
const listSources = (file: string) =>
  [...read(file).matchAll(/^\/\/ ((?:src|test|bench|scripts|\S*node_modules)\/\S+)$/gm)].map(
    ([, source = '']) => source,
  );

const packageOf = (source: string) =>
  /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(source)?.slice(1) ?? [];

/** A file, and those that are loaded with it. */
function listLoaded(file: string, loaded = new Set<string>()): Set<string> {
  if (loaded.has(file)) return loaded;
  loaded.add(file);
  for (const [, next = ''] of read(file).matchAll(/^(?:import|\} from) "\.\/(.+)";$/gm)) {
    listLoaded(next, loaded);
  }
  return loaded;
}

let azurite: EmbeddedAzurite;
beforeAll(async () => {
  [azurite] = await Promise.all([startAzurite(), makeDeploymentPackage(folder)]);
});
afterAll(async () => {
  rmSync(place, { recursive: true });
  await endAll();
  await azurite?.stop();
});

describe('the deployment package', () => {
  it('registers a function for each file of src/functions, as the built app does', async () => {
    const { registered } = await load();
    const files = readdirSync(`${root}/src/functions`).map((file) => file.replace('.ts', ''));
    expect([...registered.map(({ name }) => name), ...withoutFunction].toSorted()).toEqual(
      files.toSorted(),
    );
    const built = await loadFunctions();
    expect(registered).toEqual(built.registered);
  });

  it('takes the snapshot of the day, and answers by what it wrote', async () => {
    const { settings } = await startPartner({ customers: 20 }, azurite.connectionString);
    const timer = { name: 'nightlySnapshot', timer: { isPastDue: false }, isTerminated: false };
    const { lines, failure } = await load(settings, { timer });
    expect(failure).toBeUndefined();
    expect(JSON.parse(lines.at(-1)?.[1] ?? '')).toMatchObject({
      event: 'snapshot.run.completed',
      status: 'complete',
      customersListed: 20,
    });
    const requests = [
      { name: 'listCustomers', path: '/api/customers' },
      { name: 'getDashboard', path: '/api/dashboard' },
    ];
    const { answers } = await load(settings, { requests });
    expect(answers[1]?.text).toContain('<script type="module" src="/api/dashboard/page-');
    expect(answers[0]?.status).toBe(200);
    expect(JSON.parse(answers[0]?.text ?? '').items).toHaveLength(20);
  });

  it('hears that the host goes', async () => {
    const timer = { name: 'nightlySnapshot', timer: { isPastDue: false }, isTerminated: true };
    const { lines } = await load({}, { timer });
    expect(lines.at(-1)?.[1]).toContain('host has terminated');
  });

  it('tells by its source maps where in the sources an error was thrown', async () => {
    const requests = [{ name: 'listTotals', path: '/api/totals' }];
    const { lines } = await load({ SNAPSHOT_STORAGE: 'nonsense' }, { requests });
    const stack = lines.map(([, line]) => line).join('\n');
    // One of a file that is loaded at the start, one of a file that is loaded when asked.
    expect(stack).toMatch(/src[\\/]app[\\/]httpFunction\.ts:\d+/);
    expect(stack).toMatch(/src[\\/]http[\\/]answer\.ts:\d+/);
  });
});

describe('the folder of the deployment package', () => {
  it('holds the bundle with its source maps, the page, two descriptions and the licences', () => {
    const files = readdirSync(folder);
    const bundle = files.filter((file) => /\.js(\.map)?$/.test(file));
    expect(files.filter((file) => !bundle.includes(file)).toSorted()).toEqual([
      'dashboard',
      'host.json',
      'licenses.txt',
      'package.json',
    ]);
    const chunks = bundle.filter((file) => file.endsWith('.js') && file !== 'main.js');
    expect(bundle).toHaveLength(1 + 2 * chunks.length);
    expect(read('host.json')).toBe(read('host.json', root));
  });

  it('has nothing to install', () => {
    const description = JSON.parse(read('package.json'));
    expect(description).toMatchObject({ type: 'module', main: 'main.js' });
    for (const key of ['dependencies', 'devDependencies', 'scripts']) {
      expect(description).not.toHaveProperty(key);
    }
  });

  it('holds no simulator, command line, test or development package', () => {
    const chunks = readdirSync(folder).filter((file) => file.endsWith('.js'));
    const sources = chunks.flatMap(listSources);
    expect(sources).toEqual(expect.arrayContaining(['src/app/timedRuns.ts', 'src/app/app.ts']));
    expect(sources.filter((source) => !/^src\/|node_modules\//.test(source))).toEqual([]);
    expect(sources.filter((source) => /^src\/(simulator|cli)\//.test(source))).toEqual([]);
    const packages = new Set(sources.flatMap(packageOf));
    expect(packages).toContain('@azure/data-tables');
    expect(listDevelopmentPackages().filter((name) => packages.has(name))).toEqual([]);
    // All that development installs is known: `debug` takes this one where it finds it.
    expect(listDevelopmentPackages()).toContain('supports-color');
  });

  it('holds the licence of each package that it holds code of', () => {
    const licenses = read('licenses.txt');
    const chunks = readdirSync(folder).filter((file) => file.endsWith('.js'));
    const packages = new Set(chunks.flatMap(listSources).flatMap(packageOf));
    for (const name of packages) expect(licenses).toMatch(new RegExp(`^${name} \\d+\\.`, 'm'));
    expect(licenses).toContain('UNICODE LICENSE V3');
    // Code of the page.
    for (const name of ['preact', '@preact/signals', 'uplot']) {
      expect(licenses).toMatch(new RegExp(`^${name} \\d+\\.`, 'm'));
    }
  });

  it('leaves the packages of runs and queries until they are needed', () => {
    const atStart = [...listLoaded('functions.js')].flatMap(listSources);
    expect(atStart).toContain('src/app/timedRuns.ts');
    expect([...new Set(atStart.flatMap(packageOf))].toSorted()).toEqual([
      '@azure/functions',
      '@azure/functions-extensions-base',
      'cookie',
      'croner',
    ]);
  });

  it('is of the same bytes each time and wherever it is written', async () => {
    const again = join(place, 'elsewhere', 'again');
    await makeDeploymentPackage(again);
    const digests = (from: string) =>
      readdirSync(from, { withFileTypes: true, recursive: true })
        .filter((entry) => entry.isFile())
        .map(({ parentPath, name }) => [
          name,
          createHash('sha256')
            .update(readFileSync(join(parentPath, name)))
            .digest('hex'),
        ])
        .toSorted();
    expect(digests(again)).toEqual(digests(folder));
  });
});
