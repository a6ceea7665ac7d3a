import type { Amount } from './amount.ts';
import { billingPeriodOf } from './billingPeriod.ts';
import {
  type CostSnapshot,
  type CostState,
  type FreshTotal,
  initialCostState,
} from './dailyCost.ts';

/** A ledger row as the next day needs it. */
export interface CostRow extends CostSnapshot {
  /** As it was computed for the row; absent or null without one. */
  dailyCost?: Amount | null;
  /** What {@link carriedCostState} had to add. */
  carried?: CostState;
}

/**
 * What a ledger row has to carry beside its own figures, so that {@link costStateOf} gives back the
 * state after it: nothing on an ordinary day, when the figures are fresh and are all there is to
 * know. The state as a whole on a stale or failed day, without usage, and while another period or
 * series can still be shown.
 */
export function carriedCostState(state: CostState, snapshot: CostSnapshot): CostState | undefined {
  const [oldest] = state.fresh;
  if (oldest === undefined) return state.noUsageDate === undefined ? undefined : state;
  const isWhole =
    snapshot.figures !== undefined &&
    // Then it is the only one, and there is usage.
    oldest.date === snapshot.snapshotDate &&
    !isLeftSpending(oldest);
  return isWhole ? undefined : state;
}

/** The state after a ledger row, for the next day's {@link advanceDailyCost}. */
export function costStateOf({ carried, figures, snapshotDate, dailyCost }: CostRow): CostState {
  if (carried !== undefined) return carried;
  if (figures === undefined) return initialCostState;
  const { currency, plan, totalCost, lastModifiedDate } = figures;
  const fresh: FreshTotal = {
    currency,
    plan,
    period: billingPeriodOf(figures),
    date: snapshotDate,
    totalCost,
    ...(lastModifiedDate !== undefined && { lastModifiedDate }),
    isSpending: Number(dailyCost ?? 0) > 0,
  };
  return { fresh: [fresh] };
}

/** A period's first figures of 0, whose `isSpending` is that of the period before. */
function isLeftSpending({ isSpending, totalCost }: FreshTotal): boolean {
  return isSpending && Number(totalCost) === 0;
}
