import type { BenchRow } from '../row.ts';
import type { BareStorageMethods } from '../support/bareStorageProcess.ts';
import type { StorageWork } from '../support/capturedCustomers.ts';
import { compareCpu } from '../support/cpuTime.ts';
import { Processes } from '../support/processes.ts';
import type { StorageMethods } from '../support/storageProcess.ts';

const customers = 500;
const subscriptionsPerCustomer = 2;
const concurrency = 32;
const target = 1.1;

/** CPU time of storing customers compared with a bare loop that submits the same transactions. */
export const storageCpu: BenchRow = {
  name: 'storage-cpu',
  measure: () =>
    Processes.with(async (processes) => {
      const connectionString = await processes.startTables();
      const work: StorageWork = {
        customers,
        subscriptionsPerCustomer,
        connectionString,
        concurrency,
      };
      const product = processes.startWorker<StorageMethods>('storageProcess.ts', work);
      const bare = processes.startWorker<BareStorageMethods>('bareStorageProcess.ts', work);
      await bare.call('check');
      const compared = await compareCpu(
        () => product.call('store'),
        () => bare.call('store'),
      );
      const { ratio, oursMs, othersMs } = compared;
      const perThousand = (ms: number) => `${((ms / customers) * 1000).toFixed(0)} ms`;
      return [
        {
          what: `CPU time of storing 1,000 customers with ${subscriptionsPerCustomer} subscriptions, against a bare loop of the same transactions`,
          target: `≤ ${target} ×`,
          measured: `${ratio.toFixed(2)} × (${perThousand(oursMs)}, bare ${perThousand(othersMs)})`,
          isMet: ratio <= target,
          details: { customers, concurrency, ...compared },
        },
      ];
    }),
};
