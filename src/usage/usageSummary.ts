import type { Amount } from './amount.ts';
import type { UnreadableField } from './unreadableField.ts';

/**
 * Partner Center's usage summary of a partner, a customer, a subscription or a plan in its current
 * billing period, so far. It is an estimate, a day or so behind.
 */
export interface UsageSummary {
  /** The name the answer gives its resource: customer, subscription, partner. */
  name?: string;
  /**
   * ISO 8601 with the API's own offset. Its local date part is the start of the period. Absent with
   * the end where one of the two cannot be read or is implausible.
   */
  billingStartDate?: string;
  /** ISO 8601; inclusive for legacy periods, exclusive for Azure plan's. */
  billingEndDate?: string;
  /** The billing period so far, in the billing currency, before taxes and credits. */
  totalCost: Amount;
  /** Absent where the API sends the meaningless 0 of a legacy record. */
  usdTotalCost?: Amount;
  currencyCode?: string;
  currencyLocale?: string;
  /** The customer's monthly budget in the billing currency; absent without one. */
  budgetAmount?: Amount;
  /** When the API last rated usage, ISO 8601 with offset. */
  lastModifiedDate?: string;
  /** Other fields of the answer that could not be read; absent where all could. */
  unreadable?: readonly UnreadableField[];
  /** The body as received. */
  raw: string;
}
