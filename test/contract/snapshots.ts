import { parseAmount } from '../../src/usage/amount.ts';
import type { AzureSubscriptionSnapshot } from '../../src/usage/azureSubscriptionSnapshot.ts';
import type { CurrencyTotal } from '../../src/usage/currencyTotal.ts';
import type { AnomalyRow, LedgerRow, RankedRow } from '../../src/usage/ledgerRow.ts';
import { present } from '../../src/usage/present.ts';
import type { RecordedCost } from '../../src/usage/recordedCost.ts';
import type { RecordedDay } from '../../src/usage/recordedDay.ts';
import type { SnapshotRun } from '../../src/usage/snapshotRun.ts';
import type {
  CustomerSnapshot,
  PartnerSnapshot,
  SubscriptionSnapshot,
  UsageFigures,
} from '../../src/usage/usageSnapshot.ts';

export const date = '2026-03-14';
export const customerId = '0d1b5a6e-3c2f-4f0e-9d58-7a1c2b3d4e5f';

export function figures(totalCost = '28.82860766744404945074'): UsageFigures {
  return {
    plan: 'azurePlan',
    totalCost: parseAmount(totalCost),
    usdTotalCost: parseAmount('31.5'),
    currency: 'EUR',
    currencyCode: 'EUR',
    currencyLocale: 'de-DE',
    budgetAmount: parseAmount('500'),
    percentUsed: 5.77,
    billingStartDate: '2026-03-01T00:00:00+00:00',
    billingEndDate: '2026-04-01T00:00:00+00:00',
    lastModifiedDate: '2026-03-13T19:03:41.7272436+00:00',
  };
}

export function customer(change: Partial<CustomerSnapshot> = {}): CustomerSnapshot {
  return {
    resource: 'customer',
    snapshotDate: date,
    capturedAt: '2026-03-14T02:30:07.123Z',
    runId: '20260314T023000Z-1',
    outcome: 'usage',
    customerId,
    customerName: 'Contoso',
    figures: figures(),
    raw: '{"totalCost":28.82860766744404945074}',
    subscriptionIds: [subscriptionId(1), subscriptionId(2)],
    ...change,
  };
}

export function subscriptionId(number: number): string {
  return `a0000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
}

export function subscription(
  number: number,
  change: Partial<SubscriptionSnapshot> = {},
): SubscriptionSnapshot {
  return {
    resource: 'subscription',
    snapshotDate: date,
    capturedAt: '2026-03-14T02:30:08.456Z',
    runId: '20260314T023000Z-1',
    outcome: 'usage',
    customerId,
    customerName: 'Contoso',
    subscriptionId: subscriptionId(number),
    subscriptionName: 'Azure plan',
    subscriptionStatus: 'active',
    partnerOnRecord: '4711',
    offerId: 'DZH318Z0BPS6:0001:DZH318Z0BMXZ',
    figures: figures(),
    raw: '{"totalCost":28.82860766744404945074}',
    rawUsageRecord: '{"resourceName":"Azure plan"}',
    ...change,
  };
}

/** An Azure subscription of the first plan. */
export function azureSubscription(
  change: Partial<AzureSubscriptionSnapshot> = {},
): AzureSubscriptionSnapshot {
  return {
    snapshotDate: date,
    capturedAt: '2026-03-14T02:40:08.456Z',
    runId: '20260314T023000Z-1',
    outcome: 'usage',
    customerId,
    subscriptionId: subscriptionId(1),
    azureSubscriptionId: 'b0000000-0000-4000-8000-000000000001',
    azureSubscriptionName: 'Production',
    figures: figures('20.12345678901234567890'),
    ...change,
  };
}

export function partner(change: Partial<PartnerSnapshot> = {}): PartnerSnapshot {
  return {
    resource: 'partner',
    snapshotDate: date,
    capturedAt: '2026-03-14T02:30:09.789Z',
    runId: '20260314T023000Z-1',
    outcome: 'usage',
    figures: figures('1e-7'),
    raw: '{}',
    ...change,
  };
}

export function run(change: Partial<SnapshotRun> = {}): SnapshotRun {
  return {
    snapshotDate: date,
    runId: '20260314T023000Z-1',
    partnerTenantId: '6f1c9a8e-0000-4000-8000-000000000001',
    trigger: 'timer',
    scope: 'all',
    status: 'running',
    startedAt: '2026-03-14T02:30:00.000Z',
    customersListed: 3,
    customersWithUsage: 1,
    customersWithoutUsage: 1,
    customersRefused: 0,
    customersFailed: 1,
    customersSkipped: 0,
    subscriptionsCaptured: 2,
    subscriptionsFailed: 0,
    requests: 100,
    retries: 1,
    throttled: 0,
    tokenRequests: 1,
    customersOnlyInUsageRecords: 0,
    costMismatches: 0,
    ...change,
  };
}

export function total(change: Partial<CurrencyTotal> = {}): CurrencyTotal {
  return {
    snapshotDate: date,
    capturedAt: '2026-03-14T03:00:00.000Z',
    runId: 'run',
    currency: 'EUR',
    totalCost: parseAmount('100'),
    customers: 10,
    customersMissing: 0,
    ...change,
  };
}

export function ledgerRow(change: Partial<LedgerRow> = {}): LedgerRow {
  const { raw: _raw, subscriptionIds: _ids, ...kept } = customer();
  return { ...kept, cost: recordedCost(), isAnomalyDelivered: false, ...change };
}

function recordedCost(): RecordedCost {
  return { dailyCost: parseAmount('-0.10'), daysCovered: 2, isStale: false };
}

/** A day as a history has it: what was spent, and the names it had. */
export function historyOf(snapshot: CustomerSnapshot | SubscriptionSnapshot): RecordedDay {
  const { snapshotDate, outcome, customerName, figures } = snapshot;
  return present({
    snapshotDate,
    outcome,
    customerName,
    subscriptionName: snapshot.resource === 'subscription' ? snapshot.subscriptionName : undefined,
    figures: figures && withoutSentCurrency(figures),
  });
}

/** A row of the ledger as a ranking has it. */
export function rankedOf(row: LedgerRow): RankedRow {
  const { snapshotDate, customerId, customerName, capturedAt, outcome, failure, cost } = row;
  const { expectedCurrency, customerDomain } = row;
  const names = { customerId, customerName, customerDomain };
  const head = { snapshotDate, ...names, capturedAt, outcome, failure, cost };
  if (!row.figures) return present({ ...head, figures: undefined, expectedCurrency });
  const { lastModifiedDate: _, ...figures } = row.figures;
  return present({ ...head, figures: withoutSentCurrency(figures) });
}

/** A row of the ledger with an anomaly, as a list of anomalies has it. */
export function anomalyOf(row: LedgerRow & { isAnomalyDelivered: boolean }): AnomalyRow {
  const { snapshotDate, customerId, customerName, customerDomain, isAnomalyDelivered } = row;
  return present({
    ...{ snapshotDate, customerId, customerName, customerDomain, isAnomalyDelivered },
    currency: row.figures?.currency ?? row.expectedCurrency,
    dailyCost: row.cost?.dailyCost,
    expectedCost: row.expectedCost,
    causes: row.causes,
  });
}

function withoutSentCurrency(figures: UsageFigures): UsageFigures {
  const { currencyCode: _code, currencyLocale: _locale, ...kept } = figures;
  return kept;
}

export async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}
