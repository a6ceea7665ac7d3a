import type { Entity } from '../../src/storage/columns.ts';
import type { RowRule } from './ledger.ts';
import type { RowFigures } from './rowFigures.ts';
import { nameOf, numberOf } from './rows.ts';
import type { Trace } from './trace.ts';

const ranks: Record<string, number> = { failed: 0, refused: 1, noUsage: 2, usage: 3 };

/** What every row must keep to in the moment in which it is written. */
export function createRowRules(trace: Trace, figures: RowFigures, isSecret: SecretTest): RowRule[] {
  return [
    (table, row) => {
      if (isSecret(JSON.stringify(row))) trace.report('secrets', `in ${nameOf(table, row)}`);
    },
    (table, row, before) => {
      // There the latest records count, whatever they are.
      if (table === 'UsageByAzureSubscription') return;
      const problem = before && problemOfChange(before, row);
      if (problem) trace.report('outcomes', `${nameOf(table, row)}: ${problem}`);
    },
    (table, row) => {
      if (table === 'BudgetAlerts') return;
      const problem = problemOfDates(table, row);
      if (problem) trace.report('dates', `${nameOf(table, row)}: ${problem}`);
    },
    (table, row) => {
      const problem = problemOfFigures(row, figures);
      if (problem) trace.report('figures', `${nameOf(table, row)}: ${problem}`);
    },
    (table, row) => {
      if (table !== 'SnapshotRuns' || row['status'] === 'running') return;
      const problem = problemOfCounts(row);
      if (problem) trace.report('counts', `${nameOf(table, row)}: ${problem}`);
    },
  ];
}

export type SecretTest = (text: string) => boolean;

/** Whether a text holds one of these, or a token of the simulated sign-in host. */
export function createSecretTest(secrets: readonly string[]): SecretTest {
  // The claims of all its tokens begin with their kind: {"kind":
  const known = [...secrets, Buffer.from('{"kind":').toString('base64url').slice(0, 10)];
  return (text) => known.some((secret) => text.includes(secret));
}

function problemOfChange(before: Entity, row: Entity): string | undefined {
  const [from, to] = [String(before['outcome']), String(row['outcome'])];
  // In the ledger of the day a failure with figures stands for a customer whose summary was read.
  const hasGainedFigures = before['totalCostExact'] === undefined && row['totalCostExact'];
  if ((ranks[to] ?? 4) < (ranks[from] ?? 4) && !hasGainedFigures) return `${to} over ${from}`;
  if (before['subscriptionIds'] && !row['subscriptionIds']) return 'lost its subscriptionIds';
  return undefined;
}

function problemOfDates(table: string, row: Entity): string | undefined {
  const date = String(row['snapshotDate']);
  const isByDay = table === 'UsageByDay' || table === 'SnapshotRuns';
  const keyDate = isByDay ? row.partitionKey : row.rowKey.slice(-10);
  if (keyDate !== date) return `its key names ${keyDate}, its column ${date}`;
  const runDate = String(row['runId']).slice(0, 8);
  // Totals are no answers: they are added up when the run ends, after midnight perhaps, and where
  // it did not come to that by a run of a later day.
  const isTotal = row.rowKey.startsWith('total|');
  const day = date.replaceAll('-', '');
  if (isTotal ? runDate < day : runDate !== day) return `a run of ${runDate} wrote ${date}`;
  const capturedAt = isTotal ? undefined : row['capturedAt'];
  if (capturedAt !== undefined && String(capturedAt).slice(0, 10) !== date) {
    return `captured at ${String(capturedAt)}`;
  }
  return undefined;
}

const resources: readonly unknown[] = ['customer', 'subscription', 'partner'];

function problemOfFigures(row: Entity, figures: RowFigures): string | undefined {
  if (!resources.includes(row['resource'])) return undefined;
  if (row['totalCostExact'] !== undefined) return figures.problemOf(row);
  return row['outcome'] === 'usage' ? 'usage without figures' : undefined;
}

function problemOfCounts(row: Entity): string | undefined {
  const remaining = numberOf(row, 'customersRemaining');
  if (remaining === undefined) return undefined;
  const counts = ['WithUsage', 'WithoutUsage', 'Refused', 'Failed'].map(
    (name) => numberOf(row, `customers${name}`) ?? 0,
  );
  const sum = counts.reduce((one, other) => one + other, remaining);
  const listed = numberOf(row, 'customersListed');
  return sum === listed ? undefined : `${counts.join(' + ')} + ${remaining}, listed ${listed}`;
}
