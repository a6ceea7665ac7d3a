import { present } from '../usage/present.ts';
import type { RecordedCost } from '../usage/recordedCost.ts';
import { amountColumns, type Columns, int32Column } from './columns.ts';
import type { RowReader } from './rowReader.ts';

/** What a day cost, for its row of `UsageByDay`; no columns where that is not known. */
export function recordedCostColumns(cost: RecordedCost | undefined): Columns {
  if (cost === undefined) return {};
  const { dailyCost, daysCovered, isStale } = cost;
  return {
    ...(dailyCost !== undefined && amountColumns('dailyCost', dailyCost)),
    daysCovered: int32Column(daysCovered),
    isStale,
  };
}

/** What the day of a row cost; `undefined` where no run has computed it. */
export function recordedCostFrom(reader: RowReader): RecordedCost | undefined {
  if (!reader.has('daysCovered')) return undefined;
  return present({
    dailyCost: reader.optionalAmount('dailyCost'),
    daysCovered: reader.integer('daysCovered'),
    isStale: reader.boolean('isStale'),
  });
}
