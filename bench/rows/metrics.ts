import { odata } from '@azure/data-tables';
import { rankingColumns } from '../../src/storage/usageRows.ts';
import type { BenchRow } from '../row.ts';
import { formatCount } from '../support/numbers.ts';
import { timeQuery } from '../support/queryTimes.ts';
import { lastDate, ledgerRowOf, withRecordedApi } from '../support/recordedTables.ts';

const customers = 10_000;
const targetMs = 1000;
const targetRatio = 2;
const filter = odata`PartitionKey eq ${lastDate}`;

/** The metrics of each customer over HTTP, on the storage emulator. */
export const metrics: BenchRow = {
  name: 'metrics',
  measure: () =>
    withRecordedApi(
      ({ usageByDay }) => {
        const rows = Array.from({ length: customers }, (_, index) => ledgerRowOf(index, lastDate));
        return usageByDay.upsertDay(rows);
      },
      ({ get, list, stores }) =>
        timeQuery({
          what: `metrics of each of ${formatCount(customers)} customers over HTTP, on the emulator`,
          targetMs,
          targetRatio,
          query: () => get('metrics'),
          reading: () => Array.fromAsync(stores.usageByDay.listRanking(lastDate)),
          bare: () => list('UsageByDay', { filter, columns: rankingColumns, rows: customers }),
        }),
    ),
};
