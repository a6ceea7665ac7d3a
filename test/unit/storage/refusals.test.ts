import { afterEach, describe, expect, it } from 'vitest';
import { AzureTable } from '../../../src/storage/azureTable.ts';
import type { HttpServer } from '../../support/httpServer.ts';
import { startTableService } from '../../support/tableService.ts';

let server: HttpServer | undefined;
afterEach(() => server?.close());

/** Writes rows to a service that answers each transaction with this; then tells its requests. */
async function write(rows: number, status: number, code: string) {
  const service = await startTableService((_request, response) => {
    const error = { 'odata.error': { code, message: { value: `${code}.` } } };
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(error));
  });
  server = service.server;
  const entities = Array.from({ length: rows }, (_, place) => ({
    partitionKey: 'p',
    rowKey: String(place),
  }));
  const error: unknown = await new AzureTable(service.client)
    .upsertEach(entities)
    .catch((thrown: unknown) => thrown);
  return { error, requests: service.server.requests.length };
}

describe('a transaction that is refused', () => {
  it.each([
    [400, 'InvalidAuthenticationInfo'],
    [400, 'InvalidHeaderValue'],
    [401, 'NoAuthenticationInformation'],
    [403, 'AuthorizationFailure'],
    [404, 'TableNotFound'],
    [409, 'TableBeingDeleted'],
  ])(
    'by %d %s is not for its rows: it is sent once, and nobody is blamed',
    async (status, code) => {
      const { error, requests } = await write(8, status, code);
      expect(error).toMatchObject({ name: 'StorageError', code, status });
      expect(requests).toBe(1);
    },
  );

  it.each([
    [400, 'InvalidInput'],
    [413, 'RequestBodyTooLarge'],
  ])('by %d %s is halved until each row that is refused is alone', async (status, code) => {
    const { error, requests } = await write(4, status, code);
    const rows = [0, 1, 2, 3].map((index) => expect.objectContaining({ index, code, status }));
    expect(error).toMatchObject({ code: 'ROWS_REFUSED', rows });
    expect(requests).toBe(7);
  });
});
