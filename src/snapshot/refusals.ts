import type { Failure } from '../usage/usageSnapshot.ts';
import type { EarlierDays } from './earlierDays.ts';

/** A customer that was refused, or some of whose subscriptions were. */
export interface Refusal {
  customerId: string;
  failure: Failure;
  /** How many were refused: 1 customer, or so many of its subscriptions. */
  count: number;
}

/**
 * Which refusals are signs of an outage or a lost right: none where they are up to 5, or up to a
 * tenth of what was asked; all where they are half of it or more, or the majority is not served;
 * otherwise those that were not refused on the two recorded days before, if these are as many.
 *
 * @param asked how many were asked for
 * @param isMajorityServed whether more than half of the customers are served today
 */
export async function findMassRefusals<One extends Refusal>(
  refusals: readonly One[],
  asked: number,
  isMajorityServed: boolean,
  earlierDays: EarlierDays,
): Promise<ReadonlySet<One>> {
  const refused = countOf(refusals);
  if (!isMassRefusal(refused, asked)) return new Set();
  if (refused * 2 >= asked || !isMajorityServed) return new Set(refusals);
  const fresh = new Set<One>();
  for (const one of refusals) {
    const isLasting = await earlierDays.isLastingRefusal(one.customerId, one.failure);
    if (!isLasting) fresh.add(one);
  }
  return isMassRefusal(countOf([...fresh]), asked) ? fresh : new Set();
}

function countOf(refusals: readonly Refusal[]): number {
  return refusals.reduce((sum, { count }) => sum + count, 0);
}

/**
 * Whether refusals are too many to be single ones: more than 5 and more than 10 % of the listed
 * customers. Then a role was lost, or the API has an outage.
 */
function isMassRefusal(refused: number, listed: number): boolean {
  return refused > Math.max(5, listed / 10);
}
