import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { AzureTable } from '../../../src/storage/azureTable.ts';
import { StorageError } from '../../../src/storage/storageError.ts';
import { createTables } from '../../../src/storage/tables.ts';
import { answerTransaction } from '../../support/tableService.ts';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

type Handler = (request: IncomingMessage, response: ServerResponse, count: number) => void;

/** A table service that answers as the test says, and what it takes to reach it. */
async function serve(handle: Handler) {
  const seen = { requests: 0, connections: 0 };
  const server = createServer((request, response) => {
    seen.requests++;
    const count = seen.requests;
    request.resume().on('end', () => handle(request, response, count));
  });
  server.on('connection', () => seen.connections++);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const connectionString =
    'DefaultEndpointsProtocol=http;AccountName=some;AccountKey=a2V5;' +
    `TableEndpoint=http://127.0.0.1:${port}/some`;
  return { seen, connectionString };
}

function refuse(response: ServerResponse, status: number, code: string): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ 'odata.error': { code, message: { value: code } } }));
}

const rows = ['a', 'b'].map((rowKey) => ({ partitionKey: 'p', rowKey }));

describe('the connection', () => {
  test('the emulator’s short connection string works, and the prefix is put before each name', () => {
    const tables = createTables(
      { connectionString: 'UseDevelopmentStorage=true' },
      { prefix: 'x1' },
    );
    expect(tables.usageByCustomer.url).toBe('http://127.0.0.1:10002/devstoreaccount1');
    const { usageByCustomer, usageByDay, snapshotRuns, budgetAlerts } = tables;
    const clients = [usageByCustomer, usageByDay, snapshotRuns, budgetAlerts];
    expect(clients.map((client) => client.tableName)).toEqual([
      'x1UsageByCustomer',
      'x1UsageByDay',
      'x1SnapshotRuns',
      'x1BudgetAlerts',
    ]);
  });

  test('an identity works in place of a key', () => {
    const credential = { getToken: async () => null };
    const tableServiceUri = 'https://some.table.core.windows.net';
    expect(createTables({ tableServiceUri, credential }).usageByDay.url).toBe(tableServiceUri);
  });

  test.each(['localhost', '127.0.0.1', '127.1.2.3', '[::1]'])('http to %s is allowed', (host) => {
    const connectionString = `DefaultEndpointsProtocol=http;AccountName=a;AccountKey=a2V5;TableEndpoint=http://${host}:1/a`;
    expect(() => createTables({ connectionString })).not.toThrow();
  });

  test.each(['example.org', '127.0.0.1.example.org', '10.0.0.1'])(
    'http to %s is refused',
    (host) => {
      const connectionString = `DefaultEndpointsProtocol=http;AccountName=a;AccountKey=c2VjcmV0;TableEndpoint=http://${host}/a`;
      expect(() => createTables({ connectionString })).toThrow(
        `storage: expected https, or http on loopback, got http://${host}`,
      );
    },
  );

  test.each(['garbage', 'DefaultEndpointsProtocol=https;AccountKey=c2VjcmV0', 'TableEndpoint=x'])(
    'the connection string %j is refused, and no key printed',
    (connectionString) => {
      expect(() => createTables({ connectionString })).toThrow(/^storage: (?!.*c2VjcmV0)/);
    },
  );
});

describe('creating tables', () => {
  test('is tried once for all who ask, and again after it failed', async () => {
    let isBroken = true;
    const { seen, connectionString } = await serve((_request, response) => {
      if (isBroken) refuse(response, 403, 'AuthorizationFailure');
      else refuse(response, 409, 'TableAlreadyExists');
    });
    const tables = createTables({ connectionString }, { prefix: 'x' });
    const first = await Promise.allSettled([tables.ensureTables(), tables.ensureTables()]);
    expect(first.map((result) => result.status)).toEqual(['rejected', 'rejected']);
    expect(first[0]).toMatchObject({ reason: { code: 'AuthorizationFailure', status: 403 } });
    await expect.poll(() => seen.requests).toBe(5);
    isBroken = false;
    await Promise.all([tables.ensureTables(), tables.ensureTables()]);
    await tables.ensureTables();
    expect(seen.requests).toBe(10);
  });

  test('a table that is being deleted is an error', async () => {
    const { connectionString } = await serve((_request, response) =>
      refuse(response, 409, 'TableBeingDeleted'),
    );
    const error = await createTables({ connectionString })
      .ensureTables()
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(StorageError);
    expect(error).toMatchObject({ code: 'TableBeingDeleted', status: 409 });
  });
});

describe('a transaction', () => {
  test('is sent again when a part of its answer says that the server is busy', async () => {
    const { seen, connectionString } = await serve((_request, response, count) =>
      answerTransaction(response, count === 1 ? [503] : [204, 204]),
    );
    await new AzureTable(createTables({ connectionString }).usageByDay).upsert(rows);
    expect(seen.requests).toBe(2);
  });

  test('that stays busy is an error after five attempts', async () => {
    const { seen, connectionString } = await serve((_request, response) =>
      answerTransaction(response, [503]),
    );
    const table = new AzureTable(createTables({ connectionString }).usageByDay);
    await expect(table.upsert(rows)).rejects.toMatchObject({ status: 503, code: 'HTTP_503' });
    expect(seen.requests).toBe(5);
  });

  test('is an error when its answer confirms fewer rows than were sent', async () => {
    const { connectionString } = await serve((_request, response) =>
      answerTransaction(response, [204]),
    );
    const table = new AzureTable(createTables({ connectionString }).usageByDay);
    await expect(table.upsert(rows)).rejects.toMatchObject({
      code: 'INCOMPLETE_ANSWER',
      message: 'table UsageByDay, partition "p": expected 2 rows to be confirmed, got 1',
    });
  });
});

test('connections are kept and serve request after request', async () => {
  const { seen, connectionString } = await serve((_request, response) =>
    answerTransaction(response, [204, 204]),
  );
  const table = new AzureTable(createTables({ connectionString }).usageByDay);
  for (let count = 0; count < 10; count++) await table.upsert(rows);
  expect(seen.requests).toBe(10);
  // One is free again a turn of the event loop after its answer, so a request may take a second.
  expect(seen.connections).toBeLessThanOrEqual(2);
});
