import { beforeEach, describe, expect, test } from 'vitest';
import { createStoresOver, type Stores } from '../../src/storage/createStores.ts';
import type { EntityTable } from '../../src/storage/entityTable.ts';
import { parseAmount } from '../../src/usage/amount.ts';
import type { BudgetAlert } from '../../src/usage/budgetAlert.ts';
import { alert, alertWithoutForecast, customerId } from '../support/alerts.ts';
import { collect, customer, subscriptionId } from './snapshots.ts';
import { tableMakers } from './tableMakers.ts';

const start = '2026-03-01';
const idsOf = (alerts: readonly BudgetAlert[]) => alerts.map(({ alertId }) => alertId);

describe.each(tableMakers())('budget alerts %s', (_kind, makeTables) => {
  let store: Stores['budgetAlerts'];
  let table: EntityTable;
  beforeEach(async () => {
    const tables = await makeTables();
    table = tables.budgetAlerts;
    store = createStoresOver(tables).budgetAlerts;
  });

  const listOfPeriod = (id = customerId) => collect(store.listOfPeriod(start, id));
  const listUndelivered = (from: string) => collect(store.listUndelivered(from));

  test('an alert comes back with every figure and digit', async () => {
    const alerts = [
      alert({ threshold: 100, percentUsed: parseAmount('100') }),
      alertWithoutForecast({ threshold: 87.5, budgetAmount: parseAmount('1000.00') }),
    ];
    await store.createIfAbsent(alerts);
    expect(await listOfPeriod(customerId.toUpperCase())).toStrictEqual(alerts);
  });

  test('are added once: those that are there stay as they are, told ones told', async () => {
    await store.createIfAbsent([alert()]);
    await store.upsert([alert({ isDelivered: true })]);
    const other = alert({ threshold: 90 });
    const changed = alert({ customerName: 'Fabrikam', raisedAt: '2026-03-15T02:40:00.000Z' });
    for (let time = 0; time < 2; time++) await store.createIfAbsent([changed, other]);
    expect(await listOfPeriod()).toStrictEqual([alert({ isDelivered: true }), other]);
  });

  test('of two that are the same one is added', async () => {
    await store.createIfAbsent([alert(), alert()]);
    expect(await listOfPeriod()).toStrictEqual([alert()]);
  });

  test('none are added when there are none, and all when there are many', async () => {
    await store.createIfAbsent([]);
    expect(await listOfPeriod()).toEqual([]);
    const alerts = Array.from({ length: 30 }, (_, index) => alert({ threshold: 101 + index }));
    await store.createIfAbsent(alerts.toReversed());
    expect(await listOfPeriod()).toStrictEqual(alerts);
  });

  test('are not added once the signal is aborted, and its reason is thrown', async () => {
    const reason = new Error('the lease was lost');
    const options = { abortSignal: AbortSignal.abort(reason) };
    await expect(store.createIfAbsent([alert()], options)).rejects.toBe(reason);
    await expect(store.upsert([alert()], options)).rejects.toBe(reason);
    expect(await listOfPeriod()).toEqual([]);
  });

  test('are all refused where one of them cannot be a row', async () => {
    const bad = alert({ customerId: 'a/b' });
    await expect(store.createIfAbsent([alert(), bad])).rejects.toThrow(RangeError);
    await expect(store.upsert([alert(), bad])).rejects.toThrow(RangeError);
    expect(await listOfPeriod()).toEqual([]);
  });

  test('of a customer and period are those of all its budgets, and of no other customer or period', async () => {
    const own = [
      alert({ kind: 'actual', threshold: 100 }),
      alert({ kind: 'actual', threshold: 75, budgetAmount: parseAmount('600') }),
      alert({ kind: 'forecast', threshold: 100, status: 'covered', isDelivered: true }),
    ];
    const others = [
      alert({ customerId: `${customerId}0` }),
      alert({ customerId: `${customerId}-` }),
      alert({ customerId: `${customerId}}` }),
      alert({ customerId: customerId.slice(0, -1) }),
      alert({ customerId: subscriptionId(1) }),
      alert({ billingPeriodStart: '2026-02-28' }),
      alert({ billingPeriodStart: '2026-03-02' }),
    ];
    await store.createIfAbsent([...others, ...own.toReversed()]);
    expect(await listOfPeriod()).toStrictEqual(own);
    expect(idsOf(await listOfPeriod(customerId.slice(0, -1)))).toHaveLength(1);
  });

  test('of which somebody is to be told are those not told yet, of periods from a day on', async () => {
    const later = { billingPeriodStart: '2026-03-15' };
    const waiting = [
      alert(),
      alert({ ...later, customerId: subscriptionId(1) }),
      alert({ ...later, customerId: subscriptionId(2), kind: 'forecast' }),
    ];
    await store.createIfAbsent([
      ...waiting.toReversed(),
      alert({ billingPeriodStart: '2026-02-28' }),
      alert({ threshold: 50, status: 'covered', isDelivered: true }),
      alert({ ...later, threshold: 50, status: 'baseline', isDelivered: true }),
    ]);
    expect(await listUndelivered(start)).toStrictEqual(waiting);
    expect(await listUndelivered('2026-03-02')).toStrictEqual(waiting.slice(1));
    await store.upsert(waiting.map((one) => ({ ...one, isDelivered: true })));
    expect(await listUndelivered(start)).toEqual([]);
  });

  test('a row that cannot be read ends a list, or is told and left out', async () => {
    await store.createIfAbsent([alert(), alert({ threshold: 90 })]);
    const rowKey = `${customerId}|actual|75|500`;
    const odd = { snapshotDate: '2026-03-14', delivered: false, status: 'from the future' };
    await table.upsert([{ partitionKey: start, rowKey, ...odd }]);
    const range = { from: '2026-03-14', to: '2026-03-14' };
    const lists = [
      (options?: object) => store.listOfPeriod(start, customerId, options),
      (options?: object) => store.listUndelivered(start, options),
      (options?: object) => store.listRaised(range, options),
    ];
    for (const list of lists) {
      await expect(collect(list())).rejects.toMatchObject({
        code: 'UNREADABLE_ROW',
        place: { table: table.name, partitionKey: start, rowKey },
      });
      const reported: Error[] = [];
      const found = await collect(list({ onUnreadable: (error: Error) => reported.push(error) }));
      expect(found).toStrictEqual([alert({ threshold: 90 })]);
      expect(reported).toMatchObject([{ code: 'UNREADABLE_ROW' }]);
    }
  });

  describe('that were raised', () => {
    const listRaised = (from: string, to: string, id?: string) =>
      collect(store.listRaised({ from, to, customerId: id }));

    test('are found by the days of their figures, whenever their periods began', async () => {
      const raised = [
        // A period of 31 days, whose last figures were shown eight days after its end.
        alert({ billingPeriodStart: '2026-01-31', snapshotDate: '2026-03-11' }),
        alert({ billingPeriodStart: '2026-03-01', snapshotDate: '2026-03-12' }),
        alert({ billingPeriodStart: '2026-03-13', snapshotDate: '2026-03-13' }),
      ];
      await store.createIfAbsent([
        ...raised.toReversed(),
        alert({ threshold: 50, snapshotDate: '2026-03-10' }),
        alert({ threshold: 90, snapshotDate: '2026-03-14' }),
      ]);
      expect(await listRaised('2026-03-11', '2026-03-13')).toStrictEqual(raised);
      expect(await listRaised('2026-03-12', '2026-03-12')).toStrictEqual(raised.slice(1, 2));
      expect(await listRaised('2026-03-11', '2026-03-11')).toStrictEqual(raised.slice(0, 1));
    });

    test('are neither those that a higher threshold covered nor those of the first night', async () => {
      const raised = alert({ isDelivered: true });
      await store.createIfAbsent([
        raised,
        alert({ threshold: 50, status: 'covered', isDelivered: true }),
        alert({ threshold: 60, status: 'baseline', isDelivered: true }),
      ]);
      expect(await listRaised('2026-03-01', '2026-03-31')).toStrictEqual([raised]);
    });

    test('are those of one customer alone where one is asked for', async () => {
      const own = [
        alert({ billingPeriodStart: '2026-02-15' }),
        alert({ billingPeriodStart: '2026-03-10' }),
      ];
      await store.createIfAbsent([
        ...own,
        alert({ customerId: `${customerId}0` }),
        alert({ customerId: subscriptionId(1) }),
      ]);
      expect(await listRaised('2026-03-14', '2026-03-14', customerId)).toStrictEqual(own);
      expect(await listRaised('2026-03-14', '2026-03-14')).toHaveLength(4);
    });
  });
});

