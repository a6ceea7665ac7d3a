import { odata } from '@azure/data-tables';
import { rankingColumns } from '../../src/storage/usageRows.ts';
import type { BenchRow } from '../row.ts';
import { formatCount } from '../support/numbers.ts';
import { timeQuery } from '../support/queryTimes.ts';
import { lastDate, ledgerRowOf, withRecordedApi } from '../support/recordedTables.ts';

const customers = 10_000;
const targetMs = 500;
const targetRatio = 1.3;
const filter = odata`PartitionKey eq ${lastDate}`;

/** The ranking of a day over HTTP, on the storage emulator. */
export const ranking: BenchRow = {
  name: 'ranking',
  measure: () =>
    withRecordedApi(
      ({ usageByDay }) => {
        const rows = Array.from({ length: customers }, (_, index) => ledgerRowOf(index, lastDate));
        return usageByDay.upsertDay(rows);
      },
      ({ get, list, stores }) =>
        timeQuery({
          what: `ranking of a day with ${formatCount(customers)} customers over HTTP, on the emulator`,
          targetMs,
          targetRatio,
          query: () => get(`customers?date=${lastDate}`),
          reading: () => Array.fromAsync(stores.usageByDay.listRanking(lastDate)),
          bare: () => list('UsageByDay', { filter, columns: rankingColumns, rows: customers }),
        }),
    ),
};
