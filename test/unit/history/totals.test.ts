import { expect, test } from 'vitest';
import { readSubscriptions } from '../../../src/history/subscriptions.ts';
import { readTotals } from '../../../src/history/totals.ts';
import { parseAmount } from '../../../src/usage/amount.ts';
import { createHistory, customerId, row, run } from '../../support/recorded.ts';

const today = '2026-03-20';

test('totals come by date and currency, of the range and currency that were asked for', async () => {
  const { stores, context } = createHistory(today);
  const dates = ['2026-03-17', '2026-03-18', '2026-03-19'];
  for (const snapshotDate of dates) {
    await stores.snapshotRuns.upsert(run(snapshotDate));
    const base = { snapshotDate, capturedAt: '', runId: '', customers: 1, customersMissing: 0 };
    const totalCost = parseAmount('1');
    await stores.usageByCustomer.upsertTotals([
      { ...base, currency: 'USD', totalCost },
      { ...base, currency: 'EUR', totalCost },
    ]);
  }
  const all = await readTotals({ from: '2026-03-18' }, context);
  expect(all.map(({ snapshotDate, currency }) => `${snapshotDate} ${currency}`)).toEqual([
    ...['2026-03-18 EUR', '2026-03-18 USD', '2026-03-19 EUR', '2026-03-19 USD'],
  ]);
  expect(await readTotals({ currency: 'EUR', to: '2026-03-17' }, context)).toHaveLength(1);
});

test('a customer’s subscriptions are those that its row of the day names', async () => {
  const { stores, context } = createHistory(today);
  const { resource: _, ...day } = row(today, '7');
  const of = (subscriptionId: string) =>
    ({
      ...day,
      resource: 'subscription',
      subscriptionId,
      subscriptionName: subscriptionId,
    }) as const;
  const customer = row(today, '7', { subscriptionIds: ['one', 'two'] });
  await stores.usageByCustomer.upsertCustomer([customer, of('one'), of('two'), of('three')]);
  const found = await readSubscriptions({ customerId, date: today }, context);
  expect(found?.items.map(({ subscriptionId }) => subscriptionId)).toEqual(['one', 'two']);
  expect(found).toMatchObject({ customerName: 'Maple Foods', date: today, outcome: 'usage' });
});

test('a customer without a row on the day is missing there; one without any is unknown', async () => {
  const { stores, context } = createHistory(today);
  await stores.usageByCustomer.upsertCustomer([row(today, '7')]);
  const query = { customerId, date: '2026-03-19' };
  expect(await readSubscriptions(query, context)).toMatchObject({ outcome: 'missing', items: [] });
  const other = { ...query, customerId: 'cccccccc-0000-4000-8000-00000000000c' };
  expect(await readSubscriptions(other, context)).toBeUndefined();
});
