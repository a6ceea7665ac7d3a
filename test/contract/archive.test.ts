import type { TableClient } from '@azure/data-tables';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type EmbeddedAzurite, startAzurite } from '../../src/cli/embeddedAzurite.ts';
import { Archive, type ArchiveDates } from '../../src/storage/archive/archive.ts';
import { createStores } from '../../src/storage/createStores.ts';
import { createTables, type Tables } from '../../src/storage/tables.ts';
import { exportFrom, importInto } from '../support/archives.ts';
import { readRawRows } from '../support/rawRows.ts';
import {
  azureSubscription,
  customer,
  customerId,
  date,
  partner,
  run,
  subscription,
} from './snapshots.ts';

let azurite: EmbeddedAzurite;
let tables: Tables;
let archive: Archive;
let prefixes = 0;

beforeAll(async () => {
  azurite = await startAzurite();
});
beforeEach(async () => {
  ({ tables, archive } = open());
  await tables.ensureTables();
});
afterAll(() => azurite?.stop());

/** A deployment of its own, whose tables are not there yet. */
function open() {
  const opened = createTables(azurite, { prefix: `a${++prefixes}` });
  return { tables: opened, archive: new Archive(opened) };
}

function clientsOf({ ensureTables: _, ...clients }: Tables) {
  return Object.values(clients);
}

const nasty = 'O\'Brien "quoted" \\ / \r\n\t 😀 é \u0001 {"value":1} =1+1 __proto__';

/** Each type of column, and what of it is hardest to keep. */
const allTypes = {
  text: nasty,
  // In a transaction the emulator fails at these, so they stand in a row that goes by itself.
  separators: '\u2028\u2029',
  empty: '',
  isTrue: true,
  isFalse: false,
  int32: { type: 'Int32', value: 100 },
  smallestInt32: { type: 'Int32', value: -(2 ** 31) + 1 },
  whole: { type: 'Double', value: '100.0' },
  large: { type: 'Double', value: '1e21' },
  largest: { type: 'Double', value: '1.7976931348623157E+308' },
  least: { type: 'Double', value: '5e-324' },
  minusZero: { type: 'Double', value: '-0.0' },
  notANumber: { type: 'Double', value: 'NaN' },
  infinite: { type: 'Double', value: '-Infinity' },
  int64: { type: 'Int64', value: '9223372036854775807' },
  instant: { type: 'DateTime', value: '2026-03-14T02:30:07.1234567Z' },
  guid: { type: 'Guid', value: 'c9da6455-213d-42c9-9a79-3e9149a57833' },
  bytes: { type: 'Binary', value: Buffer.from([0, 1, 254, 255]).toString('base64') },
  noBytes: { type: 'Binary', value: '' },
} as const;

async function fill(): Promise<void> {
  const stores = createStores(tables);
  await stores.usageByCustomer.upsertCustomer([
    customer({ customerName: nasty }),
    subscription(1),
    subscription(2),
  ]);
  await stores.usageByCustomer.upsertPartner(partner());
  await stores.usageByDay.upsertDay([customer({ customerName: nasty })]);
  await stores.usageByAzureSubscription.upsert([
    azureSubscription(),
    azureSubscription({ azureSubscriptionId: 'rest' }),
  ]);
  await stores.snapshotRuns.upsert(run({ durationMs: 1_000 }));
  await stores.lease.acquire('run', 1);
  await tables.budgetAlerts.createEntity({
    partitionKey: "O'Brien's",
    rowKey: "it's|😀|50%|=",
    snapshotDate: date,
    ...allTypes,
  });
  const largest = { snapshotDate: date, longest: 'x'.repeat(32_768), wide: '€'.repeat(16_384) };
  for (const rowKey of ['a', 'b']) {
    await tables.budgetAlerts.createEntity({ partitionKey: date, rowKey, ...largest });
  }
}

