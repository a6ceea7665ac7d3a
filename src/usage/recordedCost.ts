import type { Amount } from './amount.ts';

/** What a day cost a customer, as its ledger row keeps it. */
export interface RecordedCost {
  /** In the billing currency; absent where the day has no news. */
  dailyCost?: Amount;
  /** Days that the cost is for; 0 where there is none. */
  daysCovered: number;
  isStale: boolean;
}
