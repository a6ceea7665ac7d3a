import { evaluateBudget } from '../alerts/budgetRules.ts';
import { systemClock } from '../clock.ts';
import type { Config } from '../config/config.ts';
import { forEachBounded } from '../forEachBounded.ts';
import { type Capture, dayRowOf } from '../snapshot/captureCustomer.ts';
import { CurrencyTotals } from '../snapshot/currencyTotals.ts';
import { newRun } from '../snapshot/runRecord.ts';
import { type Assessment, assessDay } from '../usage/assessment.ts';
import { billingPeriodOf } from '../usage/billingPeriod.ts';
import type { BudgetAlert } from '../usage/budgetAlert.ts';
import { daysBehindOutlook } from '../usage/knownSpend.ts';
import type { LedgerRow } from '../usage/ledgerRow.ts';
import type { SnapshotRun } from '../usage/snapshotRun.ts';
import type { Outcome } from '../usage/usageSnapshot.ts';
import type { AppStores } from './openTables.ts';

export type { Capture } from '../snapshot/captureCustomer.ts';

/** Nights whose figures are known without asking Partner Center. */
export interface KnownNights {
  /** When each of them began, the oldest first; milliseconds since the epoch. */
  startsMs: readonly number[];
  /** What a run that begins then would have captured. */
  captureAll(run: Readonly<SnapshotRun>): Capture[];
}

interface Night {
  run: SnapshotRun;
  captures: Capture[];
}

/** Customers, or days, written at a time. */
const concurrency = 4;

/**
 * Records nights without running them, with daily costs, forecasts, anomalies, totals and budget
 * alerts as runs would have recorded them. Their own runs say `cli` and have no requests. The tables
 * must have no rows yet.
 *
 * @returns what records the rows of subscriptions, which no run reads: the storage emulator goes
 * through all rows of a table for each query, so later is faster
 */
export async function recordKnownNights(
  { startsMs, captureAll }: KnownNights,
  stores: AppStores,
  config: Config,
): Promise<() => Promise<void>> {
  await stores.ensureTables();
  const partnerTenantId = config.partnerCenter.tenantId;
  const nights = startsMs.map((startedMs): Night => {
    const clock = { ...systemClock, now: () => startedMs };
    const run = newRun({ trigger: 'cli' }, { clock, random: Math.random, partnerTenantId });
    return { run, captures: captureAll(run) };
  });
  const ledger = new Map(nights.map(({ run }) => [run.snapshotDate, [] as LedgerRow[]]));
  const alerts: BudgetAlert[] = [];
  const ofCustomers = Map.groupBy(
    nights.flatMap(({ captures }) => captures),
    ({ customer }) => customer.customerId,
  );
  await forEachBounded(ofCustomers.values(), concurrency, async (captures) => {
    const rows = assessAll(captures, config);
    for (const row of rows) ledger.get(row.snapshotDate)?.push(row);
    alerts.push(...evaluateAll(rows, nights[0]?.run.snapshotDate, config));
    await stores.usageByCustomer.upsertCustomer(captures.map(({ customer }) => customer));
  });
  const byPeriod = Map.groupBy(alerts, ({ billingPeriodStart }) => billingPeriodStart);
  await stores.budgetAlerts.upsert([...byPeriod.values()].flat());
  await forEachBounded(nights, concurrency, async (night) => {
    await recordDay(night, ledger.get(night.run.snapshotDate) ?? [], stores);
  });
  return () =>
    forEachBounded(ofCustomers.values(), concurrency, async (captures) => {
      const rows = captures.flatMap(({ subscriptions }) => subscriptions);
      await stores.usageByCustomer.upsertCustomer(rows);
    });
}

/** @param captures of one customer, by date */
function assessAll(captures: readonly Capture[], { anomalyMinimumCost }: Config): LedgerRow[] {
  const customers = captures.map(({ customer }) => customer);
  return captures.map((capture, index) => {
    const before = customers.slice(Math.max(0, index - daysBehindOutlook), index);
    const options = { minimumCost: anomalyMinimumCost };
    return toLedgerRow(capture, assessDay(before, capture.customer, options));
  });
}

function toLedgerRow(capture: Capture, { cost, currency, expectedCost }: Assessment): LedgerRow {
  const row = dayRowOf(capture);
  return {
    ...row,
    cost,
    ...(row.figures === undefined && currency !== undefined && { expectedCurrency: currency }),
    ...(expectedCost !== undefined && { expectedCost, isAnomalyDelivered: true }),
  };
}

/** @param rows of one customer, by date */
function evaluateAll(
  rows: readonly LedgerRow[],
  firstDate: string | undefined,
  { budgetThresholds: thresholds }: Config,
): BudgetAlert[] {
  const alerts: BudgetAlert[] = [];
  for (const { customerId, customerName, snapshotDate, capturedAt, figures, cost } of rows) {
    if (figures === undefined) continue;
    const start = billingPeriodOf(figures)?.start;
    const forecastTotalCost = cost?.forecastTotalCost;
    const position = { customerId, customerName, snapshotDate, figures, forecastTotalCost };
    const crossed = evaluateBudget(position, {
      thresholds,
      existing: alerts.filter(({ billingPeriodStart }) => billingPeriodStart === start),
      isFirstNight: snapshotDate === firstDate,
      raisedAt: capturedAt,
    });
    alerts.push(...crossed.map((alert) => ({ ...alert, isDelivered: true })));
  }
  return alerts;
}

async function recordDay(
  { run, captures }: Night,
  rows: readonly LedgerRow[],
  { usageByDay, usageByCustomer, snapshotRuns }: AppStores,
): Promise<void> {
  const { snapshotDate, runId, startedAt } = run;
  await usageByDay.upsertDay(rows);
  const totals = new CurrencyTotals();
  for (const row of rows) totals.add(row);
  await usageByCustomer.upsertTotals(totals.totals({ snapshotDate, runId, capturedAt: startedAt }));
  const count = (outcome: Outcome) => rows.filter((row) => row.outcome === outcome).length;
  await snapshotRuns.upsert({
    ...run,
    status: 'complete',
    finishedAt: startedAt,
    durationMs: 0,
    customersListed: rows.length,
    customersWithUsage: count('usage'),
    customersWithoutUsage: count('noUsage'),
    customersRemaining: 0,
    customersFailing: 0,
    subscriptionsCaptured: captures.flatMap(({ subscriptions }) => subscriptions).length,
    isConcluded: true,
    isSettled: true,
  });
}
