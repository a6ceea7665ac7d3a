import type { CallOptions, ListOptions } from '../callOptions.ts';
import { messageOf, type RefusedRow, RowsRefusedError } from '../errors.ts';
import type { AnomalyRow, LedgerRow, RankedRow } from '../usage/ledgerRow.ts';
import type { EntityTable, RowRange } from './entityTable.ts';
import { customerKey, dateKey } from './keys.ts';
import { listReadable } from './readable.ts';
import {
  anomalyColumns,
  fromAnomalyEntity,
  fromRankingEntity,
  fromUsageByDayEntity,
  rankingColumns,
  toUsageByDayEntity,
} from './usageRows.ts';

/**
 * The table `UsageByDay`: ledger and ranking of a day in one partition. Its rows have neither the
 * bodies as received nor the list of subscriptions. All methods throw `StorageError`, or
 * `RangeError` for an id or date that cannot be a key.
 */
export class UsageByDayTableStore {
  readonly #table: EntityTable;

  constructor(table: EntityTable) {
    this.#table = table;
  }

  /**
   * Replaces the rows of these customers, a transaction for every 100 of a day.
   *
   * @throws RowsRefusedError that names rows which cannot be stored, once all the others are
   */
  async upsertDay(rows: readonly LedgerRow[], options?: CallOptions): Promise<void> {
    const refused: RefusedRow[] = [];
    const mapped = rows.flatMap((row, index) => {
      try {
        return { index, entity: toUsageByDayEntity(row) };
      } catch (error) {
        refused.push({ index, code: 'UNWRITABLE_ROW', message: messageOf(error) });
        return [];
      }
    });
    const entities = mapped.map(({ entity }) => entity);
    try {
      await this.#table.upsertEach(entities, options);
    } catch (error) {
      if (!(error instanceof RowsRefusedError)) throw error;
      for (const row of error.rows) refused.push({ ...row, index: mapped[row.index]?.index ?? -1 });
    }
    if (refused.length > 0) throw new RowsRefusedError(refused);
  }

  /** `undefined` where the customer has no row of that day. */
  async getDay(
    date: string,
    customerId: string,
    options?: CallOptions,
  ): Promise<LedgerRow | undefined> {
    const row = await this.#table.get(dateKey(date), customerKey(customerId), options);
    return row && fromUsageByDayEntity(this.#table.name, row);
  }

  /** Every customer that has a row of that day, by customer id. */
  listDay(date: string, options?: ListOptions): AsyncGenerator<LedgerRow> {
    return listReadable(this.#table, dayRange(date), fromUsageByDayEntity, options);
  }

  /** The same with only the columns of a ranking, which is faster. */
  listRanking(date: string, options?: ListOptions): AsyncGenerator<RankedRow> {
    const range = { ...dayRange(date), columns: rankingColumns };
    return listReadable(this.#table, range, fromRankingEntity, options);
  }

  /** The anomalies of a day, of all customers or of one, by customer id. */
  listAnomalies(
    { date, customerId }: { date: string; customerId?: string | undefined },
    options?: ListOptions,
  ): AsyncGenerator<AnomalyRow> {
    const key = customerId === undefined ? undefined : customerKey(customerId);
    const range = {
      ...dayRange(date),
      ...(key !== undefined && { rows: { from: key, to: key } }),
      hasFlag: 'anomalyDelivered',
      columns: anomalyColumns,
    };
    return listReadable(this.#table, range, fromAnomalyEntity, options);
  }

  /** Rows with an anomaly that is still to be delivered, by date and customer id. */
  listUndeliveredAnomalies(
    { from, to }: { from: string; to: string },
    options?: ListOptions,
  ): AsyncGenerator<LedgerRow> {
    const partitions = { from: dateKey(from), to: dateKey(to) };
    return listReadable(
      this.#table,
      { partitions, isFalse: 'anomalyDelivered' },
      fromUsageByDayEntity,
      options,
    );
  }
}

function dayRange(date: string): RowRange {
  const partition = dateKey(date);
  return { partitions: { from: partition, to: partition } };
}
