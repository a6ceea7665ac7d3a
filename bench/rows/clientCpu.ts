import type { BenchRow } from '../row.ts';
import type { BareClientMethods } from '../support/bareClientProcess.ts';
import type { ClientMethods } from '../support/clientProcess.ts';
import { compareCpu } from '../support/cpuTime.ts';
import { Processes } from '../support/processes.ts';

const customers = 500;
const subscriptionsPerCustomer = 2;
const requestsPerRound = customers * (2 + subscriptionsPerCustomer);
const concurrency = 16;
const target = 1.2;

/** CPU time of the client compared with a bare loop over undici that sends the same requests. */
export const clientCpu: BenchRow = {
  name: 'client-cpu',
  measure: () =>
    Processes.with(async (processes) => {
      const partner = await processes.startPartner({
        customers,
        subscriptionsPerCustomer,
        logLimit: 0,
      });
      const asked = await partner.worker.call('listCustomers');
      const env = {
        ...partner.settings,
        PARTNER_CENTER_REQUESTS_PER_MINUTE: '0',
        SNAPSHOT_STORAGE: 'UseDevelopmentStorage=true',
      };
      const product = processes.startWorker<ClientMethods>('clientProcess.ts', {}, env);
      const bare = processes.startWorker<BareClientMethods>('bareClientProcess.ts', {}, env);
      const compared = await compareCpu(
        () => product.call('ask', asked, concurrency),
        () => bare.call('ask', asked, concurrency),
      );
      const { ratio, oursMs, othersMs } = compared;
      const perThousand = (ms: number) => `${((ms / requestsPerRound) * 1000).toFixed(0)} ms`;
      return [
        {
          what: 'CPU time of the client for 1,000 requests, against a bare undici loop with JSON.parse',
          target: `≤ ${target} ×`,
          measured: `${ratio.toFixed(2)} × (${perThousand(oursMs)}, bare ${perThousand(othersMs)})`,
          isMet: ratio <= target,
          details: { requestsPerRound, concurrency, ...compared },
        },
      ];
    }),
};
