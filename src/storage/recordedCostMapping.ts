import * as z from 'zod';
import { messageOf } from '../errors.ts';
import { type Amount, parseAmount } from '../usage/amount.ts';
import type { CostState, FreshTotal } from '../usage/dailyCost.ts';
import { isDate } from '../usage/date.ts';
import type { Plan } from '../usage/plan.ts';
import { present } from '../usage/present.ts';
import type { RecordedCost } from '../usage/recordedCost.ts';
import { amountColumns, type Columns, int32Column, longestColumn } from './columns.ts';
import type { RowReader } from './rowReader.ts';

const amount = z.string().transform((literal, context): Amount => {
  try {
    return parseAmount(literal);
  } catch (error) {
    context.addIssue({ code: 'custom', message: messageOf(error) });
    return z.NEVER;
  }
});
const date = z.string().refine(isDate, 'expected a date yyyy-MM-dd');

const freshTotal: z.ZodType<FreshTotal> = z.object({
  currency: z.string(),
  plan: z.enum(['azurePlan', 'payAsYouGo'] satisfies Plan[]),
  period: z.object({ start: date, end: date }),
  date,
  totalCost: amount,
  lastModifiedDate: z.string().exactOptional(),
  isSpending: z.boolean(),
});
const costState: z.ZodType<CostState> = z.object({
  fresh: z.array(freshTotal),
  noUsageDate: date.exactOptional(),
});

/**
 * What a day cost, for its row of `UsageByDay`; no columns where that is not known. What it carries
 * is JSON in one column: a few totals, some 250 characters each.
 */
export function recordedCostColumns(cost: RecordedCost | undefined): Columns {
  if (cost === undefined) return {};
  const { dailyCost, daysCovered, isStale, carried } = cost;
  const dailyCostState = carried && JSON.stringify(carried);
  // A row without cost is computed anew from the customer's own rows. Half a state would be a wrong
  // cost, and an error would take the rows of others with it.
  if (dailyCostState !== undefined && dailyCostState.length > longestColumn) return {};
  return {
    ...(dailyCost !== undefined && amountColumns('dailyCost', dailyCost)),
    daysCovered: int32Column(daysCovered),
    isStale,
    ...(dailyCostState !== undefined && { dailyCostState }),
  };
}

/** What the day of a row cost; `undefined` where no run has computed it. */
export function recordedCostFrom(reader: RowReader): RecordedCost | undefined {
  if (!reader.has('daysCovered')) return undefined;
  return present({
    dailyCost: reader.optionalAmount('dailyCost'),
    daysCovered: reader.integer('daysCovered'),
    isStale: reader.boolean('isStale'),
    carried: reader.optionalJson('dailyCostState', 'a cost state in JSON', (json) =>
      costState.parse(json),
    ),
  });
}
