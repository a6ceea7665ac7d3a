import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedAzurite, startAzurite } from '../../src/cli/embeddedAzurite.ts';
import { createStores } from '../../src/storage/createStores.ts';
import { createTables } from '../../src/storage/tables.ts';
import { parseAmount } from '../../src/usage/amount.ts';
import type { LedgerRow } from '../../src/usage/ledgerRow.ts';
import type { SnapshotRun } from '../../src/usage/snapshotRun.ts';
import {
  endAll,
  runCommandLine,
  startCommandLine,
  startPartner,
  until,
} from '../support/commandLine.ts';
import {
  hasPrometheus,
  needPrometheus,
  promtool,
  type RunningPrometheus,
  readScrapeConfig,
  startPrometheus,
} from '../support/prometheus.ts';

const pathOf = (file: string) => fileURLToPath(new URL(`../../docs/${file}`, import.meta.url));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scrape-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** The documented configuration with files that are there. */
async function writeOwnConfig(): Promise<string> {
  const page = await readFile(pathOf('prometheus.md'), 'utf8');
  const [, older = ''] = /^```yaml\n( {4}params:\n.*?)^```/ms.exec(page) ?? [];
  const keyFile = join(folder, 'key');
  await writeFile(keyFile, 'a key that nobody asks for\n');
  const config = await readScrapeConfig(older);
  return config
    .replace('alerts.yml', JSON.stringify(pathOf('prometheus/alerts.yml')))
    .replace('/etc/prometheus/csp-usage.key', JSON.stringify(keyFile));
}

describe('the documented files of Prometheus', () => {
  it('are a configuration and rules that it takes', async (context) => {
    needPrometheus(context);
    const file = join(folder, 'prometheus.yml');
    await writeFile(file, await writeOwnConfig());
    expect(await promtool('check', 'config', file)).toContain('SUCCESS: 6 rules found');
  });

  it('have rules that fire when they should, and not before', async (context) => {
    needPrometheus(context);
    expect(await promtool('test', 'rules', 'alerts.test.yml')).toContain('SUCCESS');
  });
});

