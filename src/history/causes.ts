import Big from 'big.js';
import { clip } from '../text.ts';
import type { Change } from '../usage/changes.ts';
import { readChanges } from './changes.ts';
import type { HistoryContext } from './historyContext.ts';

/** Changes named, the largest. */
const maxCauses = 3;
/** Of each name: all of them, their amounts and what separates them are under 1,000 characters. */
const longestName = 90;

/**
 * What caused the change of a customer's cost against the day before, as text:
 * `vm-web-01 (Microsoft.Compute/virtualMachines, Prod) +331.20 EUR; …`, up to 1,000 characters.
 *
 * @returns undefined where nothing can be compared, or no records tell it
 */
export async function describeCauses(
  customerId: string,
  date: string,
  context: HistoryContext,
): Promise<string | undefined> {
  const changes = await readChanges({ customerId, date, against: 'day' }, context);
  if (!changes || changes.items.length === 0) return undefined;
  const { currency, items } = changes;
  return items
    .slice(0, maxCauses)
    .map((item) => `${nameOf(item)} ${signed(item.change)} ${currency}`)
    .join('; ');
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
