import type { AnomalyVerdict } from '../usage/anomaly.ts';
import type { LedgerRow } from '../usage/ledgerRow.ts';
import { costCurrencyOf } from '../usage/recordedCost.ts';
import type { SnapshotContext } from './snapshotContext.ts';

/** An anomaly of a day, with the row it was found for. */
export interface UsageAnomaly {
  row: LedgerRow;
  verdict: AnomalyVerdict;
}

/** As many rows as a table transaction takes. */
const mostWaiting = 100;

/**
 * Tells of anomalies, each at most once: first the row says that it was told, then the line is
 * logged. A process that ends between the two leaves at most a hundred untold.
 */
export class AnomalyTeller {
  readonly #context: SnapshotContext;
  #waiting: UsageAnomaly[] = [];

  constructor(context: SnapshotContext) {
    this.#context = context;
  }

  async add(anomaly: UsageAnomaly): Promise<void> {
    this.#waiting.push(anomaly);
    if (this.#waiting.length >= mostWaiting) await this.flush();
  }

  /** @throws what the table threw; then nobody was told, and the rows do not say so */
  async flush(): Promise<void> {
    const { stores, events } = this.#context;
    const waiting = this.#waiting;
    this.#waiting = [];
    if (waiting.length === 0) return;
    await stores.usageByDay.upsertDay(waiting.map(({ row }) => row));
    for (const { row, verdict } of waiting) {
      events.emit('usage.anomaly.detected', {
        customerId: row.customerId,
        customerName: row.customerName,
        dailyCost: Number(row.cost?.dailyCost),
        expectedCost: Number(verdict.expectedCost),
        currency: costCurrencyOf(row),
        snapshotDate: row.snapshotDate,
      });
    }
  }
}
