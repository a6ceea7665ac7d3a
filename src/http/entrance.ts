import type { OpenRoute } from './route.ts';
import { routePaths } from './routePaths.ts';

/** The answer to the address alone. It is no route of the description, but leads to it. */
export type Entrance = Pick<OpenRoute, 'access' | 'respond'>;

export const entrance: Entrance = {
  access: 'open',
  // 302, as browsers keep 301 and 308 for good, and a later version may lead elsewhere.
  respond: async () => ({
    status: 302,
    headers: { location: `/api/${routePaths.getOpenApi.path}`, 'cache-control': 'no-cache' },
  }),
};
