import { Counter, Gauge, Registry, type RegistryContentType } from 'prom-client';
import type { Metrics } from '../history/metrics.ts';
import { figureOf } from '../history/ranking.ts';
import { toNumber } from '../usage/amount.ts';
import type { CurrencyTotal } from '../usage/currencyTotal.ts';
import { costCurrencyOf, type RankedRow } from '../usage/ledgerRow.ts';
import type { SnapshotRun } from '../usage/snapshotRun.ts';

/** Metrics as Prometheus reads them. What is not known is left out. */
export async function writeMetrics(
  metrics: Metrics,
  contentType: RegistryContentType,
): Promise<string> {
  const registry = new Registry<RegistryContentType>();
  registry.setContentType(contentType);
  addRuns(registry, metrics);
  addTotals(registry, metrics.totals);
  if (metrics.customers) await addCustomers(registry, metrics.customers);
  return registry.metrics();
}

type MetricsRegistry = Registry<RegistryContentType>;

function addRuns(registry: MetricsRegistry, metrics: Metrics): void {
  const { settledAt, lastRun, countedRun, ofMonth, refreshTokenAgeDays } = metrics;
  addGauge(registry, {
    name: 'csp_usage_last_settled_timestamp_seconds',
    help: 'When the latest run ended that proved its day complete',
    value: settledAt === undefined ? undefined : Date.parse(settledAt) / 1000,
  });
  addGauge(registry, {
    name: 'csp_usage_run_duration_seconds',
    help: 'How long the latest run of all customers took',
    value: lastRun?.durationMs === undefined ? undefined : lastRun.durationMs / 1000,
  });
  if (countedRun) addOutcomes(registry, countedRun);
  addCounter(registry, {
    name: 'csp_usage_requests_total',
    help: 'Requests to Partner Center of the runs that ended since the month began (UTC)',
    value: ofMonth?.requests,
  });
  addCounter(registry, {
    name: 'csp_usage_throttled_total',
    help: 'Answers 429 to these requests',
    value: ofMonth?.throttled,
  });
  addGauge(registry, {
    name: 'csp_usage_refresh_token_age_days',
    help: 'Age of the stored refresh token, which dies after 90 days',
    value: refreshTokenAgeDays,
  });
}

function addOutcomes(registry: MetricsRegistry, run: SnapshotRun): void {
  const customers = createGauge(registry, {
    name: 'csp_usage_customers',
    help: 'Listed customers by what became of them in the latest run that read the whole list',
    labelNames: ['outcome'],
  });
  customers.set({ outcome: 'usage' }, run.customersWithUsage);
  customers.set({ outcome: 'noUsage' }, run.customersWithoutUsage);
  customers.set({ outcome: 'refused' }, run.customersRefused);
  customers.set({ outcome: 'failed' }, run.customersFailed);
  if (run.customersRemaining !== undefined) {
    customers.set({ outcome: 'missing' }, run.customersRemaining);
  }
}

function addTotals(registry: MetricsRegistry, totals: readonly CurrencyTotal[]): void {
  const labelNames = ['currency'];
  const totalCost = createGauge(registry, {
    name: 'csp_usage_total_cost',
    help: "Sum of the customers' billing periods so far, on the latest complete day",
    labelNames,
  });
  const dailyCost = createGauge(registry, {
    name: 'csp_usage_daily_cost',
    help: "Sum of the customers' costs of that day",
    labelNames,
  });
  for (const total of totals) {
    const { currency } = total;
    totalCost.set({ currency }, toNumber(total.totalCost));
    if (total.dailyCost !== undefined) dailyCost.set({ currency }, toNumber(total.dailyCost));
  }
}

/** The metrics of a customer: name, description, and the figure of a row. */
const customerMetrics: readonly [string, string, (row: RankedRow) => number | undefined][] = [
  [
    'csp_usage_customer_total_cost',
    'Billing period so far, on the latest complete day',
    (row) => figureOf(row, 'totalCost'),
  ],
  ['csp_usage_customer_daily_cost', 'What that day added', (row) => figureOf(row, 'dailyCost')],
  [
    'csp_usage_customer_budget',
    'Spending budget of a billing period',
    ({ figures }) => figures?.budgetAmount && toNumber(figures.budgetAmount),
  ],
  [
    'csp_usage_customer_percent_used',
    'Total cost in percent of the budget',
    (row) => figureOf(row, 'percentUsed'),
  ],
  [
    'csp_usage_customer_forecast_cost',
    "Forecast of the total cost at the billing period's end",
    ({ cost }) => cost?.forecastTotalCost && toNumber(cost.forecastTotalCost),
  ],
];

async function addCustomers(
  registry: MetricsRegistry,
  customers: AsyncIterable<RankedRow>,
): Promise<void> {
  const labelNames = ['customer_id', 'customer_name', 'currency'];
  const gauges = customerMetrics.map(([name, help, read]) => ({
    gauge: createGauge(registry, { name, help, labelNames }),
    read,
  }));
  for await (const row of customers) {
    const { customerId: customer_id, customerName: customer_name } = row;
    const currency = costCurrencyOf(row);
    // Nothing was ever spent: a cost in no currency is none.
    if (currency === undefined) continue;
    for (const { gauge, read } of gauges) {
      const value = read(row);
      if (value !== undefined) gauge.set({ customer_id, customer_name, currency }, value);
    }
  }
}

interface Description {
  name: string;
  help: string;
  labelNames?: string[];
}

function createGauge(registry: MetricsRegistry, description: Description): Gauge {
  return new Gauge({ ...description, registers: [registry] });
}

/** One without a value is not created, as the library would give it the value 0. */
function addGauge(
  registry: MetricsRegistry,
  { value, ...description }: Description & { value: number | undefined },
): void {
  if (value !== undefined) createGauge(registry, description).set(value);
}

function addCounter(
  registry: MetricsRegistry,
  { value, ...description }: Description & { value: number | undefined },
): void {
  if (value !== undefined) new Counter({ ...description, registers: [registry] }).inc(value);
}
