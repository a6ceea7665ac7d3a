import { describe, expect, it } from 'vitest';
import {
  type HistoryQuery,
  readDailyHistory,
  readPeriodHistory,
} from '../../../src/history/resourceHistory.ts';
import { addDays } from '../../../src/usage/date.ts';
import type { SubscriptionSnapshot } from '../../../src/usage/usageSnapshot.ts';
import { createHistory, customerId, row, rowWithout, run } from '../../support/recorded.ts';

const today = '2026-03-20';
const subscriptionId = 'bbbbbbbb-0000-4000-8000-00000000000b';

/** 20 a day, from a date up to yesterday, each day with a complete run. */
async function recordedFrom(first: string, left: readonly string[] = []) {
  const history = createHistory(today);
  for (let date = first; date < today; date = addDays(date, 1)) {
    await history.stores.snapshotRuns.upsert(run(date));
    if (left.includes(date)) continue;
    const total = String(20 * (Number(date.slice(8)) - 1));
    await history.stores.usageByCustomer.upsertCustomer([row(date, total)]);
  }
  return history;
}

async function daysOf(
  { context }: Awaited<ReturnType<typeof recordedFrom>>,
  query: Partial<HistoryQuery> = {},
) {
  const history = await readDailyHistory({ customerId, ...query }, context);
  return history?.series.flatMap(({ items }) => items);
}

