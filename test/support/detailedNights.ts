import { gzipSync } from 'node:zlib';
import Big from 'big.js';
import type { Stores } from '../../src/storage/createStores.ts';
import { parseAmount, toAmount } from '../../src/usage/amount.ts';
import { computeAzureSubscriptionRows } from '../../src/usage/azureSubscriptionRows.ts';
import type { AzureSubscriptionSnapshot } from '../../src/usage/azureSubscriptionSnapshot.ts';
import { addDays, utcDateOf } from '../../src/usage/date.ts';
import { computeDailyCosts } from '../../src/usage/history.ts';
import type { LedgerRow } from '../../src/usage/ledgerRow.ts';
import { DetailTotals, type UsageDetails } from '../../src/usage/usageDetails.ts';
import type { SubscriptionSnapshot, UsageFigures } from '../../src/usage/usageSnapshot.ts';
import { customerId, row, run } from './recorded.ts';

export const planId = 'bbbbbbbb-0000-4000-8000-000000000001';
export const prodId = 'cccccccc-0000-4000-8000-000000000001';
export const testId = 'cccccccc-0000-4000-8000-000000000002';

/** A record as Partner Center sends it. */
export type ApiRecord = Record<string, unknown> & { totalCost: { rawJSON: string } };

/** A record of a virtual machine, unless changed. */
export function record(
  resource: string,
  totalCost: string,
  {
    id = prodId,
    group = 'rg1',
    type = 'Microsoft.Compute/virtualMachines',
    ...change
  }: { id?: string; group?: string; type?: string } & Record<string, unknown> = {},
): ApiRecord {
  return {
    resourceUri: `/subscriptions/${id}/resourceGroups/${group}/providers/${type}/${resource}`,
    resourceType: type.split('/')[0],
    entitlementId: id,
    entitlementName: id === prodId ? 'Prod' : 'Test',
    resourceGroupName: group,
    name: resource,
    totalCost: JSON.rawJSON(totalCost),
    currencyCode: 'EUR',
    ...change,
  };
}

/** A plan on a night. */
export interface PlanNight {
  planId?: string;
  /** Absent where its records were not read. */
  records?: ApiRecord[];
  /** Default: the sum of the records. */
  total?: string;
  figures?: Partial<UsageFigures>;
  /** Whether only its Azure subscriptions are kept. */
  isWithoutBlob?: boolean;
}

export interface Night {
  date: string;
  plans: PlanNight[];
  /** Of the customer; default: the sum of the plans. */
  total?: string;
  figures?: Partial<UsageFigures>;
}

/** Writes the nights of a customer one after the other, with everything below its plans. */
export async function recordNights(stores: Stores, nights: readonly Night[]): Promise<void> {
  const ledger: LedgerRow[] = [];
  const details: AzureSubscriptionSnapshot[] = [];
  await stores.usageDetails.ensureContainer();
  for (const { date, plans, total, figures } of nights) {
    const snapshots = plans.map((plan) => snapshotOf(date, plan));
    const customer = row(date, total ?? sumOf(snapshots.map((each) => each.figures.totalCost)), {
      subscriptionIds: snapshots.map(({ subscriptionId }) => subscriptionId),
      ...(figures && { figures }),
    });
    await stores.usageByCustomer.upsertCustomer([customer, ...snapshots]);
    ledger.push(customer);
    const item = computeDailyCosts(ledger).at(-1);
    if (!item) throw new Error('expected a day');
    const { dailyCost, daysCovered, isStale } = item;
    const cost = { ...(dailyCost !== null && { dailyCost }), daysCovered, isStale };
    const { subscriptionIds: _, ...ledgerRow } = customer;
    await stores.usageByDay.upsertDay([{ ...ledgerRow, cost }]);
    await stores.snapshotRuns.upsert(run(date));
    for (const [index, plan] of plans.entries()) {
      const snapshot = snapshots[index];
      if (!snapshot || !plan.records) continue;
      const rows = rowsOf(snapshot, plan.records, details);
      await stores.usageByAzureSubscription.upsert(rows);
      details.push(...rows);
      if (plan.isWithoutBlob) continue;
      const { subscriptionId } = snapshot;
      await stores.usageDetails.write(
        { customerId, subscriptionId, snapshotDate: date },
        detailsOf(plan.records, snapshot.figures).ndjsonGzip,
      );
    }
  }
}

