import type { BenchFigure } from '../row.ts';
import type { CountedWork } from './countedNightProcess.ts';
import type { CountedRead } from './countedReads.ts';
import type { TableCounts } from './countingTables.ts';
import { formatCount, formatMegabytes, formatSeconds } from './numbers.ts';

/** The work of a timer, and its requests to the tables. */
export interface MeasuredWork extends CountedWork {
  tables: TableCounts;
}

/** Under which the night was measured. */
export interface Conditions {
  latencyMs: number;
  concurrency: number;
  customersWithBudget: number;
  historyDays: number;
  memoryMegabytes: number;
}

export function describePartnerCenter({ run }: MeasuredWork): BenchFigure {
  const { requests = 0, tokenRequests = 0, customersWithUsage, subscriptionsCaptured } = run ?? {};
  return {
    what: `requests to Partner Center, ${customersWithUsage} customers with usage, ${subscriptionsCaptured} subscriptions`,
    measured: `${formatCount(requests)}, and ${tokenRequests} for access tokens`,
    details: { ...run },
  };
}

export function describeTables(
  { tables }: MeasuredWork,
  { historyDays, customersWithBudget }: Conditions,
): BenchFigure {
  return {
    what: `requests to the tables, ${historyDays} days of each customer to read, ${customersWithBudget} budgets`,
    measured:
      `${formatTraffic(tables)}; ` +
      `${formatMillions(tables.sentBytes)} sent, ${formatMillions(tables.readBytes)} read`,
    details: trafficOf(tables),
  };
}

export function describeStored({ tables: { grown } }: MeasuredWork): BenchFigure {
  const all = Object.values(grown);
  const rows = sumOf(all.map((table) => table.rows));
  const bytes = sumOf(all.map((table) => table.bytes));
  const receivedBytes = sumOf(all.map((table) => table.receivedBytes));
  const byTable = Object.entries(grown).map(([table, { rows }]) => `${table} ${formatCount(rows)}`);
  return {
    what: "rows and bytes stored, by Azure's formula",
    measured:
      `${formatCount(rows)} rows (${byTable.join(', ')}), ${formatMillions(bytes)}, ` +
      `of which bodies as received ${formatMillions(receivedBytes)}`,
    details: { rows, bytes, receivedBytes, byTable: grown },
  };
}

export function describeRun(
  { durationMs, run }: MeasuredWork,
  { latencyMs, concurrency, memoryMegabytes }: Conditions,
): BenchFigure {
  // Azure Functions: Flex Consumption rounds up to 100 ms.
  const gigabyteSeconds = (Math.ceil(durationMs / 100) / 10) * (memoryMegabytes / 1024);
  return {
    what: `a run at ${latencyMs} ms, ${concurrency} at a time; on an instance of ${memoryMegabytes} MB`,
    measured: `${formatSeconds(durationMs)}; ${gigabyteSeconds.toFixed(1)} GB-s`,
    details: { durationMs, recordedMs: run?.durationMs, memoryMegabytes, gigabyteSeconds },
  };
}

export function describeMemory({ peakBytes }: MeasuredWork): BenchFigure {
  return {
    what: 'peak memory of its process',
    measured: formatMegabytes(peakBytes),
    details: { peakBytes },
  };
}

export function describeLines({ lines }: MeasuredWork): BenchFigure {
  const all = Object.values(lines);
  const count = sumOf(all.map((event) => event.lines));
  const bytes = sumOf(all.map((event) => event.bytes));
  return {
    what: 'lines of events, without what the log adds to each',
    measured: `${formatCount(count)} lines, ${formatCount(bytes)} bytes`,
    details: { lines: count, bytes, byEvent: lines },
  };
}

export function describeAgain({ tables, run }: MeasuredWork): BenchFigure {
  const rows = sumOf(Object.values(tables.grown).map((table) => table.rows));
  return {
    what: 'requests to the tables where all customers are captured once more that day',
    measured: `${formatTraffic(tables)}; ${formatCount(rows)} rows more`,
    details: { requestsToPartnerCenter: run?.requests, ...trafficOf(tables) },
  };
}

export function describeCheck(what: string, { durationMs, tables }: MeasuredWork): BenchFigure {
  return {
    what,
    measured: `requests to the tables: ${tables.requests}; ${formatSeconds(durationMs)}`,
    details: { durationMs, ...trafficOf(tables) },
  };
}

export function describeReads(reads: readonly CountedRead[]): BenchFigure {
  const name = ({ path }: CountedRead) => path.replace(/[\da-f-]{36}/, '{customerId}');
  return {
    what: 'requests to the tables of one read over HTTP',
    measured: reads.map((read) => `${name(read)} ${read.tables.requests}`).join(', '),
    details: {
      reads: reads.map((read) => ({
        path: name(read),
        durationMs: read.durationMs,
        ...trafficOf(read.tables),
      })),
    },
  };
}

function trafficOf({ grown: _, ...traffic }: TableCounts): Omit<TableCounts, 'grown'> {
  return traffic;
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}

function formatTraffic({ requests, operations }: TableCounts): string {
  return `${formatCount(requests)} with ${formatCount(operations)} operations`;
}

/** `1.23 MB` of 10^6 bytes. */
function formatMillions(bytes: number): string {
  return `${(bytes / 1e6).toFixed(2)} MB`;
}
