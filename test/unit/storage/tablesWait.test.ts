import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { Archive } from '../../../src/storage/archive/archive.ts';
import { AzureTable } from '../../../src/storage/azureTable.ts';
import { createStores } from '../../../src/storage/createStores.ts';
import { StorageError } from '../../../src/storage/storageError.ts';
import { createTables, type TablesOptions } from '../../../src/storage/tables.ts';
import { type HttpServer, startHttpServer } from '../../support/httpServer.ts';
import { answerText } from '../../support/tableService.ts';
import { startTlsServer } from '../../support/tlsServer.ts';
import { createTestApi } from '../http/testApi.ts';

const resources: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const resource of resources.splice(0)) await resource.close();
});

function tablesAt(endpoint: string, options: TablesOptions = {}) {
  const connectionString =
    'DefaultEndpointsProtocol=http;AccountName=some;AccountKey=a2V5;' +
    `TableEndpoint=${endpoint}/some`;
  return createTables({ connectionString }, options);
}

async function serve(handle: (response: ServerResponse) => void): Promise<HttpServer> {
  const server = await startHttpServer((request, response) => {
    request.resume().on('end', () => handle(response));
  });
  resources.push(server);
  return server;
}

const entity = { partitionKey: 'p', rowKey: 'r' };
const day = { from: '2026-03-14', to: '2026-03-14' };

/** An hour, in each of the forms that the SDK obeys. */
const hours: [status: number, headers: Record<string, string>][] = [
  [503, { 'retry-after': '3600' }],
  [429, { 'retry-after': '3600' }],
  [503, { 'retry-after-ms': '3600000' }],
  [429, { 'x-ms-retry-after-ms': '3600000' }],
  [503, { 'retry-after': new Date(Date.now() + 3_600_000).toUTCString() }],
];

describe('a service that asks to wait for an hour', () => {
  test('is given up where somebody waits', async () => {
    const ask = async ([status, headers]: (typeof hours)[number]) => {
      const server = await serve((response) => response.writeHead(status, headers).end());
      const { snapshotRuns } = createStores(tablesAt(server.url, { callTimeoutMs: 1_500 }));
      const list = Array.fromAsync(snapshotRuns.list(day));
      const error: unknown = await list.catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(StorageError);
      expect(error).toMatchObject({ code: 'ETIMEDOUT', status });
      const { host } = new URL(server.url);
      expect(String(error)).toContain(
        `ETIMEDOUT (HTTP ${status}): ${host} put the call off for longer than 1.5 s`,
      );
      expect(server.requests).toHaveLength(1);
    };
    await Promise.all(hours.map(ask));
  });

  test.each(hours)('by %i %o holds up no run that ends', async (status, headers) => {
    let answered = () => {};
    const isAnswered = new Promise<void>((resolve) => {
      answered = resolve;
    });
    const server = await serve((response) => response.writeHead(status, headers).end(answered));
    const table = new AzureTable(tablesAt(server.url).usageByDay);
    const end = new AbortController();
    const options = { abortSignal: end.signal };
    const calls = [
      table.upsert([entity], options),
      table.upsert([entity, { ...entity, rowKey: 's' }], options),
      table.insert(entity, options),
      table.replace(entity, 'etag', options),
      table.get('p', 'r', options),
      Array.fromAsync(table.list({ partitions: { from: 'p', to: 'p' } }, options)),
    ];
    const settled = Promise.allSettled(calls);
    await isAnswered;
    await expect.poll(() => server.requests.length).toBe(calls.length);
    const reason = new Error('the run is over');
    end.abort(reason);
    expect(await settled).toEqual(calls.map(() => ({ status: 'rejected', reason })));
    expect(server.requests).toHaveLength(calls.length);
  });
});

describe('a service that takes the connection and never answers', () => {
  const silent = () => serve(() => {});

  test('is answered for by 503, for data and for the health', async () => {
    const server = await silent();
    const stores = createStores(tablesAt(server.url, { callTimeoutMs: 200 }));
    const api = createTestApi({ stores });
    for (const path of ['customers', 'runs', 'totals', 'budget-alerts']) {
      const { status, json } = await api.ask(path);
      expect([path, status, json.detail]).toEqual([
        path,
        503,
        'The tables cannot be read at the moment.',
      ]);
    }
    expect(await api.ask('health')).toMatchObject({
      status: 503,
      json: { status: 'unhealthy', reasons: ['the tables cannot be read'] },
    });
  });

  test('is told from one that refuses each try, when the time for the call is over', async () => {
    const server = await startHttpServer(() => {});
    await server.close();
    const tables = tablesAt(server.url, { callTimeoutMs: 1_000 });
    const { host } = new URL(server.url);
    await expect(tables.ensureTables()).rejects.toMatchObject({
      code: 'ECONNREFUSED',
      message: expect.stringContaining(`${host} cannot be reached (ECONNREFUSED)`),
    });
  });

  test('ends a call though its credential never answers either', async () => {
    const credential = { getToken: () => new Promise<null>(() => {}) };
    const tables = createTables(
      { tableServiceUri: 'https://some.invalid', credential },
      { callTimeoutMs: 100 },
    );
    await expect(tables.ensureTables()).rejects.toMatchObject({ code: 'ETIMEDOUT' });
  });

  test('sends nothing more once the call was given up', async () => {
    let giveToken = (_token: { token: string; expiresOnTimestamp: number }) => {};
    const getToken = () =>
      new Promise<{ token: string; expiresOnTimestamp: number }>((resolve) => {
        giveToken = resolve;
      });
    const tls = await startTlsServer('localhost', (_request, response) => response.end());
    resources.push(tls);
    const tables = createTables(
      { tableServiceUri: `https://localhost:${tls.port}`, credential: { getToken } },
      { callTimeoutMs: 100 },
    );
    const table = new AzureTable(tables.usageByDay);
    await expect(table.upsert([entity])).rejects.toMatchObject({ code: 'ETIMEDOUT' });
    giveToken({ token: 'late', expiresOnTimestamp: Date.now() + 3_600_000 });
    await new Promise((resolve) => setImmediate(resolve));
    expect(tls.connections()).toBe(0);
  });
});

