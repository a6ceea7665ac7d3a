import type { CallOptions, ListOptions } from '../callOptions.ts';
import { forEachBounded } from '../forEachBounded.ts';
import { type BudgetAlert, budgetAlertShape } from '../usage/budgetAlert.ts';
import { addDays } from '../usage/date.ts';
import type { EntityTable, RowRange } from './entityTable.ts';
import { budgetAlertRowKey, budgetAlertRowRange, dateKey, everyDate } from './keys.ts';
import { listReadable } from './readable.ts';
import { createRowCodec } from './rowCodec.ts';

/** A row of `BudgetAlerts`. */
export const budgetAlertRow = createRowCodec(budgetAlertShape, (alert) => ({
  partitionKey: dateKey(alert.billingPeriodStart),
  rowKey: budgetAlertRowKey(alert),
}));

/** Rows are inserted only where absent, so each needs a request of its own. */
const insertsInFlight = 8;

/**
 * From the first day of a billing period to the last on which its figures can be recorded: it has
 * up to 31 days, and is shown for up to 8 more while the next one has no figures. The rest is
 * reserve.
 */
const longestShownDays = 45;

/**
 * The table `BudgetAlerts`, a partition for each day on which billing periods begin. All methods
 * throw `StorageError`, or `RangeError` for an id, budget or date that cannot be a key.
 */
export class BudgetAlertTableStore {
  readonly #table: EntityTable;

  constructor(table: EntityTable) {
    this.#table = table;
  }

  /** Those of a customer in the billing period that begins on a day, by their keys. */
  listOfPeriod(
    billingPeriodStart: string,
    customerId: string,
    options?: ListOptions,
  ): AsyncGenerator<BudgetAlert> {
    const partition = dateKey(billingPeriodStart);
    const rows = budgetAlertRowRange(customerId);
    return this.#list({ partitions: { from: partition, to: partition }, rows }, options);
  }

  /**
   * Adds those that are missing; existing ones stay as they are, including whether they were
   * delivered.
   */
  async createIfAbsent(alerts: readonly BudgetAlert[], options?: CallOptions): Promise<void> {
    await forEachBounded(alerts.map(budgetAlertRow.toEntity), insertsInFlight, async (entity) => {
      await this.#table.insert(entity, options);
    });
  }

  /**
   * Those that are still to be delivered, of billing periods that began on `from` or later; by that
   * day and then by their keys.
   */
  listUndelivered(from: string, options?: ListOptions): AsyncGenerator<BudgetAlert> {
    const partitions = { from: dateKey(from), to: everyDate.to };
    return this.#list({ partitions, isFalse: 'delivered' }, options);
  }

  /**
   * Replaces each by its key, one transaction for every 100 of the same first day of a period.
   *
   * @throws RowsRefusedError that names rows which cannot be stored, once all the others are
   */
  async upsert(alerts: readonly BudgetAlert[], options?: CallOptions): Promise<void> {
    await this.#table.upsertEach(alerts.map(budgetAlertRow.toEntity), options);
  }

  /**
   * Those that were raised for the figures of these days, of all customers or of one; by the first
   * day of their billing period and then by their keys.
   */
  async *listRaised(
    { from, to, customerId }: { from: string; to: string; customerId?: string | undefined },
    options?: ListOptions,
  ): AsyncGenerator<BudgetAlert> {
    const snapshotDates = { from: dateKey(from), to: dateKey(to) };
    const range = {
      partitions: { from: dateKey(addDays(from, -longestShownDays)), to: snapshotDates.to },
      snapshotDates,
      ...(customerId !== undefined && { rows: budgetAlertRowRange(customerId) }),
    };
    for await (const alert of this.#list(range, options)) {
      if (alert.status === 'raised') yield alert;
    }
  }

  #list(range: RowRange, options: ListOptions | undefined): AsyncGenerator<BudgetAlert> {
    return listReadable(this.#table, range, budgetAlertRow.fromRow, options);
  }
}
