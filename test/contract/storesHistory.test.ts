import { beforeEach, describe, expect, test } from 'vitest';
import { createStoresOver, type Stores } from '../../src/storage/createStores.ts';
import type { EntityTable } from '../../src/storage/entityTable.ts';
import { parseAmount } from '../../src/usage/amount.ts';
import {
  collect,
  customer,
  customerId,
  date,
  historyOf,
  partner,
  subscription,
  subscriptionId,
  total,
} from './snapshots.ts';
import { tableMakers } from './tableMakers.ts';

const otherCustomerId = 'ffffffff-3c2f-4f0e-9d58-7a1c2b3d4e5f';

describe.each(tableMakers())('a history %s', (_kind, makeTables) => {
  let stores: Stores;
  let table: EntityTable;
  beforeEach(async () => {
    const tables = await makeTables();
    table = tables.usageByCustomer;
    stores = createStoresOver(tables);
  });

  test('a history has the days asked for, in order, of this customer or subscription alone', async () => {
    const days = ['2025-12-31', '2026-01-01', '2026-01-09', '2026-01-10', '2026-02-01'];
    for (const snapshotDate of days.toReversed()) {
      await stores.usageByCustomer.upsertCustomer([
        customer({ snapshotDate }),
        subscription(1, { snapshotDate }),
        subscription(2, { snapshotDate }),
      ]);
    }
    await stores.usageByCustomer.upsertCustomer([
      customer({ customerId: otherCustomerId, snapshotDate: '2026-01-05' }),
    ]);
    const between = { from: '2026-01-01', to: '2026-01-10' };
    const own = await collect(stores.usageByCustomer.listHistory(customerId, between));
    expect(own).toStrictEqual(
      days.slice(1, 4).map((snapshotDate) => historyOf(customer({ snapshotDate }))),
    );
    const ofOne = await collect(
      stores.usageByCustomer.listHistory(customerId, {
        ...between,
        subscriptionId: subscriptionId(2),
      }),
    );
    expect(ofOne).toStrictEqual(
      days.slice(1, 4).map((snapshotDate) => historyOf(subscription(2, { snapshotDate }))),
    );
  });

  test('a history has the days without figures too', async () => {
    const { figures: _figures, ...rest } = customer();
    const failure = { phase: 'summary', status: 503, code: 'HTTP_503', message: 'down' } as const;
    const failed = { ...rest, outcome: 'failed' as const, failure, expectedCurrency: 'NOK' };
    await stores.usageByCustomer.upsertCustomer([failed]);
    const between = { from: date, to: date };
    const own = await collect(stores.usageByCustomer.listHistory(customerId, between));
    expect(own).toStrictEqual([historyOf(failed)]);
  });

  test('a row that cannot be read ends a history, or is told and left out', async () => {
    const rowKey = 'customer|2026-03-13';
    await table.upsert([{ partitionKey: customerId, rowKey, resource: 'customer' }]);
    await stores.usageByCustomer.upsertCustomer([customer()]);
    const between = { from: '2026-03-01', to: date };
    const { usageByCustomer } = stores;
    await expect(collect(usageByCustomer.listHistory(customerId, between))).rejects.toMatchObject({
      code: 'UNREADABLE_ROW',
      place: { table: table.name, partitionKey: customerId, rowKey },
    });
    const reported: Error[] = [];
    const onUnreadable = (error: Error) => reported.push(error);
    expect(
      await collect(usageByCustomer.listHistory(customerId, between, { onUnreadable })),
    ).toStrictEqual([historyOf(customer())]);
    expect(reported).toMatchObject([{ code: 'UNREADABLE_ROW' }]);
  });

  test('the first snapshot of a customer or a subscription is found, whenever it was', async () => {
    const { usageByCustomer } = stores;
    await usageByCustomer.upsertCustomer([
      customer({ snapshotDate: '2026-01-09' }),
      customer({ snapshotDate: '2019-06-01' }),
      subscription(1, { snapshotDate: '2018-01-01' }),
      subscription(2, { snapshotDate: '2026-01-11' }),
      subscription(2, { snapshotDate: '2026-01-10' }),
    ]);
    expect(
      await usageByCustomer.findSnapshot({ customerId: customerId.toUpperCase() }),
    ).toStrictEqual(historyOf(customer({ snapshotDate: '2019-06-01' })));
    expect(
      await usageByCustomer.findSnapshot({ customerId, subscriptionId: subscriptionId(2) }),
    ).toStrictEqual(historyOf(subscription(2, { snapshotDate: '2026-01-10' })));
  });

  test('nothing is found of what never had a snapshot, whatever its neighbours have', async () => {
    const { usageByCustomer } = stores;
    await usageByCustomer.upsertCustomer([subscription(1), subscription(3)]);
    await usageByCustomer.upsertPartner(partner());
    expect(await usageByCustomer.findSnapshot({ customerId })).toBeUndefined();
    expect(await usageByCustomer.findSnapshot({ customerId: otherCustomerId })).toBeUndefined();
    const never = { customerId, subscriptionId: subscriptionId(2) };
    expect(await usageByCustomer.findSnapshot(never)).toBeUndefined();
  });

  test('totals come back per currency between two dates, apart from the partner itself', async () => {
    const totals = ['2026-03-13', date, '2026-03-15'].flatMap((snapshotDate) =>
      ['EUR', 'USD', 'XXX'].map((currency) => total({ snapshotDate, currency })),
    );
    await stores.usageByCustomer.upsertPartner(partner());
    await stores.usageByCustomer.upsertTotals(totals);
    const stored = await collect(
      stores.usageByCustomer.listTotals({ from: date, to: '2026-03-15' }),
    );
    expect(stored).toEqual(
      ['EUR', 'USD', 'XXX'].flatMap((currency) => [
        total({ currency }),
        total({ currency, snapshotDate: '2026-03-15' }),
      ]),
    );
  });

  test('a total comes back with the cost of its day, and without where it was not computed', async () => {
    const totals = [total({ dailyCost: parseAmount('-12.3400') }), total({ currency: 'USD' })];
    await stores.usageByCustomer.upsertTotals(totals);
    const between = { from: date, to: date };
    expect(await collect(stores.usageByCustomer.listTotals(between))).toStrictEqual(totals);
  });
});
