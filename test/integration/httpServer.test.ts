import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../src/app/app.ts';
import { openHistory } from '../../src/app/openTables.ts';
import { type EmbeddedAzurite, startAzurite } from '../../src/cli/embeddedAzurite.ts';
import { loadConfig, loadHistoryConfig } from '../../src/config/loadConfig.ts';
import { type ApiServer, startApiServer } from '../../src/http/apiServer.ts';
import type { ApiServices } from '../../src/http/apiServices.ts';
import type { Simulator } from '../../src/simulator/simulator.ts';
import { checkDescribed, findRouteName } from '../support/apiDescription.ts';
import { endAll, startPartner } from '../support/commandLine.ts';

const customers = 60;

let azurite: EmbeddedAzurite;
let simulator: Simulator;
let server: ApiServer;
const errors: unknown[] = [];

beforeAll(async () => {
  azurite = await startAzurite();
  const partner = await startPartner({ customers }, azurite.connectionString);
  simulator = partner.simulator;
  const app = createApp(loadConfig(partner.settings), { emit: () => {} });
  const result = await app.runSnapshot({ trigger: 'timer' });
  expect(result).toMatchObject({ run: { status: 'complete' } });
  await app.close();
  const context = openHistory(loadHistoryConfig(partner.settings));
  server = await startApiServer(servicesOver(async () => context));
});
afterAll(async () => {
  await server?.close();
  await endAll();
  await azurite?.stop();
});

function servicesOver(open: ApiServices['openHistory']): ApiServices {
  return {
    isAllowed: () => true,
    openHistory: open,
    listBadSettings: () => [],
    onError: (error) => errors.push(error),
    now: () => Date.now(),
  };
}

/** Each answer is held to the description. */
async function ask(path: string, init?: RequestInit) {
  const answer = await fetch(`${server.url}/api/${path}`, init);
  const { status, headers } = answer;
  const text = await answer.text();
  const name = findRouteName(path.split('?')[0] ?? '');
  const [mediaType = ''] = headers.get('content-type')?.split(';') ?? [];
  if (name && text !== '') checkDescribed(name, { status, mediaType, text });
  return { status, headers, text };
}

/** What the server sends for bytes as they are, until it is done with the connection. */
async function askRaw(target: string, headers = 'Host: localhost', method = 'GET') {
  const socket = connect(server.port, '127.0.0.1');
  socket.write(`${method} ${target} HTTP/1.1\r\n${headers}\r\nConnection: close\r\n\r\n`, 'latin1');
  let text = '';
  socket.setEncoding('utf8').on('data', (piece: string) => {
    text += piece;
  });
  await once(socket, 'close');
  return { status: Number(text.slice(9, 12)), text };
}

describe('a night that was recorded', () => {
  it('is answered to the last digit, page by page and line by line', async () => {
    const ids: string[] = [];
    let next = '';
    do {
      const { text } = await ask(`customers?top=7${next}`);
      const { items, continuation } = JSON.parse(text);
      ids.push(...items.map((item: { customerId: string }) => item.customerId));
      next = continuation === null ? '' : `&continuation=${continuation}`;
    } while (next !== '');
    expect(new Set(ids).size).toBe(customers);
    expect(ids).toHaveLength(customers);

    const { text } = await ask('customers?format=ndjson');
    const lines = text.trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line).customerId)).toEqual(ids);
    for (const line of lines) {
      const { customerId, outcome } = JSON.parse(line);
      const expected = simulator.expectedCustomer(customerId);
      expect(outcome).toBe(expected.outcome);
      if (expected.totalCost) expect(line).toContain(`"totalCost":${expected.totalCost},`);
    }
  });

  it('is the same in the history of each customer', async () => {
    const { items } = JSON.parse((await ask('customers?outcome=usage&top=5')).text);
    for (const { customerId } of items) {
      const { totalCost } = simulator.expectedCustomer(customerId);
      const { text } = await ask(`customers/${customerId.toUpperCase()}/history`);
      expect(text).toContain(`"totalCost":${totalCost},`);
    }
  });

  it('has the body as received of each customer with usage', async () => {
    const { items } = JSON.parse((await ask('customers?outcome=usage')).text);
    expect(items.length).toBeGreaterThan(10);
    for (const { customerId } of items) {
      const { status, headers, text } = await ask(`customers/${customerId}/raw`);
      expect([status, headers.get('content-type')]).toEqual([200, 'application/json']);
      expect(text).toContain(`"totalCost":${simulator.expectedCustomer(customerId).totalCost},`);
      expect(JSON.parse(text).resourceId.toLowerCase()).toBe(customerId);
    }
    const { status, text } = await ask(`customers/${items[0].customerId}/raw`, { method: 'HEAD' });
    expect([status, text]).toEqual([200, '']);
  });

  it('is found by no id with something of a query in it', async () => {
    const { items } = JSON.parse((await ask('customers?top=1')).text);
    for (const end of ["' or PartitionKey ne '", '%00', '%27%20or%20%271%27%20eq%20%271', '|']) {
      const { status } = await ask(`customers/${items[0].customerId}${end}/history`);
      expect(status).toBe(400);
    }
    const { status, text } = await ask(`customers?search=${encodeURIComponent("' or '1' eq '1")}`);
    expect([status, JSON.parse(text).items]).toEqual([200, []]);
  });
});

