import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type EmbeddedAzurite, startAzurite } from '../../src/cli/embeddedAzurite.ts';
import { Archive } from '../../src/storage/archive/archive.ts';
import { createStores } from '../../src/storage/createStores.ts';
import { createTables, type Tables } from '../../src/storage/tables.ts';
import { alert } from '../support/alerts.ts';
import { azureSubscription, customer, partner, run, subscription } from './snapshots.ts';

let azurite: EmbeddedAzurite;
let tables: Tables;
let archive: Archive;
let prefixes = 0;

const date = '2026-03-14';
const dayBefore = '2026-03-13';
const dayAfter = '2026-03-15';
const id = '0d1b5a6e-3c2f-4f0e-9d58-7a1c2b3d4e5f';
/** Ids between which a careless range would not tell. */
const neighbours = [
  '0d1b5a6e-3c2f-4f0e-9d58-7a1c2b3d4e5e',
  '0d1b5a6e-3c2f-4f0e-9d58-7a1c2b3d4e60',
  `${id}0`,
  `${id}-`,
  id.slice(0, -1),
];

const { subscriptionId, azureSubscriptionId } = azureSubscription();
const azureSubscriptionKey = `${subscriptionId}|${azureSubscriptionId}`;

beforeAll(async () => {
  azurite = await startAzurite();
});
beforeEach(async () => {
  const prefix = `p${++prefixes}`;
  tables = createTables(azurite, { prefix });
  archive = new Archive(tables);
  await fill(tables);
});
afterAll(() => azurite?.stop());

/** Three days of the customer and its neighbours, of the partner, of totals, runs and alerts. */
async function fill(into: Tables): Promise<void> {
  await into.ensureTables();
  const stores = createStores(into);
  for (const snapshotDate of [dayBefore, date, dayAfter]) {
    for (const customerId of [id, ...neighbours]) {
      const change = { snapshotDate, customerId };
      await stores.usageByCustomer.upsertCustomer([customer(change), subscription(1, change)]);
      await stores.usageByDay.upsertDay([customer(change)]);
      await stores.usageByAzureSubscription.upsert([azureSubscription(change)]);
    }
    await stores.usageByCustomer.upsertPartner(partner({ snapshotDate }));
    await into.usageByCustomer.createEntity({
      partitionKey: 'partner',
      rowKey: `total|EUR|${snapshotDate}`,
      snapshotDate,
    });
    await stores.snapshotRuns.upsert(run({ snapshotDate }));
  }
  await stores.lease.acquire('20260314T023000Z-1', 1);
  for (const [billingPeriodStart, billingPeriodEnd] of [
    ['2026-02-13', dayBefore],
    ['2026-02-14', date],
    ['2026-02-15', dayAfter],
  ] as const) {
    for (const customerId of [id, ...neighbours]) {
      const period = { billingPeriodStart, billingPeriodEnd };
      const crossed = { customerId, threshold: 90, snapshotDate: dayBefore };
      await stores.budgetAlerts.upsert([alert({ ...period, ...crossed })]);
    }
  }
}

/** Table, partition and row of each row. */
async function listKeys(of: Tables): Promise<string[]> {
  const keys: string[] = [];
  for (const [name, client] of Object.entries(of)) {
    if (typeof client === 'function') continue;
    for await (const { partitionKey, rowKey } of client.listEntities()) {
      keys.push(`${name} ${partitionKey} ${rowKey}`);
    }
  }
  return keys;
}

/** Removes, and tells which keys are gone; sees to it that each was counted. */
async function removedBy(
  remove: (options: Parameters<Archive['prune']>[1]) => Promise<void>,
): Promise<string[]> {
  const before = await listKeys(tables);
  let counted = 0;
  const abortSignal = new AbortController().signal;
  const onRows = (_table: string, rows: number) => {
    counted += rows;
  };
  await remove({ onRows, abortSignal });
  const after = new Set(await listKeys(tables));
  const removed = before.filter((key) => !after.has(key));
  expect(counted).toBe(removed.length);
  return removed;
}

