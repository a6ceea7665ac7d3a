import { type AnomalyOptions, detectAnomaly } from '../../src/usage/anomaly.ts';
import { addDays, daysBetween } from '../../src/usage/date.ts';
import { computeDailyCosts } from '../../src/usage/history.ts';

import { createDraws, type Draws } from './random.ts';
import { createSpendCase, type Shape, type SpendCase, shapes } from './shapes.ts';
import { snapshotsOf } from './snapshots.ts';

/** Kinds of planted anomalies: one day that costs too much or too little, new or vanished cost. */
export type AnomalyKind = 'rise' | 'drop' | 'new' | 'vanished';
export const anomalyKinds: readonly AnomalyKind[] = ['rise', 'drop', 'new', 'vanished'];

/** Two weeks of history come before them: shapes that have a surprise of their own are left out. */
export const anomalyShapes: readonly Shape[] = shapes.filter(
  (shape) => shape !== 'step' && shape !== 'spike' && shape !== 'new customer',
);

export interface DetectionResult {
  /** Planted anomalies that are large enough to be reported. */
  planted: number;
  /** Those that were reported on the day or the day after. */
  found: number;
  /** Days that were reported without reason. */
  falseAlarms: number;
  /** Days that were evaluated. */
  days: number;
}

const options: AnomalyOptions = { minimumCost: 10 };

/** Plants an anomaly into each customer's month, and evaluates each day of it. */
export function detectPlanted(shape: Shape, kind: AnomalyKind, seeds: number): DetectionResult {
  const result: DetectionResult = { planted: 0, found: 0, falseAlarms: 0, days: 0 };
  for (let seed = 1; seed <= seeds; seed++) {
    const draws = createDraws(seed * 31 + anomalyKinds.indexOf(kind));
    const ordinary = createSpendCase(shape, seed);
    // From the ninth of the month on: before, missing cost cannot be distinguished from late
    // figures.
    const at = daysBetween(ordinary.from, ordinary.start) + draws.integer(9, 24);
    const { spendCase, change } = plant(ordinary, kind, at, draws);
    const isLarge = change >= options.minimumCost;
    if (isLarge) result.planted++;
    const reported = reportedDates(spendCase);
    result.days += daysBetween(spendCase.start, spendCase.end);
    // The use of a day is recorded on the next one.
    const reasons = [1, 2].map((days) => addDays(spendCase.from, at + days));
    if (isLarge && reported.some((date) => reasons.includes(date))) result.found++;
    result.falseAlarms += reported.filter((date) => !reasons.includes(date)).length;
  }
  return result;
}

function plant(ordinary: SpendCase, kind: AnomalyKind, at: number, draws: Draws) {
  const usual = ordinary.costs[at] ?? 0;
  const factor = kind === 'rise' ? draws.between(2.5, 6) : draws.between(0, 0.2);
  const costs = ordinary.costs.map((cost, index) => {
    if (kind === 'new') return index < at ? 0 : cost;
    if (kind === 'vanished') return index < at ? cost : 0;
    return index === at ? cost * factor : cost;
  });
  // Where cost begins, a gap would show nothing but zeros.
  const gapDays = kind === 'new' ? 0 : ordinary.gapDays;
  const change = kind === 'new' ? usual : Math.abs((costs[at] ?? 0) - usual);
  return { spendCase: { ...ordinary, costs, gapDays }, change };
}

function reportedDates(spendCase: SpendCase): string[] {
  const items = computeDailyCosts(snapshotsOf(spendCase));
  return items
    .map(({ date }) => date)
    .filter((date) => date >= spendCase.start && detectAnomaly(items, date, options)?.isAnomaly);
}

/** Percent of the reported anomalies that were planted. */
export function precisionOf({ found, falseAlarms }: DetectionResult): number {
  return (100 * found) / (found + falseAlarms);
}

/** Percent of the planted anomalies that were reported. */
export function recallOf({ planted, found }: DetectionResult): number {
  return (100 * found) / planted;
}

export function addResults(results: readonly DetectionResult[]): DetectionResult {
  const total = { planted: 0, found: 0, falseAlarms: 0, days: 0 };
  for (const { planted, found, falseAlarms, days } of results) {
    total.planted += planted;
    total.found += found;
    total.falseAlarms += falseAlarms;
    total.days += days;
  }
  return total;
}
