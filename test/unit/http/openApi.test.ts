import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, test } from 'vitest';
import { routePaths } from '../../../src/http/routePaths.ts';
import { description } from '../../support/apiDescription.ts';
import { createTestApi } from './testApi.ts';

describe('the description of the API', () => {
  test('is OpenAPI 3.1', async () => {
    const result = await new Validator().validate(structuredClone(description));
    expect(result).toEqual({ valid: true });
    expect(description).toMatchObject({ openapi: expect.stringMatching(/^3\.1\.\d$/) });
  });

  test('has every route once, by the name of its function', () => {
    const described = Object.entries(description.paths).map(([path, { get }]) => [
      get.operationId,
      path,
    ]);
    const registered = Object.entries(routePaths).map(([name, { path }]) => [name, `/${path}`]);
    expect(Object.fromEntries(described)).toEqual(Object.fromEntries(registered));
  });

  test('names every parameter with what it takes, and those of the path as required', () => {
    const { get } = description.paths['/customers/{customerId}/history'] as never as {
      get: { parameters: object[] };
    };
    expect(get.parameters).toEqual([
      {
        name: 'customerId',
        in: 'path',
        required: true,
        description: expect.any(String),
        schema: { type: 'string', format: 'uuid' },
      },
      expect.objectContaining({
        name: 'from',
        in: 'query',
        description: expect.stringContaining('from 2000-01-01 to 2999-12-31'),
        schema: { type: 'string', format: 'date', pattern: '^2\\d{3}-' },
      }),
      expect.objectContaining({ name: 'to', in: 'query' }),
      expect.objectContaining({
        name: 'interval',
        schema: { type: 'string', enum: ['day', 'period'], default: 'day' },
      }),
      expect.objectContaining({ name: 'format' }),
    ]);
  });

  test('says that data needs a key, and what is open does not', () => {
    for (const { path, access } of Object.values(routePaths)) {
      const { security } = description.paths[`/${path}`]?.get ?? {};
      expect((security ?? []).length > 0).toBe(access === 'data');
    }
  });

  test('amounts are numbers', () => {
    expect(description.components.schemas['TotalItem']).toMatchObject({
      properties: { totalCost: { type: 'number' } },
    });
  });

  test('is answered to anybody, and may be kept for an hour', async () => {
    const { ask } = createTestApi({
      isAllowed: () => false,
      openHistory: () => Promise.reject(new Error('not asked for')),
    });
    const { status, headers, json } = await ask('openapi.json');
    expect(status).toBe(200);
    expect(headers).toMatchObject({ 'cache-control': 'public, max-age=3600' });
    expect(json).toEqual(description);
  });
});
