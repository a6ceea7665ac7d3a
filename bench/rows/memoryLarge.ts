import type { BenchRow } from '../row.ts';
import { formatCount, formatMegabytes, formatSeconds } from '../support/numbers.ts';
import { measurePeak } from '../support/peakMemory.ts';

const population = { customers: 200_000, subscriptionsPerCustomer: 1 };
const concurrency = 64;
const targetMegabytes = 400;

/** Peak memory of a night's run of more customers than a partner has, as fast as two cores do it. */
export const memoryLarge: BenchRow = {
  name: 'memory-large',
  async measure() {
    // A starved machine may not renew it in time.
    const lease = { SNAPSHOT_LEASE_SECONDS: '600' };
    const settings = { SNAPSHOT_CONCURRENCY: String(concurrency), ...lease };
    const { peakBytes, durationMs } = await measurePeak(population, settings);
    return [
      {
        what: `peak memory of a run of ${formatCount(population.customers)} customers with 1 subscription, ${concurrency} at a time`,
        target: `≤ ${targetMegabytes} MB`,
        measured: `${formatMegabytes(peakBytes)} (${formatSeconds(durationMs)})`,
        isMet: peakBytes <= targetMegabytes * 2 ** 20,
        details: { ...population, concurrency, peakBytes, durationMs },
      },
    ];
  },
};
