import { odata } from '@azure/data-tables';
import { rankingColumns } from '../../src/storage/usageRows.ts';
import type { BenchFigure } from '../row.ts';
import { formatCount } from './numbers.ts';
import { type TimedQuery, timeQuery } from './queryTimes.ts';
import { lastDate, ledgerRowOf, withRecordedApi } from './recordedTables.ts';

const customers = 10_000;
const filter = odata`PartitionKey eq ${lastDate}`;

/** Times a route that reads a whole day of customers, on the storage emulator. */
export function timeDayQuery(
  path: string,
  { what, ...targets }: Pick<TimedQuery, 'what' | 'targetMs' | 'targetRatio'>,
): Promise<BenchFigure[]> {
  return withRecordedApi(
    ({ usageByDay }) => {
      const rows = Array.from({ length: customers }, (_, index) => ledgerRowOf(index, lastDate));
      return usageByDay.upsertDay(rows);
    },
    ({ get, list, stores }) =>
      timeQuery({
        ...targets,
        what: `${what} of ${formatCount(customers)} customers over HTTP, on the emulator`,
        query: () => get(path),
        reading: () => Array.fromAsync(stores.usageByDay.listRanking(lastDate)),
        bare: () => list('UsageByDay', { filter, columns: rankingColumns, rows: customers }),
      }),
  );
}
