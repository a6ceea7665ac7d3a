import { HttpRequest, InvocationContext } from '@azure/functions';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { httpFunction } from '../../src/app/httpFunction.ts';
import { type EmbeddedAzurite, startAzurite } from '../../src/cli/embeddedAzurite.ts';
import { pagePaths, routePaths } from '../../src/http/routePaths.ts';
import { checkDescribed } from '../support/apiDescription.ts';
import { endAll, startPartner } from '../support/commandLine.ts';
import { type HttpCall, loadFunctions } from '../support/functionHost.ts';

const names = Object.keys(routePaths) as (keyof typeof routePaths)[];
const ofData = names.filter((name) => routePaths[name].access === 'data');

/** What the HTTP functions are registered with, under these settings. */
async function registrationsOf(env: Record<string, string>) {
  const { registered } = await loadFunctions(env);
  return registered.flatMap(({ name, bindings }) => {
    const trigger = Object.values(bindings).find(({ type }) => type === 'httpTrigger');
    return trigger ? [{ ...trigger, name }] : [];
  });
}

describe('the HTTP functions', () => {
  it('are those of the routes and the pages, one each, with every method that can be answered', async () => {
    const registered = await registrationsOf({});
    const paths = Object.entries({ ...routePaths, ...pagePaths });
    expect(registered.map(({ name, route }) => [name, route]).toSorted()).toEqual(
      paths.map(([name, { path }]) => [name, path]).toSorted(),
    );
    for (const { methods } of registered) {
      expect(methods).toEqual(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);
    }
  });

  const nonsense = { SNAPSHOT_STORAGE: 'nonsense', PARTNER_CENTER_CLOUD: 'mars' };
  it.each<[Record<string, string>, string]>([
    [{}, 'function'],
    [{ HTTP_AUTH: 'key' }, 'function'],
    [{ HTTP_AUTH: '' }, 'function'],
    [{ HTTP_AUTH: 'none' }, 'function'],
    [{ HTTP_AUTH: 'anonymous' }, 'function'],
    [{ HTTP_AUTH: 'signin' }, 'function'],
    [{ ...nonsense, HTTP_AUTH: 'key,signIn' }, 'function'],
    [{ HTTP_AUTH: 'signIn' }, 'anonymous'],
    [{ ...nonsense, HTTP_AUTH: ' signIn ' }, 'anonymous'],
  ])('with the settings %j let the host ask for: %s', async (env, authLevel) => {
    for (const { name, authLevel: registered } of await registrationsOf(env)) {
      const isOpen = ['getHealth', 'getOpenApi', ...Object.keys(pagePaths)].includes(name);
      expect([name, registered]).toEqual([name, isOpen ? 'anonymous' : authLevel]);
    }
  });
});