describe('prune', () => {
  it('removes what was recorded before the date from every table, and nothing else', async () => {
    const removed = await removedBy((options) => archive.prune(date, options));
    const ids = [id, ...neighbours];
    const expected = [
      ...ids.flatMap((customerId) => [
        `usageByCustomer ${customerId} customer|${dayBefore}`,
        `usageByCustomer ${customerId} subscription|${subscription(1).subscriptionId}|${dayBefore}`,
        `usageByDay ${dayBefore} ${customerId}`,
        `usageByAzureSubscription ${customerId} ${azureSubscriptionKey}|${dayBefore}`,
        `budgetAlerts 2026-02-13 ${customerId}|actual|90|500`,
        // Its end is exclusive, so that this period was over as well.
        `budgetAlerts 2026-02-14 ${customerId}|actual|90|500`,
      ]),
      `usageByCustomer partner partner|${dayBefore}`,
      `usageByCustomer partner total|EUR|${dayBefore}`,
      `snapshotRuns ${dayBefore} ${run().runId}`,
    ];
    expect(removed.toSorted()).toEqual(expected.toSorted());
  });

  it('of everything leaves the lease alone', async () => {
    await removedBy((options) => archive.prune('9999-12-31', options));
    expect(await listKeys(tables)).toEqual(['snapshotRuns lease snapshot']);
  });

  it('leaves the tables of other deployments in the same account as they are', async () => {
    const others = [`p${prefixes}x`, ''].map((prefix) => createTables(azurite, { prefix }));
    for (const other of others) await fill(other);
    const before = await Promise.all(others.map(listKeys));
    await removedBy((options) => archive.prune(dayAfter, options));
    await removedBy((options) => archive.forget(id, options));
    expect(await Promise.all(others.map(listKeys))).toEqual(before);
  });

  it('goes through more rows than a page has and a transaction holds', async () => {
    const ids = Array.from({ length: 1_150 }, (_, index) => `c${index}`);
    const { usageByDay } = createStores(tables);
    const old = '2026-01-01';
    await usageByDay.upsertDay(
      ids.map((customerId) => customer({ customerId, snapshotDate: old })),
    );
    const removed = await removedBy((options) => archive.prune('2026-01-02', options));
    expect(removed).toHaveLength(ids.length);
    expect(await removedBy((options) => archive.prune('2026-01-02', options))).toEqual([]);
  });

  it('takes a row that is gone meanwhile for removed, and removes the rest of its batch', async () => {
    const { usageByDay } = tables;
    const submit = usageByDay.submitTransaction.bind(usageByDay);
    usageByDay.submitTransaction = async (...args) => {
      usageByDay.submitTransaction = submit;
      await usageByDay.deleteEntity(dayBefore, id);
      return submit(...args);
    };
    const removed = await removedBy((options) => archive.prune(date, options));
    expect(removed.filter((key) => key.startsWith(`usageByDay ${dayBefore}`))).toHaveLength(6);
    expect(
      (await listKeys(tables)).filter((key) => key.includes(`usageByDay ${date}`)),
    ).toHaveLength(6);
  });

  it('ended in the middle goes on when it is run again', async () => {
    const abort = new AbortController();
    const ended = archive.prune('9999-12-31', {
      onRows: () => abort.abort(new Error('ended by SIGINT')),
      abortSignal: abort.signal,
    });
    await expect(ended).rejects.toThrow('ended by SIGINT');
    expect((await listKeys(tables)).length).toBeGreaterThan(1);
    await removedBy((options) => archive.prune('9999-12-31', options));
    expect(await listKeys(tables)).toEqual(['snapshotRuns lease snapshot']);
  });

  it('of tables that are not there yet removes nothing', async () => {
    tables = createTables(azurite, { prefix: 'none' });
    archive = new Archive(tables);
    const abortSignal = new AbortController().signal;
    await archive.prune(date, { onRows: () => expect.fail(), abortSignal });
    await archive.forget(id, { onRows: () => expect.fail(), abortSignal });
  });

  it.each(['', 'lease', '2026-02-30', "' or PartitionKey ne '"])(
    'takes %j for no date, and removes nothing',
    async (text) => {
      const before = await listKeys(tables);
      const abortSignal = new AbortController().signal;
      await expect(archive.prune(text, { onRows() {}, abortSignal })).rejects.toThrow(RangeError);
      expect(await listKeys(tables)).toEqual(before);
    },
  );
});

