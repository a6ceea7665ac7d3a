import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  fromCurrencyTotalEntity,
  toCurrencyTotalEntity,
} from '../../src/storage/currencyTotalMapping.ts';
import { historyColumns } from '../../src/storage/historyColumns.ts';
import { fromUsageByDayEntity, toUsageByDayEntity } from '../../src/storage/ledgerRowMapping.ts';
import {
  fromSnapshotRunEntity,
  toSnapshotRunEntity,
} from '../../src/storage/snapshotRunMapping.ts';
import {
  fromUsageEntity,
  toUsageByCustomerEntity,
} from '../../src/storage/usageSnapshotMapping.ts';
import type { CurrencyTotal } from '../../src/usage/currencyTotal.ts';
import type { SnapshotRun } from '../../src/usage/snapshotRun.ts';
import type { UsageSnapshot } from '../../src/usage/usageSnapshot.ts';
import {
  amount,
  base,
  count,
  customer,
  date,
  id,
  ledgerRow,
  partner,
  subscription,
  text,
  withOptional,
} from './storageArbitraries.ts';

test('every snapshot comes back from its row as it was', () => {
  const snapshots: fc.Arbitrary<UsageSnapshot> = fc.oneof(partner, customer, subscription);
  fc.assert(
    fc.property(snapshots, (snapshot) => {
      const entity = toUsageByCustomerEntity(snapshot);
      expect(fromUsageEntity('UsageByCustomer', entity)).toStrictEqual(snapshot);
    }),
    { numRuns: 500 },
  );
});

test('every ledger row comes back from the day’s row without what was received', () => {
  fc.assert(
    fc.property(ledgerRow, (row) => {
      const { raw: _raw, subscriptionIds: _ids, ...kept } = row;
      const entity = toUsageByDayEntity(row);
      expect(fromUsageByDayEntity('UsageByDay', entity)).toStrictEqual(kept);
    }),
    { numRuns: 500 },
  );
});

test('every total comes back from its row as it was', () => {
  const totals: fc.Arbitrary<CurrencyTotal> = withOptional(
    {
      ...base,
      currency: fc.constantFrom('EUR', 'XXX'),
      totalCost: amount,
      customers: count,
      customersMissing: count,
    },
    { dailyCost: amount },
  );
  fc.assert(
    fc.property(totals, (total) => {
      const entity = toCurrencyTotalEntity(total);
      expect(fromCurrencyTotalEntity('UsageByCustomer', entity)).toStrictEqual(total);
    }),
  );
});

test('every run comes back from its row as it was', () => {
  const runs: fc.Arbitrary<SnapshotRun> = withOptional(
    {
      snapshotDate: date,
      runId: id,
      partnerTenantId: text,
      trigger: fc.constantFrom(...(['timer', 'catchUp', 'closing', 'cli'] as const)),
      scope: fc.constantFrom(...(['all', 'customer'] as const)),
      status: fc.constantFrom(...(['running', 'complete', 'partial', 'failed'] as const)),
      startedAt: text,
      customersListed: count,
      customersWithUsage: count,
      customersWithoutUsage: count,
      customersRefused: count,
      customersFailed: count,
      customersSkipped: count,
      subscriptionsCaptured: count,
      subscriptionsFailed: count,
      requests: count,
      retries: count,
      throttled: count,
      tokenRequests: count,
      customersOnlyInUsageRecords: count,
      costMismatches: count,
    },
    { finishedAt: text, durationMs: count, customersRemaining: count, error: text },
  );
  fc.assert(
    fc.property(runs, (run) => {
      const entity = toSnapshotRunEntity(run);
      expect(fromSnapshotRunEntity('SnapshotRuns', entity)).toStrictEqual(run);
    }),
  );
});

describe('the columns of a history', () => {
  const ofResource = fc.oneof(customer, subscription);
  /** What was received, and the list of subscriptions: most of a row. */
  const isLarge = (column: string) => /^(raw|subscriptionIds)/.test(column);

  test('are all but the large ones, and none that no row has', () => {
    const written = new Set<string>();
    fc.assert(
      fc.property(ofResource, (snapshot) => {
        const { partitionKey: _p, rowKey: _r, ...columns } = toUsageByCustomerEntity(snapshot);
        for (const column of Object.keys(columns)) written.add(column);
      }),
      { numRuns: 500 },
    );
    // A double says nothing that the literal beside it does not.
    const small = [...written].filter(
      (column) => !isLarge(column) && !(written.has(`${column}Exact`) && column !== 'budgetAmount'),
    );
    expect(small.toSorted()).toEqual(historyColumns.toSorted());
  });

  test('are enough to read a snapshot, whether the service leaves out a missing one or not', () => {
    fc.assert(
      fc.property(ofResource, fc.boolean(), (snapshot, isNullShown) => {
        const entity = toUsageByCustomerEntity(snapshot);
        const { partitionKey, rowKey } = entity;
        const selected = historyColumns
          .map((column) => [column, entity[column] ?? null])
          .filter(([, value]) => isNullShown || value !== null);
        const row = { partitionKey, rowKey, ...Object.fromEntries(selected) };
        const kept = Object.entries(snapshot).filter(([field]) => !isLarge(field));
        expect(fromUsageEntity('UsageByCustomer', row)).toStrictEqual(Object.fromEntries(kept));
      }),
    );
  });
});
