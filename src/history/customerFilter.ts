import { costCurrencyOf, type RankedRow } from '../usage/ledgerRow.ts';
import type { Plan } from '../usage/plan.ts';
import type { Outcome } from '../usage/usageSnapshot.ts';

/** Which customers of a day are wanted; absent: all. */
export interface CustomerFilter {
  outcome?: Outcome | undefined;
  /** ISO 4217. */
  currency?: string | undefined;
  plan?: Plan | undefined;
  /** A part of the name or the domain in any case, or of the id. */
  search?: string | undefined;
}

export function isWanted(
  row: RankedRow,
  { outcome, currency, plan, search }: CustomerFilter,
): boolean {
  if (outcome !== undefined && row.outcome !== outcome) return false;
  if (currency !== undefined && costCurrencyOf(row) !== currency) return false;
  if (plan !== undefined && row.figures?.plan !== plan) return false;
  return search === undefined || isFoundBy(search, row);
}

/** Whether a search finds the customer of a row. */
export function isFoundBy(
  search: string,
  {
    customerId,
    customerName,
    customerDomain,
  }: { customerId: string; customerName: string; customerDomain?: string },
): boolean {
  const part = search.toLowerCase();
  const texts = [customerId, customerName, customerDomain];
  return texts.some((text) => text?.toLowerCase().includes(part));
}