describe('bytes that no client should send', () => {
  it.each([
    ['/api/customers?search=%', 400],
    ['/api/customers?search=%ED%A0%80', 400],
    ['/api/customers?search=%00', 400],
    ['/api/customers?search=\xff\xfe', 400],
    ['/api/customers?search=M\xc3\xbcller', 400],
    ['/api/customers/%/history', 400],
    ['/api/customers/%2e%2e/history', 400],
    [`/api/customers?search=${'a'.repeat(5_000)}`, 400],
    ['/api/customers/?top=1', 200],
    ['/api/customers#x', 404],
    ['/api//customers', 404],
    ['/api/../api/customers', 404],
    ['//', 404],
    ['/api//', 404],
    ['/apiary', 404],
    ['/customers', 404],
    ['/api/customers/x/y', 404],
    ['http://localhost/api/customers', 404],
    ['*', 404],
    [`/api/customers?search=${'a'.repeat(20_000)}`, 431],
    ['/api/cust omers', 400],
  ])('%s is answered by %i', async (target, status) => {
    expect((await askRaw(target)).status).toBe(status);
  });

  it('in a method are answered by 405, and end nothing', async () => {
    for (const method of ['TRACE', 'PROPFIND', 'OPTIONS', 'POST']) {
      const { status, text } = await askRaw('/api/runs', 'Host: localhost', method);
      expect([method, status]).toEqual([method, 405]);
      expect(text.toLowerCase()).toContain('allow: get, head');
    }
    await askRaw('/api/runs', 'Host: localhost', 'CONNECT');
    await askRaw('/api/runs', 'Host: localhost', 'NONSENSE');
    expect((await ask('runs')).status).toBe(200);
  });

  it('never were an error of ours', () => {
    expect(errors).toEqual([]);
  });
});

describe('the address alone', () => {
  it.each(['/', '/api', '/api/', '/?code=KEY'])('%s leads to the page', async (target) => {
    const { status, text } = await askRaw(target);
    expect(status).toBe(302);
    expect(text.toLowerCase()).toContain('\r\nlocation: /api/dashboard\r\n');
    expect((await askRaw(target, 'Host: localhost', 'POST')).status).toBe(405);
  });
});

describe('the name of the host', () => {
  it.each(['localhost', 'LOCALHOST:8080', '127.0.0.1', '127.0.0.1:1', '[::1]:80'])(
    '%s is ours',
    async (name) => {
      expect((await askRaw('/api/runs', `Host: ${name}`)).status).toBe(200);
    },
  );

  it.each([
    'evil.example',
    'localhost.evil.example',
    '127.0.0.1.evil.example:80',
    'localhost@evil.example',
    '10.0.0.1',
    '',
  ])('%s is not: a page of another site gets nothing by it', async (name) => {
    for (const path of ['/api/customers', '/api/health', '/']) {
      const { status, text } = await askRaw(path, `Host: ${name}`);
      expect(status).toBe(421);
      expect(text).not.toContain('items');
      const route = findRouteName(path.replace('/api/', ''));
      const [, body = ''] = text.split('\r\n\r\n');
      const mediaType = 'application/problem+json';
      if (route) checkDescribed(route, { status, mediaType, text: body });
    }
  });

  it('that is missing is not ours either', async () => {
    expect((await askRaw('/api/customers', 'X: y')).status).toBe(400);
  });
});
