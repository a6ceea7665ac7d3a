import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterEach } from 'vitest';
import { createTransport } from '../../../src/network/transport.ts';
import { PartnerCenterClient } from '../../../src/partner-center/client.ts';
import { Connection, type ConnectionOptions } from '../../../src/partner-center/connection.ts';
import { Gate } from '../../../src/partner-center/gate.ts';
import { type HttpServer, startHttpServer } from '../../support/httpServer.ts';
import { VirtualClock } from '../../support/virtualClock.ts';

export const customerId = '44908a11-641b-4c53-b7fc-0f2bfca8a581';
export const summaryPath = `/v1/customers/${customerId}/usagesummary`;

export interface Answer {
  status?: number;
  headers?: Record<string, string>;
  /** Text is sent as it is, anything else as JSON. */
  body?: unknown;
  /** What to do in place of an answer. */
  instead?: (response: ServerResponse) => void;
}

const resources: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const resource of resources.splice(0)) await resource.close();
});

interface ClientOptions extends Pick<ConnectionOptions, 'signal' | 'waitUntilMs' | 'retryPolicy'> {
  basePath?: string;
  concurrency?: number;
}

/** A client of a server that gives these answers in turn; the last one again and again. */
export function clientOf(answers: Answer[], options: ClientOptions = {}) {
  let next = 0;
  return clientFor(() => answers[Math.min(next++, answers.length - 1)] ?? {}, options);
}

/** A client of a server that answers each request by itself. */
export async function clientFor(
  answerTo: (request: IncomingMessage) => Answer,
  { basePath = '', concurrency = 4, ...options }: ClientOptions = {},
) {
  const server = await startHttpServer((request, response) => {
    const answer = answerTo(request);
    if (answer.instead) {
      answer.instead(response);
      return;
    }
    response.writeHead(answer.status ?? 200, answer.headers);
    response.end(typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body));
  });
  const transport = createTransport({ connections: 4, headersTimeoutMs: 200, bodyTimeoutMs: 200 });
  resources.push(server, transport);
  const clock = new VirtualClock();
  const credential = createTestCredential();
  const client = new PartnerCenterClient(
    new Connection({
      baseUrl: server.url + basePath,
      credential,
      gate: new Gate({ concurrency, limitedPerMinute: 0, clock }),
      transport: transport.send,
      clock,
      random: () => 0.5,
      correlationId: 'c0ffee00-0000-4000-8000-000000000000',
      ...options,
    }),
  );
  return { client, clock, server, credential };
}

/** Renews whatever is refused, as long as `isYoung` is false. */
function createTestCredential() {
  const credential = {
    tokens: ['token 1'],
    tokenRequests: 0,
    refreshTokenAgeDays: undefined,
    isYoung: false,
    getToken: async () => credential.tokens.at(-1) ?? '',
    renewToken: async (stale: string) => {
      if (credential.tokens.at(-1) === stale && !credential.isYoung) {
        credential.tokens.push(`token ${credential.tokens.length + 1}`);
        credential.tokenRequests++;
      }
      return credential.tokens.at(-1) ?? '';
    },
  };
  return credential;
}

export function sample(name: string): string {
  return readFileSync(
    new URL(`../../fixtures/partner-center/${name}.json`, import.meta.url),
    'utf8',
  );
}

export function summary(fields: Record<string, unknown> = {}) {
  return {
    totalCost: 1.5,
    billingStartDate: '2026-03-01T00:00:00+00:00',
    billingEndDate: '2026-04-01T00:00:00+00:00',
    currencyCode: 'EUR',
    ...fields,
  };
}

export function customers(ids: string[], rest: Record<string, unknown> = {}) {
  const items = ids.map((id) => ({ id, companyProfile: { companyName: `Name of ${id}` } }));
  return { totalCount: items.length, items, ...rest };
}

export function nextLink(uri: string, token = 'T', method = 'GET') {
  return {
    links: { next: { uri, method, headers: [{ key: 'MS-ContinuationToken', value: token }] } },
  };
}

export async function collect<T>(pages: AsyncIterable<T[]>): Promise<T[]> {
  const all: T[] = [];
  for await (const page of pages) all.push(...page);
  return all;
}

export const idsOf = async (pages: AsyncIterable<{ id: string }[]>) =>
  (await collect(pages)).map(({ id }) => id);

export const pathsOf = (server: HttpServer) => server.requests.map(({ path }) => path);
