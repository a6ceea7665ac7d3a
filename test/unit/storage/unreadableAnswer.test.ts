import { inspect } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { RawTable } from '../../../src/storage/archive/rawTable.ts';
import { AzureTable } from '../../../src/storage/azureTable.ts';
import { StorageError } from '../../../src/storage/storageError.ts';
import type { HttpServer } from '../../support/httpServer.ts';
import { answerText, startTableService, type TableAnswers } from '../../support/tableService.ts';

let server: HttpServer | undefined;
afterEach(() => server?.close());

async function serve(handle: TableAnswers) {
  const service = await startTableService(handle);
  server = service.server;
  return service;
}

const row = { PartitionKey: 'p', RowKey: 'r', customerName: 'Secret Ltd' };
const page = JSON.stringify({ value: [row] });
const abortSignal = new AbortController().signal;

type Client = Awaited<ReturnType<typeof serve>>['client'];
const inPartition = { partitions: { from: 'p', to: 'p' } };
const reads: [string, string, (client: Client) => Promise<unknown>][] = [
  ['a row', JSON.stringify(row), (client) => new AzureTable(client).get('p', 'r')],
  ['a list', page, (client) => Array.fromAsync(new AzureTable(client).list(inPartition))],
  [
    'an export',
    page,
    (client) => Array.fromAsync(new RawTable(client).listPages({}, { abortSignal })),
  ],
];

/** What fails, with all that a log could take from it. */
async function failureOf(
  read: Promise<unknown>,
): Promise<{ error: StorageError; reported: string }> {
  const error = await read.catch((reason: unknown) => reason);
  if (!(error instanceof StorageError)) throw new Error('expected a StorageError');
  const causes = inspect(error, { depth: 9, showHidden: true, maxStringLength: null });
  return { error, reported: `${error.message}\n${error.stack}\n${causes}` };
}

describe.each(reads)('an answer that cannot be read, of %s', (_, whole, read) => {
  it('is asked for again', async () => {
    const { client, server: asked } = await serve((_request, response, count) =>
      answerText(response, count === 1 ? whole.slice(0, -3) : whole),
    );
    expect(JSON.stringify(await read(client), (_key, value) => value)).not.toBe('[]');
    expect(asked.requests).toHaveLength(2);
  });

  it('and stays so is an error, after five attempts, and never taken for no rows', async () => {
    const html = '<!doctype html><p>Secret Ltd</p>';
    const { client, server: asked } = await serve((_request, response) =>
      answerText(response, html, 'text/html'),
    );
    const { error, reported } = await failureOf(read(client));
    expect(error.message).toContain('expected JSON, got another text');
    expect(reported).not.toContain('Secret');
    expect(asked.requests).toHaveLength(5);
  });

  it.each([
    ['that breaks in its middle', (text: string) => text.replace('"customerName":', '')],
    ['that breaks at its end', () => '{"value":"Secret Ltd",}'],
  ])('%s is an error that tells nothing of it', async (_where, broken) => {
    const { client } = await serve((_request, response) => answerText(response, broken(whole)));
    const { error, reported } = await failureOf(read(client));
    expect(error).toMatchObject({ code: 'PARSE_ERROR', status: 200 });
    expect(error.cause).toBeUndefined();
    expect(error.message).toMatch(/: PARSE_ERROR \(HTTP 200\): expected JSON, got another text$/);
    expect(reported).not.toContain('Secret');
  });
});

it.each([
  ['text/plain', page.replace('"customerName":', '')],
  ['application/json', '{"value":{"customerName":"Secret Ltd"}}'],
  ['application/json', '{"customerName":"Secret Ltd"}'],
])('a page of an export in %s that holds no rows is an error: %s', async (type, text) => {
  const { client } = await serve((_request, response) => answerText(response, text, type));
  const pages = new RawTable(client).listPages({}, { abortSignal });
  const { reported } = await failureOf(Array.fromAsync(pages));
  expect(reported).toContain('expected JSON, got another text');
  expect(reported).not.toContain('Secret');
});
