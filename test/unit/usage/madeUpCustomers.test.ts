import { describe, expect, it } from 'vitest';
import {
  addResults,
  anomalyKinds,
  anomalyShapes,
  detectPlanted,
  precisionOf,
  recallOf,
} from '../../../bench/forecast/anomalies.ts';
import {
  averageOf,
  backtest,
  coverageOf,
  errorOf,
  type Method,
} from '../../../bench/forecast/backtest.ts';
import { shapes } from '../../../bench/forecast/shapes.ts';

describe('the forecast against run rate and 7-day mean, over made-up customers', () => {
  const results = shapes.map((shape) => ({ shape, ...backtest(shape, 30) }));
  const averageError = (method: Method) =>
    averageOf(results.map(({ trials }) => errorOf(trials, method)));

  it.each(['run rate', '7-day mean'] as const)('is better than the %s on average', (method) => {
    expect(averageError('ours')).toBeLessThan(0.8 * averageError(method));
  });

  it.each(shapes)('loses to neither for %s', (shape) => {
    const trials = results.find((result) => result.shape === shape)?.trials ?? [];
    const best = Math.min(errorOf(trials, 'run rate'), errorOf(trials, '7-day mean'));
    expect(errorOf(trials, 'ours')).toBeLessThanOrEqual(Math.max(best * 1.1, best + 1));
  });

  it('has the actual total between low and high in 80 to 95 of 100 cases', () => {
    const coverage = averageOf(results.map(({ trials }) => coverageOf(trials)));
    expect(coverage).toBeGreaterThanOrEqual(80);
    expect(coverage).toBeLessThanOrEqual(95);
  });
});

describe('anomalies planted into made-up customers', () => {
  it('are found, nine of ten, and are four of five that are reported', () => {
    const together = addResults(
      anomalyShapes.flatMap((shape) => anomalyKinds.map((kind) => detectPlanted(shape, kind, 12))),
    );
    expect(recallOf(together)).toBeGreaterThanOrEqual(90);
    expect(precisionOf(together)).toBeGreaterThanOrEqual(80);
  });
});
