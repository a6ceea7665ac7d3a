import { openStores } from '../app/openTables.ts';
import { systemClock } from '../clock.ts';
import { loadStorageConfig } from '../config/loadConfig.ts';
import { ConfigurationError } from '../errors.ts';
import { addDays, utcDateOf } from '../usage/date.ts';
import type { SnapshotRun } from '../usage/snapshotRun.ts';
import { type ExitCode, exitCodes, formatTable, print, printJson } from './terminal.ts';

export interface RunsOptions {
  from?: string;
  to?: string;
  json?: boolean;
}

/** Prints the runs; by default those of the last 30 days. */
export async function runs(options: RunsOptions): Promise<ExitCode> {
  const to = options.to ?? utcDateOf(systemClock.now());
  const from = options.from ?? addDays(to, -29);
  if (from > to) {
    throw new ConfigurationError([`--from: expected a date up to ${to}, got ${from}`]);
  }
  const stores = openStores(loadStorageConfig());
  const found = await Array.fromAsync(stores.snapshotRuns.list({ from, to }));
  if (options.json) printJson(found);
  else print(describe(found, from, to));
  return exitCodes.done;
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
