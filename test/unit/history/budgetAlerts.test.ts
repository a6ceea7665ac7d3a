import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readBudgetAlerts } from '../../../src/history/budgetAlerts.ts';
import { alert } from '../../support/alerts.ts';
import { createHistory, row } from '../../support/recorded.ts';

const today = '2026-03-20';
const customers = ['a', 'b'];

test('alerts come by date, time of raising, customer, kind and threshold, whatever their periods', async () => {
  const ordered = [
    alert({ snapshotDate: '2026-03-13', raisedAt: '2026-03-13T04:00:00.000Z', customerId: 'z' }),
    alert({ raisedAt: '2026-03-14T02:00:00.000Z', customerId: 'y' }),
    ...customers.flatMap((customerId) => [
      alert({ customerId, billingPeriodStart: '2026-02-20', threshold: 87.5 }),
      alert({ customerId, threshold: 100 }),
      alert({ customerId, kind: 'forecast', threshold: 90, billingPeriodStart: '2026-03-05' }),
    ]),
    alert({ snapshotDate: '2026-03-15', raisedAt: '2026-03-14T01:00:00.000Z', customerId: 'A' }),
  ];
  const orders = fc.shuffledSubarray(ordered, { minLength: ordered.length });
  await fc.assert(
    fc.asyncProperty(orders, async (alerts) => {
      const { stores, context } = createHistory(today);
      await stores.budgetAlerts.createIfAbsent(alerts);
      expect(await readBudgetAlerts({}, context)).toStrictEqual(ordered);
    }),
    { numRuns: 20 },
  );
});

test('without dates they are those of the last 30 days, today included', async () => {
  const { stores, context } = createHistory(today);
  const dates = ['2026-02-18', '2026-02-19', '2026-03-20', '2026-03-21'];
  await stores.budgetAlerts.createIfAbsent(
    dates.map((snapshotDate) => alert({ snapshotDate, billingPeriodStart: snapshotDate })),
  );
  const found = async (asked: { from?: string; to?: string }) =>
    (await readBudgetAlerts(asked, context)).map(({ snapshotDate }) => snapshotDate);
  expect(await found({})).toEqual(['2026-02-19', '2026-03-20']);
  expect(await found({ to: '2026-03-19' })).toEqual(['2026-02-18', '2026-02-19']);
  expect(await found({ from: '2026-02-18' })).toEqual(dates.slice(0, 3));
  // A day that is yet to come is the last one as well.
  expect(await found({ from: '2026-03-21' })).toEqual(['2026-03-21']);
});

test('of one customer they are those of no other', async () => {
  const { stores, context } = createHistory(today);
  await stores.budgetAlerts.createIfAbsent(customers.map((customerId) => alert({ customerId })));
  expect(await readBudgetAlerts({ customerId: 'b' }, context)).toMatchObject([{ customerId: 'b' }]);
});

test('by a currency and a part of the name they are those that have both', async () => {
  const { stores, context } = createHistory(today);
  await stores.budgetAlerts.createIfAbsent([
    alert({ customerId: 'a', customerName: 'Maple Foods' }),
    alert({ customerId: 'b', customerName: 'Maple Clinics', currency: 'USD' }),
    alert({ customerId: 'c', customerName: 'Birch', currency: 'USD' }),
  ]);
  const domains = { customerId: 'a', customerDomain: 'foods.example' };
  await stores.usageByDay.upsertDay([row(today, '1', domains)]);
  const idsOf = async (query: { currency?: string; search?: string }) =>
    (await readBudgetAlerts(query, context)).map(({ customerId }) => customerId);
  expect(await idsOf({ search: 'MAPLE' })).toEqual(['a', 'b']);
  expect(await idsOf({ currency: 'USD' })).toEqual(['b', 'c']);
  expect(await idsOf({ currency: 'USD', search: 'maple' })).toEqual(['b']);
  expect(await idsOf({ search: 'C' })).toEqual(['b', 'c']);
  // Alerts keep no domain: it is that of the day.
  expect(await idsOf({ search: 'FOODS.example' })).toEqual(['a']);
});
