import { TableClient, type TransactionAction } from '@azure/data-tables';
import { expect, test } from 'vitest';
import { estimateBytes, splitIntoBatches } from '../../../src/storage/batches.ts';
import type { Entity } from '../../../src/storage/columns.ts';
import { toUsageByCustomerEntity } from '../../../src/storage/usageRows.ts';
import { subscription } from '../../contract/snapshots.ts';

const entity = (rowKey: string, text = ''): Entity => ({ partitionKey: 'p', rowKey, text });

test('250 rows go in three transactions, in their order', () => {
  const entities = Array.from({ length: 250 }, (_, index) => entity(String(index)));
  const batches = splitIntoBatches(entities);
  expect(batches.map((batch) => batch.length)).toEqual([100, 100, 50]);
  expect(batches.flat()).toEqual(entities);
});

test('no rows need no transaction', () => {
  expect(splitIntoBatches([])).toEqual([]);
});

test('of two rows with one key the later is kept, once', () => {
  const batches = splitIntoBatches([entity('a', 'old'), entity('b'), entity('a', 'new')]);
  expect(batches).toEqual([[entity('a', 'new'), entity('b')]]);
});

test('a row larger than a transaction may be has one of its own', () => {
  const entities = [entity('a'), entity('b', 'x'.repeat(10_000)), entity('c')];
  const batches = splitIntoBatches(entities, { maxEntities: 100, maxBytes: 8_000 });
  expect(batches).toEqual(entities.map((each) => [each]));
});

test('the size of a row is never estimated below what is sent', async () => {
  let sentBytes = 0;
  const client = TableClient.fromConnectionString('UseDevelopmentStorage=true', 'Some', {
    httpClient: {
      async sendRequest(request) {
        sentBytes = Buffer.byteLength(String(request.body));
        throw new Error('sent enough');
      },
    },
  });
  const nasty = '"\\\u0001é😀\n\u2028';
  const entities = [
    toUsageByCustomerEntity(subscription(1)),
    toUsageByCustomerEntity(
      subscription(2, { raw: nasty.repeat(1_000), subscriptionName: nasty.repeat(50) }),
    ),
    { partitionKey: "'".repeat(1_000), rowKey: "'".repeat(1_024) },
    { partitionKey: '😀é '.repeat(250), rowKey: '%&+"{}'.repeat(170) },
  ];
  for (const each of entities) {
    const actions: TransactionAction[] = [['upsert', each, 'Replace']];
    await expect(client.submitTransaction(actions)).rejects.toThrow('sent enough');
    expect(sentBytes).toBeGreaterThan(0);
    expect(estimateBytes(each)).toBeGreaterThanOrEqual(sentBytes);
  }
});
