import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { register } from 'prom-client';
import { describe, expect, test } from 'vitest';
import { root } from '../../../scripts/installedPackages.ts';
import type { HistoryContext } from '../../../src/history/historyContext.ts';
import { StorageError } from '../../../src/storage/storageError.ts';
import { parseAmount } from '../../../src/usage/amount.ts';
import type { LedgerRow } from '../../../src/usage/ledgerRow.ts';
import { total } from '../../contract/snapshots.ts';
import { createHistory, row, rowWithout, run } from '../../support/recorded.ts';
import { createTestApi } from './testApi.ts';

const today = '2026-03-20';
const minuteMs = 60_000;
const textFormat = { accept: 'text/plain;version=0.0.4' };

/** The API at noon of a day, over tables with one complete run and what is given. */
async function createMetricsApi({
  rows = [],
  isOfCustomers = rows.length > 0,
}: {
  rows?: LedgerRow[];
  isOfCustomers?: boolean;
} = {}) {
  const { stores, context } = createHistory(today);
  await stores.snapshotRuns.upsert(run(today));
  await stores.usageByDay.upsertDay(rows);
  let nowMs = context.now();
  const own: HistoryContext = { ...context, now: () => nowMs, hasCustomerMetrics: isOfCustomers };
  const api = createTestApi({ openHistory: async () => own });
  return {
    stores,
    context: own,
    ask: api.ask,
    errors: api.errors,
    wait: (ms: number) => {
      nowMs += ms;
    },
    /** The samples of a scrape, by name and labels. */
    async scrape(): Promise<Record<string, number>> {
      const { status, text } = await api.ask('metrics');
      expect(status).toBe(200);
      return samplesOf(text);
    },
  };
}

function samplesOf(text: string): Record<string, number> {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return Object.fromEntries(
    lines.map((line) => {
      const end = line.lastIndexOf(' ');
      return [line.slice(0, end), Number(line.slice(end + 1))];
    }),
  );
}

/** Only the samples of customers, without the beginning of their names. */
function ofCustomers(samples: Record<string, number>): Record<string, number> {
  const prefix = 'csp_usage_customer_';
  return Object.fromEntries(
    Object.entries(samples)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, value]) => [name.slice(prefix.length), value]),
  );
}

const labels = (currency = 'EUR', name = 'Maple Foods') =>
  `{customer_id="aaaaaaaa-0000-4000-8000-000000000001",customer_name="${name}",currency="${currency}"}`;

