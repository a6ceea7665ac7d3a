import type { CallOptions, ListOptions } from '../callOptions.ts';
import { type CurrencyTotal, currencyTotalShape } from '../usage/currencyTotal.ts';
import type { DateRange } from '../usage/date.ts';
import type { RecordedDay } from '../usage/recordedDay.ts';
import type {
  CustomerSnapshot,
  PartnerSnapshot,
  ResourceId,
  SubscriptionSnapshot,
} from '../usage/usageSnapshot.ts';
import type { EntityTable } from './entityTable.ts';
import {
  customerKey,
  customerRowKey,
  customerRowRange,
  dateKey,
  everyDate,
  partnerPartition,
  partnerRowKey,
  subscriptionRowKey,
  subscriptionRowRange,
  totalRowKey,
  totalRowRange,
} from './keys.ts';
import { listReadable } from './readable.ts';
import { createRowCodec } from './rowCodec.ts';
import {
  fromCustomerEntity,
  fromHistoryEntity,
  fromPartnerEntity,
  fromSubscriptionEntity,
  historyColumns,
  toUsageByCustomerEntity,
} from './usageRows.ts';

/** A row `total|<currency>|<date>`. */
export const currencyTotalRow = createRowCodec(
  currencyTotalShape,
  ({ currency, snapshotDate }) => ({
    partitionKey: partnerPartition,
    rowKey: totalRowKey(currency, snapshotDate),
  }),
);

/** Point reads in flight at a time. */
const readConcurrency = 16;

/**
 * The table `UsageByCustomer`: a history is one range of one partition. All methods throw
 * `StorageError`, or `RangeError` for an id or date that cannot be a key.
 */
export class UsageByCustomerTableStore {
  readonly #table: EntityTable;

  constructor(table: EntityTable) {
    this.#table = table;
  }

  /** Replaces the rows of a customer and its subscriptions: one transaction for up to 100. */
  async upsertCustomer(
    snapshots: readonly (CustomerSnapshot | SubscriptionSnapshot)[],
    options?: CallOptions,
  ): Promise<void> {
    await this.#table.upsert(snapshots.map(toUsageByCustomerEntity), options);
  }

  async upsertPartner(snapshot: PartnerSnapshot, options?: CallOptions): Promise<void> {
    await this.#table.upsert([toUsageByCustomerEntity(snapshot)], options);
  }

  async upsertTotals(totals: readonly CurrencyTotal[], options?: CallOptions): Promise<void> {
    await this.#table.upsert(totals.map(currencyTotalRow.toEntity), options);
  }

  /** `undefined` where the partner has no row of that day. */
  async getPartnerSnapshot(
    date: string,
    options?: CallOptions,
  ): Promise<PartnerSnapshot | undefined> {
    const row = await this.#table.get(partnerPartition, partnerRowKey(date), options);
    return row && fromPartnerEntity(this.#table.name, row);
  }

  /** `undefined` where the customer has no row of that day. */
  async getCustomerSnapshot(
    customerId: string,
    date: string,
    options?: CallOptions,
  ): Promise<CustomerSnapshot | undefined> {
    const row = await this.#table.get(customerKey(customerId), customerRowKey(date), options);
    return row && fromCustomerEntity(this.#table.name, row);
  }

  /** In the order of the ids; those without a row of that day are left out. */
  async listSubscriptionSnapshots(
    customerId: string,
    subscriptionIds: readonly string[],
    date: string,
    options?: CallOptions,
  ): Promise<SubscriptionSnapshot[]> {
    const partition = customerKey(customerId);
    const snapshots: SubscriptionSnapshot[] = [];
    for (let start = 0; start < subscriptionIds.length; start += readConcurrency) {
      const reads = subscriptionIds
        .slice(start, start + readConcurrency)
        .map((id) => this.#table.get(partition, subscriptionRowKey(id, date), options));
      for (const row of await Promise.all(reads)) {
        if (row) snapshots.push(fromSubscriptionEntity(this.#table.name, row));
      }
    }
    return snapshots;
  }

  /**
   * A customer's own snapshots, or those of one of its subscriptions, the oldest first. They have
   * neither the bodies as received nor the list of subscriptions.
   */
  listHistory(
    customerId: string,
    { subscriptionId, from, to }: DateRange & { subscriptionId?: string | undefined },
    options?: ListOptions,
  ): AsyncGenerator<RecordedDay> {
    return this.#listSnapshots({ customerId, subscriptionId }, { from, to }, options);
  }

  /**
   * The first snapshot that there is of a customer or subscription, as in its history; `undefined`
   * where there never was one.
   */
  async findSnapshot(
    resource: ResourceId,
    options?: CallOptions,
  ): Promise<RecordedDay | undefined> {
    const first = this.#listSnapshots(resource, { ...everyDate, limit: 1 }, options);
    for await (const snapshot of first) return snapshot;
    return undefined;
  }

  /** By currency, then by date. */
  listTotals({ from, to }: DateRange, options?: ListOptions): AsyncGenerator<CurrencyTotal> {
    const range = {
      partitions: { from: partnerPartition, to: partnerPartition },
      rows: totalRowRange,
      snapshotDates: { from: dateKey(from), to: dateKey(to) },
    };
    return listReadable(this.#table, range, currencyTotalRow.fromRow, options);
  }

  #listSnapshots(
    { customerId, subscriptionId }: ResourceId,
    { from, to, limit }: DateRange & { limit?: number },
    options: ListOptions | undefined,
  ): AsyncGenerator<RecordedDay> {
    const partition = customerKey(customerId);
    const isOfCustomer = subscriptionId === undefined;
    const range = {
      partitions: { from: partition, to: partition },
      rows: isOfCustomer
        ? customerRowRange(from, to)
        : subscriptionRowRange(subscriptionId, from, to),
      columns: historyColumns,
      limit,
    };
    return listReadable(this.#table, range, fromHistoryEntity, options);
  }
}
