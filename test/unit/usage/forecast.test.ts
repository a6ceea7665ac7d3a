import { describe, expect, it } from 'vitest';
import type { CostSnapshot } from '../../../src/usage/dailyCost.ts';
import { addDays } from '../../../src/usage/date.ts';
import { forecastPeriod } from '../../../src/usage/forecast.ts';
import { computeDailyCosts } from '../../../src/usage/history.ts';
import { day, failed, spending } from './days.ts';

/** 100 on working days, 30 at weekends. */
function weekly(date: string): number {
  return [0, 6].includes(new Date(date).getUTCDay()) ? 30 : 100;
}

describe('the forecast of a billing period', () => {
  it('is what a steady customer comes to', () => {
    const items = computeDailyCosts(spending('2026-01-01', '2026-03-12', () => 10));
    expect(forecastPeriod(items, '2026-03-12')).toMatchObject({ total: '310.0000' });
  });

  it('counts the working days and weekends that are left', () => {
    const items = computeDailyCosts(spending('2026-01-01', '2026-03-07', weekly));
    // March 2026 has 22 working days and 9 days at weekends.
    expect(forecastPeriod(items, '2026-03-07')?.total).toBe('2470.0000');
  });

  it('stands on the months before while the figures of a new month are missing', () => {
    const snapshots = spending('2026-01-01', '2026-03-31', () => 10);
    const gap = spending('2026-04-01', '2026-04-06', () => 0);
    const items = computeDailyCosts([...snapshots, ...gap]);
    for (const day of ['2026-04-01', '2026-04-04', '2026-04-06']) {
      expect(forecastPeriod(items, day)?.total).toBe('300.0000');
    }
  });

  it('follows a step after three days of it', () => {
    const step = (date: string) => (date < '2026-03-10' ? 10 : 40);
    const items = computeDailyCosts(spending('2026-01-01', '2026-03-14', step));
    expect(forecastPeriod(items, '2026-03-14')?.total).toBe('970.0000');
  });

  it('leaves open whether a first day far out is the new level', () => {
    const step = (date: string) => (date < '2026-03-10' ? 10 : 40);
    const items = computeDailyCosts(spending('2026-01-01', '2026-03-11', step));
    const forecast = forecastPeriod(items, '2026-03-11');
    expect(Number(forecast?.total)).toBeLessThan(400);
    expect(Number(forecast?.high)).toBeGreaterThan(970);
  });

  it('is the total itself once every day is known', () => {
    const closing = { modified: '2026-04-01', period: '2026-03' };
    const items = computeDailyCosts(spending('2026-03-01', '2026-04-01', () => 10, closing));
    expect(forecastPeriod(items, '2026-04-01')).toEqual({
      total: '310.0000',
      low: '310.0000',
      high: '310.0000',
    });
  });

  it('is 0 for somebody who spends nothing', () => {
    const items = computeDailyCosts(spending('2026-03-01', '2026-03-12', () => 0));
    expect(forecastPeriod(items, '2026-03-12')?.high).toBe('0.0000');
  });

  it('is absent where less than three days of use are known', () => {
    const items = computeDailyCosts(
      spending('2026-03-01', '2026-03-12', (date) => (date < '2026-03-10' ? 0 : 9)),
    );
    expect(forecastPeriod(items, '2026-03-12')).toBeUndefined();
    expect(forecastPeriod([], '2026-03-12')).toBeUndefined();
  });

  it('is that of the first recorded day where that is for days enough', () => {
    const items = computeDailyCosts([day('2026-03-11', '100')]);
    expect(forecastPeriod(items, '2026-03-11')?.total).toBe('310.0000');
  });

  it('on a day without figures is that of the currency before it', () => {
    const dollars = spending('2026-03-01', '2026-03-20', () => 100).map((each) =>
      each.figures ? { ...each, figures: { ...each.figures, currency: 'USD' } } : each,
    );
    const euros = spending('2026-01-01', '2026-02-28', () => 20);
    const forecastOf = (snapshots: CostSnapshot[]) =>
      forecastPeriod(computeDailyCosts([...snapshots, failed('2026-03-21')]), '2026-03-21');
    expect(forecastOf([...euros, ...dollars])).toEqual(forecastOf(dollars));
    expect(forecastOf(dollars)?.total).toBe('3100.0000');
  });

  it('is absent for a first cost after 75 days without one, as for a new customer', () => {
    const costOf = (date: string) => (date < '2026-01-11' || date >= '2026-04-08' ? 10 : 0);
    const forecastAfter = (lastDay: string) =>
      forecastPeriod(computeDailyCosts(spending('2026-01-01', lastDay, costOf)), lastDay);
    expect(forecastAfter('2026-04-10')).toBeUndefined();
    expect(forecastAfter('2026-04-11')).toBeDefined();
  });

  it('is absent once the period is over', () => {
    const items = computeDailyCosts(
      spending('2026-03-01', '2026-03-31', () => 10),
      '2026-04-05',
    );
    expect(forecastPeriod(items, '2026-03-31')).toBeDefined();
    expect(forecastPeriod(items, '2026-04-05')).toBeUndefined();
  });

  it('takes nothing from days after its own', () => {
    const snapshots = spending('2026-01-01', '2026-03-31', weekly);
    const known = snapshots.filter(({ snapshotDate }) => snapshotDate <= '2026-03-12');
    expect(forecastPeriod(computeDailyCosts(snapshots), '2026-03-12')).toEqual(
      forecastPeriod(computeDailyCosts(known), '2026-03-12'),
    );
  });

  it('lies between its low and its high, and the low is not below the cost so far', () => {
    const items = computeDailyCosts(
      spending('2026-01-01', '2026-03-31', (date) => 1 + ((Number(date.slice(8)) * 37) % 11)),
    );
    for (let date = '2026-01-05'; date <= '2026-03-31'; date = addDays(date, 1)) {
      const forecast = forecastPeriod(items, date);
      const soFar = Number(items.find((item) => item.date === date)?.totalCost);
      expect(Number(forecast?.low)).toBeGreaterThanOrEqual(soFar);
      expect(Number(forecast?.total)).toBeGreaterThanOrEqual(Number(forecast?.low));
      expect(Number(forecast?.high)).toBeGreaterThanOrEqual(Number(forecast?.total));
    }
  });
});
