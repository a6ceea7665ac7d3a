import { describe, expect, it } from 'vitest';
import type { RunItem } from '../../../src/dashboard/api.ts';
import { describeNight, nightsOf } from '../../../src/dashboard/nightState.ts';
import { run } from '../../support/recorded.ts';

const runOf = (date: string, change: Partial<RunItem> = {}) =>
  ({ ...run(date), ...change }) as unknown as RunItem;

const kindsOf = (runs: RunItem[], from: string, to: string, today = to) =>
  nightsOf(runs, { from, to }, today).map(({ kind }) => kind);

describe('the nights of a range', () => {
  it('are what the best run of each day came to', () => {
    const runs = [
      runOf('2026-03-01', { status: 'failed' }),
      runOf('2026-03-01', { status: 'complete' }),
      runOf('2026-03-01', { status: 'partial' }),
      runOf('2026-03-02', { status: 'failed' }),
      runOf('2026-03-02', { status: 'partial' }),
      runOf('2026-03-03', { status: 'running' }),
    ];
    expect(kindsOf(runs, '2026-03-01', '2026-03-03')).toEqual(['complete', 'partial', 'running']);
  });

  it('without a run are missing, but for today and those before the first run', () => {
    const runs = [runOf('2026-03-02')];
    expect(kindsOf(runs, '2026-03-01', '2026-03-04')).toEqual([
      'before',
      'complete',
      'missing',
      'due',
    ]);
    expect(kindsOf([runOf('2026-02-01')], '2026-03-01', '2026-03-02')).toEqual(['missing', 'due']);
  });

  it('are not made by the run of one customer', () => {
    const runs = [runOf('2026-03-01'), runOf('2026-03-02', { scope: 'customer' })];
    expect(kindsOf(runs, '2026-03-01', '2026-03-02', '2026-03-09')).toEqual([
      'complete',
      'missing',
    ]);
  });

  it('say how many customers they have', () => {
    const [night] = nightsOf(
      [runOf('2026-03-01', { status: 'partial', customersListed: 3, customersFailed: 2 })],
      { from: '2026-03-01', to: '2026-03-01' },
      '2026-03-05',
    );
    expect(night && describeNight(night)).toMatch(
      /: partial, 1 of 3 customers, 2 customers failed$/,
    );
  });
});