describe('a history day by day', () => {
  it('is that of the last 30 days up to the latest that was recorded', async () => {
    const items = await daysOf(await recordedFrom('2025-12-01'));
    expect(items?.[0]).toMatchObject({ date: '2026-02-18', totalCost: '340', dailyCost: '20' });
    expect(items?.at(-1)).toMatchObject({ date: '2026-03-19', totalCost: '360' });
    expect(items).toHaveLength(30);
  });

  it('ends with today once its run has come to an end, whole or not', async () => {
    const history = await recordedFrom('2026-02-01');
    await history.stores.usageByCustomer.upsertCustomer([row(today, '380')]);
    await history.stores.snapshotRuns.upsert(run(today, { status: 'running' }));
    expect((await daysOf(history))?.at(-1)?.date).toBe('2026-03-19');
    await history.stores.snapshotRuns.upsert(run(today, { status: 'partial' }));
    expect((await daysOf(history))?.at(-1)?.date).toBe(today);
  });

  it('is not begun anew by its range: cost, forecast and anomaly know the days before', async () => {
    const history = await recordedFrom('2025-12-01');
    await history.stores.usageByCustomer.upsertCustomer([row('2026-03-19', '900')]);
    const [first] = (await daysOf(history, { from: '2026-03-18', to: '2026-03-19' })) ?? [];
    expect(first).toMatchObject({ dailyCost: '20', daysCovered: 1 });
    expect(Number(first?.forecast?.total)).toBeCloseTo(620);
    const wide = await daysOf(history, { from: '2025-12-01', to: '2026-03-19' });
    const narrow = await daysOf(history, { from: '2026-03-19', to: '2026-03-19' });
    expect(narrow).toEqual(wide?.slice(-1));
    expect(narrow?.[0]?.anomaly).toMatchObject({ isAnomaly: true });
  });

  it('says of each day that was missed that it was', async () => {
    const left = ['2026-03-10', '2026-03-11', '2026-03-19'];
    const items = await daysOf(await recordedFrom('2026-02-01', left), { from: '2026-03-09' });
    const missed = items?.filter(({ outcome }) => outcome === 'missing').map(({ date }) => date);
    expect(missed).toEqual(left);
    expect(items?.find(({ date }) => date === '2026-03-12')).toMatchObject({ daysCovered: 3 });
  });

  it('shows days on which nothing ran at all, up to yesterday', async () => {
    const history = await recordedFrom('2026-03-01');
    const later = { ...history.context, now: () => Date.parse('2026-03-25T12:00:00Z') };
    for (const to of [undefined, '2026-03-24', '2026-03-25', '2026-12-31']) {
      const items = await daysOf({ ...history, context: later }, { from: '2026-03-18', to });
      expect(items?.map(({ outcome }) => outcome)).toEqual([
        ...['usage', 'usage', 'missing', 'missing', 'missing', 'missing', 'missing'],
      ]);
    }
  });

  it('begins 30 days before the latest day where its end is in the future', async () => {
    const items = await daysOf(await recordedFrom('2025-12-01'), { to: '2026-12-31' });
    expect(items).toHaveLength(30);
    expect(items?.at(-1)?.date).toBe('2026-03-19');
  });

  it('goes on without a row that cannot be read, and tells of it', async () => {
    const history = await recordedFrom('2026-03-01');
    const reported: Error[] = [];
    const { listHistory } = history.stores.usageByCustomer;
    history.stores.usageByCustomer.listHistory = async function* (id, range, options) {
      for await (const day of listHistory.call(this, id, range, options)) {
        if (day.snapshotDate === '2026-03-18') options?.onUnreadable?.(new Error('one row'));
        else yield day;
      }
    };
    const context = {
      ...history.context,
      onUnreadable: (error: Error) => void reported.push(error),
    };
    const items = await daysOf({ ...history, context }, { from: '2026-03-17' });
    expect(items?.map(({ outcome }) => outcome)).toEqual(['usage', 'missing', 'usage']);
    expect(reported).toHaveLength(1);
  });

  it('has no missed days before the first row there ever was, nor in the future', async () => {
    const history = await recordedFrom('2026-03-15');
    const items = await daysOf(history, { from: '2026-03-01', to: '2026-04-10' });
    expect(items?.map(({ date }) => date)).toEqual([
      ...['2026-03-15', '2026-03-16', '2026-03-17', '2026-03-18', '2026-03-19'],
    ]);
  });

  it('has missed days where the rows before them are far away', async () => {
    const history = await recordedFrom('2026-03-15');
    await history.stores.usageByCustomer.upsertCustomer([row('2025-06-01', '5')]);
    const items = await daysOf(history, { from: '2026-03-12', to: '2026-03-16' });
    expect(items?.map(({ outcome }) => outcome)).toEqual([
      ...['missing', 'missing', 'missing', 'usage', 'usage'],
    ]);
    const empty = await daysOf(history, { from: '2025-12-01', to: '2025-12-02' });
    expect(empty?.map(({ outcome }) => outcome)).toEqual(['missing', 'missing']);
  });

  it('is unknown of a customer that never had a row', async () => {
    const history = await recordedFrom('2026-03-15');
    const other = { customerId: 'cccccccc-0000-4000-8000-00000000000c' };
    expect(await daysOf(history, other)).toBeUndefined();
    expect(await daysOf(history, { subscriptionId })).toBeUndefined();
  });

  it('begins a new series where currency or plan changes, also outside the range', async () => {
    const history = await recordedFrom('2026-03-01');
    const { usageByCustomer } = history.stores;
    const figures = { currency: 'USD' };
    await usageByCustomer.upsertCustomer([rowWithout('2026-03-17', 'failed')]);
    for (const date of ['2026-03-18', '2026-03-19']) {
      await usageByCustomer.upsertCustomer([row(date, '400', { figures })]);
    }
    const query = { customerId, from: '2026-03-17', to: '2026-03-19' };
    const found = await readDailyHistory(query, history.context);
    expect(found?.series.map(({ currency, items }) => [currency, items.length])).toEqual([
      ['EUR', 1],
      ['USD', 2],
    ]);
  });

  it('is that of a subscription where one is named', async () => {
    const history = await recordedFrom('2026-03-15');
    const { resource: _, ...day } = row('2026-03-18', '77');
    const snapshot: SubscriptionSnapshot = {
      ...day,
      resource: 'subscription',
      subscriptionId,
      subscriptionName: 'Web shop',
    };
    await history.stores.usageByCustomer.upsertCustomer([snapshot]);
    const found = await readDailyHistory({ customerId, subscriptionId }, history.context);
    expect(found).toMatchObject({ subscriptionName: 'Web shop', customerName: 'Maple Foods' });
    expect(found?.series[0]?.items[0]).toMatchObject({ date: '2026-03-18', totalCost: '77' });
  });
});

describe('a history by billing periods', () => {
  it('has each period whose last figures lie in the range, with all of its cost', async () => {
    const { context } = await recordedFrom('2025-12-10');
    const query = { customerId, from: '2026-01-15', to: '2026-03-10' };
    const found = await readPeriodHistory(query, context);
    expect(found?.series).toHaveLength(1);
    expect(found?.series[0]?.items).toMatchObject([
      { billingPeriodStart: '2026-01-01', totalCost: '600', lastSnapshotDate: '2026-01-31' },
      { billingPeriodStart: '2026-02-01', totalCost: '540', lastSnapshotDate: '2026-02-28' },
      { billingPeriodStart: '2026-03-01', totalCost: '180', lastSnapshotDate: '2026-03-10' },
    ]);
  });

  it('begins a new series where the currency changes', async () => {
    const { stores, context } = await recordedFrom('2026-02-01');
    const figures = { currency: 'USD' };
    await stores.usageByCustomer.upsertCustomer([row('2026-03-19', '400', { figures })]);
    const found = await readPeriodHistory({ customerId }, context);
    expect(found?.series.map(({ currency, items }) => [currency, items.length])).toEqual([
      ['EUR', 2],
      ['USD', 1],
    ]);
  });
});
