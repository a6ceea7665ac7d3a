import { TableClient } from '@azure/data-tables';
import type { Customer, SubscriptionUsageRecord, UsageSummary } from './partnerCenter.ts';

/** Rows as a simple script writes them: one upsert each. */
export class UsageTable {
  readonly #client: TableClient;
  readonly #date: string;

  constructor(connectionString: string, date: string) {
    const options = { allowInsecureConnection: true };
    this.#client = TableClient.fromConnectionString(connectionString, 'UsageByCustomer', options);
    this.#date = date;
  }

  async create(): Promise<void> {
    await this.#client.createTable();
  }

  async upsertCustomer(customer: Customer, summary: UsageSummary): Promise<void> {
    await this.#upsert(customer, `customer|${this.#date}`, summary);
  }

  async upsertSubscription(
    customer: Customer,
    subscription: SubscriptionUsageRecord,
    summary: UsageSummary,
  ): Promise<void> {
    const id = subscription.id.toLowerCase();
    await this.#upsert(customer, `subscription|${id}|${this.#date}`, summary, {
      subscriptionId: id,
      subscriptionName: subscription.name,
      subscriptionStatus: subscription.status,
      offerId: subscription.offerId,
    });
  }

  async #upsert(
    customer: Customer,
    rowKey: string,
    summary: UsageSummary,
    more: Record<string, string> = {},
  ): Promise<void> {
    await this.#client.upsertEntity(
      {
        partitionKey: customer.id.toLowerCase(),
        rowKey,
        snapshotDate: this.#date,
        customerName: customer.companyProfile.companyName,
        ...more,
        totalCost: summary.totalCost,
        usdTotalCost: summary.usdTotalCost,
        currency: summary.currencyCode ?? summary.currencyLocale,
        budgetAmount: summary.budget?.amount,
        billingStartDate: summary.billingStartDate,
        billingEndDate: summary.billingEndDate,
        lastModifiedDate: summary.lastModifiedDate,
      },
      'Replace',
    );
  }
}
