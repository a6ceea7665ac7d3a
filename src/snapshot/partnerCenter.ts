import type { Customer } from '../usage/customer.ts';
import type { Subscription } from '../usage/subscription.ts';
import type { UsageDetails } from '../usage/usageDetails.ts';
import type { CustomerUsageRecord, SubscriptionUsageRecord } from '../usage/usageRecord.ts';
import type { UsageFigures } from '../usage/usageSnapshot.ts';
import type { UsageSummary } from '../usage/usageSummary.ts';

/**
 * Partner Center, as a run needs it. Lists come page by page. A summary is `undefined` where there
 * is no usage data. Failures are the classes of `errors.ts`.
 */
export interface PartnerCenter {
  listCustomers(): AsyncIterable<Customer[]>;
  /** Whether Partner Center shows this customer to the partner, in the list or not. */
  hasCustomer(customerId: string): Promise<boolean>;
  listCustomerUsageRecords(): AsyncIterable<CustomerUsageRecord[]>;
  listSubscriptions(customerId: string): AsyncIterable<Subscription[]>;
  listSubscriptionUsageRecords(customerId: string): AsyncIterable<SubscriptionUsageRecord[]>;
  getPartnerUsageSummary(): Promise<UsageSummary | undefined>;
  getCustomerUsageSummary(customerId: string): Promise<UsageSummary | undefined>;
  getSubscriptionUsageSummary(
    customerId: string,
    subscriptionId: string,
  ): Promise<UsageSummary | undefined>;
  /**
   * What the cost of a plan or subscription consists of; `undefined` where Partner Center has no
   * such records of it.
   */
  getUsageDetails(
    customerId: string,
    subscriptionId: string,
    total: Pick<UsageFigures, 'plan' | 'currencyCode'>,
  ): Promise<UsageDetails | undefined>;
  /** `MS-CorrelationId` of its requests. */
  readonly correlationId: string;
  /** So far: requests with retries, retries, answers 429, token requests. */
  readonly counts: { requests: number; retries: number; throttled: number; tokenRequests: number };
  /** Age of the stored refresh token, where it is known. */
  readonly refreshTokenAgeDays: number | undefined;
  /** Answers taken for "no usage data" by their code although their text is not known. */
  readonly unfamiliarNoUsage: number;
}
