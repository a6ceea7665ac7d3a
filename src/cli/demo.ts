import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type App, createApp } from '../app.ts';
import { systemClock } from '../clock.ts';
import { loadConfig } from '../config.ts';
import { parseFaults } from '../simulator/faults.ts';
import type { Simulator } from '../simulator/simulator.ts';
import { utcDateOf } from '../usage/date.ts';
import type { SnapshotRun } from '../usage/snapshotRun.ts';
import type { CustomerSnapshot } from '../usage/usageSnapshot.ts';
import { startAzurite } from './embeddedAzurite.ts';
import { createTerminalEventLog } from './eventLines.ts';
import { createProgress } from './progress.ts';
import { clockFrom, startSimulatedPartner } from './simulatedPartner.ts';
import { describeRun, exitCodeOf } from './snapshot.ts';
import { type ExitCode, exitCodes, formatTable, print, printProgress } from './terminal.ts';
import { untilTerminated } from './termination.ts';

const customers = 300;
const latencyMs = 20;
/** All that pass when tried again, and refusals; throttling would make everybody wait a minute. */
const faults = 'serverError,reset,truncate,expireToken,signInTrouble,customerRefused';
/** Customers shown of each currency. */
const shown = 3;

/** The main job with everything embedded: storage emulator, simulator, one night. */
export function demo(): Promise<ExitCode> {
  return untilTerminated(async (signal) => {
    const ends: (() => void | Promise<void>)[] = [];
    try {
      return await runDemo(signal, (end) => ends.unshift(end));
    } finally {
      await endAll(ends);
    }
  });
}

/** Gives back each resource, whatever becomes of the others. */
async function endAll(ends: readonly (() => void | Promise<void>)[]): Promise<void> {
  const failures: unknown[] = [];
  for (const end of ends) {
    try {
      await end();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}

/** @param atEnd takes what gives a resource back, the last one first */
async function runDemo(
  signal: AbortSignal,
  atEnd: (end: () => void | Promise<void>) => void,
): Promise<ExitCode> {
  // At night, so that the end of the UTC day, when nobody is taken any more, is far.
  const clock = clockFrom(Date.parse(`${utcDateOf(systemClock.now())}T02:30:00Z`));
  printProgress('Starting a storage emulator and a simulated Partner Center …');
  const folder = await mkdtemp(join(tmpdir(), 'usage-snapshots-demo-'));
  atEnd(() => rm(folder, { recursive: true }));
  const azurite = await startAzurite();
  atEnd(azurite.stop);
  const partner = await startSimulatedPartner({
    customers,
    latencyMs,
    faults: parseFaults(faults),
    clock,
  });
  atEnd(partner.close);
  const settings = {
    ...partner.settings,
    PARTNER_CENTER_REFRESH_TOKEN_FILE: join(folder, 'refresh-token'),
    SNAPSHOT_STORAGE: azurite.connectionString,
  };
  const app = createApp(loadConfig(settings), createTerminalEventLog(), clock);
  atEnd(app.close);
  printProgress(`${customers} customers, faults on: ${faults.replaceAll(',', ', ')}`);
  const progress = createProgress(systemClock);
  atEnd(progress.end);
  const result = await app.runSnapshot({ trigger: 'cli', signal, onProgress: progress.show });
  progress.end();
  if (signal.aborted || result.isBusy) return exitCodes.failed;
  return report(result.run, app, partner.simulator);
}

async function report(run: SnapshotRun, app: App, simulator: Simulator): Promise<ExitCode> {
  if (run.error) printProgress(run.error);
  print(describeRun(run));
  print(`\n${describeFaults(simulator)}`);
  const rows = await Array.fromAsync(app.stores.usageByDay.listDay(run.snapshotDate));
  print(`\n${describeRanking(rows)}`);
  const wrong = rows.filter((row) => !isRight(row, simulator));
  const verdict = `${rows.length - wrong.length} of ${customers} rows of the day hold what Partner Center has, to the digit`;
  print(`\n${verdict}`);
  if (wrong.length > 0 || rows.length !== customers) return exitCodes.failed;
  return exitCodeOf(run);
}

function describeFaults({ statistics }: Simulator): string {
  return formatTable(['faults put in the way', 'times'], Object.entries(statistics.faults), [
    'times',
  ]);
}

/** The customers that cost most, of each currency by itself. */
function describeRanking(rows: readonly CustomerSnapshot[]): string {
  const costs = rows.flatMap(({ customerName, figures }) =>
    figures ? [{ customerName, ...figures }] : [],
  );
  const byCurrency = Map.groupBy(costs, ({ currency }) => currency);
  const ranking = [...byCurrency].toSorted().flatMap(([currency, all]) =>
    all
      .toSorted((a, b) => Number(b.totalCost) - Number(a.totalCost))
      .slice(0, shown)
      .map(({ customerName, totalCost, plan, percentUsed }, index) => [
        index === 0 ? `${currency} (${all.length})` : '',
        customerName,
        plan,
        totalCost,
        percentUsed === undefined ? '' : `${percentUsed.toFixed(2)} %`,
      ]),
  );
  const headings = ['currency', 'customer', 'plan', 'total cost', 'of budget'];
  return formatTable(headings, ranking, ['total cost', 'of budget']);
}

function isRight(row: CustomerSnapshot, simulator: Simulator): boolean {
  const { outcome, totalCost } = simulator.expectedCustomer(row.customerId);
  if (outcome !== row.outcome) return false;
  return outcome !== 'usage' || row.figures?.totalCost === totalCost;
}