describe('a request to the app', () => {
  let azurite: EmbeddedAzurite;
  let settings: Record<string, string>;
  beforeAll(async () => {
    azurite = await startAzurite();
    const partner = await startPartner({ customers: 20 }, azurite.connectionString);
    settings = partner.settings;
    const timer = { name: 'nightlySnapshot', timer: { isPastDue: false }, isTerminated: false };
    const { failure } = await loadFunctions(settings, { timer });
    expect(failure).toBeUndefined();
  });
  afterAll(async () => {
    await endAll();
    await azurite?.stop();
  });

  const ask = (requests: HttpCall[], env: Record<string, string> = {}) =>
    loadFunctions({ ...settings, ...env }, { requests });

  it('is answered from the tables, in each format, by every route', async () => {
    const { answers: first } = await ask([{ name: 'listCustomers', path: '/api/customers' }]);
    const { items } = JSON.parse(first[0]?.text ?? '');
    expect(items).toHaveLength(20);
    const { customerId } = items[0];
    const requests: HttpCall[] = [
      { name: 'listCustomers', path: '/api/customers?code=KEY&clientId=default&top=3' },
      { name: 'getCustomerHistory', path: `/api/customers/${customerId}/history` },
      { name: 'listSubscriptions', path: `/api/customers/${customerId}/subscriptions` },
      {
        name: 'listAzureSubscriptions',
        path: `/api/customers/${customerId}/azure-subscriptions`,
      },
      { name: 'listResources', path: `/api/customers/${customerId}/resources` },
      { name: 'getChanges', path: `/api/customers/${customerId}/changes` },
      { name: 'getRaw', path: `/api/customers/${customerId}/raw` },
      { name: 'listTotals', path: '/api/totals' },
      { name: 'listBudgetAlerts', path: '/api/budget-alerts' },
      { name: 'listMovers', path: '/api/movers' },
      { name: 'listAnomalies', path: '/api/anomalies' },
      { name: 'listRuns', path: '/api/runs' },
      { name: 'listFailures', path: '/api/runs/failures' },
      { name: 'getMetrics', path: '/api/metrics' },
      { name: 'getHealth', path: '/api/health' },
      { name: 'getOpenApi', path: '/api/openapi.json' },
    ];
    const { answers, lines } = await ask(requests);
    expect(answers.map(({ status }) => status)).toEqual(requests.map(() => 200));
    expect(lines).toEqual([]);
    for (const [index, { name }] of requests.entries()) {
      const { status = 0, headers, text = '' } = answers[index] ?? {};
      const [mediaType = ''] = headers?.['content-type']?.split(';') ?? [];
      checkDescribed(name as keyof typeof routePaths, { status, mediaType, text });
    }
    const subscriptions = JSON.parse(answers[2]?.text ?? '').items;
    const { subscriptionId } = subscriptions[0];
    const path = `/api/customers/${customerId}/subscriptions/${subscriptionId}/history`;
    const more = await ask([
      { name: 'getSubscriptionHistory', path: `${path}?format=ndjson` },
      { name: 'listCustomers', path: '/api/customers', headers: { accept: 'text/csv' } },
      { name: 'listCustomers', path: '/API/Customers/?top=1&format=csv' },
    ]);
    expect(JSON.parse(more.answers[0]?.text ?? '')).toMatchObject({ outcome: 'usage' });
    expect(more.answers[1]?.text.trimEnd().split('\r\n')).toHaveLength(21);
    expect(more.answers[1]?.headers['content-type']).toContain('text/csv');
    expect(more.answers[2]?.headers['link']).toContain('rel="next"');
  });

  it('knows what was sent twice, and what is broken, as it was sent', async () => {
    const { answers } = await ask([
      { name: 'listCustomers', path: '/api/customers?top=1&top=2' },
      { name: 'listCustomers', path: '/api/customers?search=%ED%A0%80' },
      { name: 'getCustomerHistory', path: '/api/customers/%zz/history' },
      { name: 'getCustomerHistory', path: '/api/customers/a%2F..%2Fb/history?customerId=x' },
    ]);
    expect(answers.map(({ status }) => status)).toEqual([400, 400, 400, 400]);
    const named = answers.map(({ text }) =>
      JSON.parse(text).errors.map(({ name }: { name: string }) => name),
    );
    expect(named).toEqual([['top'], ['search'], ['customerId'], ['customerId', 'customerId']]);
  });

  it('for the address alone leads to the page', async () => {
    const { answers } = await ask([
      { name: 'getEntrance', path: '/api/', method: 'HEAD' },
      { name: 'getEntrance', path: '/api', method: 'POST' },
    ]);
    expect(answers.map(({ status }) => status)).toEqual([302, 405]);
    expect(answers[0]?.headers).toMatchObject({
      location: '/api/dashboard',
      'cache-control': 'no-cache',
      'x-content-type-options': 'nosniff',
    });
  });

  it('by another method is answered by 405, and by HEAD without a body', async () => {
    const { answers } = await ask([
      { name: 'listRuns', path: '/api/runs', method: 'POST' },
      { name: 'getHealth', path: '/api/health', method: 'DELETE' },
      { name: 'listRuns', path: '/api/runs', method: 'HEAD' },
      { name: 'listRuns', path: '/api/runs?format=csv', method: 'HEAD' },
    ]);
    expect(answers.map(({ status }) => status)).toEqual([405, 405, 200, 200]);
    expect(answers[0]?.headers['allow']).toBe('GET, HEAD');
    expect(answers.slice(2).map(({ text }) => text)).toEqual(['', '']);
  });

  it('for what the caller has is answered by 304', async () => {
    const request = { name: 'listRuns', path: '/api/runs' };
    const { answers } = await ask([request, { ...request, headers: { 'if-none-match': '*' } }]);
    expect(answers.map(({ status }) => status)).toEqual([200, 304]);
    expect(answers[1]?.headers['etag']).toBe(answers[0]?.headers['etag']);
  });

  it('where people sign in needs the principal that the platform gives, and the platform', async () => {
    const principal = { 'x-ms-client-principal': 'eyJhdXRoX3R5cCI6ImFhZCJ9' };
    const requests = (headers: Record<string, string>) => [
      { name: 'listCustomers', path: '/api/customers', headers },
      { name: 'listRuns', path: '/api/runs?format=csv', headers },
      { name: 'getHealth', path: '/api/health', headers },
    ];
    const statuses = async (env: Record<string, string>, headers: Record<string, string>) => {
      const { answers } = await ask(requests(headers), { HTTP_AUTH: 'signIn', ...env });
      return answers.map(({ status }) => status);
    };
    const isOn = { WEBSITE_AUTH_ENABLED: 'True' };
    expect(await statuses(isOn, principal)).toEqual([200, 200, 200]);
    expect(await statuses(isOn, {})).toEqual([401, 401, 200]);
    expect(await statuses(isOn, { 'x-ms-client-principal': ' ' })).toEqual([401, 401, 200]);
    expect(await statuses({ WEBSITE_AUTH_ENABLED: 'False' }, principal)).toEqual([401, 401, 200]);
    expect(await statuses({}, principal)).toEqual([401, 401, 200]);
  });

  it('under bad settings is told which they are, without a value, and the health says so', async () => {
    const requests: HttpCall[] = [
      ...ofData.map((name) => ({
        name,
        path: `/api/${routePaths[name].path.replaceAll(/\{\w+\}/g, '0d1b5a6e-3c2f-4f0e-9d58-7a1c2b3d4e5f')}`,
      })),
      { name: 'getHealth', path: '/api/health' },
      { name: 'getOpenApi', path: '/api/openapi.json' },
    ];
    const env = {
      HTTP_AUTH: 'MARKED',
      ANOMALY_MINIMUM_COST: 'MARKED',
      SNAPSHOT_SCHEDULE: 'MARKED',
    };
    const { answers, lines } = await ask(requests, env);
    expect(answers.map(({ status }) => status)).toEqual([...ofData.map(() => 500), 503, 200]);
    for (const { text } of answers) expect(text).not.toContain('MARKED');
    expect(JSON.parse(answers[0]?.text ?? '').detail).toBe(
      'There are settings that are missing or not valid: ANOMALY_MINIMUM_COST, HTTP_AUTH.',
    );
    expect(JSON.parse(answers.at(-2)?.text ?? '').reasons).toEqual([
      'settings that are missing or not valid: ANOMALY_MINIMUM_COST, SNAPSHOT_SCHEDULE, HTTP_AUTH',
    ]);
    expect(lines.map(([level]) => level)).toEqual(ofData.map(() => 'error'));
  });

  it('is answered from one history for the whole process, once its settings are good', async () => {
    const { handler } = httpFunction('listRuns');
    const context = new InvocationContext({ logHandler: () => {} });
    const request = () =>
      handler(new HttpRequest({ method: 'GET', url: 'https://acme/api/runs' }), context);
    const names = ['SNAPSHOT_STORAGE', 'SNAPSHOT_TABLE_PREFIX'];
    try {
      for (const name of names) vi.stubEnv(name, '');
      expect(await request()).toMatchObject({ status: 500 });
      for (const name of names) vi.stubEnv(name, settings[name]);
      const first = await request();
      expect(first).toMatchObject({ status: 200 });
      for (const name of names) vi.stubEnv(name, '');
      expect(await request()).toEqual(first);
    } finally {
      vi.unstubAllEnvs();
    }
  });

  it('that the storage does not answer is answered by 503, and the log alone is told why', async () => {
    const storage = settings['SNAPSHOT_STORAGE']?.replace(/:\d+\//, ':1/') ?? '';
    const { answers, lines } = await ask([{ name: 'listRuns', path: '/api/runs' }], {
      SNAPSHOT_STORAGE: storage,
    });
    expect(answers).toMatchObject([{ status: 503, headers: { 'retry-after': '30' } }]);
    expect(answers[0]?.text).not.toContain('127.0.0.1');
    expect(lines).toMatchObject([['error', expect.stringContaining('ECONNREFUSED')]]);
    expect(lines[0]?.[1]).not.toContain('AccountKey');
  });
});
