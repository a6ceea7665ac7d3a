import { describe, expect, it } from 'vitest';
import { computeDailyCosts, computePeriods, groupSeries } from '../../../src/usage/history.ts';
import { day, failed, noUsage } from './days.ts';

describe('the series of a history', () => {
  const legacy = { currency: 'USD', plan: 'payAsYouGo' } as const;

  it('begins anew where currency or plan changes', () => {
    const items = computeDailyCosts([
      day('2026-03-13', '240', legacy),
      day('2026-03-14', '250', { ...legacy, currency: 'EUR' }),
      day('2026-03-15', '260', { plan: 'azurePlan' }),
    ]);
    expect(groupSeries(items).map(({ currency, plan }) => `${currency} ${plan}`)).toEqual([
      'USD payAsYouGo',
      'EUR payAsYouGo',
      'EUR azurePlan',
    ]);
  });

  it('keeps every day: those without figures stay with the series before them', () => {
    const items = computeDailyCosts([
      failed('2026-03-11'),
      noUsage('2026-03-12'),
      day('2026-03-13', '240', legacy),
      failed('2026-03-14'),
      day('2026-03-16', '260'),
    ]);
    const [first, second, ...others] = groupSeries(items);
    expect(others).toEqual([]);
    expect(first?.currency).toBe('USD');
    expect(first?.items.map(({ date }) => date.slice(8))).toEqual(['11', '12', '13', '14', '15']);
    expect(second?.items).toHaveLength(1);
  });

  it('is one without currency where no day has figures', () => {
    const items = computeDailyCosts([noUsage('2026-03-11'), failed('2026-03-13')]);
    expect(groupSeries(items)).toEqual([{ items }]);
  });
});

describe('the periods of a history', () => {
  it('have the last fresh total and its day, and are never final', () => {
    const items = computeDailyCosts([
      day('2026-03-30', '870.5', { modified: '2026-03-29' }),
      day('2026-03-31', '870.5', { modified: '2026-03-29' }),
      day('2026-04-01', '0'),
      day('2026-04-02', '31'),
      failed('2026-04-03'),
    ]);
    expect(
      computePeriods(items).map(({ figures: _, currency: _c, plan: _p, ...period }) => period),
    ).toEqual([
      {
        billingPeriodStart: '2026-03-01',
        billingPeriodEnd: '2026-04-01',
        totalCost: '870.5',
        lastSnapshotDate: '2026-03-30',
        isFinal: false,
      },
      {
        billingPeriodStart: '2026-04-01',
        billingPeriodEnd: '2026-05-01',
        totalCost: '31',
        lastSnapshotDate: '2026-04-02',
        isFinal: false,
      },
    ]);
  });

  it('fall to 0 with a day without usage', () => {
    const items = computeDailyCosts([day('2026-03-13', '240'), noUsage('2026-03-14')]);
    expect(computePeriods(items)).toMatchObject([
      { totalCost: '0', lastSnapshotDate: '2026-03-14' },
    ]);
  });
});

it('a history without a record has no days, whatever day it is asked for until', () => {
  expect(computeDailyCosts([], '2026-03-15')).toEqual([]);
});

it('a day without usage has a total of 0, one on which the capture failed has none', () => {
  const items = computeDailyCosts([noUsage('2026-03-11'), failed('2026-03-12')], '2026-03-13');
  expect(items.map(({ totalCost }) => totalCost)).toEqual(['0', null, null]);
});

it('a history has no gap of more than a century', () => {
  const snapshots = [day('1926-03-09', '1'), day('2026-03-11', '2')];
  expect(() => computeDailyCosts(snapshots)).toThrow(RangeError);
  expect(() => computeDailyCosts([noUsage('2020-01-01'), noUsage('2026-03-11')])).not.toThrow();
});
