import Big from 'big.js';
import { type Amount, toAmount } from './amount.ts';
import { type AzureSubscriptionSnapshot, restId } from './azureSubscriptionSnapshot.ts';
import { billingPeriodOf } from './billingPeriod.ts';
import { type CostSnapshot, isSameSeries } from './dailyCost.ts';
import type { UsageFigures } from './usageSnapshot.ts';

/** An Azure subscription on a day, of all plans that it belonged to in the billing period. */
export interface AzureSubscriptionDay extends CostSnapshot {
  azureSubscriptionName?: string;
}

type DetailedRow = AzureSubscriptionSnapshot & { figures: UsageFigures };

/**
 * The days of an Azure subscription, the oldest first. It can move to another plan and then has a
 * row of each, as the old one keeps what was spent there: they are added up. A day on which the
 * records of one of them were not read is left out, as a missed one.
 *
 * @param rows of the Azure subscription and of the rests of its plans, in any order
 */
export function addUpDays(
  rows: readonly AzureSubscriptionSnapshot[],
  azureSubscriptionId: string,
): AzureSubscriptionDay[] {
  const days: AzureSubscriptionDay[] = [];
  /** The latest row of each plan that had figures of it. */
  const latest = new Map<string, DetailedRow>();
  const byDate = Map.groupBy(rows, ({ snapshotDate }) => snapshotDate);
  for (const [snapshotDate, ofDate] of [...byDate].sort(([one], [other]) =>
    one < other ? -1 : 1,
  )) {
    const own = ofDate
      .filter((row) => row.azureSubscriptionId === azureSubscriptionId)
      .filter(hasFigures);
    const known = new Set(ofDate.filter(isKnownRest).map(({ subscriptionId }) => subscriptionId));
    const last = own.at(-1);
    const isMissed = [...latest].some(
      ([plan, row]) => !known.has(plan) && !isOver(row, snapshotDate, last),
    );
    for (const row of own) latest.set(row.subscriptionId, row);
    if (isMissed) continue;
    if (last) {
      const name = last.azureSubscriptionName;
      const figures = addUp(own, last.figures);
      days.push({
        ...{ snapshotDate, outcome: 'usage', figures },
        ...(name !== undefined && { azureSubscriptionName: name }),
      });
    } else if (latest.size > 0) {
      days.push({ snapshotDate, outcome: 'noUsage' });
    }
  }
  return days;
}

function hasFigures(row: AzureSubscriptionSnapshot): row is DetailedRow {
  return row.figures !== undefined;
}

function isKnownRest({ azureSubscriptionId, outcome }: AzureSubscriptionSnapshot): boolean {
  return azureSubscriptionId === restId && outcome !== 'refused';
}

/** Whether the billing period of a row is over, so that its plan has no part in a later day. */
function isOver({ figures }: DetailedRow, date: string, later: DetailedRow | undefined): boolean {
  const period = billingPeriodOf(figures);
  if (later && period?.start !== billingPeriodOf(later.figures)?.start) return true;
  return period !== undefined && date >= period.end;
}

/** The figures of the last with the totals of all that are of its currency and plan. */
function addUp(rows: readonly DetailedRow[], last: UsageFigures): UsageFigures {
  const all = rows.map(({ figures }) => figures).filter((figures) => isSameSeries(figures, last));
  const { usdTotalCost: _, ...figures } = last;
  const usd = all.flatMap(({ usdTotalCost }) => usdTotalCost ?? []);
  return {
    ...figures,
    totalCost: sumOf(all.map(({ totalCost }) => totalCost)),
    ...(usd.length === all.length && { usdTotalCost: sumOf(usd) }),
  };
}

function sumOf(amounts: readonly Amount[]): Amount {
  return toAmount(amounts.reduce((sum, amount) => sum.plus(amount), new Big(0)));
}
