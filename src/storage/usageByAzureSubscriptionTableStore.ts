import type { CallOptions, ListOptions } from '../callOptions.ts';
import {
  type AzureSubscriptionSnapshot,
  azureSubscriptionSnapshotShape,
} from '../usage/azureSubscriptionSnapshot.ts';
import type { DateRange } from '../usage/date.ts';
import type { EntityTable, RowRange } from './entityTable.ts';
import {
  azureSubscriptionRowKey,
  azureSubscriptionRowRange,
  customerKey,
  customerPartitions,
  dateKey,
  detailedPlanRowRange,
} from './keys.ts';
import { listReadable } from './readable.ts';
import { createRowCodec } from './rowCodec.ts';

/** A row of `UsageByAzureSubscription`. */
export const azureSubscriptionRow = createRowCodec(azureSubscriptionSnapshotShape, (row) => ({
  partitionKey: customerKey(row.customerId),
  rowKey: azureSubscriptionRowKey(row.subscriptionId, row.azureSubscriptionId, row.snapshotDate),
}));

/** Which rows of a customer. */
export interface AzureSubscriptionQuery extends DateRange {
  customerId: string;
  /** The plan, or a legacy subscription; absent: all. */
  subscriptionId?: string;
}

/**
 * The table `UsageByAzureSubscription`, a partition for each customer. All methods throw
 * `StorageError`, or `RangeError` for an id or date that cannot be a key.
 */
export class UsageByAzureSubscriptionTableStore {
  readonly #table: EntityTable;

  constructor(table: EntityTable) {
    this.#table = table;
  }

  /** Replaces the rows of a plan, in their order: up to 100 of them in one transaction. */
  async upsert(rows: readonly AzureSubscriptionSnapshot[], options?: CallOptions): Promise<void> {
    await this.#table.upsert(rows.map(azureSubscriptionRow.toEntity), options);
  }

  /** By plan, Azure subscription and date. */
  list(
    { customerId, subscriptionId, from, to }: AzureSubscriptionQuery,
    options?: ListOptions,
  ): AsyncGenerator<AzureSubscriptionSnapshot> {
    const partition = customerKey(customerId);
    const range: RowRange = {
      partitions: { from: partition, to: partition },
      ...(subscriptionId !== undefined && { rows: detailedPlanRowRange(subscriptionId) }),
      snapshotDates: { from: dateKey(from), to: dateKey(to) },
    };
    return this.#list(range, options);
  }

  /** All customers' rows of a day. The service reads the whole table for it. */
  listDay(date: string, options?: ListOptions): AsyncGenerator<AzureSubscriptionSnapshot> {
    const snapshotDates = { from: dateKey(date), to: dateKey(date) };
    return this.#list({ partitions: customerPartitions, snapshotDates }, options);
  }

  /** One Azure subscription of a plan, the oldest first. */
  listHistory(
    ids: { customerId: string; subscriptionId: string; azureSubscriptionId: string },
    { from, to }: DateRange,
    options?: ListOptions,
  ): AsyncGenerator<AzureSubscriptionSnapshot> {
    const { customerId, subscriptionId, azureSubscriptionId } = ids;
    const partition = customerKey(customerId);
    const rows = azureSubscriptionRowRange(subscriptionId, azureSubscriptionId, { from, to });
    return this.#list({ partitions: { from: partition, to: partition }, rows }, options);
  }

  #list(
    range: RowRange,
    options: ListOptions | undefined,
  ): AsyncGenerator<AzureSubscriptionSnapshot> {
    return listReadable(this.#table, range, azureSubscriptionRow.fromRow, options);
  }
}