describe('an export', () => {
  it('into empty tables brings back every row, to the last column and type', async () => {
    await fill();
    const file = await exportFrom(archive);
    const other = open();
    expect(await importInto(other.archive, file)).toEqual({
      UsageByCustomer: { added: 4, there: 0 },
      UsageByDay: { added: 1, there: 0 },
      UsageByAzureSubscription: { added: 2, there: 0 },
      SnapshotRuns: { added: 1, there: 0 },
      BudgetAlerts: { added: 3, there: 0 },
    });
    const isNoLease = (row: string) => !row.includes('"PartitionKey":"lease"');
    for (const [index, client] of clientsOf(tables).entries()) {
      const copy = clientsOf(other.tables)[index] as TableClient;
      const rows = await readRawRows(client);
      expect(rows.length).toBeGreaterThan(0);
      expect((await readRawRows(copy)).map(sortFields)).toEqual(
        rows.filter(isNoLease).map(sortFields),
      );
    }
    expect(await exportFrom(other.archive)).toBe(file);
  });

  it('tells the type of each column as the service does', async () => {
    await fill();
    const alert = (await exportFrom(archive)).split('\n').at(-2) ?? '';
    expect(alert).toMatch(/^\{"table":"BudgetAlerts","PartitionKey":"O'Brien's","RowKey":"it's/);
    const literals = {
      int32: '100',
      whole: '100.0',
      // The emulator writes 1e21 and -0.0 so.
      large: '1e\\+21',
      minusZero: '0.0',
      least: '5e-324',
      isFalse: 'false',
    };
    for (const [name, literal] of Object.entries(literals)) {
      expect(alert).toMatch(new RegExp(`,"${name}":${literal}[,}]`));
    }
    expect(alert).toContain('"notANumber@odata.type":"Edm.Double","notANumber":"NaN"');
    expect(alert).toContain('"int64@odata.type":"Edm.Int64","int64":"9223372036854775807"');
    expect(alert).toContain(
      '"instant@odata.type":"Edm.DateTime","instant":"2026-03-14T02:30:07.1234567Z"',
    );
    expect(alert).toContain(`"guid@odata.type":"Edm.Guid","guid":"${allTypes.guid.value}"`);
    expect(alert).toContain('"bytes@odata.type":"Edm.Binary","bytes":"AAH+/w=="');
    expect(alert).not.toContain('etag');
    expect(alert).not.toContain('Timestamp');
  });

  it('has the rows of its dates, both included, of every table', async () => {
    const days = ['2026-03-13', '2026-03-14', '2026-03-15', '2026-03-16'];
    const stores = createStores(tables);
    for (const snapshotDate of days) {
      await stores.usageByCustomer.upsertCustomer([customer({ snapshotDate })]);
      await stores.usageByDay.upsertDay([customer({ snapshotDate })]);
      await stores.snapshotRuns.upsert(run({ snapshotDate }));
      await tables.budgetAlerts.createEntity({
        partitionKey: '2026-03-01',
        rowKey: `${customerId}|actual|${snapshotDate}`,
        snapshotDate,
      });
    }
    const datesOf = async (dates: ArchiveDates) =>
      (await exportFrom(archive, dates))
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line).snapshotDate);
    const four = <T>(list: T[]) => [...list, ...list, ...list, ...list];
    expect(await datesOf({ from: days[1], to: days[2] })).toEqual(four(days.slice(1, 3)));
    expect(await datesOf({ from: days[3] })).toEqual(four(days.slice(3)));
    expect(await datesOf({ to: days[0] })).toEqual(four(days.slice(0, 1)));
    expect(await datesOf({})).toEqual(four(days));
  });

  it('of more than a page has each row once, in order', async () => {
    const ids = Array.from({ length: 2_100 }, (_, index) => `c${String(index).padStart(5, '0')}`);
    const stores = createStores(tables);
    await stores.usageByDay.upsertDay(ids.map((id) => customer({ customerId: id })));
    const file = await exportFrom(archive);
    expect([...file.matchAll(/"RowKey":"(.*?)"/g)].map(([, key]) => key)).toEqual(ids);
  });

  it('of tables that are not there yet is empty', async () => {
    expect(await exportFrom(open().archive)).toBe('');
  });

  it('fails at a column that a line cannot hold, and names the row', async () => {
    const { usageByDay } = tables;
    await usageByDay.createEntity({ partitionKey: date, rowKey: 'a', table: 'mine' });
    await expect(exportFrom(archive)).rejects.toThrow(
      `table ${usageByDay.tableName}, partition "${date}", row "a": ` +
        'expected the name of a column, got "table"',
    );
  });
});

/** The service keeps the order in which columns were written. */
function sortFields(row: string): string[] {
  return row
    .slice(1, -1)
    .split(/,(?=")/)
    .sort();
}
