import { afterEach, describe, expect, it } from 'vitest';
import { RawTable } from '../../../../src/storage/archive/rawTable.ts';
import type { HttpServer } from '../../../support/httpServer.ts';
import {
  answerText,
  answerTransaction,
  startTableService,
  type TableAnswers,
} from '../../../support/tableService.ts';

let server: HttpServer | undefined;
afterEach(() => server?.close());

async function serve(handle: TableAnswers): Promise<RawTable> {
  const service = await startTableService(handle);
  server = service.server;
  return new RawTable(service.client);
}

const options = { abortSignal: new AbortController().signal };
const batch = ['a', 'b', 'c'].map((rowKey) => ({ partitionKey: 'p', rowKey }));

describe('a transaction', () => {
  it.each(['insertMissing', 'deleteAll'] as const)(
    'of %s whose answer confirms fewer rows than were sent is an error',
    async (method) => {
      const table = await serve((request, response) => {
        if (request.method === 'GET') answerText(response, '{"value":[]}');
        else answerTransaction(response, [204, 204]);
      });
      await expect(table[method](batch, options)).rejects.toMatchObject({
        code: 'INCOMPLETE_ANSWER',
        message: 'table UsageByDay: expected 3 rows to be confirmed, got 2',
      });
    },
  );

  it('whose answer confirms every row has written them all', async () => {
    const table = await serve((request, response) => {
      if (request.method === 'GET') answerText(response, '{"value":[]}');
      else answerTransaction(response, [204, 204, 204]);
    });
    expect(await table.insertMissing(batch, options)).toBe(3);
  });
});

describe('a row', () => {
  const rowsOf = async (columns: string) => {
    const keys = '"odata.etag":"W/x","PartitionKey":"p","RowKey":"r"';
    const table = await serve((_request, response) =>
      answerText(response, `{"value":[{${keys},${columns}}]}`),
    );
    const pages = await Array.fromAsync(table.listPages({}, options));
    return pages.flat().map((row) => [...row.columns]);
  };

  it('has no column that is null, whether its type stands before it, after it or not at all', async () => {
    const columns =
      '"a@odata.type":"Edm.Int64","a":null,"b":null,"b@odata.type":"Edm.Guid","c":null,"d":"x"';
    expect(await rowsOf(columns)).toEqual([[['d', 'x']]]);
  });

  it('keeps the type of a column that is there, and is unreadable where its column is not', async () => {
    expect(await rowsOf('"a@odata.type":"Edm.Int64","a":"7"')).toEqual([
      [['a', { type: 'Int64', value: '7' }]],
    ]);
    await server?.close();
    await expect(rowsOf('"a@odata.type":"Edm.Int64"')).rejects.toThrow('expected a column beside');
  });
});
