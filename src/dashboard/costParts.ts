import Big from 'big.js';
import type { Amount, AzureSubscriptionItem, DailyItem } from './api.ts';
import { sharesOf } from './shares.ts';

/** As many as have colours that everybody can tell apart. */
const mostParts = 6;

/** The Azure subscriptions that cost most in a currency, over all plans; `rest` has no history. */
export function largestIds(items: readonly AzureSubscriptionItem[], currency: string): string[] {
  const totals = new Map<string, Big>();
  for (const { azureSubscriptionId: id, totalCost, currency: each } of items) {
    if (id === 'rest' || totalCost === null || each !== currency) continue;
    totals.set(id, new Big(totalCost).plus(totals.get(id) ?? 0));
  }
  return [...totals]
    .toSorted(([, one], [, other]) => other.cmp(one))
    .slice(0, mostParts)
    .map(([id]) => id);
}

type Day = Pick<DailyItem, 'date' | 'dailyCost' | 'daysCovered'>;

/** A part of a customer's cost, day by day. */
export interface CostPart {
  /** As recorded; of the others what is left of the customer's cost. */
  costs: { dailyCost: Amount | null; daysCovered: number }[];
  /** What of it fell on each day. */
  shares: (number | null)[];
}

const nothing = { dailyCost: null, daysCovered: 1 };

/** The parts of a customer's days, and as the last one what is left of them. */
export function splitDays(days: readonly Day[], parts: readonly (readonly Day[])[]): CostPart[] {
  const known = parts.map((part): CostPart => {
    const [byDate, shares] = [new Map(part.map((day) => [day.date, day])), sharesOf(part)];
    return {
      costs: days.map(({ date }) => byDate.get(date) ?? nothing),
      shares: days.map(({ date }) => shares.get(date) ?? null),
    };
  });
  const wholes = sharesOf(days);
  const costs = days.map(({ dailyCost, daysCovered }, index) => {
    if (dailyCost === null) return nothing;
    const left = known.reduce(
      (before, part) => before.minus(part.costs[index]?.dailyCost ?? 0),
      new Big(dailyCost),
    );
    return { dailyCost: left.toFixed() as Amount, daysCovered };
  });
  const shares = days.map(({ date }, index) => {
    const whole = wholes.get(date);
    return whole === undefined
      ? null
      : known.reduce((left, part) => left - (part.shares[index] ?? 0), whole);
  });
  return [...known, { costs, shares }];
}

/** Where the bar of each part ends that stands on those before it, or hangs below zero. */
export function stack(parts: readonly (readonly (number | null)[])[]): (number | null)[][] {
  const [above, below] = [new Map<number, number>(), new Map<number, number>()];
  return parts.map((values) =>
    values.map((value, index) => {
      if (value === null) return null;
      const ends = value < 0 ? below : above;
      const end = (ends.get(index) ?? 0) + value;
      ends.set(index, end);
      return end;
    }),
  );
}
