import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Position } from '../../../src/history/places.ts';
import { type RankingQuery, rankCustomers, rankingOrders } from '../../../src/history/ranking.ts';
import { parseAmount } from '../../../src/usage/amount.ts';
import type { LedgerRow, RankedRow } from '../../../src/usage/ledgerRow.ts';
import { createHistory, row, rowWithout, run } from '../../support/recorded.ts';

const today = '2026-03-20';
const ids = (rows: readonly RankedRow[]) => rows.map(({ customerId }) => customerId);

async function rankedOf(rows: readonly LedgerRow[], query: Partial<RankingQuery> = {}) {
  const { stores, context } = createHistory(today);
  await stores.usageByDay.upsertDay(rows);
  return rankCustomers({ date: today, orderBy: 'totalCost', ...query }, context);
}

function cost(customerId: string, totalCost: string, currency: string, budget?: string): LedgerRow {
  const budgetAmount = budget === undefined ? {} : { budgetAmount: parseAmount(budget) };
  const daily = parseAmount(String(1000 - Number(totalCost)));
  return row(today, totalCost, {
    customerId,
    customerName: `Customer ${customerId.toUpperCase()}`,
    customerDomain: `${customerId}.example`,
    figures: { currency, ...budgetAmount },
    cost: { dailyCost: daily, daysCovered: 1, isStale: false },
  });
}

const rows = [
  cost('a', '5', 'EUR', '100'),
  cost('b', '70', 'USD'),
  cost('c', '900', 'EUR', '1000'),
  cost('d', '40', 'EUR', '20'),
  { ...rowWithout(today, 'noUsage'), customerId: 'e' },
  { ...rowWithout(today, 'failed'), customerId: 'f' },
];

describe('the ranking of a day', () => {
  it('has the largest first, each currency by itself, that of most customers first', async () => {
    expect(ids((await rankedOf(rows)).rows)).toEqual(['c', 'd', 'a', 'b', 'e', 'f']);
  });

  it('can be by daily cost, and by percent of budget over all currencies', async () => {
    const byDay = await rankedOf(rows, { orderBy: 'dailyCost' });
    expect(ids(byDay.rows).slice(0, 4)).toEqual(['a', 'd', 'c', 'b']);
    const byBudget = await rankedOf(rows, { orderBy: 'percentUsed' });
    expect(ids(byBudget.rows).slice(0, 3)).toEqual(['d', 'c', 'a']);
  });

  it.each<[Partial<RankingQuery>, string[]]>([
    [{ outcome: 'failed' }, ['f']],
    [{ currency: 'USD' }, ['b']],
    [{ search: 'customer c' }, ['c']],
    [{ search: 'C.EXAMPLE' }, ['c']],
    [{ search: "' or 1 eq 1" }, []],
    [{ search: 'Customer', currency: 'EUR', top: 2 }, ['c', 'd']],
  ])('can be narrowed by %j', async (query, expected) => {
    expect(ids((await rankedOf(rows, query)).rows)).toEqual(expected);
  });

  it('can be narrowed to a plan, which those without figures have none of', async () => {
    const legacy = cost('g', '1', 'EUR');
    const figures = legacy.figures && { ...legacy.figures, plan: 'payAsYouGo' as const };
    const all = [...rows, { ...legacy, ...(figures && { figures }) }];
    expect(ids((await rankedOf(all, { plan: 'payAsYouGo' })).rows)).toEqual(['g']);
    expect(ids((await rankedOf(all, { plan: 'azurePlan' })).rows)).toEqual(['c', 'd', 'a', 'b']);
  });

  it('tells when its latest row was captured', async () => {
    const late = { ...cost('g', '1', 'EUR'), capturedAt: `${today}T09:00:00.000Z` };
    expect((await rankedOf([...rows, late])).asOf).toBe(`${today}T09:00:00.000Z`);
    expect(await rankedOf([])).not.toHaveProperty('asOf');
  });

  it('has each customer once over its pages, however long they are', async () => {
    const customer = fc.record({
      totalCost: fc.constantFrom('0', '1', '1', '2.5', '-3'),
      currency: fc.constantFrom('EUR', 'USD', 'SEK'),
      kind: fc.constantFrom('usage', 'usage', 'noUsage', 'failed'),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(customer, { maxLength: 25 }),
        fc.integer({ min: 1, max: 10 }),
        fc.constantFrom(...rankingOrders),
        async (customers, top, orderBy) => {
          const all = customers.map(({ totalCost, currency, kind }, index) =>
            kind === 'usage'
              ? cost(String(index), totalCost, currency, '50')
              : { ...rowWithout(today, kind as 'failed'), customerId: String(index) },
          );
          const { stores, context } = createHistory(today);
          await stores.usageByDay.upsertDay(all);
          const found: string[] = [];
          let after: Position | undefined;
          do {
            const query = { date: today, orderBy, top, after };
            const { rows: page, next } = await rankCustomers(query, context);
            if (all.length > 0) expect(page).not.toEqual([]);
            found.push(...ids(page));
            after = next;
          } while (after);
          const { rows: whole } = await rankCustomers({ date: today, orderBy }, context);
          expect(found).toEqual(ids(whole));
          expect(found).toHaveLength(all.length);
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe('the day of a ranking', () => {
  it('is by default the latest with a complete run of all customers', async () => {
    const { stores, context } = createHistory(today);
    await stores.snapshotRuns.upsert(run('2026-03-17'));
    await stores.snapshotRuns.upsert(run('2026-03-18', { scope: 'customer' }));
    await stores.snapshotRuns.upsert(run('2026-03-19', { status: 'partial' }));
    const query = { orderBy: 'totalCost' } as const;
    expect(await rankCustomers(query, context)).toMatchObject({
      date: '2026-03-17',
      isWhole: true,
    });
    const named = { ...query, date: '2026-03-19' };
    expect(await rankCustomers(named, context)).toMatchObject({ isWhole: false });
  });

  it('is the latest that was recorded where no run was complete', async () => {
    const { stores, context } = createHistory(today);
    await stores.snapshotRuns.upsert(run('2026-03-19', { status: 'partial' }));
    const found = await rankCustomers({ orderBy: 'totalCost' }, context);
    expect(found).toMatchObject({ date: '2026-03-19', isWhole: false, rows: [] });
  });
});
