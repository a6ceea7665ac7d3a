/**
 * Quality of forecast and anomaly detection on generated customers: `npm run bench:forecast`.
 * Customers per shape: `npm run bench:forecast -- 500`; default 200. No timing, so the same numbers
 * come out on every machine.
 */
import {
  addResults,
  anomalyKinds,
  anomalyShapes,
  type DetectionResult,
  detectPlanted,
  precisionOf,
  recallOf,
} from './anomalies.ts';
import {
  averageOf,
  backtest,
  coverageOf,
  errorOf,
  forecastDays,
  type Method,
  methods,
  type ShapeResult,
} from './backtest.ts';
import { shapes } from './shapes.ts';

const seeds = Number(process.argv[2] ?? 200);
if (!Number.isInteger(seeds) || seeds < 1) throw new RangeError('expected a number of customers');

const results = shapes.map((shape) => ({ shape, ...backtest(shape, seeds) }));
type Result = ShapeResult & { shape: string };

function printTable(title: string, head: readonly string[], rows: readonly string[][]): void {
  const cells = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  const lines = cells.map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  '),
  );
  process.stdout.write(`\n${title}\n${lines.join('\n')}\n`);
}

function percent(value: number): string {
  return Number.isNaN(value) ? '–' : value.toFixed(1);
}

/** A row for each shape, and one for all of them, each of the same weight. */
function rowsOf(valuesOf: (result: Result) => number[]): string[][] {
  const rows = results.map((result) => ({ name: result.shape, values: valuesOf(result) }));
  const columns = rows[0]?.values ?? [];
  const average = columns.map((_, column) => averageOf(rows.map((row) => row.values[column] ?? 0)));
  return [...rows, { name: 'average', values: average }].map(({ name, values }) => [
    name,
    ...values.map(percent),
  ]);
}

function byDay(method: Method): string[][] {
  return rowsOf(({ trials }) =>
    forecastDays.map((day) =>
      errorOf(
        trials.filter((each) => each.dayOfPeriod === day),
        method,
      ),
    ),
  );
}

printTable(
  `Forecast of the period's total: mean absolute error in percent, ${seeds} customers a shape`,
  ['', ...methods, 'covered', '… without surprise', 'width', 'absent'],
  rowsOf(({ trials, absent }) => [
    ...methods.map((method) => errorOf(trials, method)),
    coverageOf(trials),
    coverageOf(trials.filter(({ isSurprised }) => !isSurprised)),
    100 * averageOf(trials.map(({ width }) => width)),
    (100 * absent) / (absent + trials.length),
  ]),
);
for (const method of methods) {
  const head = ['', ...forecastDays.map((day) => `day ${day}`)];
  printTable(`By day of the period: ${method}`, head, byDay(method));
}

const anomalySeeds = Math.ceil(seeds / 4);
const detections = anomalyShapes.map((shape) => ({
  shape,
  results: anomalyKinds.map((kind) => detectPlanted(shape, kind, anomalySeeds)),
}));

function detectionRow(name: string, detected: readonly DetectionResult[]): string[] {
  const all = addResults(detected);
  const recalls = detected.map((result) => percent(recallOf(result)));
  const alarms = (1000 * all.falseAlarms) / all.days;
  return [name, percent(precisionOf(all)), percent(recallOf(all)), ...recalls, alarms.toFixed(1)];
}

printTable(
  `Anomalies, one in each month: percent, ${anomalySeeds} customers a shape and kind`,
  ['', 'precision', 'recall', ...anomalyKinds, 'false alarms in 1,000 days'],
  [
    ...detections.map(({ shape, results: detected }) => detectionRow(shape, detected)),
    detectionRow(
      'together',
      anomalyKinds.map((_, kind) =>
        addResults(detections.flatMap(({ results: detected }) => detected[kind] ?? [])),
      ),
    ),
  ],
);
