import { afterEach, describe, expect, it } from 'vitest';
import { AzureTable } from '../../../src/storage/azureTable.ts';
import { StorageError } from '../../../src/storage/storageError.ts';
import type { HttpServer } from '../../support/httpServer.ts';
import { startTableService } from '../../support/tableService.ts';

let server: HttpServer | undefined;
afterEach(() => server?.close());

/** What becomes of a refusal whose body is this. */
async function refusalBy(body: string, type = 'application/json'): Promise<StorageError> {
  const service = await startTableService((_request, response) =>
    response.writeHead(403, { 'content-type': type }).end(body),
  );
  server = service.server;
  const error = await new AzureTable(service.client).get('p', 'r').catch((thrown) => thrown);
  if (error instanceof StorageError) return error;
  throw new Error('expected a StorageError', { cause: error });
}

const refusal = (code: unknown, value: unknown) =>
  JSON.stringify({ 'odata.error': { code, message: { lang: 'en-US', value } } });
const place = 'table UsageByDay, partition "p", row "r"';
const long = 'x'.repeat(100_000);

describe('what a table service says when it refuses', () => {
  it('is quoted', async () => {
    const { message, code } = await refusalBy(refusal('AuthorizationFailure', 'Not you.\nId: 1'));
    expect(code).toBe('AuthorizationFailure');
    expect(message).toBe(`${place}: AuthorizationFailure (HTTP 403): Not you.`);
  });

  it.each([
    ['a message', refusal('AuthorizationFailure', long), 'application/json'],
    ['a body that is no JSON', long, 'text/html'],
  ])(
    'is quoted by its first 200 characters where it is %s of any length',
    async (_, body, type) => {
      const { message } = await refusalBy(body, type);
      expect(message).toContain(`(HTTP 403): ${'x'.repeat(200)}… (cut, 100000 characters)`);
      expect(message.length).toBeLessThan(400);
    },
  );

  it('is quoted on one line, with nothing in it that is not to be seen', async () => {
    const { message } = await refusalBy(refusal('AuthorizationFailure', 'a\u001b[2J\u202e\rb'));
    expect(message).toContain(': a\\u001b[2J\\u202e\\u000db');
  });

  it.each([
    ['a long code', refusal(long, 'Not you.')],
    ['a code of several lines', refusal('A\nB', 'Not you.')],
    ['a code that is no text', refusal({ a: 1 }, 'Not you.')],
  ])('has no code where it sends %s', async (_, body) => {
    const { message, code } = await refusalBy(body);
    expect(code).toMatch(/^\w{1,60}$/);
    expect(message.length).toBeLessThan(300);
  });

  it('is passed over where it is no text', async () => {
    const { code, status } = await refusalBy(refusal('AuthorizationFailure', { a: 1 }));
    expect([code, status]).toEqual(['AuthorizationFailure', 403]);
  });
});
