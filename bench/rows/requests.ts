import type { BenchRow } from '../row.ts';
import { formatCount } from '../support/numbers.ts';
import { Processes } from '../support/processes.ts';
import { runSnapshot } from '../support/product.ts';
import type { SeenCustomer } from '../support/simulatorProcess.ts';

const customers = 2_000;
const pageSize = 500;

/** Requests of a night, as the simulator counts them, of customers of all kinds. */
export const requests: BenchRow = {
  name: 'requests',
  measure: () =>
    Processes.with(async (processes) => {
      const partner = await processes.startPartner({ customers, logLimit: 1_000_000 });
      const { result } = await runSnapshot({
        ...partner.settings,
        SNAPSHOT_STORAGE: await processes.startTables(),
      });
      const seen = await partner.worker.call('listCustomers');
      const { requests, tokenRequests, byRoute } = await partner.worker.call('statistics');
      const withUsage = seen.filter(({ hasUsage }) => hasUsage);
      const different = seen.filter((customer) => customer.requests !== neededBy(customer));
      const needed = seen.reduce((sum, customer) => sum + neededBy(customer), 0);
      const targeted = needed + Math.ceil(customers / pageSize) + 2;
      const counted = requests - tokenRequests;
      return [
        {
          what: `a customer with usage: 2 + its subscriptions; one without: 1 (${withUsage.length} with, ${customers - withUsage.length} without)`,
          target: 'so for each customer',
          measured: different.length === 0 ? 'so for each' : `not so for ${different.length}`,
          isMet: different.length === 0,
          details: { customers, withUsage: withUsage.length, different: different.length },
        },
        {
          what: 'the night: these + pages of the list + 2',
          target: formatCount(targeted),
          measured: `${formatCount(counted)}, and ${tokenRequests} for access tokens`,
          isMet: counted === targeted,
          details: { targeted, counted, tokenRequests, byRoute, reported: result.requests.total },
        },
      ];
    }),
};

function neededBy({ hasUsage, subscriptionIds }: SeenCustomer): number {
  return hasUsage ? 2 + subscriptionIds.length : 1;
}
