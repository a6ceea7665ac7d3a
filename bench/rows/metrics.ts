import type { BenchRow } from '../row.ts';
import { timeDayQuery } from '../support/dayQuery.ts';

export const metrics: BenchRow = {
  name: 'metrics',
  measure: () => timeDayQuery('metrics', { what: 'metrics', targetMs: 1000, targetRatio: 2 }),
};