describe('Prometheus before serve', () => {
  const awkwardName = 'Maple "Foods" \\ C:\\new\nSöhne 🍁 {}=,';
  const customers = 20;
  let azurite: EmbeddedAzurite;
  let prometheus: RunningPrometheus;
  let url: string;
  /** A customer of that name, above its budget. */
  let awkward: LedgerRow;

  beforeAll(async () => {
    if (!hasPrometheus) return;
    azurite = await startAzurite();
    const { settings } = await startPartner({ customers }, azurite.connectionString);
    for (const args of [['snapshot'], ['snapshot', '--force']]) {
      expect(await runCommandLine(args, settings)).toMatchObject({ exitCode: 0 });
    }
    awkward = await renameOne(settings);
    const serving = startCommandLine(
      ['serve'],
      { ...settings, METRICS_PER_CUSTOMER: 'true' },
      { longestRunMs: 80_000 },
    );
    await serving.untilPrinted(/api\/dashboard/);
    [url = ''] = /http:\S+(?=\/api\/dashboard)/.exec(serving.stdout()) ?? [];
    const config = (await writeOwnConfig())
      .replace('scheme: https', 'scheme: http')
      .replace('func-name.azurewebsites.net', new URL(url).host)
      .replaceAll(/(?<=scrape_\w+: )\d+m/g, '2s');
    prometheus = await startPrometheus(`global: { evaluation_interval: 1s }\n${config}`);
    await until('a scrape', async () => (await prometheus.query('up == 1')).length === 1);
  });
  afterAll(async () => {
    await prometheus?.stop();
    await endAll();
    await azurite?.stop();
  });

  async function renameOne(settings: Record<string, string>): Promise<LedgerRow> {
    const tables = createTables(azurite, { prefix: settings['SNAPSHOT_TABLE_PREFIX'] ?? '' });
    const { usageByDay, snapshotRuns } = createStores(tables);
    const [run] = await Array.fromAsync(
      snapshotRuns.list({ from: '2000-01-01', to: '2999-12-31' }),
    );
    const rows = await Array.fromAsync(usageByDay.listDay(run?.snapshotDate ?? ''));
    const row = rows.find(({ figures }) => figures !== undefined && Number(figures.totalCost) > 1);
    if (row?.figures === undefined) throw new Error('expected a customer with usage');
    const figures = { ...row.figures, budgetAmount: parseAmount('1') };
    const renamed = { ...row, customerName: awkwardName, figures };
    await usageByDay.upsertDay([renamed]);
    return renamed;
  }

  async function list<Item>(path: string): Promise<Item[]> {
    const { items } = (await (await fetch(`${url}/api/${path}`)).json()) as { items: Item[] };
    return items;
  }
  /** The value of each series by one of its labels. */
  async function valuesBy(label: string, expression: string): Promise<Record<string, number>> {
    const samples = await prometheus.query(expression);
    return Object.fromEntries(
      samples.map(({ metric, value }) => [metric[label] ?? '', Number(value[1])]),
    );
  }

  it('has the totals of each currency', async (context) => {
    needPrometheus(context);
    const totals = await list<{ currency: string; totalCost: number; dailyCost: number }>('totals');
    expect(totals.length).toBeGreaterThan(1);
    expect(await valuesBy('currency', 'csp_usage_total_cost')).toEqual(
      Object.fromEntries(totals.map(({ currency, totalCost }) => [currency, totalCost])),
    );
    expect(await valuesBy('currency', 'csp_usage_daily_cost')).toEqual(
      Object.fromEntries(totals.map(({ currency, dailyCost }) => [currency, dailyCost])),
    );
  });

  it('has what became of the runs, and counts the requests of both', async (context) => {
    needPrometheus(context);
    const [first, last] = await list<SnapshotRun>('runs');
    if (!first || !last) throw new Error('expected two runs');
    expect(await valuesBy('outcome', 'csp_usage_customers')).toEqual({
      usage: last.customersWithUsage,
      noUsage: last.customersWithoutUsage,
      refused: 0,
      failed: 0,
      missing: 0,
    });
    const single = async (name: string) => (await valuesBy('', name))[''];
    expect(await single('csp_usage_requests_total')).toBe(first.requests + last.requests);
    expect(await single('csp_usage_last_settled_timestamp_seconds')).toBe(
      Date.parse(last.finishedAt ?? '') / 1000,
    );
    expect(await single('csp_usage_refresh_token_age_days')).toBeLessThan(1);
    const metadata = await prometheus.metadata();
    const counters = Object.keys(metadata).filter(
      (name) => metadata[name]?.[0]?.type === 'counter',
    );
    expect(counters.toSorted()).toEqual(['csp_usage_requests', 'csp_usage_throttled']);
  });

  it('has each customer, whatever its name', async (context) => {
    needPrometheus(context);
    type Item = { customerId: string; totalCost: number | null; currency: string | null };
    const items = await list<Item>('customers');
    const known = items.filter(
      ({ totalCost, currency }) => totalCost !== null && currency !== null,
    );
    expect(known.length).toBeGreaterThan(10);
    expect(await valuesBy('customer_id', 'csp_usage_customer_total_cost')).toEqual(
      Object.fromEntries(known.map(({ customerId, totalCost }) => [customerId, totalCost])),
    );
    const { customerId, figures } = awkward;
    const budget = `csp_usage_customer_budget{customer_id="${customerId}"}`;
    const [sample] = await prometheus.query(budget);
    expect(sample?.metric).toMatchObject({
      customer_name: awkwardName,
      currency: figures?.currency,
    });
    expect(sample?.value[1]).toBe('1');
  });

  it('raises the alert of a customer above its budget', async (context) => {
    needPrometheus(context);
    const alert = `ALERTS{alertname="CspUsageCustomerAboveBudget",customer_id="${awkward.customerId}"}`;
    await until('the alert', async () => (await prometheus.query(alert)).length === 1);
    const [sample] = await prometheus.query(alert);
    expect(sample?.metric).toMatchObject({ alertstate: 'firing', customer_name: awkwardName });
    expect(await prometheus.query('ALERTS{alertname="CspUsageNoCompleteRun"}')).toEqual([]);
  });
});