describe('metrics of a partner', () => {
  test('are those of the runs and of the latest complete day, each currency by itself', async () => {
    const { stores, ask } = await createMetricsApi();
    await stores.snapshotRuns.upsert(
      run(today, {
        durationMs: 61_500,
        customersListed: 12,
        customersWithUsage: 5,
        customersWithoutUsage: 4,
        customersRefused: 2,
        customersFailed: 0,
        customersRemaining: 1,
        requests: 20,
        throttled: 3,
        refreshTokenAgeDays: 0.25,
        finishedAt: `${today}T06:00:00.500Z`,
      }),
    );
    await stores.usageByCustomer.upsertTotals([
      total({
        snapshotDate: today,
        totalCost: parseAmount('100.25'),
        dailyCost: parseAmount('-2'),
      }),
      total({ snapshotDate: today, currency: 'USD', totalCost: parseAmount('7') }),
      total({ snapshotDate: '2026-03-19', totalCost: parseAmount('99') }),
    ]);
    const { headers, text } = await ask('metrics');
    expect(headers).toMatchObject({
      'content-type': 'application/openmetrics-text; version=1.0.0; charset=utf-8',
      'cache-control': 'private, no-cache',
      vary: 'accept',
    });
    expect(text.replaceAll(/^# HELP .*\n/gm, '')).toBe(`\
# TYPE csp_usage_last_settled_timestamp_seconds gauge
csp_usage_last_settled_timestamp_seconds 1773986400.5
# TYPE csp_usage_run_duration_seconds gauge
csp_usage_run_duration_seconds 61.5
# TYPE csp_usage_customers gauge
csp_usage_customers{outcome="usage"} 5
csp_usage_customers{outcome="noUsage"} 4
csp_usage_customers{outcome="refused"} 2
csp_usage_customers{outcome="failed"} 0
csp_usage_customers{outcome="missing"} 1
# TYPE csp_usage_requests counter
csp_usage_requests_total 20
# TYPE csp_usage_throttled counter
csp_usage_throttled_total 3
# TYPE csp_usage_refresh_token_age_days gauge
csp_usage_refresh_token_age_days ${0.25 + (6 * 3600 - 0.5) / 86_400}
# TYPE csp_usage_total_cost gauge
csp_usage_total_cost{currency="EUR"} 100.25
csp_usage_total_cost{currency="USD"} 7
# TYPE csp_usage_daily_cost gauge
csp_usage_daily_cost{currency="EUR"} -2
# EOF
`);
  });

  test('are none before the first run, which is no error', async () => {
    const { status, text } = await createTestApi().ask('metrics');
    expect(status).toBe(200);
    expect(samplesOf(text)).toEqual({});
    expect(text.endsWith('# EOF\n')).toBe(true);
  });

  test('are in the registry of no other code', async () => {
    await (await createMetricsApi()).scrape();
    expect(register.getMetricsAsArray()).toEqual([]);
  });

  test('need what other data needs, and take no parameter', async () => {
    const { status } = await createTestApi({ isAllowed: () => false }).ask('metrics');
    expect(status).toBe(401);
    const { json } = await createTestApi().ask('metrics?currency=EUR&code=KEY');
    expect(json.errors).toEqual([
      { name: 'currency', message: 'expected no parameter of that name' },
    ]);
  });
});

describe('the format', () => {
  const openMetrics = 'application/openmetrics-text; version=1.0.0; charset=utf-8';
  const text = 'text/plain; version=0.0.4; charset=utf-8';
  const prometheus2 =
    'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1';
  const prometheus3 =
    'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2';

  test.each([
    [prometheus2, openMetrics],
    [prometheus3, openMetrics],
    ['*/*', openMetrics],
    ['', openMetrics],
    ['text/plain;version=0.0.4;q=1,*/*;q=0.1', text],
    ['text/plain', text],
  ])('for Accept: %s is %s', async (accept, contentType) => {
    const { headers } = await createTestApi().ask('metrics', { headers: { accept } });
    expect(headers['content-type']).toBe(contentType);
  });

  test('that is not there is refused', async () => {
    const headers = { accept: 'application/json' };
    const { status, json } = await createTestApi().ask('metrics', { headers });
    expect(status).toBe(406);
    expect(json.detail).toContain('application/openmetrics-text, text/plain');
  });

  test('0.0.4 has the same samples, and types by their whole names', async () => {
    const { ask } = await createMetricsApi({ rows: [row(today, '7')] });
    const asOpenMetrics = await ask('metrics');
    const asText = await ask('metrics', { headers: textFormat });
    expect(samplesOf(asText.text)).toEqual(samplesOf(asOpenMetrics.text));
    expect(asText.text).toContain('# TYPE csp_usage_requests_total counter\n');
    expect(asText.text).not.toContain('# EOF');
  });
});

describe('metrics of customers', () => {
  const cost = {
    dailyCost: parseAmount('12.5'),
    daysCovered: 1,
    isStale: false,
    forecastTotalCost: parseAmount('31.1'),
  };

  test('are there where the settings ask for them', async () => {
    const figures = { budgetAmount: parseAmount('80') };
    const rows = [row(today, '20.01', { figures, cost })];
    expect(ofCustomers(await (await createMetricsApi({ rows })).scrape())).toEqual({
      [`total_cost${labels()}`]: 20.01,
      [`daily_cost${labels()}`]: 12.5,
      [`budget${labels()}`]: 80,
      [`percent_used${labels()}`]: 25.0125,
      [`forecast_cost${labels()}`]: 31.1,
    });
    const { ask } = await createMetricsApi({ rows, isOfCustomers: false });
    expect((await ask('metrics')).text).not.toContain('csp_usage_customer_');
  });

  test('have no sample of what is not known', async () => {
    const { forecastTotalCost: _, dailyCost: _daily, ...stale } = { ...cost, isStale: true };
    const rows = [row(today, '20', { cost: stale })];
    expect(ofCustomers(await (await createMetricsApi({ rows })).scrape())).toEqual({
      [`total_cost${labels()}`]: 20,
    });
  });

  test('are 0 without usage, and not there where figures could not be read', async () => {
    const expectedCurrency = 'SEK';
    const noUsage = { ...rowWithout(today, 'noUsage'), expectedCurrency };
    // Of a customer that never spent anything it is in no currency.
    const idle = { ...rowWithout(today, 'noUsage'), customerId: 'aaaaaaaa' };
    const failed = { ...rowWithout(today, 'failed'), expectedCurrency, customerId: 'bbbbbbbb' };
    const { scrape } = await createMetricsApi({ rows: [idle, noUsage, failed] });
    expect(ofCustomers(await scrape())).toEqual({ [`total_cost${labels('SEK')}`]: 0 });
  });

  test('keep quotes, backslashes and line ends of a name apart from those of the format', async () => {
    const rows = [row(today, '1', { customerName: 'a"} 9\nb_total 1\\' })];
    expect(ofCustomers(await (await createMetricsApi({ rows })).scrape())).toEqual({
      [`total_cost${labels('EUR', 'a\\"} 9\\nb_total 1\\\\')}`]: 1,
    });
  });
});

describe('a reading of the tables', () => {
  /** An API whose readings are counted; they fail while there is an error. */
  async function createCounted() {
    const api = await createMetricsApi();
    const { snapshotRuns } = api.stores;
    const state = { readings: 0, error: undefined as Error | undefined };
    const list = snapshotRuns.list.bind(snapshotRuns);
    snapshotRuns.list = (...query) => {
      state.readings++;
      if (state.error) throw state.error;
      return list(...query);
    };
    return { ...api, state };
  }

  test('answers everybody for a minute, who ask at once as well', async () => {
    const { scrape, stores, state, wait } = await createCounted();
    await Promise.all([scrape(), scrape(), scrape()]);
    await stores.snapshotRuns.upsert(run(today, { requests: 50 }));
    wait(minuteMs - 1);
    expect(await scrape()).toMatchObject({ csp_usage_requests_total: 3 });
    expect(state.readings).toBe(1);
    wait(1);
    expect(await scrape()).toMatchObject({ csp_usage_requests_total: 50 });
    expect(state.readings).toBe(2);
  });

  test('that fails is answered for as elsewhere, and is not kept', async () => {
    const { ask, scrape, state, errors } = await createCounted();
    state.error = new StorageError('ENOTFOUND', { table: 'SnapshotRuns' }, 'acme.table');
    const answers = await Promise.all([ask('metrics'), ask('metrics')]);
    expect(answers.map(({ status }) => status)).toEqual([503, 503]);
    expect(answers[0]?.headers['retry-after']).toBe('30');
    expect(errors).toEqual([state.error, state.error]);
    state.error = undefined;
    expect(await scrape()).toMatchObject({ csp_usage_requests_total: 3 });
  });
});

test('the library of the format is loaded with the first metrics alone', async () => {
  const script = `
    import { createRequire } from 'node:module';
    const { cache } = createRequire(process.cwd() + '/');
    const isLoaded = () => Object.keys(cache).some((file) => file.includes('prom-client'));
    const { getMetrics } = (await import('./src/http/routes.ts')).routes;
    const { createMemoryStores } = await import('./src/storage/createStores.ts');
    const before = isLoaded();
    const context = { stores: createMemoryStores(), now: Date.now, hasCustomerMetrics: false };
    await getMetrics.write({}, 'text/plain', context);
    console.log(before, isLoaded());
  `;
  const args = ['--input-type=module', '--eval', script];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root });
  expect(stdout).toBe('false true\n');
});
