import Big from 'big.js';
import { fromCustomerEntity } from '../../src/storage/usageRows.ts';
import { computeDailyCosts, type DailyItem } from '../../src/usage/history.ts';
import type { Ledger } from './ledger.ts';
import { numberOf } from './rows.ts';

/**
 * What is wrong with the daily costs of a day: each is what the customer's whole history says, and
 * the totals are their sums.
 */
export function* problemsOfCosts(ledger: Ledger, date: string): Generator<string> {
  const sums = new Map<string, Big>();
  for (const row of ledger.partition('UsageByDay', date).values()) {
    const item = itemOf(ledger, row.rowKey, date);
    if (item === undefined) continue;
    const got = [
      row['dailyCostExact'] ?? null,
      row['daysCovered'] && numberOf(row, 'daysCovered'),
      row['isStale'],
    ];
    const expected = [item.dailyCost, item.daysCovered, item.isStale];
    if (got.join() !== expected.join()) {
      yield `${row.rowKey}: expected ${expected.join()}, got ${got.join()}`;
    }
    const { currency } = row;
    if (item.dailyCost === null || typeof currency !== 'string') continue;
    sums.set(currency, (sums.get(currency) ?? new Big(0)).plus(item.dailyCost));
  }
  for (const row of ledger.partition('UsageByCustomer', 'partner').values()) {
    if (row['snapshotDate'] !== date || row['resource'] === 'partner') continue;
    const sum = sums.get(String(row['currency']))?.toFixed() ?? '0';
    if (row['dailyCostExact'] !== sum) {
      yield `${row.rowKey}: expected a sum of ${sum}, got ${String(row['dailyCostExact'])}`;
    }
  }
}

/** A customer's day by the whole of its own rows. */
function itemOf(ledger: Ledger, customerId: string, date: string): DailyItem | undefined {
  const snapshots = [...ledger.partition('UsageByCustomer', customerId)]
    .filter(([rowKey]) => rowKey.startsWith('customer|') && rowKey <= `customer|${date}`)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([, entity]) => fromCustomerEntity('UsageByCustomer', entity));
  const item = computeDailyCosts(snapshots).at(-1);
  return item?.date === date ? item : undefined;
}