describe('forget', () => {
  it('removes every row of the customer, and nothing of those whose id is alike', async () => {
    const removed = await removedBy((options) => archive.forget(id.toUpperCase(), options));
    const days = [dayBefore, date, dayAfter];
    const expected = [
      ...days.flatMap((day) => [
        `usageByCustomer ${id} customer|${day}`,
        `usageByCustomer ${id} subscription|${subscription(1).subscriptionId}|${day}`,
        `usageByDay ${day} ${id}`,
        `usageByAzureSubscription ${id} ${azureSubscriptionKey}|${day}`,
      ]),
      ...['13', '14', '15'].map((day) => `budgetAlerts 2026-02-${day} ${id}|actual|90|500`),
    ];
    expect(removed.toSorted()).toEqual(expected.toSorted());
    expect(await removedBy((options) => archive.forget(id, options))).toEqual([]);
  });

  it('removes its id from the errors of runs, which stay as they are otherwise', async () => {
    const { snapshotRuns } = createStores(tables);
    const errors = [
      `GET /v1/customers/${id}/usagesummary answered 500; ${id} again`,
      `GET /v1/customers/${id.replace(/.$/, 'e')}/usagesummary answered 500`,
      undefined,
    ];
    const runs = errors.map((error, index) =>
      run({ runId: `20260214T02300${index}000Z-00000000`, ...(error && { error }) }),
    );
    for (const each of runs) await snapshotRuns.upsert(each);
    await removedBy((options) => archive.forget(id, options));
    const range = { from: runs[0]?.snapshotDate ?? '', to: runs[0]?.snapshotDate ?? '' };
    const found = await Array.fromAsync(snapshotRuns.list(range));
    const kept = found.filter(({ runId }) => runs.some((each) => each.runId === runId));
    const gone = 'a customer that was removed';
    const cleared = `GET /v1/customers/${gone}/usagesummary answered 500; ${gone} again`;
    expect(kept).toEqual([{ ...runs[0], error: cleared }, ...runs.slice(1)]);
  });

  it.each(['', 'partner', 'a|b'])('takes %j for no customer, and removes nothing', async (text) => {
    const before = await listKeys(tables);
    const abortSignal = new AbortController().signal;
    await expect(archive.forget(text, { onRows() {}, abortSignal })).rejects.toThrow(RangeError);
    expect(await listKeys(tables)).toEqual(before);
  });

  it("removes the rows of a customer whose id has an apostrophe, and no other's", async () => {
    const { usageByDay, usageByCustomer } = createStores(tables);
    for (const customerId of ["o'brien's", "o'brien"]) {
      await usageByDay.upsertDay([customer({ customerId })]);
      await usageByCustomer.upsertCustomer([
        customer({ customerId }),
        subscription(1, { customerId }),
      ]);
    }
    const removed = await removedBy((options) => archive.forget("o'brien's", options));
    expect(removed).toHaveLength(3);
    expect(removed.every((key) => key.includes("o'brien's"))).toBe(true);
  });
});

describe('what there is of a customer', () => {
  const inspect = (customerId: string) =>
    archive.inspectCustomer(customerId, { abortSignal: new AbortController().signal });

  it('is the number of its rows in all tables, their days, and the name of the latest', async () => {
    const renamed = customer({
      snapshotDate: '2026-03-20',
      customerId: id,
      customerName: 'Fabrikam',
    });
    await createStores(tables).usageByCustomer.upsertCustomer([renamed]);
    const removed = await removedBy((options) => archive.forget(`${id}0`, options));
    expect(await inspect(id)).toEqual({
      rows: removed.length + 1,
      name: 'Fabrikam',
      first: dayBefore,
      last: '2026-03-20',
    });
  });

  it('is nothing of one that was never recorded', async () => {
    expect(await inspect('ffffffff-0000-4000-8000-00000000000f')).toEqual({ rows: 0 });
  });
});
