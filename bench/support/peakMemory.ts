import { Processes } from './processes.ts';
import { runSnapshot } from './product.ts';

/** A night's run, and its peak memory. */
export interface MeasuredPeak {
  customers: number;
  /** In bytes. */
  peakBytes: number;
  durationMs: number;
}

/** Runs the product once with so many customers, over new tables. */
export function measurePeak(
  population: { customers: number; subscriptionsPerCustomer?: number },
  settings: Record<string, string> = {},
): Promise<MeasuredPeak> {
  return Processes.with(async (processes) => {
    const partner = await processes.startPartner({ ...population, logLimit: 0 });
    const { peakBytes, result } = await runSnapshot({
      ...partner.settings,
      SNAPSHOT_STORAGE: await processes.startTables(),
      ...settings,
    });
    const { customers } = population;
    if (result.customers.listed !== customers) {
      throw new Error(`expected ${customers} customers, got ${result.customers.listed}`);
    }
    return { customers, peakBytes, durationMs: result.durationMs };
  });
}
