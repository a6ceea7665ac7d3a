import { Ajv2020 } from 'ajv/dist/2020.js';
import formatsPlugin from 'ajv-formats';
import { beforeAll, expect, test } from 'vitest';
import { type RouteName, routePaths } from '../../../src/http/routePaths.ts';
import { customer, customerId, subscription, subscriptionId } from '../../contract/snapshots.ts';
import { description } from '../../support/apiDescription.ts';
import { createTestApi, type TestApi } from './testApi.ts';

interface Parameter {
  name: string;
  in: 'path' | 'query';
  schema: { type?: string };
}

const ajv = new Ajv2020({ strict: false });
formatsPlugin.default(ajv);

let api: TestApi;
beforeAll(async () => {
  api = createTestApi();
  await api.stores.usageByCustomer.upsertCustomer([customer(), subscription(1)]);
  await api.stores.usageByDay.upsertDay([customer()]);
});

const described = Object.entries(routePaths).flatMap(([name, { path }]) => {
  const { get } = description.paths[`/${path}`] as { get: { parameters?: Parameter[] } };
  return (get.parameters ?? []).map((parameter) => ({ route: name as RouteName, parameter }));
});

/** Values at the borders of each kind, and beyond; a text by its length in characters. */
const values = [
  ...['2000-01-01', '2999-12-31', '1999-12-31', '3000-01-01', '0000-01-01', '9999-12-31'],
  ...['2024-02-29', '2026-02-29', '2026-13-01', '2026-3-14', '20260314', '2026-03-14T00:00:00Z'],
  ...[customerId, customerId.toUpperCase(), `{${customerId}}`, customerId.slice(1), 'contoso.com'],
  ...['0', '1', '1000', '1001', '-1', '1.5', '007', '', ' '],
  ...['EUR', 'eur', 'EU', 'EURO', '€€€', 'usage', 'Usage', 'day', 'period', 'json', 'csv', 'xml'],
  ...['totalCost', 'dailyCost', 'percentUsed', 'customerName'],
  ...['x', '株', '😀', 'e\u0301'].flatMap((one) => [
    one.repeat(50),
    one.repeat(100),
    one.repeat(101),
  ]),
];

/** What a client that knows the description alone would send. */
function isAllowed({ schema }: Parameter, value: string): boolean {
  const isNumber = schema.type === 'integer' && /^\d+$/.test(value);
  return ajv.validate(schema, isNumber ? Number(value) : value) as boolean;
}

// Whether a continuation is one that an answer has given, no description can say.
test.each(described.filter(({ parameter }) => parameter.name !== 'continuation'))(
  'of $route the parameter $parameter.name takes what its description says, and nothing else',
  async ({ route, parameter }) => {
    for (const value of values) {
      const texts: Record<string, string> = {
        customerId,
        subscriptionId: subscriptionId(1),
        azureSubscriptionId: 'unassigned',
      };
      if (parameter.in === 'path') texts[parameter.name] = value;
      const path = routePaths[route].path.replace(/\{(\w+)\}/g, (_, name) =>
        encodeURIComponent(texts[name] ?? ''),
      );
      const query =
        parameter.in === 'query' ? `?${parameter.name}=${encodeURIComponent(value)}` : '';
      const { status, json } = await api.ask(path + query);
      const problems: { name: string; message: string }[] = status === 400 ? json.errors : [];
      // How many days a range has is not of one parameter alone.
      const own = problems.filter(({ message }) => !/range of up to/.test(message));
      expect([value, own.map(({ name }) => name)]).toEqual([
        value,
        isAllowed(parameter, value) ? [] : [parameter.name],
      ]);
    }
  },
);

test('a text of 100 characters is found, whether its characters are pairs or not', async () => {
  for (const one of ['x', '😀']) {
    const name = `A ${one.repeat(100)}`;
    await api.stores.usageByDay.upsertDay([customer({ customerName: name })]);
    const { json } = await api.ask(`customers?search=${encodeURIComponent(one.repeat(100))}`);
    expect(json.items).toMatchObject([{ customerName: name }]);
  }
});
