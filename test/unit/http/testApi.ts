import { answer } from '../../../src/http/answer.ts';
import type { ApiServices } from '../../../src/http/apiServices.ts';
import { routes } from '../../../src/http/routes.ts';
import { createMemoryStores, type Stores } from '../../../src/storage/createStores.ts';
import { checkDescribed, findRouteName } from '../../support/apiDescription.ts';

export interface TestAnswer {
  status: number;
  headers: Record<string, string>;
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests read documents of every route
  json: any;
}

export interface TestApi {
  stores: Stores;
  /** What the caller was not told. */
  errors: unknown[];
  /** Asks by the path below `api/` and the query; each answer in JSON is held to its description. */
  ask(
    target: string,
    options?: { method?: string; headers?: Record<string, string> },
  ): Promise<TestAnswer>;
}

/** The API over tables in memory, on the morning after the night of the test rows. */
export function createTestApi(
  change: Partial<ApiServices> & { stores?: Stores; today?: string } = {},
): TestApi {
  const { stores = createMemoryStores(), today = '2026-03-14', ...services } = change;
  const now = () => Date.parse(`${today}T05:00:00Z`);
  const errors: unknown[] = [];
  const all: ApiServices = {
    isAllowed: () => true,
    openHistory: async () => ({
      stores,
      now,
      minimumCost: 10,
      hasCustomerMetrics: false,
      onUnreadable: () => {},
    }),
    listBadSettings: () => [],
    onError: (error) => errors.push(error),
    now,
    ...services,
  };
  return {
    stores,
    errors,
    async ask(target, { method = 'GET', headers = {} } = {}) {
      const [path = '', ...query] = target.split('?');
      const name = findRouteName(path);
      if (name === undefined) throw new Error(`expected a route, got ${path}`);
      const request = {
        method,
        path,
        query: query.join('?'),
        header: (header: string) => headers[header],
      };
      const { body, ...rest } = await answer(routes[name], request, all);
      if (body instanceof Uint8Array) throw new Error('expected a text');
      const text = typeof body === 'object' ? (await Array.fromAsync(body)).join('') : (body ?? '');
      const [mediaType = ''] = rest.headers['content-type']?.split(';') ?? [];
      if (text !== '') checkDescribed(name, { status: rest.status, mediaType, text });
      return { ...rest, text, json: /[/+]json$/.test(mediaType) && text ? JSON.parse(text) : {} };
    },
  };
}
