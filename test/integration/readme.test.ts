import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { copyFile, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStores } from '../../src/app/openTables.ts';
import { type EmbeddedAzurite, startAzurite } from '../../src/cli/embeddedAzurite.ts';
import { loadHistoryConfig } from '../../src/config/loadConfig.ts';
import { utcDateOf } from '../../src/usage/date.ts';
import {
  endAll,
  newTablePrefix,
  runCommandLine,
  startCommandLine,
  startPartner,
  type TestPartner,
} from '../support/commandLine.ts';
import { prodId, recordRecentNights, yesterday } from '../support/detailedNights.ts';
import { root } from '../support/functionHost.ts';
import { listCommands, listSynopses } from '../support/readmeCommands.ts';
import { customerId as detailed } from '../support/recorded.ts';
import { settingsAfter } from '../support/shell.ts';

const read = (file: string) => readFileSync(join(root, file), 'utf8');
const readme = read('README.md');
const commands = listCommands(readme);
const synopses = listSynopses(readme);
const { scripts, bin }: { scripts: Record<string, string>; bin: Record<string, string> } =
  JSON.parse(read('package.json'));

const run = promisify(execFile);
const longestMs = 60_000;
const inRoot = { cwd: root, timeout: longestMs, maxBuffer: 2 ** 24 };
/** As somebody types it; on Windows npm is a script of the shell. */
const npm = (...args: string[]) =>
  run('npm', args, { ...inRoot, shell: process.platform === 'win32' });
const node = (...args: string[]) => run(process.execPath, args, inRoot);

const sourcing = 'set -a; . ./simulated.env; SNAPSHOT_STORAGE=UseDevelopmentStorage=true; set +a';
const localSettings = commands.find((line) => line.includes('local.settings.json')) ?? '';

/** How each command of README.md is checked, by the command as it is written there. */
const checks: Record<string, () => Promise<unknown>> = {
  // test/integration/demo.test.ts takes it to its end, and holds the lines that are shown of it.
  'npm run demo': async () => {
    const { stdout } = await npm('run', 'demo', '--', '--help');
    expect(stdout).toContain('Usage: usage-snapshots demo');
  },
  // The option is that of the command `demo`, below.
  'npm run demo -- --serve': async () => expect(scripts['demo']).toBe('node src/cli/main.ts demo'),
  // It would run this test.
  'npm test': async () => {
    for (const part of ['npm run lint', 'npm run typecheck', 'npm run build', 'vitest run']) {
      expect(scripts['test']?.split(' && ')).toContain(part);
    }
  },
  // A thousand nights take longer than all other tests.
  'npm run simulate:faults -- --runs 1000 --seed 1': async () => {
    const { stdout } = await npm('run', 'simulate:faults', '--', '--runs', '1', '--seed', '1');
    expect(stdout).toMatch(/^nights: 1,.+^0 violations$/ms);
  },
  'npm run usage-snapshots -- <command>': async () => {
    const { stdout } = await npm('run', 'usage-snapshots', '--', 'help');
    expect(stdout).toContain('Usage: usage-snapshots');
  },
  'npx azurite-table --silent --location .azurite': async () => {
    const { stdout } = await run('npx', ['azurite-table', '--version'], {
      ...inRoot,
      shell: process.platform === 'win32',
    });
    expect(stdout).toMatch(/^\d+\.\d+\.\d+/m);
  },
  'npm run usage-snapshots -- simulate > simulated.env': async () => {
    const simulated = startCommandLine(['simulate', '--customers', '5']);
    await simulated.untilPrinted(/Ctrl-C ends it/);
    await writeFile(join(folder, 'simulated.env'), simulated.stdout());
    expect(await settingsAfter(sourcing, folder)).toMatchObject({
      PARTNER_CENTER_BASE_URL: expect.stringMatching(/^http:/),
      SNAPSHOT_STORAGE: 'UseDevelopmentStorage=true',
    });
    const settings = await settingsAfter(sourcing, folder);
    const storage = { SNAPSHOT_STORAGE: partner.settings['SNAPSHOT_STORAGE'] ?? '' };
    const prefix = { SNAPSHOT_TABLE_PREFIX: newTablePrefix() };
    const tables = { ...settings, ...storage, ...prefix };
    // Warnings would be on stderr: none of a token that is lost.
    expect(await runCommandLine(['snapshot'], tables)).toMatchObject({ exitCode: 0, stderr: '' });
    simulated.kill('SIGTERM');
    await simulated.ended;
  },
  // With the file that the command before it has written.
  [sourcing]: async () => expect(commands.indexOf(sourcing)).toBeGreaterThan(2),
  'npm run usage-snapshots -- doctor': () => runToEnd(['doctor']),
  'npm run usage-snapshots -- snapshot': () => runToEnd(['snapshot']),
  'npm run usage-snapshots -- top': () => runToEnd(['top']),
  'npm run usage-snapshots -- serve': () =>
    untilUp(['serve', '--port', '0'], partner.settings, /api\/dashboard\n/),
  [localSettings]: async () => {
    const values = { SNAPSHOT_STORAGE: 'a=b;c="d"', PARTNER_CENTER_TENANT_ID: 'it’s' };
    await writeFile(join(folder, 'local.settings.json'), JSON.stringify({ Values: values }));
    expect(await settingsAfter(localSettings, folder)).toMatchObject(values);
  },
  // Another reader of JSON stands in for Python, which need not be installed.
  'npm run usage-snapshots -- runs --json | python3 -m json.tool': async () => {
    const reader = 'node -p "JSON.parse(fs.readFileSync(0)).length"';
    const { stdout } = await run(`npm run usage-snapshots -- runs --json | ${reader}`, {
      ...inRoot,
      shell: true,
      env: { ...process.env, ...partner.settings },
    });
    expect(Number(stdout)).toBeGreaterThan(0);
  },
  // Built into a folder of its own, as other tests run what is built.
  'npm run build': async () => {
    const folder = 'node_modules/.cache/readme-build';
    expect(scripts['build']).toBe(
      'node scripts/clean.mjs && tsc --project tsconfig.build.json && node scripts/dashboard.ts',
    );
    expect(bin['usage-snapshots']).toBe('dist/cli/bin.js');
    const compiler = join(root, 'node_modules/typescript/bin/tsc');
    await node(compiler, '--project', 'tsconfig.build.json', '--outDir', `${folder}/dist`);
    await copyFile(join(root, 'package.json'), join(root, folder, 'package.json'));
    const { stdout } = await node(join(folder, 'dist/cli/bin.js'), '--help');
    expect(stdout).toContain('Usage: ');
  },
  // It builds, too; test/integration/package.test.ts makes and runs the package.
  'npm run package': async () =>
    expect(scripts['package']).toBe('npm run build && node scripts/package.ts'),
  // It measures for minutes.
  'npm run bench': async () => {
    expect(scripts['bench']).toBe('node bench/main.ts');
    expect((await node('bench/main.ts', '--list')).stdout).toContain('large-night');
  },
  // It deploys, which takes an Azure subscription: test/unit/infra holds what it would.
  'azd up': async () => expect(read('azure.yaml')).toContain('name: csp-usage-snapshots'),
};

