import { systemClock } from '../clock.ts';
import { ConfigurationError } from '../errors.ts';
import { listCustomers } from '../history/customers.ts';
import type { HistoryContext } from '../history/historyContext.ts';
import { addDays, utcDateOf } from '../usage/date.ts';
import type { SnapshotRun } from '../usage/snapshotRun.ts';
import { describeCustomers } from './customers.ts';
import { openRecordedHistory } from './recordedHistory.ts';
import { type Column, formatTable } from './table.ts';
import { type ExitCode, exitCodes, print, printJson } from './terminal.ts';

export interface RunsOptions {
  from?: string;
  to?: string;
  json?: boolean;
}

/** Failed and refused customers shown below the runs. */
const maxTroubled = 20;

/** Prints the runs; by default those of the last 30 days. */
export async function runs(options: RunsOptions): Promise<ExitCode> {
  const to = options.to ?? utcDateOf(systemClock.now());
  const from = options.from ?? addDays(to, -29);
  if (from > to) {
    throw new ConfigurationError([`--from: expected a date up to ${to}, got ${from}`]);
  }
  const context = openRecordedHistory();
  const found = await Array.fromAsync(context.stores.snapshotRuns.list({ from, to }));
  if (options.json) {
    printJson(found);
    return exitCodes.done;
  }
  const troubled = await describeTroubled(found.at(-1), context);
  print([describe(found, from, to), ...troubled].join('\n\n'));
  return exitCodes.done;
}

/** Who failed or was refused on the day of the last run, and why; none where nobody was. */
async function describeTroubled(
  last: SnapshotRun | undefined,
  context: HistoryContext,
): Promise<string[]> {
  if (last === undefined || last.customersFailed + last.customersRefused === 0) return [];
  const { rows } = await listCustomers({ date: last.snapshotDate }, context);
  const troubled = rows.filter(({ outcome }) => outcome === 'failed' || outcome === 'refused');
  const shown = troubled.slice(0, maxTroubled);
  const others = troubled.length - shown.length;
  const heading = `failed or refused on ${last.snapshotDate}:`;
  const more = others === 0 ? [] : [`and ${others} more, see \`customers --outcome\``];
  return troubled.length === 0 ? [] : [[heading, describeCustomers(shown), ...more].join('\n')];
}

function describe(found: readonly SnapshotRun[], from: string, to: string): string {
  if (found.length === 0) return `no runs from ${from} to ${to}`;
  return formatTable(runColumns, found);
}

const runColumns: readonly Column<SnapshotRun>[] = [
  { heading: 'date', value: 'snapshotDate' },
  { heading: 'started', value: ({ startedAt }) => startedAt.slice(11, 19), spare: 5 },
  { heading: 'trigger', value: 'trigger', spare: 3 },
  { heading: 'scope', value: 'scope', spare: 4 },
  { heading: 'status', value: 'status' },
  { heading: 'listed', value: 'customersListed', kind: 'number' },
  { heading: 'usage', value: 'customersWithUsage', kind: 'number', spare: 1 },
  { heading: 'none', value: 'customersWithoutUsage', kind: 'number', spare: 2 },
  { heading: 'refused', value: 'customersRefused', kind: 'number' },
  { heading: 'failed', value: 'customersFailed', kind: 'number' },
  { heading: 'requests', value: 'requests', kind: 'number', spare: 6 },
  { heading: 'seconds', value: secondsOf, kind: 'number', spare: 7 },
  { heading: 'error', value: 'error', kind: 'text' },
];

function secondsOf({ durationMs }: SnapshotRun): string {
  return durationMs === undefined ? '' : (durationMs / 1000).toFixed(1);
}
