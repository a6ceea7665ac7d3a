import { afterAll, beforeAll, expect, test } from 'vitest';
import { type EmbeddedAzurite, startAzurite } from '../../src/cli/embeddedAzurite.ts';
import { createStores } from '../../src/storage/createStores.ts';
import { createTables } from '../../src/storage/tables.ts';
import { createTestApi } from '../unit/http/testApi.ts';
import { customerId, date, subscriptionId } from './snapshots.ts';

let azurite: EmbeddedAzurite;
beforeAll(async () => {
  azurite = await startAzurite();
});
afterAll(() => azurite?.stop());

const customer = `customers/${customerId}`;

test.each([
  [`${customer}/history`, 404],
  [`${customer}/history?interval=period`, 404],
  [`${customer}/subscriptions`, 404],
  [`${customer}/subscriptions?date=${date}`, 404],
  [`${customer}/subscriptions/${subscriptionId(1)}/history`, 404],
  ['customers', 200],
  ['totals', 200],
  ['runs', 200],
])(
  'before the first night, %s is answered %i: what nobody has recorded yet is no outage',
  async (target, status) => {
    const api = createTestApi({ stores: createStores(createTables(azurite)) });
    expect((await api.ask(target)).status).toBe(status);
    expect(api.errors).toEqual([]);
  },
);
