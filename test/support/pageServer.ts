import { type ApiServer, startApiServer } from '../../src/http/apiServer.ts';
import type { Stores } from '../../src/storage/createStores.ts';

/** The page and its API over these stores, open to all; what fails in them fails the test. */
export function startPageServer(
  stores: Stores,
  now: () => number,
  { hasCustomerMetrics = false } = {},
): Promise<ApiServer> {
  const rethrow = (error: unknown) => {
    throw error;
  };
  return startApiServer({
    isAllowed: () => true,
    openHistory: async () => ({
      stores,
      now,
      minimumCost: 10,
      hasCustomerMetrics,
      onUnreadable: rethrow,
    }),
    listBadSettings: () => [],
    onError: rethrow,
    now,
  });
}
