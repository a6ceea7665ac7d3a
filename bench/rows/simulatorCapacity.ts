import type { BenchRow } from '../row.ts';
import type { BareClientMethods } from '../support/bareClientProcess.ts';
import { formatCount } from '../support/numbers.ts';
import { Processes } from '../support/processes.ts';

const customers = 2_000;
const subscriptionsPerCustomer = 2;
const requests = customers * (2 + subscriptionsPerCustomer);
const concurrency = 64;
/** Maximum request rate of a run with so many requests in flight, at 100 ms each. */
const neededPerSecond = concurrency / 0.1;

/** Capacity of the simulator: if it were below the rate of a run, it would slow the run down. */
export const simulatorCapacity: BenchRow = {
  name: 'simulator-capacity',
  measure: () =>
    Processes.with(async (processes) => {
      const partner = await processes.startPartner({
        customers,
        subscriptionsPerCustomer,
        logLimit: 0,
      });
      const asked = await partner.worker.call('listCustomers');
      const bare = processes.startWorker<BareClientMethods>(
        'bareClientProcess.ts',
        {},
        partner.settings,
      );
      await bare.call('ask', asked, concurrency);
      const startMs = performance.now();
      await bare.call('ask', asked, concurrency);
      const perSecond = requests / ((performance.now() - startMs) / 1000);
      return [
        {
          what: `requests a second by a bare undici loop; ${concurrency} at a time with 100 ms each are ${formatCount(neededPerSecond)}`,
          measured: `${formatCount(perSecond)} a second`,
          details: { perSecond, neededPerSecond, requests, concurrency },
        },
      ];
    }),
};
