import { describe, expect, it } from 'vitest';
import type { TotalItem } from '../../../src/dashboard/api.ts';
import { listDates } from '../../../src/dashboard/dates.ts';
import { compareMonths, findFirstNight, firstDayNeeded } from '../../../src/dashboard/months.ts';

const totalOf = (date: string, dailyCost: string | null, currency = 'EUR') =>
  ({ date, currency, dailyCost }) as TotalItem;

const totalsOf = (from: string, to: string, dailyCost: string) =>
  listDates(from, to).map((date) => totalOf(date, dailyCost));

describe('a month so far', () => {
  it('is compared with the last one to the same day, exactly', () => {
    const totals = totalsOf('2026-02-01', '2026-03-14', '0.10000000000000000001');
    expect(compareMonths(totals, 'EUR', '2026-03-14')).toEqual({
      now: {
        from: '2026-03-01',
        to: '2026-03-14',
        cost: '1.40000000000000000014',
        days: 14,
        daysRecorded: 14,
      },
      before: {
        from: '2026-02-01',
        to: '2026-02-14',
        cost: '1.40000000000000000014',
        days: 14,
        daysRecorded: 14,
      },
    });
  });

  it('that is longer than the last one is compared with all of it', () => {
    const { before } = compareMonths([], 'EUR', '2026-03-31');
    expect(before).toMatchObject({ from: '2026-02-01', to: '2026-02-28', days: 28 });
    expect(compareMonths([], 'EUR', '2026-01-31').before.to).toBe('2025-12-31');
  });

  it('lacks the days that no currency was recorded on, and has no cost without any', () => {
    const totals = [
      totalOf('2026-03-01', '1'),
      totalOf('2026-03-02', '2', 'USD'),
      totalOf('2026-03-04', null),
    ];
    const { now, before } = compareMonths(totals, 'EUR', '2026-03-05');
    expect(now).toMatchObject({ cost: '1', days: 5, daysRecorded: 3 });
    expect(before).toMatchObject({ cost: null, daysRecorded: 0 });
  });
});

describe('the first night', () => {
  const totals = totalsOf('2026-03-10', '2026-03-14', '1');

  it('has no night in the longest billing period before it', () => {
    expect(findFirstNight(totals, 'EUR', '2026-02-07')).toBe('2026-03-10');
    expect(findFirstNight(totals, 'USD', '2026-02-07')).toBeUndefined();
  });

  it('is not known where the days before it were not asked for', () => {
    expect(findFirstNight(totals, 'EUR', '2026-02-08')).toBeUndefined();
  });
});

describe('the days asked for', () => {
  it('have the last month and a billing period before what is shown', () => {
    expect(firstDayNeeded('2026-02-13', '2026-03-14')).toBe('2026-01-13');
    expect(firstDayNeeded('2026-03-10', '2026-03-14')).toBe('2026-02-01');
  });

  it('are no more than a range may have', () => {
    const [first, last] = ['2025-03-10', '2026-04-13'];
    expect(listDates(firstDayNeeded(first, last), last)).toHaveLength(400);
  });
});
