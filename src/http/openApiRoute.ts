import * as z from 'zod';
import { component } from './component.ts';
import { describeApi } from './openApi.ts';
import type { OpenRoute, Route } from './route.ts';

const answer = component(
  'Description',
  z.record(z.string(), z.unknown()).meta({ description: 'This document (OpenAPI 3.1)' }),
);

/** @param listRoutes those to describe, asked for once they are all there */
export function createOpenApiRoute(listRoutes: () => readonly Route[]): OpenRoute {
  let body: string | undefined;
  return {
    name: 'getOpenApi',
    access: 'open',
    summary: 'The description of the API',
    description: 'OpenAPI 3.1.',
    answer,
    statuses: ['200'],
    async respond() {
      body ??= JSON.stringify(describeApi(listRoutes()));
      const headers = {
        'content-type': 'application/json',
        'cache-control': 'public, max-age=3600',
      };
      return { status: 200, headers, body };
    },
  };
}