type PlanSnapshot = SubscriptionSnapshot & { figures: UsageFigures };

function snapshotOf(date: string, { planId: id = planId, ...plan }: PlanNight): PlanSnapshot {
  const total = plan.total ?? sumOf((plan.records ?? []).map((each) => each.totalCost.rawJSON));
  const { figures } = row(date, total, { figures: { currencyCode: 'EUR', ...plan.figures } });
  if (!figures) throw new Error('expected figures');
  return {
    resource: 'subscription',
    snapshotDate: date,
    capturedAt: `${date}T02:31:00.000Z`,
    runId: `run of ${date}`,
    customerId,
    customerName: 'Maple Foods',
    subscriptionId: id,
    subscriptionName: 'Azure plan',
    outcome: 'usage',
    figures,
  };
}

function rowsOf(
  plan: PlanSnapshot,
  records: readonly ApiRecord[],
  details: readonly AzureSubscriptionSnapshot[],
): AzureSubscriptionSnapshot[] {
  return computeAzureSubscriptionRows({
    plan,
    details: detailsOf(records, plan.figures),
    before: details.filter(({ subscriptionId }) => subscriptionId === plan.subscriptionId),
    runId: plan.runId,
    capturedAt: `${plan.snapshotDate}T02:40:00.000Z`,
  });
}

/** In two members, as a night writes many records. */
function detailsOf(records: readonly ApiRecord[], figures: UsageFigures): UsageDetails {
  const kind = figures.plan === 'azurePlan' ? 'resources' : 'meters';
  const totals = new DetailTotals(kind, figures.currencyCode);
  for (const { entitlementId, entitlementName, totalCost, currencyCode } of records) {
    totals.add({
      ...(typeof entitlementId === 'string' && {
        azureSubscriptionId: entitlementId.toLowerCase(),
      }),
      ...(typeof entitlementName === 'string' && { azureSubscriptionName: entitlementName }),
      totalCost: parseAmount(totalCost.rawJSON),
      ...(typeof currencyCode === 'string' && { currencyCode }),
    });
  }
  const lines = records.map((each) => `${JSON.stringify(each)}\n`);
  const half = Math.ceil(lines.length / 2);
  const members = [lines.slice(0, half), lines.slice(half)].map((part) => gzipSync(part.join('')));
  return totals.end(Buffer.concat(members));
}

function sumOf(costs: readonly string[]): string {
  return toAmount(costs.reduce((sum, cost) => sum.plus(cost), new Big(0)));
}

const daysAgo = (days: number) => addDays(utcDateOf(Date.now()), -days);
export const yesterday = daysAgo(1);

/** Three nights up to yesterday, whose names are long and wide. */
export async function recordRecentNights(stores: Stores): Promise<void> {
  const figures = {
    billingStartDate: `${daysAgo(15)}T00:00:00Z`,
    billingEndDate: `${daysAgo(-15)}T00:00:00Z`,
  };
  const names = ['vm-production-web-frontend-west-europe-01', '名前が長い仮想マシン', 'db1'];
  const nights = [3, 2, 1].map((days) => ({
    date: daysAgo(days),
    figures,
    plans: [
      {
        figures,
        records: names.map((name, index) =>
          record(name, String(10 ** (10 - 2 * days - index)), {
            group: 'resource-group-of-the-production-environment',
            entitlementName: 'Subscription of the production environment',
          }),
        ),
      },
    ],
  }));
  await recordNights(stores, nights);
}
