import type { Amount } from './amount.ts';
import { billingPeriodOf } from './billingPeriod.ts';
import {
  advanceDailyCost,
  type CostSnapshot,
  type CostState,
  type FreshTotal,
  initialCostState,
} from './dailyCost.ts';

/** What a day cost a customer, as its ledger row keeps it. */
export interface RecordedCost {
  /** In the billing currency; absent where the day has no news. */
  dailyCost?: Amount;
  /** Days that the cost is for; 0 where there is none. */
  daysCovered: number;
  isStale: boolean;
  /**
   * What the next day has to know beside the figures of the row: nothing on an ordinary day, when
   * they are fresh and are all there is to know. The state as a whole on a stale or failed day,
   * without usage, and while another period or series can still be shown.
   */
  carried?: CostState;
}

/**
 * A day's cost, to be kept with its row.
 *
 * @param state after the days before
 */
export function recordCost(state: CostState, snapshot: CostSnapshot): RecordedCost {
  const { dailyCost, daysCovered, isStale, state: next } = advanceDailyCost(state, snapshot);
  const carried = isToldByRow(next, snapshot) ? undefined : next;
  return {
    daysCovered,
    isStale,
    ...(dailyCost !== null && { dailyCost }),
    ...(carried && { carried }),
  };
}

/** The state after a row, for the next day; undefined where the row's own cost was not computed. */
export function costStateOf({
  cost,
  figures,
  snapshotDate,
}: CostSnapshot & { cost?: RecordedCost }): CostState | undefined {
  if (cost === undefined) return undefined;
  if (cost.carried !== undefined) return cost.carried;
  if (figures === undefined) return initialCostState;
  const { currency, plan, totalCost, lastModifiedDate } = figures;
  const fresh: FreshTotal = {
    currency,
    plan,
    period: billingPeriodOf(figures),
    date: snapshotDate,
    totalCost,
    ...(lastModifiedDate !== undefined && { lastModifiedDate }),
    isSpending: Number(cost.dailyCost ?? 0) > 0,
  };
  return { fresh: [fresh] };
}

/** The currency of a row's daily cost: without figures, that of the last ones. */
export function costCurrencyOf(row: CostSnapshot & { cost?: RecordedCost }): string | undefined {
  return row.figures?.currency ?? row.cost?.carried?.fresh.at(-1)?.currency;
}

/** Whether {@link costStateOf} gives the state back from the row alone. */
function isToldByRow({ fresh, noUsageDate }: CostState, snapshot: CostSnapshot): boolean {
  const [oldest] = fresh;
  if (oldest === undefined) return noUsageDate === undefined;
  // One of the day itself is the only one, and there is usage.
  const isOfDay = snapshot.figures !== undefined && oldest.date === snapshot.snapshotDate;
  return isOfDay && !isLeftSpending(oldest);
}

/** A period's first figures of 0, whose `isSpending` is that of the period before. */
function isLeftSpending({ isSpending, totalCost }: FreshTotal): boolean {
  return isSpending && Number(totalCost) === 0;
}
