import { describe, expect, it } from 'vitest';
import { listMovers, type MoversQuery, moverOrders } from '../../../src/history/movers.ts';
import type { Position } from '../../../src/history/places.ts';
import { parseAmount } from '../../../src/usage/amount.ts';
import type { LedgerRow } from '../../../src/usage/ledgerRow.ts';
import { createHistory, row, run } from '../../support/recorded.ts';

const today = '2026-03-20';
const yesterday = '2026-03-19';

function cost(
  id: string,
  date: string,
  daily: string,
  currency = 'EUR',
  plan: 'azurePlan' | 'payAsYouGo' = 'azurePlan',
): LedgerRow {
  return row(date, '500', {
    customerId: id,
    customerName: `Customer ${id.toUpperCase()} of ${date}`,
    customerDomain: `${id}.example`,
    figures: { currency, plan },
    cost: { dailyCost: parseAmount(daily), daysCovered: 1, isStale: false },
  });
}

/** One that grew by much, one that fell by more, two of another currency; one new and one gone. */
const rows = [
  ...[cost('a', yesterday, '10'), cost('a', today, '30')],
  ...[cost('b', yesterday, '90'), cost('b', today, '60')],
  ...[cost('c', yesterday, '1', 'USD'), cost('c', today, '5000', 'USD')],
  ...[cost('d', yesterday, '7'), cost('d', today, '7')],
  cost('e', today, '3', 'USD'),
  cost('f', yesterday, '2', 'EUR', 'payAsYouGo'),
];

async function moversOf(query: Partial<MoversQuery> = {}, all: readonly LedgerRow[] = rows) {
  const { stores, context } = createHistory(today);
  await stores.usageByDay.upsertDay(all);
  for (const date of [yesterday, today]) await stores.snapshotRuns.upsert(run(date));
  return listMovers({ date: today, against: 'day', orderBy: 'change', ...query }, context);
}

const idsOf = async (query: Partial<MoversQuery>) =>
  (await moversOf(query)).items.map(({ customerId }) => customerId);

describe('movers', () => {
  it('are the largest first, up or down, each currency by itself, those that stayed left out', async () => {
    expect(await idsOf({})).toEqual(['b', 'a', 'f', 'c', 'e']);
  });

  it('are by percent over all currencies, those without one last', async () => {
    expect(await idsOf({ orderBy: 'percent' })).toEqual(['c', 'a', 'f', 'b', 'e']);
  });

  it('have the name of the later day, and of the earlier one where they vanished', async () => {
    const { items, ...head } = await moversOf();
    const names = items.map(({ customerName, kind }) => [customerName, kind]);
    expect(names.slice(1, 3)).toEqual([
      [`Customer A of ${today}`, 'changed'],
      [`Customer F of ${yesterday}`, 'vanished'],
    ]);
    expect(head).toEqual({
      date: today,
      beforeDate: yesterday,
      isWhole: true,
      asOf: `${today}T02:31:00.000Z`,
    });
  });

  it.each<[Partial<MoversQuery>, string[]]>([
    [{ currency: 'USD' }, ['c', 'e']],
    [{ search: 'CUSTOMER A' }, ['a']],
    [{ search: 'F.Example' }, ['f']],
    [{ plan: 'payAsYouGo' }, ['f']],
    [{ search: 'b', top: 1 }, ['b']],
  ])('can be narrowed by %j', async (query, expected) => {
    expect(await idsOf(query)).toEqual(expected);
  });

  it.each(moverOrders)('come once each over pages of any length, by %s', async (orderBy) => {
    // One has changed its currency: it is there twice, without a percentage.
    const all = [...rows, cost('g', yesterday, '-4'), cost('g', today, '4', 'USD')];
    const whole = (await moversOf({ orderBy }, all)).items;
    expect(whole).toHaveLength(7);
    for (const top of [1, 2, 3, 7]) {
      const found: unknown[] = [];
      let after: Position | undefined;
      do {
        // A page that does not go on would never end.
        expect(found.length).toBeLessThan(whole.length);
        const { items, next } = await moversOf({ orderBy, top, after }, all);
        found.push(...items);
        after = next;
      } while (after);
      expect(found).toEqual(whole);
    }
  });

  it('of a first night are none, though the day before has rows of nobody', async () => {
    const { stores, context } = createHistory(today);
    await stores.usageByDay.upsertDay([cost('a', today, '30')]);
    await stores.snapshotRuns.upsert(run(today));
    const found = await listMovers({ against: 'day', orderBy: 'change' }, context);
    expect(found).toMatchObject({ date: today, isWhole: true, items: [] });
  });

  it('are by default of the latest complete day', async () => {
    const { stores, context } = createHistory(today);
    await stores.usageByDay.upsertDay(rows);
    await stores.snapshotRuns.upsert(run(yesterday));
    await stores.snapshotRuns.upsert(run(today, { status: 'partial' }));
    const found = await listMovers({ against: 'week', orderBy: 'change' }, context);
    expect(found).toMatchObject({ date: yesterday, beforeDate: '2026-03-12', items: [] });
  });

  it('vanish from no day that is still being recorded', async () => {
    const { stores, context } = createHistory(today);
    await stores.usageByDay.upsertDay(rows);
    await stores.snapshotRuns.upsert(run(yesterday));
    const found = await listMovers({ date: today, against: 'day', orderBy: 'change' }, context);
    expect(found.isWhole).toBe(false);
    expect(found.items.map(({ kind }) => kind)).not.toContain('vanished');
    expect(found.items.map(({ kind }) => kind)).toContain('new');
  });
});
