import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Entity } from '../../src/storage/columns.ts';
import type { Row } from '../../src/storage/rowReader.ts';
import { snapshotRunRow } from '../../src/storage/snapshotRunsTableStore.ts';
import { currencyTotalRow } from '../../src/storage/usageByCustomerTableStore.ts';
import {
  anomalyColumns,
  fromAnomalyEntity,
  fromHistoryEntity,
  fromRankingEntity,
  fromUsageByDayEntity,
  fromUsageEntity,
  historyColumns,
  rankingColumns,
  toUsageByCustomerEntity,
  toUsageByDayEntity,
} from '../../src/storage/usageRows.ts';
import type { CurrencyTotal } from '../../src/usage/currencyTotal.ts';
import type { SnapshotRun } from '../../src/usage/snapshotRun.ts';
import type { UsageSnapshot } from '../../src/usage/usageSnapshot.ts';
import { anomalyOf, historyOf, rankedOf } from '../contract/snapshots.ts';
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
      const entity = currencyTotalRow.toEntity(total);
      expect(currencyTotalRow.fromRow('UsageByCustomer', entity)).toStrictEqual(total);
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
    {
      finishedAt: text,
      durationMs: count,
      customersRemaining: count,
      refreshTokenAgeDays: fc.nat({ max: 9_000 }).map((hundredths) => hundredths / 100),
      error: text,
    },
  );
  fc.assert(
    fc.property(runs, (run) => {
      const entity = snapshotRunRow.toEntity(run);
      expect(snapshotRunRow.fromRow('SnapshotRuns', entity)).toStrictEqual(run);
    }),
  );
});

/** A row with these columns alone; the service shows one that it does not have as null, or not. */
function select(
  { partitionKey, rowKey, ...columns }: Entity,
  names: readonly string[],
  isNullShown: boolean,
): Row {
  const selected = names
    .map((name) => [name, columns[name] ?? null])
    .filter(([, value]) => isNullShown || value !== null);
  return { partitionKey, rowKey, ...Object.fromEntries(selected) };
}

test('a history is read from its columns alone', () => {
  fc.assert(
    fc.property(fc.oneof(customer, subscription), fc.boolean(), (snapshot, isNullShown) => {
      const row = select(toUsageByCustomerEntity(snapshot), historyColumns, isNullShown);
      expect(fromHistoryEntity('UsageByCustomer', row)).toStrictEqual(historyOf(snapshot));
    }),
    { numRuns: 500 },
  );
});

test('an anomaly is read from its columns alone', () => {
  fc.assert(
    fc.property(ledgerRow, fc.boolean(), fc.boolean(), (ledger, isDelivered, isNullShown) => {
      const anomaly = { ...ledger, isAnomalyDelivered: isDelivered };
      const row = select(toUsageByDayEntity(anomaly), anomalyColumns, isNullShown);
      // The key has the id in lower case.
      const expected = { ...anomalyOf(anomaly), customerId: ledger.customerId.toLowerCase() };
      expect(fromAnomalyEntity('UsageByDay', row)).toStrictEqual(expected);
    }),
    { numRuns: 500 },
  );
});

test('a ranking is read from its columns alone', () => {
  fc.assert(
    fc.property(ledgerRow, fc.boolean(), (ledger, isNullShown) => {
      const row = select(toUsageByDayEntity(ledger), rankingColumns, isNullShown);
      // The key has the id in lower case.
      const expected = { ...rankedOf(ledger), customerId: ledger.customerId.toLowerCase() };
      expect(fromRankingEntity('UsageByDay', row)).toStrictEqual(expected);
    }),
    { numRuns: 500 },
  );
});

test('no column is asked for that no row has', () => {
  const written = new Set<string>();
  fc.assert(
    fc.property(fc.oneof(customer, subscription), ledgerRow, (snapshot, ledger) => {
      for (const name of Object.keys(toUsageByCustomerEntity(snapshot))) written.add(name);
      for (const name of Object.keys(toUsageByDayEntity(ledger))) written.add(name);
    }),
    { numRuns: 500 },
  );
  for (const name of [...historyColumns, ...rankingColumns]) expect(written).toContain(name);
});
