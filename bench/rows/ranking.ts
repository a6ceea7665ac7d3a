import type { BenchRow } from '../row.ts';
import { timeDayQuery } from '../support/dayQuery.ts';
import { lastDate } from '../support/recordedTables.ts';

export const ranking: BenchRow = {
  name: 'ranking',
  measure: () =>
    timeDayQuery(`customers?date=${lastDate}`, {
      what: 'ranking of a day',
      targetMs: 500,
      targetRatio: 1.3,
    }),
};
