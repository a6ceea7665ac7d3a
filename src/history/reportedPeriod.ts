import Big from 'big.js';
import { type Amount, toAmount } from '../usage/amount.ts';
import type { BillingPeriod } from '../usage/billingPeriod.ts';
import { isSameSeries } from '../usage/dailyCost.ts';
import { computePeriods, type DailyItem, type PeriodItem } from '../usage/history.ts';
import type { Plan } from '../usage/plan.ts';
import { present } from '../usage/present.ts';
import type { ReportedAzureSubscription } from './reportedAzureSubscriptions.ts';

/** A billing period of a customer, with what its days and its subscriptions and plans cost. */
export interface ReportedPeriod {
  period: BillingPeriod;
  currency: string;
  plan: Plan;
  totalCost: Amount;
  budgetAmount?: Amount;
  /** The last day with fresh figures. */
  lastSnapshotDate: string;
  isFinal: PeriodItem['isFinal'];
  /** By date; empty where only figures of subscriptions name the period. */
  days: DailyItem[];
  /** The largest first. */
  subscriptions: ReportedSubscription[];
}

/** What a subscription or plan cost in a billing period. */
export interface ReportedSubscription {
  subscriptionId: string;
  subscriptionName: string;
  totalCost: Amount;
  lastSnapshotDate: string;
  /** Of an Azure plan; the largest first, as of the last day on which all of them were recorded. */
  azureSubscriptions: ReportedAzureSubscription[];
}

/** A billing period of a subscription or plan. */
export type SubscriptionPeriod = PeriodItem & Omit<ReportedSubscription, 'totalCost'>;

/** The periods that start in a month, `yyyy-MM`, in the order in which they were first seen. */
export function computePeriodsOf(month: string, items: readonly DailyItem[]): PeriodItem[] {
  return computePeriods(items).filter(({ billingPeriodStart: start }) => start.startsWith(month));
}

export function toReportedPeriod(item: PeriodItem): ReportedPeriod {
  const { billingPeriodStart: start, billingPeriodEnd: end, figures } = item;
  const { currency, plan, totalCost, lastSnapshotDate, isFinal } = item;
  return {
    period: { start, end },
    currency,
    plan,
    totalCost,
    ...present({ budgetAmount: figures.budgetAmount }),
    lastSnapshotDate,
    isFinal,
    days: [],
    subscriptions: [],
  };
}

/**
 * Gives each period its days: those whose figures are of it, and those without a period that lie in
 * it. Where several cover such a day, it belongs to that of the day before.
 *
 * @returns the days that name no period and lie in none
 */
export function assignDays(
  items: readonly DailyItem[],
  periods: readonly ReportedPeriod[],
): DailyItem[] {
  const others: DailyItem[] = [];
  let series: { currency: string; plan: Plan } | undefined;
  let current: ReportedPeriod | undefined;
  for (const item of items) {
    series = item.figures ?? series;
    if (item.period === undefined) {
      const covering = periods.filter(({ period }) => isWithin(item.date, period));
      const found = covering.find((each) => each === current) ?? covering[0];
      (found?.days ?? others).push(item);
      continue;
    }
    current = periods.find((each) => isOf(each, item.period, series));
    // After its end, figures that are shown again say nothing new.
    if (current && !(item.isStale && item.date >= current.period.end)) current.days.push(item);
  }
  return others;
}

function isWithin(date: string, { start, end }: BillingPeriod): boolean {
  return start <= date && date < end;
}

function isOf(
  { period, ...own }: ReportedPeriod,
  other: BillingPeriod | undefined,
  series: { currency: string; plan: Plan } | undefined,
): boolean {
  return period.start === other?.start && series !== undefined && isSameSeries(own, series);
}

/**
 * Gives each period its subscriptions and plans, the largest first. What names a start or a currency
 * that none of the customer's own figures has is added as a period of subscriptions alone.
 */
export function assignSubscriptions(
  lines: readonly SubscriptionPeriod[],
  periods: ReportedPeriod[],
): void {
  for (const line of lines) {
    const same = periods.filter(
      ({ period, currency }) =>
        period.start === line.billingPeriodStart && currency === line.currency,
    );
    let found = same.find(({ plan }) => plan === line.plan) ?? same[0];
    if (found === undefined) {
      found = toReportedPeriod(line);
      delete found.budgetAmount;
      periods.push(found);
    }
    const { subscriptionId, subscriptionName, totalCost, lastSnapshotDate } = line;
    const { azureSubscriptions } = line;
    found.subscriptions.push({
      ...{ subscriptionId, subscriptionName, totalCost, lastSnapshotDate, azureSubscriptions },
    });
  }
  for (const period of periods) {
    period.subscriptions.sort(byCost);
    if (period.days.length > 0) continue;
    period.totalCost = sumCosts(period.subscriptions);
    const [latest] = period.subscriptions
      .map((line) => line.lastSnapshotDate)
      .toSorted()
      .reverse();
    if (latest !== undefined) period.lastSnapshotDate = latest;
  }
}

/** The exact sum of costs. */
export function sumCosts(lines: readonly { totalCost: Amount }[]): Amount {
  return toAmount(lines.reduce((sum, { totalCost }) => sum.plus(totalCost), new Big(0)));
}

function byCost(one: ReportedSubscription, other: ReportedSubscription): number {
  const byTotal = new Big(other.totalCost).cmp(one.totalCost);
  return byTotal === 0 ? (one.subscriptionId < other.subscriptionId ? -1 : 1) : byTotal;
}
