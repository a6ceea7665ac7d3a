import { once } from 'node:events';
import { request } from 'node:http';
import * as openid from 'openid-client';
import { afterEach, describe, expect, it } from 'vitest';
import type { Faults } from '../../src/simulator/faults.ts';
import { type SimulatorServer, startSimulatorServer } from '../../src/simulator/server.ts';
import { defaultClientSecret } from '../../src/simulator/signInOptions.ts';
import { createSimulator } from '../../src/simulator/simulator.ts';
import type { SimulatorOptions } from '../../src/simulator/simulatorOptions.ts';
import { apiScope, type Body, form, headersOf, TestClock } from '../unit/simulator/session.ts';

const servers: SimulatorServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function start(options: SimulatorOptions = {}) {
  const simulator = createSimulator({ seed: 7, ...options });
  const server = await startSimulatorServer(simulator);
  servers.push(server);
  const response = await fetch(`${server.url}/${simulator.partnerTenantId}/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams(form(simulator)),
  });
  const { access_token } = (await response.json()) as { access_token: string };
  const authorization = `Bearer ${access_token}`;
  const get = (path: string, init: RequestInit = {}) =>
    fetch(server.url + path, { headers: { authorization }, ...init });
  return { simulator, server, get, authorization };
}

describe('the simulator over HTTP', () => {
  it('signs in, and serves the digits that are expected', async () => {
    const { simulator, get } = await start();
    const customer = [...simulator.customers()].find(({ totalCost }) => totalCost.length > 15);
    const response = await get(`/v1/customers/${customer?.id}/usagesummary`);
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(await response.text()).toContain(`"totalCost":${customer?.totalCost},`);
    expect((await fetch(`${servers[0]?.url}/v1/customers`)).status).toBe(401);
  });

  it('sends the byte order mark as bytes', async () => {
    const { get } = await start({ quirks: { byteOrderMark: true } });
    const bytes = new Uint8Array(await (await get('/v1/customers')).arrayBuffer());
    expect([...bytes.slice(0, 4)]).toEqual([0xef, 0xbb, 0xbf, 0x7b]);
  });

  it('sends 204 without a body', async () => {
    const { get, simulator } = await start();
    simulator.overrides['/v1/customers'] = { status: 204, body: '' };
    const response = await get('/v1/customers');
    expect([response.status, await response.text()]).toEqual([204, '']);
  });

  it.each<[string, Faults]>([
    ['resets', { reset: { rate: 1 } }],
    ['stalls', { stall: { rate: 1 } }],
  ])('%s connections', async (_, faults) => {
    const { get, simulator } = await start();
    simulator.faults = faults;
    const signal = AbortSignal.timeout(50);
    await expect(get('/v1/customers', { signal })).rejects.toThrow(
      faults.stall ? /abort|timeout/i : /fetch failed/,
    );
  });

  it('ends a connection in the middle of a body', async () => {
    const { get, simulator } = await start();
    simulator.faults = { truncate: { rate: 1 } };
    let cuts = 0;
    for (let turn = 0; turn < 10; turn++) {
      const answer = get('/v1/customers').then((response) => response.text());
      const text = await answer.catch(() => 'cut on the line');
      if (text === 'cut on the line') cuts += 1;
      else expect(() => JSON.parse(text)).toThrow(SyntaxError);
    }
    expect(cuts).toBeGreaterThan(0);
    expect(cuts).toBeLessThan(10);
  });

  it('sends 50,000 records in pieces, and none to a client that has gone', async () => {
    const { get, simulator } = await start({ clock: new TestClock(), resourcesPerPlan: 50_000 });
    const plan = [...simulator.customers()].find(({ kind }) => kind === 'azurePlan');
    const path = `/v1/customers/${plan?.id}/subscriptions/${plan?.subscriptions[0]?.id}/resourceusagerecords`;
    const giveUp = new AbortController();
    const { body } = await get(path, { signal: giveUp.signal });
    expect(new TextDecoder().decode((await body?.getReader().read())?.value)).toContain(
      '"items":[',
    );
    giveUp.abort();
    await expect.poll(() => simulator.statistics.inFlight).toBe(0);
    const response = await get(path);
    expect(response.headers.get('content-length')).toBeNull();
    const { totalCount, items } = (await response.json()) as Body;
    expect(items).toHaveLength(totalCount);
    expect(totalCount).toBeGreaterThan(45_000);
  });

  it('counts requests in flight until they are answered or given up', async () => {
    const { get, simulator } = await start();
    simulator.resetStatistics();
    simulator.faults = { stall: { rate: 1 } };
    const giveUp = new AbortController();
    const calls = [1, 2, 3].map(() => get('/v1/customers', { signal: giveUp.signal }));
    const settled = Promise.allSettled(calls);
    await expect.poll(() => simulator.statistics.inFlight).toBe(3);
    giveUp.abort();
    await settled;
    await expect.poll(() => simulator.statistics.inFlight).toBe(0);
    expect(simulator.statistics.maxInFlight).toBe(3);
  });

  it('closes at once, with answers waiting and connections open', async () => {
    const { get, simulator, server } = await start({ latencyMs: 3_600_000 });
    const call = get('/v1/customers').catch(() => 'ended');
    await expect.poll(() => simulator.statistics.inFlight).toBe(1);
    await server.close();
    expect(await call).toBe('ended');
    const again = request({ port: server.port, host: '127.0.0.1' });
    again.end();
    const [error] = await once(again, 'error');
    expect(error.code).toBe('ECONNREFUSED');
  });

  it('listens on the port that is asked for, or says that it is taken', async () => {
    const { server, simulator } = await start();
    await expect(startSimulatorServer(simulator, { port: server.port })).rejects.toThrow(
      'EADDRINUSE',
    );
  });
});

describe("the simulator to Microsoft's own clients", () => {
  it('gives the list by links, and by seeks without a size, as their enumerators go', async () => {
    const { simulator, get, authorization } = await start({ customers: 45 });
    const all = [...simulator.customers()].map(({ id }) => id);
    const read = async (path: string, headers = {}) =>
      (await (await get(path, { headers: { authorization, ...headers } })).json()) as Body;
    const byLinks: string[] = [];
    const bySeeks: string[] = [];
    let page = await read('/v1/customers?size=20');
    let sought = page;
    for (;;) {
      byLinks.push(...page.items.map(({ id }) => id));
      bySeeks.push(...sought.items.map(({ id }) => id));
      const next = page.links?.next;
      if (!next) break;
      page = await read(next.uri, headersOf(next));
      const token = { 'MS-ContinuationToken': sought.continuationToken };
      sought = await read('/v1/customers?seekOperation=Next', token);
    }
    expect(byLinks).toEqual(all);
    expect(bySeeks).toEqual(all);
  });

  it('gives an id token that openid-client verifies by discovery and the published key', async () => {
    const { simulator, server } = await start();
    const secret = openid.ClientSecretPost(defaultClientSecret);
    const issuer = new URL(`${server.url}/${simulator.partnerTenantId}/v2.0`);
    const configuration = await openid.discovery(issuer, 'app', undefined, secret, {
      execute: [openid.allowInsecureRequests, openid.enableNonRepudiationChecks],
    });
    const tokens = await openid.refreshTokenGrant(configuration, simulator.refreshToken, {
      scope: apiScope,
    });
    expect(tokens.claims()).toMatchObject({ aud: 'app', tid: simulator.partnerTenantId });
  });
});