describe.each(tableMakers())('anomalies %s', (_kind, makeTables) => {
  test('that nobody was told of are listed by day and customer, of the days asked for', async () => {
    const { usageByDay } = createStoresOver(await makeTables());
    const dates = ['2026-03-12', '2026-03-13', '2026-03-14', '2026-03-15'];
    const rowOf = (snapshotDate: string, number: number, isAnomalyDelivered?: boolean) => {
      const {
        raw: _raw,
        subscriptionIds: _ids,
        ...row
      } = customer({
        snapshotDate,
        customerId: subscriptionId(number),
      });
      return isAnomalyDelivered === undefined ? row : { ...row, isAnomalyDelivered };
    };
    for (const date of dates) {
      await usageByDay.upsertDay([
        rowOf(date, 4, false),
        rowOf(date, 3, true),
        rowOf(date, 2),
        rowOf(date, 1, false),
      ]);
    }
    const list = (from: string, to: string) =>
      collect(usageByDay.listUndeliveredAnomalies({ from, to }));
    expect(await list('2026-03-13', '2026-03-14')).toStrictEqual([
      rowOf('2026-03-13', 1, false),
      rowOf('2026-03-13', 4, false),
      rowOf('2026-03-14', 1, false),
      rowOf('2026-03-14', 4, false),
    ]);
    await usageByDay.upsertDay([rowOf('2026-03-15', 1, true)]);
    expect(await list('2026-03-15', '2026-03-15')).toStrictEqual([rowOf('2026-03-15', 4, false)]);
    expect(await list('2026-03-16', '2026-03-31')).toEqual([]);
  });

  test('of a row that cannot be read end the list, or are told and left out', async () => {
    const tables = await makeTables();
    const { usageByDay } = createStoresOver(tables);
    const date = '2026-03-14';
    await tables.usageByDay.upsert([
      { partitionKey: date, rowKey: 'a', anomalyDelivered: false, outcome: 'odd' },
      { partitionKey: date, rowKey: 'b', anomalyDelivered: true, outcome: 'odd' },
    ]);
    const range = { from: date, to: date };
    await expect(collect(usageByDay.listUndeliveredAnomalies(range))).rejects.toMatchObject({
      code: 'UNREADABLE_ROW',
    });
    const reported: Error[] = [];
    const onUnreadable = (error: Error) => reported.push(error);
    expect(await collect(usageByDay.listUndeliveredAnomalies(range, { onUnreadable }))).toEqual([]);
    expect(reported).toMatchObject([{ place: { rowKey: 'a' } }]);
  });
});
