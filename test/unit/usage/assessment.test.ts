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

describe('the forecast of a customer with a budget', () => {
  it('is that of the history', () => {
    if (!today) throw new Error('expected a day');
    const { total } = forecastPeriod(computeDailyCosts(days), '2026-03-20') ?? {};
    expect(total).toBeDefined();
    expect(assessDay(before, today, options).forecastTotalCost).toBe(total);
  });

  it('is not there without a budget', () => {
    expect(assessDay(before, day('2026-03-20', '380'), options)).not.toHaveProperty(
      'forecastTotalCost',
    );
  });

  it('is not there for figures of another period than that of the last news', () => {
    const february = days.filter(({ snapshotDate }) => snapshotDate < '2026-03-01');
    const march = withBudget(day('2026-03-02', '20'));
    const again = withBudget(day('2026-03-03', '560', { period: '2026-02' }));
    const old = { ...again, figures: february.at(-1)?.figures };
    expect(assessDay([...february, march], old as CostSnapshot, options)).toMatchObject({
      cost: { daysCovered: 0, isStale: true },
    });
    expect(assessDay([...february, march], old as CostSnapshot, options)).not.toHaveProperty(
      'forecastTotalCost',
    );
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
