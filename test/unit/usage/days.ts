import { parseAmount } from '../../../src/usage/amount.ts';
import type { CostSnapshot } from '../../../src/usage/dailyCost.ts';
import { addDays } from '../../../src/usage/date.ts';
import type { Plan } from '../../../src/usage/plan.ts';

interface Change {
  /** As sent; default: another one each day. */
  modified?: string | undefined;
  /** Calendar month of the figures, `yyyy-MM`; default: that of the day. */
  period?: string;
  /** As sent, instead of the month. */
  start?: string;
  end?: string;
  currency?: string;
  plan?: Plan;
}

/** A day with figures: of an Azure plan in euro, unless changed. */
export function day(
  snapshotDate: string,
  totalCost: string,
  { modified, period = snapshotDate.slice(0, 7), start, end, currency, plan }: Change = {},
): CostSnapshot {
  const firstDay = `${period}-01`;
  const nextMonth = `${addDays(firstDay, 31).slice(0, 7)}-01`;
  return {
    snapshotDate,
    outcome: 'usage',
    figures: {
      plan: plan ?? 'azurePlan',
      currency: currency ?? 'EUR',
      totalCost: parseAmount(totalCost),
      billingStartDate: start ?? `${firstDay}T00:00:00+00:00`,
      billingEndDate: end ?? `${nextMonth}T00:00:00+00:00`,
      lastModifiedDate: modified ?? `${addDays(snapshotDate, -1)}T19:03:41.7272436+00:00`,
    },
  };
}

export function noUsage(snapshotDate: string): CostSnapshot {
  return { snapshotDate, outcome: 'noUsage' };
}

export function failed(snapshotDate: string): CostSnapshot {
  return { snapshotDate, outcome: 'failed' };
}

export function refused(snapshotDate: string): CostSnapshot {
  return { snapshotDate, outcome: 'refused' };
}

/** Snapshots of each day from one to another, of somebody whose days of use cost what is told. */
export function spending(
  from: string,
  to: string,
  costOf: (date: string) => number,
  lastDay: Change = {},
): CostSnapshot[] {
  const snapshots: CostSnapshot[] = [];
  let total = 0;
  for (let date = from; date <= to; date = addDays(date, 1)) {
    const change = date === to ? lastDay : {};
    // A snapshot has the use up to the day before, as far as that is in its period.
    const isFirst = date.slice(8) === '01' && change.period === undefined;
    total = isFirst || date === from ? 0 : total + costOf(addDays(date, -1));
    snapshots.push(day(date, String(total), change));
  }
  return snapshots;
}
