import type { IncomingMessage, ServerResponse } from 'node:http';
import { TableClient } from '@azure/data-tables';
import { createAzureClientOptions } from '../../src/network/azureClient.ts';
import { noProxyOf } from '../../src/network/proxy.ts';
import { transportPolicy } from '../../src/storage/transportPolicy.ts';
import { type HttpServer, startHttpServer } from './httpServer.ts';

/** Tells how a request is answered; `count` is 1 for the first. */
export type TableAnswers = (
  request: IncomingMessage,
  response: ServerResponse,
  count: number,
) => void;

/** A table service that answers as the test says, and a client that tries again at once. */
export async function startTableService(
  handle: TableAnswers,
): Promise<{ client: TableClient; server: HttpServer }> {
  const server = await startHttpServer((request, response) => {
    const count = server.requests.length;
    request.resume().on('end', () => handle(request, response, count));
  });
  const connectionString =
    'DefaultEndpointsProtocol=http;AccountName=some;AccountKey=a2V5;' +
    `TableEndpoint=${server.url}/some`;
  const client = TableClient.fromConnectionString(connectionString, 'UsageByDay', {
    // Whatever proxies the environment names.
    ...createAzureClientOptions({ proxyOf: noProxyOf }),
    retryOptions: { maxRetries: 4, retryDelayInMs: 0 },
    additionalPolicies: [{ policy: transportPolicy(), position: 'perRetry' }],
    allowInsecureConnection: true,
  });
  return { client, server };
}

/** An answer that says how long it is, so that it is whole to whoever counts its bytes. */
export function answerText(response: ServerResponse, text: string, type = 'application/json') {
  const length = Buffer.byteLength(text);
  response.writeHead(200, { 'content-type': type, 'content-length': length }).end(text);
}

/** What a transaction answers: 202 around the statuses of its parts. */
export function answerTransaction(response: ServerResponse, statuses: number[]): void {
  const parts = statuses.map(
    (status) => `--changesetresponse_1\r\n\r\nHTTP/1.1 ${status} Some\r\n\r\n\r\n`,
  );
  response.writeHead(202, { 'retry-after-ms': '0', 'content-type': 'multipart/mixed' });
  response.end(`--batchresponse_1\r\n${parts.join('')}--changesetresponse_1--\r\n`);
}
