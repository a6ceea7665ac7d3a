import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { generatedRow } from './export/generatedRow.ts';
import { answerCalls, readOptions } from './support/answerCalls.ts';

/**
 * A table service with minimal CPU time, for measuring its clients: the storage emulator searches a
 * whole table for each row it writes. It supports the product's requests, keeps rows as received,
 * outside the heap so that hundreds of thousands fit, and checks no signature.
 */

export interface TableServerOptions {
  /** So many rows of usage are generated when the whole table is listed. Default 0. */
  generatedRows?: number;
  /** Time before each request is carried out and answered. Default 0. */
  delayMs?: number;
}

interface Partition {
  rows: Map<string, Buffer>;
  /** Their keys in order, once they have been asked for. */
  sortedKeys?: string[];
}
const tables = new Map<string, Map<string, Partition>>();
const pageRows = 1_000;
let etags = 0;
const { generatedRows = 0, delayMs = 0 } = readOptions<TableServerOptions>();
/** By the monotonic clock; nothing is carried out or answered before. */
let silentUntilMs = 0;

const keysPattern = /\/(\w+)\(PartitionKey='([^']*)',RowKey='([^']*)'\)/;

function partitionOf(table: string, partitionKey: string): Partition {
  const partitions = tables.get(table) ?? new Map<string, Partition>();
  tables.set(table, partitions);
  const partition = partitions.get(partitionKey) ?? { rows: new Map() };
  partitions.set(partitionKey, partition);
  return partition;
}

function put(path: string, body: string): void {
  const [, table = '', partitionKey = '', rowKey = ''] = keysPattern.exec(path) ?? [];
  // A lease ends so long after the time at which its row was written.
  const written = `"odata.etag":"W/\\"${++etags}\\"","Timestamp":"${new Date().toISOString()}",`;
  const partition = partitionOf(table, decodeURIComponent(partitionKey));
  const row = Buffer.from(`{${written}${body.slice(body.indexOf('{') + 1)}`);
  const key = decodeURIComponent(rowKey);
  const { rows, sortedKeys } = partition;
  if (!rows.has(key)) sortedKeys?.splice(findKey(sortedKeys, key), 0, key);
  rows.set(key, row);
}

function create(path: string, body: string): void {
  const { PartitionKey, RowKey } = JSON.parse(body);
  const keys = [PartitionKey, RowKey].map((key) => encodeURIComponent(key).replaceAll("'", '%27'));
  put(`${path}(PartitionKey='${keys[0]}',RowKey='${keys[1]}')`, body);
}

/** Each part of a transaction is a whole request of its own. */
function answerBatch(body: string, response: ServerResponse): void {
  const parts = body.split(/\r\n(?=(?:PUT|POST) )/).slice(1);
  for (const part of parts) {
    const path = part.slice(part.indexOf(' ') + 1, part.indexOf(' HTTP/'));
    const row = part.slice(part.indexOf('\r\n\r\n')).split('\r\n--')[0] ?? '';
    if (part.startsWith('PUT')) put(decodeURI(path), row);
    else create(path, row);
  }
  const boundary = 'changesetresponse_1';
  const one = `--${boundary}\r\nContent-Type: application/http\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n\r\n`;
  const head = `--batchresponse_1\r\nContent-Type: multipart/mixed; boundary=${boundary}\r\n\r\n`;
  response.writeHead(202, { 'content-type': 'multipart/mixed; boundary=batchresponse_1' });
  response.end(`${head}${one.repeat(parts.length)}--${boundary}--\r\n--batchresponse_1--\r\n`);
}

function answerRow(path: string, response: ServerResponse): void {
  const [, table = '', partitionKey = '', rowKey = ''] = keysPattern.exec(path) ?? [];
  const row = tables
    .get(table)
    ?.get(decodeURIComponent(partitionKey))
    ?.rows.get(decodeURIComponent(rowKey));
  response.writeHead(row ? 200 : 404, { 'content-type': 'application/json' });
  response.end(row ?? '{"odata.error":{"code":"ResourceNotFound","message":{"value":"no row"}}}');
}

/** The generated rows of a page, and the number of the next row as continuation. */
function answerGenerated(url: URL, response: ServerResponse): void {
  const start = Number(url.searchParams.get('NextRowKey') ?? 0);
  const end = Math.min(start + pageRows, generatedRows);
  response.writeHead(200, {
    'content-type': 'application/json',
    ...(end < generatedRows && {
      'x-ms-continuation-nextpartitionkey': 'generated',
      'x-ms-continuation-nextrowkey': String(end),
    }),
  });
  const rows = Array.from({ length: end - start }, (_, index) => generatedRow(start + index));
  response.end(`{"value":[${rows.join(',')}]}`);
}

/** The rows of one partition, or of several, in the order of their keys, from a key on. */
function* rowsOf(
  table: string,
  from: string,
  to: string,
  first: string,
): Generator<[string, Buffer]> {
  const partitions = tables.get(table) ?? new Map<string, Partition>();
  if (from !== to) {
    const several = [...partitions].filter(([key]) => key >= from && key <= to);
    yield* several
      .flatMap(([, { rows }]) => [...rows])
      .sort(([one], [other]) => (one < other ? -1 : 1));
    return;
  }
  const partition = partitions.get(from);
  if (partition === undefined) return;
  partition.sortedKeys ??= [...partition.rows.keys()].sort();
  const keys = partition.sortedKeys;
  for (let index = findKey(keys, first); index < keys.length; index++) {
    const key = keys[index] ?? '';
    const row = partition.rows.get(key);
    if (row) yield [key, row];
  }
}

/** Where the first of the sorted keys stands that is not less than this one. */
function findKey(keys: readonly string[], key: string): number {
  let [low, high] = [0, keys.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((keys[middle] ?? '') < key) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Evaluates keys by `eq`, or by `ge` and `le`, and `eq false`; other conditions are ignored, as the
 * product filters the rows itself.
 */
function answerQuery(url: URL, response: ServerResponse): void {
  const table = /\/(\w+)\(\)$/.exec(url.pathname)?.[1] ?? '';
  const filter = url.searchParams.get('$filter') ?? '';
  if (generatedRows > 0 && table === 'UsageByCustomer' && !filter.includes('PartitionKey')) {
    answerGenerated(url, response);
    return;
  }
  const boundsOf = (key: string) =>
    [...filter.matchAll(new RegExp(`${key} [a-z]+ '([^']*)'`, 'g'))].map(([, bound]) => bound);
  const [from = '', to = from] = boundsOf('PartitionKey');
  const [fromRow = '', toRow = '\uffff'] = boundsOf('RowKey');
  const [, falseColumn] = /(\w+) eq false/.exec(filter) ?? [];
  const after = url.searchParams.get('NextRowKey') ?? '';
  const page: [string, Buffer][] = [];
  let last: string | undefined;
  for (const [rowKey, row] of rowsOf(table, from, to, after > fromRow ? after : fromRow)) {
    if (rowKey > toRow) break;
    if (rowKey <= after || rowKey < fromRow) continue;
    if (falseColumn !== undefined && !row.includes(`"${falseColumn}":false`)) continue;
    if (page.length === pageRows) {
      last = page.at(-1)?.[0];
      break;
    }
    page.push([rowKey, row]);
  }
  response.writeHead(200, {
    'content-type': 'application/json',
    ...(last !== undefined && {
      'x-ms-continuation-nextpartitionkey': from,
      'x-ms-continuation-nextrowkey': last,
    }),
  });
  response.end(`{"value":[${page.map(([, row]) => row.toString()).join(',')}]}`);
}

async function waitForTurn(): Promise<void> {
  if (delayMs > 0) await delay(delayMs);
  // A timer may be early by a part of a millisecond.
  for (let ms = silentMs(); ms > 0; ms = silentMs()) await delay(Math.ceil(ms));
}

function silentMs(): number {
  return silentUntilMs - performance.now();
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  await waitForTurn();
  const body = Buffer.concat(chunks).toString();
  const url = new URL(request.url ?? '/', 'http://localhost');
  const path = decodeURI(url.pathname);
  if (path.endsWith('/$batch')) return answerBatch(body, response);
  if (request.method === 'GET') {
    return path.endsWith('()') ? answerQuery(url, response) : answerRow(path, response);
  }
  if (request.method === 'PUT') put(path, body);
  else if (!path.endsWith('/Tables')) create(path, body);
  response.writeHead(204, { etag: `W/"${etags}"` }).end();
}

const server = createServer((request, response) => {
  answer(request, response).catch((error: unknown) => {
    process.stderr.write(`${error}\n`);
    response.writeHead(500).end();
  });
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');

const methods = {
  port: () => (server.address() as AddressInfo).port,
  /** From now on no request is carried out or answered for so long, those under way included. */
  stopAnswering: (durationMs: number) => {
    silentUntilMs = performance.now() + durationMs;
  },
  /** Of all partitions of a table, with row keys that begin so. */
  countRows: (table: string, rowKeyPrefix: string) => {
    const partitions = [...(tables.get(table)?.values() ?? [])];
    const keys = partitions.flatMap(({ rows }) => [...rows.keys()]);
    return keys.filter((key) => key.startsWith(rowKeyPrefix)).length;
  },
};
export type TableServerMethods = typeof methods;
answerCalls(methods);
