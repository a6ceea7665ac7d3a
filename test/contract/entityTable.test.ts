import { beforeEach, describe, expect, test } from 'vitest';
import type { EntityTable, RowRange } from '../../src/storage/entityTable.ts';
import { collect } from './snapshots.ts';
import { tableMakers } from './tableMakers.ts';

const partitions = { from: 'p', to: 'p' };

describe.each(tableMakers())('a table %s', (_kind, makeTables) => {
  let table: EntityTable;
  beforeEach(async () => {
    table = (await makeTables()).usageByCustomer;
  });

  const list = (range: Omit<RowRange, 'partitions'>) =>
    collect(table.list({ partitions, ...range }));
  const rowKeys = async (range: Omit<RowRange, 'partitions'>) =>
    (await list(range)).map(({ rowKey }) => rowKey);

  test('gives the columns asked for and the keys, and nothing of the others', async () => {
    await table.upsert([
      { partitionKey: 'p', rowKey: 'a', one: '1', two: '2', three: '3' },
      { partitionKey: 'p', rowKey: 'b', one: '1' },
    ]);
    const [first, second] = await list({ columns: ['three', 'one', 'none'] });
    expect(first).toMatchObject({ partitionKey: 'p', rowKey: 'a', one: '1', three: '3' });
    expect(first).not.toHaveProperty('two');
    expect(second).toMatchObject({ partitionKey: 'p', rowKey: 'b', one: '1' });
    expect(second?.['three'] ?? undefined).toBeUndefined();
  });

  test('gives the first rows of a range where only so many are asked for', async () => {
    const days = ['2026-01-01', '2026-01-02', '2026-01-03', '2026-01-04', '2026-01-05'];
    await table.upsert(
      days.map((snapshotDate) => ({ partitionKey: 'p', rowKey: snapshotDate, snapshotDate })),
    );
    const from = '2026-01-02';
    const rows = { from, to: '9' };
    expect(await rowKeys({ rows, limit: 1 })).toEqual(days.slice(1, 2));
    expect(await rowKeys({ rows, limit: 3 })).toEqual(days.slice(1, 4));
    expect(await rowKeys({ rows, limit: 9 })).toEqual(days.slice(1));
    expect(await rowKeys({ snapshotDates: { from, to: '9' }, limit: 2 })).toEqual(days.slice(1, 3));
    expect(await rowKeys({ rows: { from: 'x', to: 'z' }, limit: 1 })).toEqual([]);
  });

  test('gives the rows in which a column is there and false, and no others', async () => {
    await table.upsert([
      { partitionKey: 'p', rowKey: 'a', delivered: false },
      { partitionKey: 'p', rowKey: 'b', delivered: true },
      { partitionKey: 'p', rowKey: 'c' },
      { partitionKey: 'p', rowKey: 'd', delivered: false, other: true },
      { partitionKey: 'p', rowKey: 'e', delivered: true, other: false },
      { partitionKey: 'q', rowKey: 'a', delivered: false },
    ]);
    expect(await rowKeys({ isFalse: 'delivered' })).toEqual(['a', 'd']);
    expect(await rowKeys({ isFalse: 'delivered', rows: { from: 'b', to: 'z' } })).toEqual(['d']);
    expect(await rowKeys({ isFalse: 'delivered', limit: 1 })).toEqual(['a']);
    expect(await rowKeys({ isFalse: 'delivered', columns: ['other'] })).toEqual(['a', 'd']);
    expect(await rowKeys({ isFalse: 'other' })).toEqual(['e']);
    expect(await rowKeys({ isFalse: 'never' })).toEqual([]);
  });

  test('gives the false ones of several partitions, in their order', async () => {
    const rows = ['r', 'p', 'q'].flatMap((partitionKey) => [
      { partitionKey, rowKey: 'b', delivered: false },
      { partitionKey, rowKey: 'a', delivered: true },
    ]);
    await table.upsert(rows);
    const listed = await collect(
      table.list({ partitions: { from: 'q', to: 'z' }, isFalse: 'delivered' }),
    );
    expect(listed.map(({ partitionKey, rowKey }) => partitionKey + rowKey)).toEqual(['qb', 'rb']);
  });

  test('gives as many rows as asked for when they need several answers', async () => {
    const keys = Array.from({ length: 1_200 }, (_, index) => String(index).padStart(4, '0'));
    await table.upsert(keys.map((rowKey) => ({ partitionKey: 'p', rowKey })));
    expect(await rowKeys({ limit: 1_100 })).toEqual(keys.slice(0, 1_100));
  });
});
