import { systemClock } from '../clock.ts';
import { ConfigurationError } from '../errors.ts';
import { listCustomers } from '../history/customers.ts';
import type { HistoryContext } from '../history/historyContext.ts';
import { addDays, utcDateOf } from '../usage/date.ts';
import type { SnapshotRun } from '../usage/snapshotRun.ts';
import { describeCustomers } from './customers.ts';
import { openRecordedHistory } from './recordedHistory.ts';
import { type ExitCode, exitCodes, formatTable, print, printJson } from './terminal.ts';

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
  const numbers = ['listed', 'usage', 'none', 'refused', 'failed', 'requests', 'seconds'];
  return formatTable(
    ['date', 'started', 'trigger', 'scope', 'status', ...numbers, 'error'],
    found.map((run) => [
      run.snapshotDate,
      run.startedAt.slice(11, 19),
      run.trigger,
      run.scope,
      run.status,
      run.customersListed,
      run.customersWithUsage,
      run.customersWithoutUsage,
      run.customersRefused,
      run.customersFailed,
      run.requests,
      run.durationMs === undefined ? '' : (run.durationMs / 1000).toFixed(1),
      run.error,
    ]),
    numbers,
  );
}
