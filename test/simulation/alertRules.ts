import Big from 'big.js';
import type { Entity } from '../../src/storage/columns.ts';
import type { Ledger } from './ledger.ts';
import { nameOf, numberOf } from './rowRules.ts';
import type { Trace } from './trace.ts';

/** As the settings have them by default, and one more. */
export const budgetThresholds = { actual: [25, 50, 75, 90, 100], forecast: [100] };

/** What the rows of alerts must keep to in the moment in which they are written. */
export function addAlertRules(
  ledger: Ledger,
  trace: Trace,
  /** How often the line of each was logged, by `alertId`. */
  told: ReadonlyMap<string, number>,
): void {
  ledger.addRule((table, row, before) => {
    if (table !== 'BudgetAlerts') return;
    const problem = before ? problemOfChange(before, row, told) : problemOfNew(row, ledger);
    if (problem) trace.report('alerts', `${nameOf(table, row)}: ${problem}`);
  });
}

/** What is wrong at the end: an alert that a day's figures call for, or one that nobody heard of. */
export function* problemsOfAlerts(
  ledger: Ledger,
  told: ReadonlyMap<string, number>,
  date: string,
): Generator<string> {
  for (const row of ledger.partition('UsageByDay', date).values()) {
    const { totalCostExact: totalCost, daysCovered, billingStartDate } = row;
    const budget = numberOf(row, 'budgetAmount') ?? 0;
    // Without a cost of the day, the customer waits to be taken up again.
    if (typeof totalCost !== 'string' || daysCovered === undefined || budget <= 0) continue;
    const start = String(billingStartDate).slice(0, 10);
    const alerts = ledger.partition('BudgetAlerts', start);
    for (const threshold of budgetThresholds.actual) {
      if (new Big(totalCost).times(100).lt(new Big(budget).times(threshold))) continue;
      const key = `${row.rowKey}|actual|${threshold}|${new Big(budget).toFixed()}`;
      if (!alerts.has(key)) yield `${totalCost} of ${budget}, without ${key}`;
    }
  }
  // By then three more timers have come.
  const latest = `${date}T21:00:00`;
  for (const row of ledger.rows('BudgetAlerts')) {
    const { alertId, status, delivered, raisedAt } = row;
    if (status !== 'raised' || String(raisedAt) > latest) continue;
    if (delivered !== true) yield `${String(alertId)} is not delivered`;
    else if (!told.has(String(alertId))) yield `${String(alertId)} was not told`;
  }
}

function problemOfChange(
  before: Entity,
  row: Entity,
  told: ReadonlyMap<string, number>,
): string | undefined {
  const { delivered: was, ...old } = before;
  const { delivered: is, ...own } = row;
  if (JSON.stringify(own) !== JSON.stringify(old)) return 'changed';
  if (was === true && is !== true) return 'not delivered any more';
  return is === true && !told.has(String(row['alertId'])) ? 'delivered untold' : undefined;
}

function problemOfNew(row: Entity, ledger: Ledger): string | undefined {
  const { status, delivered, kind, snapshotDate } = row;
  if (row['alertId'] !== `${row.partitionKey}|${row.rowKey}`) return 'another alertId';
  if (delivered !== (status !== 'raised')) return `${String(status)}, delivered ${delivered}`;
  const threshold = numberOf(row, 'threshold') ?? Number.NaN;
  const cost = row[kind === 'actual' ? 'totalCostExact' : 'forecastTotalCostExact'];
  const budget = numberOf(row, 'budgetAmount') ?? Number.NaN;
  if (new Big(String(cost)).times(100).lt(new Big(budget).times(threshold))) return 'not crossed';
  const isBaseline = threshold < 100 && !isRecordedBefore(ledger, String(snapshotDate));
  if (isBaseline !== (status === 'baseline')) return `${String(status)} on ${snapshotDate}`;
  const isHigher = (other: Entity) =>
    other['status'] === 'raised' &&
    other['kind'] === kind &&
    other['customerId'] === row['customerId'] &&
    numberOf(other, 'budgetAmount') === budget &&
    (numberOf(other, 'threshold') ?? 0) >= threshold;
  const others = ledger.partition('BudgetAlerts', row.partitionKey).values();
  const higher = status === 'raised' && [...others].find((one) => one !== row && isHigher(one));
  return higher ? `raised after ${higher.rowKey}` : undefined;
}

/** Whether a run of an earlier day has counted customers. */
function isRecordedBefore(ledger: Ledger, date: string): boolean {
  return [...ledger.rows('SnapshotRuns')].some(
    (run) =>
      run['scope'] === 'all' &&
      run.partitionKey < date &&
      (numberOf(run, 'customersWithUsage') ?? 0) + (numberOf(run, 'customersWithoutUsage') ?? 0) >
        0,
  );
}
