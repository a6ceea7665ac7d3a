import type { Failure } from '../usage/usageSnapshot.ts';
import type { EarlierDays } from './earlierDays.ts';

/** A customer that was refused, or of which something was. */
export interface Refusal {
  customerId: string;
  failure: Failure;
  /** How many of what is asked for were refused: 1, or of a customer's subscriptions. */
  count: number;
}

/**
 * Which refusals are not those customers' own, but an outage or a lost right: of half or more, all;
 * of more than 5 and a tenth, those that have not been there on the two recorded days before.
 *
 * @param asked of how many
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
 * Whether refusals are too many to be those customers' own: more than 5 and more than 10 % of the
 * listed ones. Then a role was lost, or the API is out of order.
 */
function isMassRefusal(refused: number, listed: number): boolean {
  return refused > Math.max(5, listed / 10);
}
