import { once } from 'node:events';
import {
  Agent,
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
  request as sendRequest,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { type EntitySize, entitySizeOf, type SentEntity } from './entitySize.ts';

/** Requests, and what was done by them: a transaction is one request for many operations. */
export interface Traffic {
  requests: number;
  operations: number;
}

/** Requests to the tables, and what they have stored. */
export interface TableCounts extends Traffic {
  /** By table and kind: `UsageByDay transaction`. */
  byKind: Record<string, Traffic>;
  /** Bodies alone, in bytes. */
  sentBytes: number;
  readBytes: number;
  /** By table. */
  grown: Record<string, Growth>;
}

/** What was added to a table. */
interface Growth extends EntitySize {
  rows: number;
}

interface Exchange {
  kind: 'create table' | 'transaction' | 'insert' | 'replace' | 'query' | 'get';
  table: string;
  /** The rows that are written. */
  rows: SentEntity[];
}

const newCounts = (): TableCounts => ({
  requests: 0,
  operations: 0,
  byKind: {},
  sentBytes: 0,
  readBytes: 0,
  grown: {},
});

/**
 * A proxy before a table server for the product's requests that counts them. Of the rows of a list
 * it passes only the requested columns, as the service does.
 */
export class CountingTables {
  readonly #server: Server;
  readonly #agent = new Agent({ keepAlive: true });
  readonly #behind: URL;
  readonly #connectionString: string;
  /** Of every row that was written through here, by table and keys. */
  readonly #sizes = new Map<string, EntitySize>();
  #counts = newCounts();

  private constructor(connectionString: string) {
    const [, endpoint = ''] = /TableEndpoint=([^;]+)/.exec(connectionString) ?? [];
    this.#connectionString = connectionString;
    this.#behind = new URL(endpoint);
    this.#server = createServer((request, response) => {
      this.#pass(request, response).catch((error: unknown) => {
        process.stderr.write(`${error}\n`);
        response.destroy();
      });
    });
  }

  static async start(connectionString: string): Promise<CountingTables> {
    const tables = new CountingTables(connectionString);
    tables.#server.listen(0, '127.0.0.1');
    await once(tables.#server, 'listening');
    return tables;
  }

  get connectionString(): string {
    const { port } = this.#server.address() as AddressInfo;
    return this.#connectionString.replace(this.#behind.host, `127.0.0.1:${port}`);
  }

  /** The counts since the last call. */
  takeCounts(): TableCounts {
    const counts = this.#counts;
    this.#counts = newCounts();
    return counts;
  }

  close(): void {
    this.#agent.destroy();
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bytesOf(request);
    const exchange = exchangeOf(request, body.toString());
    this.#count(exchange, body.length);
    const { method, headers, url: path } = request;
    const { hostname: host, port } = this.#behind;
    const onward = sendRequest({ agent: this.#agent, host, port, method, path, headers });
    onward.end(body);
    const [answer]: IncomingMessage[] = await once(onward, 'response');
    if (!answer) throw new Error(`${method} ${path}: expected an answer, got none`);
    const bytes = await bytesOf(answer);
    const isList = exchange.kind === 'query' && answer.statusCode === 200;
    const passed = isList ? selectColumns(path ?? '', bytes) : bytes;
    this.#counts.readBytes += passed.length;
    const { 'transfer-encoding': _, 'content-length': __, ...kept } = answer.headers;
    response.writeHead(answer.statusCode ?? 502, kept);
    response.end(passed);
  }

  #count({ kind, table, rows }: Exchange, sentBytes: number): void {
    const operations = Math.max(1, rows.length);
    this.#counts.sentBytes += sentBytes;
    this.#counts.byKind[`${table} ${kind}`] ??= { requests: 0, operations: 0 };
    for (const traffic of [this.#counts, this.#counts.byKind[`${table} ${kind}`]]) {
      if (!traffic) continue;
      traffic.requests++;
      traffic.operations += operations;
    }
    for (const row of rows) this.#store(table, row);
  }

  #store(table: string, row: SentEntity): void {
    const key = `${table}\n${row.PartitionKey}\n${row.RowKey}`;
    const before = this.#sizes.get(key);
    const size = entitySizeOf(row);
    this.#sizes.set(key, size);
    this.#counts.grown[table] ??= { rows: 0, bytes: 0, receivedBytes: 0 };
    const grown = this.#counts.grown[table];
    if (before === undefined) grown.rows++;
    grown.bytes += size.bytes - (before?.bytes ?? 0);
    grown.receivedBytes += size.receivedBytes - (before?.receivedBytes ?? 0);
  }
}

function exchangeOf({ method = '', url = '' }: IncomingMessage, body: string): Exchange {
  const path = decodeURIComponent(url.split('?')[0] ?? '');
  if (path.endsWith('/$batch')) {
    const parts = body.split(/\r\n(?=(?:PUT|POST) )/).slice(1);
    const [, table = ''] = /\/(\w+)\(PartitionKey=/.exec(body) ?? [];
    const rows = parts.map((part) =>
      parseRow(part.slice(part.indexOf('{'), 1 + part.lastIndexOf('}'))),
    );
    return { kind: 'transaction', table, rows };
  }
  const [, table = '', keys] = /\/(\w+)(\(.*\))?$/.exec(path) ?? [];
  if (method === 'GET') return { kind: keys === '()' ? 'query' : 'get', table, rows: [] };
  if (method === 'PUT') return { kind: 'replace', table, rows: [parseRow(body)] };
  if (method !== 'POST') throw new Error(`expected what the product sends, got ${method} ${path}`);
  return table === 'Tables'
    ? { kind: 'create table', table: JSON.parse(body).TableName, rows: [] }
    : { kind: 'insert', table, rows: [parseRow(body)] };
}

function parseRow(text: string): SentEntity {
  return JSON.parse(text) as SentEntity;
}

function selectColumns(path: string, bytes: Buffer): Buffer {
  const asked = new URL(path, 'http://localhost').searchParams.get('$select');
  if (asked === null) return bytes;
  const columns = new Set(asked.split(',').flatMap((name) => [name, `${name}@odata.type`]));
  const { value } = JSON.parse(bytes.toString()) as { value: Record<string, unknown>[] };
  const selected = value.map((row) =>
    Object.fromEntries(
      Object.entries(row).filter(([name]) => columns.has(name) || name === 'odata.etag'),
    ),
  );
  return Buffer.from(JSON.stringify({ value: selected }));
}

async function bytesOf(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}