describe('an answer that breaks off in its middle', () => {
  const half = '{"value":[{"PartitionKey":"p"';

  test('is asked for again, at once', async () => {
    let count = 0;
    const server = await serve((response) => {
      if (++count > 1) answerText(response, '{"value":[{"PartitionKey":"p","RowKey":"r"}]}');
      else response.writeHead(200).write(half, () => response.destroy());
    });
    const table = new AzureTable(tablesAt(server.url).usageByDay);
    const rows = await Array.fromAsync(table.list({ partitions: { from: 'p', to: 'p' } }));
    expect(rows).toHaveLength(1);
    expect(server.requests).toHaveLength(2);
  });

  test('ends with the call, connection and all', async () => {
    let started = () => {};
    const isStarted = new Promise<void>((resolve) => {
      started = resolve;
    });
    let closed: Promise<unknown> = Promise.resolve();
    const server = await serve((response) => {
      closed = once(response, 'close');
      response.writeHead(200).write(half, () => started());
    });
    const end = new AbortController();
    const table = new AzureTable(tablesAt(server.url).usageByDay);
    const options = { abortSignal: end.signal };
    const list = Array.fromAsync(table.list({ partitions: { from: 'p', to: 'p' } }, options));
    const rejected = expect(list).rejects.toThrow('over');
    await isStarted;
    end.abort(new Error('over'));
    await rejected;
    await closed;
  });
});

test('an export over a slow line goes on as long as something comes', async () => {
  const row = JSON.stringify({ PartitionKey: 'p', RowKey: 'r', name: 'x'.repeat(30_000) });
  let parts = 0;
  const server = await serve((response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    const text = `{"value":[${row}]}`;
    response.write(text.slice(0, 20_000));
    const timer = setInterval(() => {
      parts++;
      const start = 20_000 + (parts - 1) * 1_000;
      response.write(text.slice(start, start + 1_000));
      if (start + 1_000 < text.length) return;
      clearInterval(timer);
      response.end();
    }, 50);
  });
  const archive = new Archive(tablesAt(server.url, { callTimeoutMs: 200 }));
  const { signal: abortSignal } = new AbortController();
  const [line] = await Array.fromAsync(archive.listUsage({}, { abortSignal, onRows: () => {} }));
  // More than four times as long as a call without an answer may take.
  expect(parts).toBeGreaterThan(8);
  expect(line).toBeDefined();
});

describe('where no answer comes', () => {
  test('a certificate that is not trusted is named with host and cure, and not tried again', async () => {
    const tls = await startTlsServer('localhost', (_request, response) => response.end('{}'));
    resources.push(tls);
    const table = new AzureTable(tablesAt(`https://localhost:${tls.port}`).usageByDay);
    const error = await table.get('p', 'r').catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(StorageError);
    expect(error).toMatchObject({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
    expect(String(error)).toMatch(
      new RegExp(`certificate of localhost:${tls.port} is not trusted .*NODE_EXTRA_CA_CERTS`),
    );
    expect(tls.connections()).toBe(1);
  });
});

test('a page is one call: a list of many may take longer than one may', async () => {
  let page = 0;
  const server = await serve((response) => {
    const timer = setTimeout(() => {
      page++;
      const next = { 'x-ms-continuation-nextpartitionkey': `${page}` };
      if (page < 4)
        for (const [name, value] of Object.entries(next)) response.setHeader(name, value);
      answerText(response, `{"value":[{"PartitionKey":"p","RowKey":"${page}"}]}`);
    }, 120);
    response.on('close', () => clearTimeout(timer));
  });
  const table = new AzureTable(tablesAt(server.url, { callTimeoutMs: 300 }).usageByDay);
  const rows = await Array.fromAsync(table.list({ partitions: { from: 'p', to: 'p' } }));
  expect(rows).toHaveLength(4);
});