let azurite: EmbeddedAzurite;
let partner: TestPartner;
let folder: string;
const today = utcDateOf(Date.now());
const range = ['--from', today, '--to', today];

beforeAll(async () => {
  azurite = await startAzurite();
  partner = await startPartner({ customers: 6 }, azurite.connectionString);
  folder = await mkdtemp(join(tmpdir(), 'readme-'));
  await runToEnd(['snapshot']);
  await recordRecentNights(openStores(loadHistoryConfig(partner.settings)));
});
afterAll(async () => {
  await endAll();
  await azurite.stop();
  await rm(folder, { recursive: true });
});

/**
 * Two customers with usage, of which one may be forgotten; of the other a subscription, and the
 * month in which its billing period starts.
 */
function pickCustomers() {
  const spenders = [...partner.simulator.customers()].filter(
    ({ outcome, subscriptions }) => outcome === 'usage' && subscriptions.length > 0,
  );
  const [customer, forgotten] = spenders;
  const subscription = customer?.subscriptions[0]?.id;
  if (!customer || !forgotten || !subscription) throw new Error('expected two customers of usage');
  const month = customer.billingStartDate.slice(0, 7);
  return { customer: customer.id, month, subscription, forgotten: forgotten.id };
}

/** Runs a command that ends by itself, and well. */
async function runToEnd(args: string[]): Promise<void> {
  const { exitCode, stdout, stderr } = await runCommandLine(args, partner.settings);
  expect(stdout, stderr).not.toBe('');
  expect(exitCode, stderr).toBe(0);
}

/** Runs a command that waits for somebody until it is up, and ends it. */
async function untilUp(args: string[], settings: Record<string, string>, isUp: RegExp) {
  const command = startCommandLine(args, settings);
  await command.untilPrinted(isUp);
  command.kill('SIGTERM');
  await command.ended;
}

interface Example {
  args: string[];
  /** Of a command that does not end by itself: what it prints once it is up. */
  isUp?: RegExp;
}

