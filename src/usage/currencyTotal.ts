import type { Amount } from './amount.ts';

/** All customers of one currency on one day. Currencies are never added together. */
export interface CurrencyTotal {
  snapshotDate: string;
  capturedAt: string;
  runId: string;
  /** ISO 4217, or `XXX` for figures whose currency cannot be told. */
  currency: string;
  totalCost: Amount;
  /** Sum of the customers' daily costs; absent where no run has computed them. */
  dailyCost?: Amount;
  /** Customers whose figures are in the sum. */
  customers: number;
  /**
   * Customers whose figures of the day could not be read and who are known to be billed in this
   * currency; those of no known currency are counted under `XXX`.
   */
  customersMissing: number;
}
