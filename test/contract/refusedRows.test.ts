import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type EmbeddedAzurite, startAzurite } from '../../src/cli/embeddedAzurite.ts';
import { AzureTable } from '../../src/storage/azureTable.ts';
import type { Entity } from '../../src/storage/columns.ts';
import { createTables } from '../../src/storage/tables.ts';
import { UsageByDayTableStore } from '../../src/storage/usageByDayTableStore.ts';
import { collect, customer, date } from './snapshots.ts';

let azurite: EmbeddedAzurite;
let table: AzureTable;
let prefixes = 0;

beforeAll(async () => {
  azurite = await startAzurite();
});
beforeEach(async () => {
  const tables = createTables(azurite, { prefix: `t${++prefixes}` });
  await tables.ensureTables();
  table = new AzureTable(tables.usageByDay);
});
afterAll(() => azurite?.stop());

const row = (place: number, text = 'fine'): Entity => ({
  partitionKey: 'p',
  rowKey: String(place).padStart(3, '0'),
  text,
});
const rows = (count: number) => Array.from({ length: count }, (_, place) => row(place));
/** More than a column holds. */
const tooLarge = 'x'.repeat(40_000);

async function stored(): Promise<string[]> {
  const partitions = { from: 'p', to: 'p' };
  return (await collect(table.list({ partitions }))).map(({ rowKey }) => rowKey);
}

describe('rows that the service refuses for what they hold', () => {
  test.each([[[0]], [[57]], [[99]], [[3, 4, 98]]])(
    'are named, and all the others of their transaction are written: %j',
    async (bad) => {
      const written = rows(100).map((each, place) =>
        bad.includes(place) ? row(place, tooLarge) : each,
      );
      await expect(table.upsertEach(written)).rejects.toMatchObject({
        code: 'ROWS_REFUSED',
        rows: bad.map((index) => ({ index, code: 'PropertyValueTooLarge', status: 400 })),
      });
      const good = written.filter((_, place) => !bad.includes(place));
      expect(await stored()).toEqual(good.map(({ rowKey }) => rowKey));
    },
  );

  test('are named where they are more than a row may be', async () => {
    const parts = Array.from({ length: 40 }, (_, part) => [`part${part}`, 'x'.repeat(30_000)]);
    const large = { ...row(1), ...Object.fromEntries(parts) };
    await expect(table.upsertEach([row(0), large, row(2)])).rejects.toMatchObject({
      rows: [{ index: 1, code: 'EntityTooLarge' }],
    });
    expect(await stored()).toEqual(['000', '002']);
  });

  test('keep the others from being written where they belong together', async () => {
    await expect(table.upsert([row(0), row(1, tooLarge), row(2)])).rejects.toMatchObject({
      code: 'PropertyValueTooLarge',
    });
    expect(await stored()).toEqual([]);
  });
});

describe('a row of the day that cannot even be sent', () => {
  test('holds up no other', async () => {
    const store = new UsageByDayTableStore(table);
    const ids = ['aaaaaaaa-0000-4000-8000-000000000001', 'no/key', 'no-guid'];
    const written = store.upsertDay(ids.map((customerId) => customer({ customerId })));
    await expect(written).rejects.toMatchObject({ rows: [{ index: 1, code: 'UNWRITABLE_ROW' }] });
    const listed = await collect(store.listDay(date));
    expect(listed.map(({ customerId }) => customerId)).toEqual([ids[0], ids[2]]);
  });
});
