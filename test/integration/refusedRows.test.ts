import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openStores } from '../../src/app/openTables.ts';
import { type EmbeddedAzurite, startAzurite } from '../../src/cli/embeddedAzurite.ts';
import { loadStorageConfig } from '../../src/config/loadConfig.ts';
import { endAll, runCommandLine, startPartner } from '../support/commandLine.ts';
import {
  type FaultyTables,
  startFaultyTables,
  type TableFault,
  type TableRequest,
} from '../support/faultyTables.ts';

let azurite: EmbeddedAzurite;
let tables: FaultyTables;

beforeAll(async () => {
  azurite = await startAzurite();
});
afterEach(async () => {
  await endAll();
  await tables.close();
});
afterAll(() => azurite?.stop());

/** Whether a request holds a row of this table and key that fits. */
function holdsRow({ path, body }: TableRequest, key: RegExp, fits = /./): boolean {
  if (!path.startsWith('/$batch')) return key.test(path) && fits.test(body);
  return body.split('--changeset').some((part) => key.test(part) && fits.test(part));
}

/** A partner whose tables refuse some rows of one customer with usage, until that is cured. */
async function start(isRefused: (request: TableRequest, id: string) => boolean) {
  let refusedId = '';
  const faultOf: TableFault = (request) =>
    request.method !== 'GET' && refusedId !== '' && isRefused(request, refusedId)
      ? { code: 'PropertyValueTooLarge' }
      : undefined;
  tables = await startFaultyTables(azurite.connectionString, faultOf);
  const { simulator, settings } = await startPartner({ customers: 60 }, tables.connectionString);
  const [, , some] = [...simulator.customers()].filter((each) => each.subscriptions.length > 1);
  refusedId = some?.id ?? '';
  const stores = openStores(loadStorageConfig(settings));
  return {
    id: refusedId,
    cure: () => {
      refusedId = '';
    },
    async snapshot() {
      const { stdout } = await runCommandLine(['snapshot', '--json'], settings);
      return JSON.parse(stdout);
    },
    async day(date: string) {
      const rows = await Array.fromAsync(stores.usageByDay.listDay(date));
      return new Map(rows.map((row) => [row.customerId, row]));
    },
  };
}

const failure = { phase: 'store', code: 'PropertyValueTooLarge', status: 400 };

describe('rows that the tables refuse for what they hold cost one customer alone', () => {
  it('its row of the day: it fails, and says why', async () => {
    const { id, cure, snapshot, day } = await start((request, id) =>
      holdsRow(request, new RegExp(`UsageByDay\\(.*RowKey='${id}'`), /totalCost/),
    );
    const run = await snapshot();
    expect(run).toMatchObject({
      status: 'partial',
      customers: { listed: 60, failed: 1, remaining: 0 },
      failures: [{ customerId: id, outcome: 'failed', ...failure }],
    });
    const rows = await day(run.snapshotDate);
    expect(rows.size).toBe(60);
    expect(rows.get(id)).toMatchObject({ outcome: 'failed', failure });
    expect(rows.get(id)).not.toHaveProperty('figures');
    expect([...rows.values()].filter(({ outcome }) => outcome === 'failed')).toHaveLength(1);
    cure();
    expect(await snapshot()).toMatchObject({ status: 'complete', customers: { skipped: 59 } });
  });

  it('every row of the day that it could have: it has none, and is asked again', async () => {
    const { id, cure, snapshot, day } = await start((request, id) =>
      holdsRow(request, new RegExp(`UsageByDay\\(.*RowKey='${id}'`)),
    );
    const run = await snapshot();
    expect(run).toMatchObject({
      status: 'partial',
      customers: { listed: 60, failed: 0, remaining: 1 },
    });
    const rows = await day(run.snapshotDate);
    expect(rows.size).toBe(59);
    expect(rows.has(id)).toBe(false);
    cure();
    expect(await snapshot()).toMatchObject({ status: 'complete', customers: { skipped: 59 } });
  });

  it('its own rows: it fails with its figures in the day', async () => {
    const { id, cure, snapshot, day } = await start((request, id) =>
      holdsRow(request, new RegExp(`UsageByCustomer\\(PartitionKey='${id}'`)),
    );
    const run = await snapshot();
    expect(run).toMatchObject({
      status: 'partial',
      customers: { listed: 60, failed: 1, remaining: 0 },
    });
    const rows = await day(run.snapshotDate);
    expect(rows.get(id)).toMatchObject({
      outcome: 'failed',
      failure: { phase: 'store', code: 'PropertyValueTooLarge' },
      figures: expect.anything(),
    });
    cure();
    expect(await snapshot()).toMatchObject({ status: 'complete', customers: { skipped: 59 } });
  });
});