/** Runs of each command of the table, which take every option that the table names. */
const examples: Record<string, () => Example[]> = {
  snapshot: () => [{ args: ['--wait', '--force', '--customer', pickCustomers().customer] }],
  usage: () => {
    const { customer, subscription } = pickCustomers();
    return [{ args: [] }, { args: [customer, '--subscription', subscription, '--raw'] }];
  },
  history: () => {
    const { customer, subscription } = pickCustomers();
    const ofSubscription = [customer, '--subscription', subscription, ...range];
    return [
      { args: [customer, '--format', 'chart'] },
      { args: [...ofSubscription, '--interval', 'period', '--format', 'ndjson'] },
      { args: [detailed, '--azure-subscription', prodId] },
    ];
  },
  customers: () => [
    { args: ['--date', today, '--search', 'a', '--outcome', 'usage', '--currency', 'EUR'] },
  ],
  subscriptions: () => [{ args: [pickCustomers().customer, '--date', today] }],
  report: () => {
    const { customer, month } = pickCustomers();
    return ['html', 'csv'].map((ending) => ({
      args: [
        customer,
        '--period',
        month,
        '--markup',
        '7.5',
        '--output',
        join(folder, `report.${ending}`),
      ],
    }));
  },
  top: () => [
    { args: ['--date', today, '--order-by', 'percentUsed', '--limit', '3', '--search', 'a'] },
    { args: ['--customer', pickCustomers().customer, '--outcome', 'usage', '--currency', 'EUR'] },
    { args: ['--by', 'azureSubscription', '--date', yesterday] },
  ],
  movers: () => [
    { args: ['--date', today, '--against', 'week', '--order-by', 'percent', '--limit', '3'] },
    { args: ['--customer', pickCustomers().customer, '--currency', 'EUR'] },
    { args: ['--search', 'a', '--json'] },
  ],
  changes: () => [
    { args: [detailed, '--date', yesterday, '--against', 'day', '--by', 'type', '--limit', '2'] },
  ],
  anomalies: () => [
    { args: [...range, '--customer', pickCustomers().customer] },
    { args: ['--search', 'a', '--currency', 'EUR'] },
  ],
  totals: () => [{ args: range }],
  alerts: () => [
    { args: [...range, '--customer', pickCustomers().customer] },
    { args: ['--search', 'a', '--currency', 'EUR'] },
  ],
  runs: () => [{ args: range }],
  serve: () => [{ args: ['--port', '0'], isUp: /api\/dashboard\n/ }],
  export: () => [
    {
      args: [...range, '--output', join(folder, 'all.ndjson'), '--details', join(folder, 'blobs')],
    },
  ],
  import: () => [{ args: [join(folder, 'all.ndjson'), '--details', join(folder, 'blobs')] }],
  prune: () => [{ args: ['--before', '2000-01-02', '--yes'] }],
  forget: () => [{ args: [pickCustomers().forgotten, '--yes'] }],
  login: () => [{ args: ['--no-browser'], isUp: /^http:\S+\/authorize\?/m }],
  doctor: () => [{ args: [] }],
  simulate: () => [
    {
      args: [
        ...['--customers', '5', '--seed', '2', '--date', today, '--faults', 'reset'],
        ...['--quirks', 'byteOrderMark', '--client-secret', 'of-a-test', '--port', '0'],
      ],
      isUp: /^PARTNER_CENTER_BASE_URL=/m,
    },
  ],
  demo: () => [{ args: ['--serve'], isUp: /60 customers, to have a history/ }],
};

describe('README.md', () => {
  it.each(synopses)('names `$text`, which runs with each option', async ({ name, options }) => {
    const runs = examples[name]?.();
    if (!runs) throw new Error(`expected an example of \`${name}\` in this file`);
    const taken = runs.flatMap(({ args }) => args);
    expect(options.filter((option) => !taken.includes(option))).toEqual([]);
    for (const { args, isUp } of runs) {
      if (isUp) await untilUp([name, ...args], partner.settings, isUp);
      else await runToEnd([name, ...args]);
    }
    if (name === 'export') expect((await stat(join(folder, 'all.ndjson'))).size).toBeGreaterThan(0);
  });

  it.each(commands)('tells to run `%s`, which does', async (command) => {
    const check = checks[command];
    if (!check) throw new Error(`expected a check of \`${command}\` in this file`);
    await check();
  });

  it('names every command that there is', async () => {
    const { stdout } = await runCommandLine(['--help']);
    const [, listed = ''] = stdout.split('Commands:\n');
    const names = [...listed.matchAll(/^ {2}([a-z]+)/gm)].map(([, name]) => name);
    const others = names.filter((name) => name !== 'help');
    expect(synopses.map(({ name }) => name).toSorted()).toEqual(others.toSorted());
  });

  it('has a command for each check', () => {
    expect(Object.keys(checks).filter((command) => !commands.includes(command))).toEqual([]);
    const names = synopses.map(({ name }) => name);
    expect(Object.keys(examples).filter((name) => !names.includes(name))).toEqual([]);
  });
});

describe('The commands of a page', () => {
  it('are found in blocks of sh, in text and in tables, and nowhere else', () => {
    const page =
      'Run `npm run a -- --b` or `npm`.\n```sh\nnpm test\n\nazd up\n```\n```text\nnpm no\n```\n';
    expect(listCommands(page)).toEqual(['npm test', 'azd up', 'npm run a -- --b']);
    const table =
      '| command | does |\n|---|---|\n| `top [--by a\\|b] [--limit N]` | `runs` more |\n';
    expect(listSynopses(table)).toEqual([
      { name: 'top', text: 'top [--by a|b] [--limit N]', options: ['--by', '--limit'] },
    ]);
  });
});
