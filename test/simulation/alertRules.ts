import Big from 'big.js';
import type { Entity } from '../../src/storage/columns.ts';
import type { Deliveries } from './deliveries.ts';
import type { Ledger } from './ledger.ts';
import { nameOf, numberOf } from './rows.ts';
import { periodOf } from './showing.ts';
import type { Trace } from './trace.ts';

/** As the settings have them by default, and one more. */
export const budgetThresholds = { actual: [25, 50, 75, 90, 100], forecast: [100] };

/** What the rows of alerts must keep to in the moment in which they are written. */
export function addAlertRules(
  ledger: Ledger,
  deliveries: Deliveries,
  trace: Trace,
  /** How often the line of each was logged, by `alertId`. */
  logged: ReadonlyMap<string, number>,
): void {
  ledger.addRule((table, row, before) => {
    if (table !== 'BudgetAlerts') return;
    const problem = before ? problemOfChange(before, row, logged) : problemOfNew(row, deliveries);
    if (problem) trace.report('alerts', `${nameOf(table, row)}: ${problem}`);
  });
}

/** What is wrong at the end: a crossing that was shown without an alert, or one nobody heard of. */
export function* problemsOfAlerts(
  ledger: Ledger,
  logged: ReadonlyMap<string, number>,
  date: string,
): Generator<string> {
  for (const row of ledger.partition('UsageByDay', date).values()) {
    const { totalCostExact: totalCost, daysCovered } = row;
    const budget = numberOf(row, 'budgetAmount') ?? 0;
    const period = periodOf(row['billingStartDate']);
    // Without a cost of the day, the customer waits to be taken up again.
    if (typeof totalCost !== 'string' || daysCovered === undefined || budget <= 0) continue;
    if (period === undefined) continue;
    const alerts = ledger.partition('BudgetAlerts', period);
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
    else if (!logged.has(String(alertId))) yield `${String(alertId)} was not logged`;
  }
}

function problemOfChange(
  before: Entity,
  row: Entity,
  logged: ReadonlyMap<string, number>,
): string | undefined {
  const { delivered: was, ...old } = before;
  const { delivered: is, ...own } = row;
  if (JSON.stringify(own) !== JSON.stringify(old)) return 'changed';
  if (was === true && is !== true) return 'not delivered any more';
  return is === true && !logged.has(String(row['alertId']))
    ? 'delivered but not logged'
    : undefined;
}

/** An alert claims a crossing: it holds, and by a cost that was shown of the customer that day. */
function problemOfNew(row: Entity, deliveries: Deliveries): string | undefined {
  const { status, delivered, kind, snapshotDate, customerId } = row;
  if (row['alertId'] !== `${row.partitionKey}|${row.rowKey}`) return 'another alertId';
  if (delivered !== (status !== 'raised')) return `${String(status)}, delivered ${delivered}`;
  const threshold = numberOf(row, 'threshold') ?? Number.NaN;
  const cost = row[kind === 'actual' ? 'totalCostExact' : 'forecastTotalCostExact'];
  const budget = numberOf(row, 'budgetAmount') ?? Number.NaN;
  if (new Big(String(cost)).times(100).lt(new Big(budget).times(threshold))) return 'not crossed';
  const id = String(customerId);
  const customer = { key: id, partitionKey: id, rowPrefix: 'customer|' };
  const isShown = deliveries
    .showings(customer, String(snapshotDate))
    .some(({ totalCost }) => totalCost === row['totalCostExact']);
  return isShown ? undefined : `of ${String(row['totalCostExact'])}, which was not shown`;
}
