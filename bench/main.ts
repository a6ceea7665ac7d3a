import { availableParallelism, cpus, release } from 'node:os';
import { parseArgs } from 'node:util';
import { type Column, formatTable } from '../src/cli/table.ts';
import type { BenchFigure, BenchRow } from './row.ts';
import { formatSeconds } from './support/numbers.ts';

/**
 * Measures the targets of the design, all of them or the named rows, and prints a table or one
 * document of JSON. Exit code 1 means that something could not be measured; a missed target is
 * marked in its line.
 *
 *     npm run bench -- [--list] [--json] [ROW …]
 */

/** By name, in the order of the table; loaded when asked for. */
const rows: Record<string, () => Promise<BenchRow>> = {
  run: async () => (await import('./rows/run.ts')).run,
  'slow-tables': async () => (await import('./rows/slowTables.ts')).slowTables,
  'simulator-capacity': async () => (await import('./rows/simulatorCapacity.ts')).simulatorCapacity,
  requests: async () => (await import('./rows/requests.ts')).requests,
  'limited-lists': async () => (await import('./rows/limitedLists.ts')).limitedLists,
  'hidden-limit': async () => (await import('./rows/hiddenLimit.ts')).hiddenLimit,
  'adaptive-gate': async () => (await import('./rows/adaptiveGate.ts')).adaptiveGate,
  'client-cpu': async () => (await import('./rows/clientCpu.ts')).clientCpu,
  'storage-cpu': async () => (await import('./rows/storageCpu.ts')).storageCpu,
  depth: async () => (await import('./rows/depth.ts')).depth,
  memory: async () => (await import('./rows/memory.ts')).memory,
  'memory-large': async () => (await import('./rows/memoryLarge.ts')).memoryLarge,
  'large-night': async () => (await import('./rows/largeNight.ts')).largeNight,
  cost: async () => (await import('./rows/cost.ts')).cost,
  history: async () => (await import('./rows/history.ts')).history,
  ranking: async () => (await import('./rows/ranking.ts')).ranking,
  metrics: async () => (await import('./rows/metrics.ts')).metrics,
  page: async () => (await import('./rows/page.ts')).page,
  start: async () => (await import('./rows/start.ts')).start,
  faults: async () => (await import('./rows/faults.ts')).faults,
};

interface MeasuredRow {
  name: string;
  durationMs: number;
  figures: BenchFigure[];
  /** Why the row could not be measured. */
  error?: string;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { list: { type: 'boolean' }, json: { type: 'boolean' } },
});
const unknown = positionals.filter((name) => !Object.hasOwn(rows, name));
if (values.list) {
  print(Object.keys(rows).join('\n'));
} else if (unknown.length > 0) {
  report(`unknown: ${unknown.join(', ')}; known are ${Object.keys(rows).join(', ')}`);
  process.exitCode = 2;
} else {
  const measured: MeasuredRow[] = [];
  for (const [name, load] of Object.entries(rows)) {
    if (positionals.length === 0 || positionals.includes(name)) {
      measured.push(await measure(name, load));
    }
  }
  print(values.json ? toJson(measured) : toTable(measured));
  if (measured.some(({ error }) => error !== undefined)) process.exitCode = 1;
}

async function measure(name: string, load: () => Promise<BenchRow>): Promise<MeasuredRow> {
  report(`${name} …`);
  const startMs = performance.now();
  const row: MeasuredRow = { name, durationMs: 0, figures: [] };
  try {
    row.figures = await (await load()).measure();
  } catch (error) {
    row.error = error instanceof Error ? `${error.stack}` : String(error);
    report(row.error);
  }
  row.durationMs = performance.now() - startMs;
  report(`${name}: ${formatSeconds(row.durationMs)}`);
  return row;
}

function toTable(measured: readonly MeasuredRow[]): string {
  const lines = measured.flatMap(({ name, figures, error }) => [
    ...figures.map(({ what, target, measured, isMet }) => [
      name,
      what,
      target,
      measured,
      isMet === undefined ? '' : isMet ? 'met' : 'MISSED',
    ]),
    ...(error === undefined ? [] : [[name, error.split('\n')[0], '', 'not measured', '']]),
  ]);
  const columns = ['row', 'what', 'target', 'measured', ''].map(
    (heading, index): Column<readonly unknown[]> => ({ heading, value: (line) => line[index] }),
  );
  return formatTable(columns, lines);
}

function toJson(measured: readonly MeasuredRow[]): string {
  const [cpu] = cpus();
  const machine = {
    node: process.version,
    platform: `${process.platform} ${release()} ${process.arch}`,
    cpu: `${availableParallelism()} × ${cpu?.model}`,
  };
  return JSON.stringify({ measuredAt: new Date(), machine, rows: measured }, undefined, 2);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

function report(line: string): void {
  process.stderr.write(`${line}\n`);
}
