import { beforeEach, describe, expect, test } from 'vitest';
import { createStoresOver, type Stores } from '../../src/storage/createStores.ts';
import type { EntityTable } from '../../src/storage/entityTable.ts';
import { toUsageByDayEntity } from '../../src/storage/usageRows.ts';
import { parseAmount } from '../../src/usage/amount.ts';
import {
  anomalyOf,
  collect,
  customer,
  customerId,
  date,
  ledgerRow,
  subscriptionId,
} from './snapshots.ts';
import { tableMakers } from './tableMakers.ts';

describe.each(tableMakers())('the ledger of a day %s', (_kind, makeTables) => {
  let stores: Stores;
  let table: EntityTable;
  beforeEach(async () => {
    const tables = await makeTables();
    table = tables.usageByDay;
    stores = createStoresOver(tables);
  });

  test('a row comes back with its cost, all that it carries, and what was told of it', async () => {
    await stores.usageByDay.upsertDay([ledgerRow()]);
    expect(await stores.usageByDay.getDay(date, customerId)).toStrictEqual(ledgerRow());
    expect(await collect(stores.usageByDay.listDay(date))).toStrictEqual([ledgerRow()]);
  });

  test('a row of a day whose cost nobody has computed yet has none', async () => {
    const { cost: _cost, isAnomalyDelivered: _delivered, ...row } = ledgerRow();
    await stores.usageByDay.upsertDay([row]);
    expect(await stores.usageByDay.getDay(date, customerId)).toStrictEqual(row);
  });

  test('a row stored again without cost has none left', async () => {
    const { cost: _cost, isAnomalyDelivered: _delivered, ...row } = ledgerRow();
    await stores.usageByDay.upsertDay([ledgerRow()]);
    await stores.usageByDay.upsertDay([row]);
    expect(await stores.usageByDay.getDay(date, customerId)).toStrictEqual(row);
  });

  test('a row that cannot be read ends the list of a day, or is told and left out', async () => {
    const rowKey = subscriptionId(1);
    const other = toUsageByDayEntity(ledgerRow({ customerId: rowKey }));
    await stores.usageByDay.upsertDay([ledgerRow()]);
    await table.upsert([{ ...other, daysCovered: 'two' }]);
    await expect(collect(stores.usageByDay.listDay(date))).rejects.toMatchObject({
      code: 'UNREADABLE_ROW',
      place: { table: table.name, partitionKey: date, rowKey },
    });
    const reported: Error[] = [];
    const onUnreadable = (error: Error) => reported.push(error);
    const day = await collect(stores.usageByDay.listDay(date, { onUnreadable }));
    expect(day).toStrictEqual([ledgerRow()]);
    expect(reported.map(({ message }) => message)).toEqual([
      expect.stringContaining('in column daysCovered, got'),
    ]);
  });

  test('the anomalies of a day are listed by customer, delivered or not, of all or of one', async () => {
    const none = customer({ customerId: subscriptionId(2) });
    const { raw: _raw, subscriptionIds: _ids, ...ordinary } = none;
    const domain = 'contoso.example';
    const delivered = ledgerRow({ customerId: subscriptionId(3), isAnomalyDelivered: true });
    const found = {
      ...ledgerRow({ customerId: subscriptionId(1), customerDomain: domain }),
      expectedCost: parseAmount('20.0000'),
      isAnomalyDelivered: false,
    };
    const ofOtherDay = ledgerRow({ snapshotDate: '2026-03-15' });
    await stores.usageByDay.upsertDay([delivered, ordinary, found, ofOtherDay]);
    const expected = [found, { ...delivered, isAnomalyDelivered: true }].map(anomalyOf);
    expect(await collect(stores.usageByDay.listAnomalies({ date }))).toStrictEqual(expected);
    const ofOne = stores.usageByDay.listAnomalies({ date, customerId: subscriptionId(3) });
    expect(await collect(ofOne)).toStrictEqual(expected.slice(1));
    const ofAnother = stores.usageByDay.listAnomalies({ date, customerId: subscriptionId(2) });
    expect(await collect(ofAnother)).toEqual([]);
  });

  test('a day lists all of 1,100 customers, in order, without bodies', async () => {
    const ids = Array.from({ length: 1_100 }, (_, index) => subscriptionId(index));
    await stores.usageByDay.upsertDay(ids.toReversed().map((id) => customer({ customerId: id })));
    await stores.usageByDay.upsertDay([customer({ snapshotDate: '2026-03-15' })]);
    const day = await collect(stores.usageByDay.listDay(date));
    expect(day.map((snapshot) => snapshot.customerId)).toEqual(ids);
    const {
      raw: _raw,
      subscriptionIds: _ids,
      ...kept
    } = customer({ customerId: subscriptionId(0) });
    expect(day[0]).toStrictEqual(kept);
  });
});
