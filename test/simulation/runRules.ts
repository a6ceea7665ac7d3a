import type { Entity } from '../../src/storage/columns.ts';
import type { DayRules } from './dayRules.ts';
import type { Ledger } from './ledger.ts';
import { nameOf, numberOf } from './rows.ts';
import type { Trace } from './trace.ts';

/** What a run's record and its totals must keep to in the moment in which they are written. */
export function addRunRules(ledger: Ledger, dayRules: DayRules, trace: Trace): void {
  ledger.addRule((table, row) => {
    if (table !== 'SnapshotRuns' || row['status'] !== 'complete') return;
    for (const problem of problemsOfComplete(row, dayRules)) {
      trace.report('complete', `${nameOf(table, row)}: ${problem}`);
    }
  });
  ledger.addRule((table, row) => {
    if (table !== 'UsageByCustomer' || !row.rowKey.startsWith('total|')) return;
    const problem = dayRules.problemOfTotal(row);
    if (problem) trace.report('totals', `${nameOf(table, row)}: ${problem}`);
  });
}

/** From its start to its end. */
export function spanOf(run: Entity) {
  return {
    fromMs: Date.parse(String(run['startedAt'])),
    toMs: Date.parse(String(run['finishedAt'])),
  };
}

function* problemsOfComplete(run: Entity, dayRules: DayRules): Generator<string> {
  if (run['scope'] !== 'all') yield 'complete for one customer';
  if (numberOf(run, 'customersRemaining') !== 0) yield 'complete with customers remaining';
  const named = dayRules.named(spanOf(run)).length;
  const listed = numberOf(run, 'customersListed') ?? 0;
  if (listed === 0) yield 'complete without customers';
  if (listed < named) yield `${listed} listed, expected ${named} at least`;
  yield* dayRules.problemsOfCompleteDay(run.partitionKey, spanOf(run), run.rowKey);
}
