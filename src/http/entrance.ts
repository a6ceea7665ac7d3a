import type { Page } from './pages.ts';
import { pagePaths } from './routePaths.ts';

/** The answer to the address alone: it leads to the page. */
export const entrance: Page = {
  access: 'open',
  // 302, as browsers keep 301 and 308 for good, and a later version may lead elsewhere.
  respond: async () => ({
    status: 302,
    headers: { location: `/api/${pagePaths.getDashboard.path}`, 'cache-control': 'no-cache' },
  }),
};
