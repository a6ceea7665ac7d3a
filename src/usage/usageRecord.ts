import type { Amount } from './amount.ts';
import type { Subscription } from './subscription.ts';

interface UsageRecord {
  totalCost: Amount;
  usdTotalCost?: Amount;
  currencyCode?: string;
  currencyLocale?: string;
  lastModifiedDate?: string;
}

/** One customer's line in `customers/usagerecords`: the period so far, without its dates. */
export interface CustomerUsageRecord extends UsageRecord {
  /** Lower case. */
  customerId: string;
  customerName: string;
  budgetAmount?: Amount;
}

/** One line of `customers/{id}/subscriptions/usagerecords`: a subscription billed by use, or a plan. */
export interface SubscriptionUsageRecord extends UsageRecord {
  subscription: Subscription;
  /** The line as received: same digits, white space aside. */
  raw: string;
}
