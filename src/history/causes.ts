import Big from 'big.js';
import { clip } from '../text.ts';
import type { Change } from '../usage/changes.ts';
import { comparedDateOf } from '../usage/movement.ts';
import { readChanges } from './changes.ts';
import type { HistoryContext } from './historyContext.ts';

/** Changes named, the largest. */
const maxCauses = 3;
/** Of each name: all of them, their amounts and what separates them are under 1,000 characters. */
const longestName = 90;

/** The first of these that tells something. */
const comparisons = ['day', 'week'] as const;

/**
 * What caused the change of a customer's cost, as text, up to 1,000 characters:
 * `vm-web-01 (Microsoft.Compute/virtualMachines, Prod) +331.20 EUR; …` against the day before.
 * Where that tells nothing (the day after the first of a billing period or after a missed one, a
 * cost that stays high), against the same weekday of last week: `against 2026-03-07: …`.
 *
 * @returns undefined where nothing can be compared, or no records tell it
 */
export async function describeCauses(
  customerId: string,
  date: string,
  context: HistoryContext,
): Promise<string | undefined> {
  for (const against of comparisons) {
    const changes = await readChanges({ customerId, date, against }, context);
    if (!changes || changes.items.length === 0) continue;
    const { currency, items } = changes;
    const causes = items
      .slice(0, maxCauses)
      .map((item) => `${nameOf(item)} ${signed(item.change)} ${currency}`)
      .join('; ');
    return against === 'day' ? causes : `against ${comparedDateOf(date, against)}: ${causes}`;
  }
  return undefined;
}

function nameOf({
  azureSubscriptionId = '',
  azureSubscriptionName,
  resourceGroup,
  resource,
  type,
}: Change): string {
  const subscription = azureSubscriptionName ?? azureSubscriptionId;
  const names = [resource, type, resource === undefined ? resourceGroup : undefined, subscription];
  const [name = '', ...where] = names
    .flatMap((each) => each && clip(each, longestName))
    .filter((each) => each !== undefined && each !== '');
  return where.length === 0 ? name : `${name} (${where.join(', ')})`;
}

function signed(change: string): string {
  const amount = new Big(change).toFixed(2);
  return amount.startsWith('-') ? amount : `+${amount}`;
}
