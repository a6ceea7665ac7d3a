import { beforeEach, describe, expect, test } from 'vitest';
import { longestColumn } from '../../../src/storage/columns.ts';
import {
  customer,
  customerId,
  run,
  subscription,
  subscriptionId,
} from '../../contract/snapshots.ts';
import { createTestApi, type TestApi } from './testApi.ts';

const path = `customers/${customerId}/raw`;
const ofSubscription = `${path}?subscriptionId=${subscriptionId(1)}`;

/** With what no reading and writing of JSON keeps: digits, zeros, spaces, escapes, an unknown field. */
const body =
  '{ "totalCost": 28.828607667444049450740,\r\n"new": [1E2, "\\u00e9 é 株"], "new": null }';
const long = `{"totalCost":1,"padding":"${'x'.repeat(longestColumn)}"}`;

let api: TestApi;
beforeEach(async () => {
  api = createTestApi();
  await api.stores.snapshotRuns.upsert(run({ status: 'complete' }));
});

const store = (...rows: Parameters<TestApi['stores']['usageByCustomer']['upsertCustomer']>[0]) =>
  api.stores.usageByCustomer.upsertCustomer(rows);

describe('the body of a day', () => {
  test('is answered as it was received, character by character', async () => {
    await store(customer({ raw: body }), subscription(1, { raw: `[${body}]` }));
    const { status, headers, text } = await api.ask(path);
    expect([status, text]).toEqual([200, body]);
    expect(headers).toMatchObject({
      'content-type': 'application/json',
      'content-disposition': `inline; filename="summary-${customerId}-2026-03-14.json"`,
      'cache-control': 'private, no-cache',
    });
    expect(headers).not.toHaveProperty('raw-truncated');
    expect((await api.ask(ofSubscription)).text).toBe(`[${body}]`);
  });

  test('is that of the latest complete day, or of the day that is asked for', async () => {
    for (const day of ['12', '14', '15']) {
      await store(customer({ snapshotDate: `2026-03-${day}`, raw: `"of ${day}"` }));
    }
    expect((await api.ask(path)).text).toBe('"of 14"');
    expect((await api.ask(`${path}?date=2026-03-12`)).text).toBe('"of 12"');
  });

  test('is not sent again to whoever has it', async () => {
    await store(customer({ raw: body }));
    const { headers } = await api.ask(path);
    const headersOfNext = { 'if-none-match': headers['etag'] ?? '' };
    expect((await api.ask(path, { headers: headersOfNext })).status).toBe(304);
    await store(customer({ raw: `${body} ` }));
    expect((await api.ask(path, { headers: headersOfNext })).status).toBe(200);
  });

  test('is text for whoever takes only text', async () => {
    await store(customer({ raw: body }));
    const { headers, text } = await api.ask(path, { headers: { accept: 'text/plain' } });
    expect([headers['content-type'], text]).toEqual(['text/plain; charset=utf-8', body]);
    const asPage = await api.ask(path, { headers: { accept: 'text/html' } });
    expect([asPage.status, asPage.json.detail]).toEqual([
      406,
      'expected Accept to take one of application/json, text/plain',
    ]);
  });
});

test('of which only the beginning is stored is text, says so, and passes for no JSON', async () => {
  await store(customer({ raw: long }));
  const { status, headers, text } = await api.ask(path);
  expect([status, text]).toEqual([200, long.slice(0, longestColumn)]);
  expect(headers).toMatchObject({
    'content-type': 'text/plain; charset=utf-8',
    'raw-truncated': 'true',
    'content-disposition': expect.stringContaining('.txt"'),
  });
  const asJson = await api.ask(path, { headers: { accept: 'application/json' } });
  expect(asJson.status).toBe(406);
});

test('that is whole is JSON, also where the usage record beside it is truncated', async () => {
  await store(subscription(1, { raw: body, rawUsageRecord: long }));
  const { headers, text } = await api.ask(ofSubscription);
  expect([headers['content-type'], text]).toEqual(['application/json', body]);
  expect(headers).not.toHaveProperty('raw-truncated');
});

describe('where there is no body', () => {
  const detailOf = async (target: string) => {
    const { status, json } = await api.ask(target);
    return [status, json.detail];
  };

  test('404 says that there was never a row', async () => {
    const detail = 'There was never a row of that id.';
    expect(await detailOf(path)).toEqual([404, detail]);
    await store(customer());
    expect(await detailOf(ofSubscription)).toEqual([404, detail]);
  });

  test('404 says that the day has no row', async () => {
    await store(customer(), subscription(1));
    const detail = 'There is no row of 2026-03-13.';
    expect(await detailOf(`${path}?date=2026-03-13`)).toEqual([404, detail]);
    expect(await detailOf(`${ofSubscription}&date=2026-03-13`)).toEqual([404, detail]);
  });

  test('404 says that the row has none, and its outcome', async () => {
    const { figures: _, raw: _raw, ...rest } = customer();
    await store({ ...rest, outcome: 'noUsage' });
    expect(await detailOf(path)).toEqual([
      404,
      'The row of 2026-03-14 has no body; its outcome is noUsage.',
    ]);
  });
});
