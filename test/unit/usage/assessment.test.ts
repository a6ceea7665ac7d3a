import { describe, expect, it } from 'vitest';
import { parseAmount } from '../../../src/usage/amount.ts';
import { assessDay } from '../../../src/usage/assessment.ts';
import type { CostSnapshot } from '../../../src/usage/dailyCost.ts';
import { forecastPeriod } from '../../../src/usage/forecast.ts';
import { computeDailyCosts } from '../../../src/usage/history.ts';
import { day, noUsage, spending } from './days.ts';

const options = { minimumCost: 10 };

function withBudget(snapshot: CostSnapshot, budget = '600'): CostSnapshot {
  const { figures, ...rest } = snapshot;
  return {
    ...rest,
    ...(figures && { figures: { ...figures, budgetAmount: parseAmount(budget) } }),
  };
}

/** 20 a day in February and March. */
const days = spending('2026-02-01', '2026-03-20', () => 20).map((each) => withBudget(each));
const [before, today] = [days.slice(0, -1), days.at(-1)];

describe('the forecast of a customer', () => {
  it('is that of the history, with a budget and without', () => {
    if (!today) throw new Error('expected a day');
    const { total } = forecastPeriod(computeDailyCosts(days), '2026-03-20') ?? {};
    expect(total).toBeDefined();
    for (const each of [today, day('2026-03-20', '380')]) {
      expect(assessDay(before, each, options).cost.forecastTotalCost).toBe(total);
    }
  });

  it('who spends next to nothing is there with a budget alone', () => {
    const little = spending('2026-02-01', '2026-03-24', () => 0.1);
    const last = day('2026-03-25', '2.4');
    expect(assessDay(little, withBudget(last), options).cost.forecastTotalCost).toBe('3.1000');
    expect(assessDay(little, last, options).cost).not.toHaveProperty('forecastTotalCost');
  });

  it('is not there for figures of another period than that of the last news', () => {
    const february = days.filter(({ snapshotDate }) => snapshotDate < '2026-03-01');
    const march = withBudget(day('2026-03-02', '20'));
    const again = withBudget(day('2026-03-03', '560', { period: '2026-02' }));
    const old = { ...again, figures: february.at(-1)?.figures };
    const { cost } = assessDay([...february, march], old as CostSnapshot, options);
    expect(cost).toEqual({ daysCovered: 0, isStale: true });
  });
});

it('a cost that is gone is in the currency of the last figures with news', () => {
  expect(assessDay(before, noUsage('2026-03-20'), options)).toMatchObject({
    cost: { dailyCost: '-360' },
    currency: 'EUR',
  });
  expect(assessDay([], noUsage('2026-03-20'), options)).not.toHaveProperty('currency');
});

it('a day before one of the others is refused', () => {
  expect(() => assessDay(days, day('2026-03-19', '1'), options)).toThrow(RangeError);
});

describe('a day is reported as an anomaly', () => {
  /** 20 a day in February. */
  const february = spending('2026-02-01', '2026-02-28', () => 20);
  const until = (date: string, cost: number) => spending('2026-02-01', date, () => cost);
  const expectedCostOf = (snapshots: CostSnapshot[], snapshot: CostSnapshot) =>
    assessDay(snapshots, snapshot, options).expectedCost;

  it('with what it was expected to cost, where it is out of line', () => {
    expect(expectedCostOf(until('2026-03-24', 20), day('2026-03-25', '600'))).toBe('20.0000');
    expect(
      assessDay(until('2026-03-24', 20), day('2026-03-25', '480'), options),
    ).not.toHaveProperty('expectedCost');
  });

  it('where it costs nothing, and its period has cost something', () => {
    expect(expectedCostOf(until('2026-03-24', 20), day('2026-03-25', '460'))).toBe('20.0000');
  });

  it('for a correction of the smallest cost or more, whatever is left of its period', () => {
    const before = until('2026-03-24', 0.5);
    expect(expectedCostOf(before, day('2026-03-25', '1.5'))).toBe('0.5000');
    expect(expectedCostOf(before, day('2026-03-25', '1.51'))).toBeUndefined();
  });

  it('where its period has cost the smallest cost so far', () => {
    const before = [...february, day('2026-03-01', '0'), day('2026-03-02', '9')];
    expect(expectedCostOf(before, day('2026-03-24', '10'))).toBeDefined();
    expect(expectedCostOf(before, day('2026-03-24', '9.99'))).toBeUndefined();
  });

  it('not where there is no usage, and the figures before name no period', () => {
    const unnamed = day('2026-03-19', '20');
    delete unnamed.figures?.billingStartDate;
    delete unnamed.figures?.billingEndDate;
    expect(expectedCostOf([unnamed], noUsage('2026-03-20'))).toBeUndefined();
  });

  it('where all cost is gone, in the first 20 days of a period alone', () => {
    expect(expectedCostOf(february, day('2026-03-20', '0'))).toBeDefined();
    expect(expectedCostOf(february, day('2026-03-21', '0'))).toBeUndefined();
  });
});

it('a day whose figures are old has no cost', () => {
  const old = day('2026-03-20', '360', { modified: today?.figures?.lastModifiedDate ?? '' });
  const again = { ...old, figures: { ...old.figures, ...before.at(-1)?.figures } };
  const { cost } = assessDay(before, again as CostSnapshot, options);
  expect(cost).toEqual({ daysCovered: 0, isStale: true });
});
