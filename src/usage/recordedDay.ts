import type { CostSnapshot } from './dailyCost.ts';

/** A day of a customer, or of a subscription or plan, as a history reads it. */
export interface RecordedDay extends CostSnapshot {
  customerName: string;
  /** Present exactly where it is a subscription's or plan's. */
  subscriptionName?: string;
}
