import { odata } from '@azure/data-tables';
import { customerRowKey } from '../../src/storage/keys.ts';
import { historyColumns } from '../../src/storage/usageRows.ts';
import { addDays } from '../../src/usage/date.ts';
import type { BenchRow } from '../row.ts';
import { timeQuery } from '../support/queryTimes.ts';
import { customerIdOf, lastDate, ledgerRowOf, withRecordedApi } from '../support/recordedTables.ts';

const days = 400;
const targetMs = 30;
const targetRatio = 1.3;
/** Days before the range that its first forecast needs. */
const daysBehind = 106;
/** As large as those of the documentation's samples. */
const raw = JSON.stringify({ resourceName: 'Azure', attributes: 'x'.repeat(1_400) });

/** One customer's history over HTTP, on the storage emulator. */
export const history: BenchRow = {
  name: 'history',
  measure: () =>
    withRecordedApi(
      async ({ usageByCustomer }) => {
        const dates = Array.from({ length: days }, (_, back) => addDays(lastDate, -back));
        const rows = dates.map((date) => ({ ...ledgerRowOf(0, date), raw }));
        await usageByCustomer.upsertCustomer(rows);
      },
      ({ get, list, stores }) => {
        const customerId = customerIdOf(0);
        const from = addDays(lastDate, 1 - days);
        const range = { from: addDays(from, -daysBehind), to: lastDate };
        const [first, last] = [customerRowKey(range.from), customerRowKey(range.to)];
        const filter = odata`PartitionKey eq ${customerId} and RowKey ge ${first} and RowKey le ${last}`;
        return timeQuery({
          what: `one customer's ${days} days over HTTP, on the emulator`,
          targetMs,
          targetRatio,
          query: () => get(`customers/${customerId}/history?from=${from}&to=${lastDate}`),
          reading: () => Array.fromAsync(stores.usageByCustomer.listHistory(customerId, range)),
          bare: () => list('UsageByCustomer', { filter, columns: historyColumns, rows: days }),
        });
      },
    ),
};
