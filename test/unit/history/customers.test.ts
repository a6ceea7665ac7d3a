import { describe, expect, it } from 'vitest';
import { type CustomersQuery, listCustomers } from '../../../src/history/customers.ts';
import { createHistory, row, rowWithout, run } from '../../support/recorded.ts';

const today = '2026-03-20';
const rows = [
  row(today, '1', { customerId: 'c1', customerName: 'zinnia' }),
  row(today, '900', { customerId: 'c2', customerName: 'Älg', customerDomain: 'elk.example' }),
  row(today, '2', { customerId: 'c3', customerName: 'Birch', figures: { currency: 'USD' } }),
  { ...rowWithout(today, 'failed'), customerId: 'c4', customerName: 'Birch' },
];

async function idsOf(query: CustomersQuery): Promise<string[]> {
  const { stores, context } = createHistory(today);
  await stores.usageByDay.upsertDay(rows);
  const found = await listCustomers(query, context);
  return found.rows.map(({ customerId }) => customerId);
}

describe('the customers of a day', () => {
  it('are by name in any case, those of one name by id, whatever they cost', async () => {
    expect(await idsOf({ date: today })).toEqual(['c2', 'c3', 'c4', 'c1']);
  });

  it.each<[CustomersQuery, string[]]>([
    [{ outcome: 'failed' }, ['c4']],
    [{ currency: 'USD' }, ['c3']],
    [{ search: 'BIRCH' }, ['c3', 'c4']],
    [{ search: 'elk.EX' }, ['c2']],
    [{ search: 'C1' }, ['c1']],
  ])('are those alone that %j asks for', async (query, expected) => {
    expect(await idsOf({ ...query, date: today })).toEqual(expected);
  });

  it('are by default those of the latest complete day', async () => {
    const { stores, context } = createHistory(today);
    await stores.snapshotRuns.upsert(run('2026-03-18'));
    await stores.snapshotRuns.upsert(run(today, { status: 'partial' }));
    await stores.usageByDay.upsertDay([...rows, row('2026-03-18', '5', { customerId: 'old' })]);
    const found = await listCustomers({}, context);
    expect(found).toMatchObject({
      date: '2026-03-18',
      isWhole: true,
      rows: [{ customerId: 'old' }],
    });
  });
});
