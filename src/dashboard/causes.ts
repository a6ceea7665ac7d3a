import Big from 'big.js';
import type { Amount, ChangeItem, Changes } from './api.ts';

/** What moved by how much; null where the cost of a day is not known. */
export interface Moved {
  before: Amount | null;
  after: Amount | null;
  change: Amount;
}

/** Parts of a change that add up to it, in each of its three amounts. */
export interface Causes {
  /** The largest first. */
  items: ChangeItem[];
  /** The items that are not among these. */
  others: Moved & { count: number };
  /** What did not move, and the change that no record explains. */
  rest: Moved;
}

/** @returns undefined where the days cannot be compared */
export function listCauses(changes: Changes, most: number): Causes | undefined {
  const { items, before, after, unexplained } = changes;
  if (unexplained === null) return undefined;
  const others = items.slice(most);
  return {
    items: items.slice(0, most),
    others: {
      count: others.length,
      before: sumOf(others, 'before'),
      after: sumOf(others, 'after'),
      change: sumOf(others, 'change'),
    },
    rest: {
      before: subtract(before, sumOf(items, 'before')),
      after: subtract(after, sumOf(items, 'after')),
      change: unexplained,
    },
  };
}

function sumOf(items: readonly ChangeItem[], field: 'before' | 'after' | 'change'): Amount {
  const sum = items.reduce((before, item) => before.plus(item[field]), new Big(0));
  return sum.toFixed() as Amount;
}

function subtract(total: Amount | null, part: Amount): Amount | null {
  return total === null ? null : (new Big(total).minus(part).toFixed() as Amount);
}
