import { describe, expect, it } from 'vitest';
import { detectAnomaly } from '../../../src/usage/anomaly.ts';
import type { CostSnapshot } from '../../../src/usage/dailyCost.ts';
import { addDays } from '../../../src/usage/date.ts';
import { computeDailyCosts } from '../../../src/usage/history.ts';
import { day, noUsage, spending } from './days.ts';

/** The days on which an anomaly is told. */
function reported(snapshots: CostSnapshot[], minimumCost = 10): string[] {
  const items = computeDailyCosts(snapshots);
  return items
    .map(({ date }) => date)
    .filter((date) => detectAnomaly(items, date, { minimumCost })?.isAnomaly);
}

/** What a day of use costs, with a change from one day to another, both inside. */
function changed(usual: number, cost: number, first: string, last = first) {
  return (date: string) => (date >= first && date <= last ? cost : usual);
}

describe('an anomaly', () => {
  it('is a day that is far dearer than usual, told on the day of recording', () => {
    const items = computeDailyCosts(
      spending('2026-01-01', '2026-03-31', changed(20, 90, '2026-03-16')),
    );
    expect(detectAnomaly(items, '2026-03-17', { minimumCost: 10 })).toEqual({
      isAnomaly: true,
      expectedCost: '20.0000',
    });
    expect(detectAnomaly(items, '2026-03-18', { minimumCost: 10 })?.isAnomaly).toBe(false);
  });

  it.each([
    ['a drop', changed(20, 2, '2026-03-16')],
    ['cost that is new', changed(0, 30, '2026-03-16', '2026-12-31')],
    ['cost that has vanished', changed(30, 0, '2026-03-16', '2026-12-31')],
    ['a step, told once', changed(20, 60, '2026-03-16', '2026-12-31')],
  ])('is %s', (_name, costOf) => {
    expect(reported(spending('2026-01-01', '2026-03-31', costOf))).toEqual(['2026-03-17']);
  });

  it('is not a weekend', () => {
    const weekly = (date: string) => ([0, 6].includes(new Date(date).getUTCDay()) ? 30 : 100);
    expect(reported(spending('2026-01-01', '2026-03-31', weekly))).toEqual([]);
  });

  it('is a weekend that costs as much as a working day', () => {
    const costOf = (date: string) => {
      const isWeekend = [0, 6].includes(new Date(date).getUTCDay());
      return isWeekend && date !== '2026-03-21' ? 30 : 100;
    };
    expect(reported(spending('2026-01-01', '2026-03-31', costOf))).toEqual(['2026-03-22']);
  });

  it('is not a change below the minimum', () => {
    const snapshots = spending('2026-01-01', '2026-03-31', changed(2, 11.9, '2026-03-16'));
    expect(reported(snapshots)).toEqual([]);
    expect(reported(snapshots, 5)).toEqual(['2026-03-17']);
  });

  it('is not a charge that has come twice before', () => {
    const monthly = (date: string) => (date.slice(8) === '15' ? 200 : 20);
    const dates = reported(spending('2026-01-10', '2026-04-30', monthly));
    expect(dates).toEqual(['2026-02-16']);
  });

  it('is not what the start-of-month gap keeps back and then delivers', () => {
    const modified = '2026-04-01';
    const snapshots = [
      ...spending('2026-01-01', '2026-03-31', () => 50),
      ...[1, 2, 3, 4, 5, 6].map((each) => day(`2026-04-0${each}`, '0', { modified })),
      day('2026-04-07', '300'),
      day('2026-04-08', '350'),
    ];
    expect(reported(snapshots)).toEqual([]);
  });

  it('is not a day of a new month that is shown in part and completed later', () => {
    const snapshots = [
      ...spending('2026-01-01', '2026-03-31', () => 50),
      ...[0, 50, 100, 105, 200, 250].map((total, index) =>
        day(`2026-04-0${index + 1}`, String(total)),
      ),
    ];
    expect(reported(snapshots)).toEqual([]);
  });

  it('is not a drop in the first days of a month, whose figures may be incomplete', () => {
    const snapshots = [
      ...spending('2026-01-01', '2026-03-31', () => 50),
      ...[0, 50, 55, 60].map((total, index) => day(`2026-04-0${index + 1}`, String(total))),
    ];
    expect(reported(snapshots)).toEqual([]);
  });

  it('is a rise in the first days of a month', () => {
    const snapshots = spending('2026-01-01', '2026-04-10', changed(20, 90, '2026-04-03'));
    expect(reported(snapshots)).toEqual(['2026-04-04']);
  });

  it('is new cost, but not the first weekend of it', () => {
    const costOf = (date: string) => {
      if (date < '2026-03-16') return 0;
      return [0, 6].includes(new Date(date).getUTCDay()) ? 10 : 100;
    };
    expect(reported(spending('2026-01-01', '2026-03-31', costOf))).toEqual(['2026-03-17']);
  });

  it('is not told of stale, failed or missed days, and of those after them by the day', () => {
    const snapshots = spending('2026-01-01', '2026-03-31', () => 50).filter(
      ({ snapshotDate }) => !['2026-03-16', '2026-03-17'].includes(snapshotDate),
    );
    expect(reported(snapshots)).toEqual([]);
    const items = computeDailyCosts(snapshots);
    expect(detectAnomaly(items, '2026-03-17', { minimumCost: 10 })).toBeUndefined();
    expect(detectAnomaly(items, '2026-03-18', { minimumCost: 10 })?.expectedCost).toBe('150.0000');
  });

  it('is found again once a new level is a week old, and not before', () => {
    const withSpike = (spike: string) => (date: string) => {
      if (date === spike) return 300;
      return date < '2026-03-10' ? 20 : 60;
    };
    const dates = (spike: string) =>
      reported(spending('2026-01-01', '2026-03-31', withSpike(spike)));
    expect(dates('2026-03-16')).toEqual(['2026-03-11']);
    expect(dates('2026-03-17')).toEqual(['2026-03-11', '2026-03-18']);
  });

  it('is cost that has ended with its period, once that cannot be the start-of-month gap', () => {
    const april = Array.from({ length: 14 }, (_, index) => noUsage(addDays('2026-04-01', index)));
    const snapshots = [...spending('2026-01-01', '2026-03-31', () => 30), ...april];
    expect(reported(snapshots)).toEqual(['2026-04-10']);
  });

  it('is not a day that costs nothing, as expected, also where the minimum is 0', () => {
    expect(
      reported(
        spending('2026-01-01', '2026-03-31', () => 0),
        0,
      ),
    ).toEqual([]);
    const dates = reported(spending('2026-01-01', '2026-03-31', changed(0, 1, '2026-03-16')), 0);
    expect(dates).toContain('2026-03-17');
  });

  it('is a change of exactly the minimum', () => {
    const costOf = changed(20, 30, '2026-03-16');
    expect(reported(spending('2026-01-01', '2026-03-31', costOf))).toEqual(['2026-03-17']);
  });

  it('is not the completion of a new month whose first day was shown in part', () => {
    const april = [0, 5, 100, 150].map((total, index) =>
      day(`2026-04-0${index + 1}`, String(total)),
    );
    expect(reported([...spending('2026-01-01', '2026-03-31', () => 50), ...april])).toEqual([]);
  });

  it('is not a charge of which at least seven tenths came twice before', () => {
    const withCharges = (before: number) => (date: string) => {
      if (date === '2026-02-10' || date === '2026-02-25') return 20 + before;
      return date === '2026-03-16' ? 120 : 20;
    };
    const dates = (before: number) =>
      reported(spending('2026-01-01', '2026-03-31', withCharges(before)));
    expect(dates(70)).not.toContain('2026-03-17');
    expect(dates(69)).toContain('2026-03-17');
  });

  it('is judged by how far its own weekday usually varies', () => {
    const costOf = (date: string) => {
      const isWeekend = [0, 6].includes(new Date(date).getUTCDay());
      const isLess = Number(date.slice(8)) % 2 === 0;
      if (date === '2026-03-21') return 60;
      return (isWeekend ? 20 : 100) * (isLess ? 0.9 : 1.1);
    };
    expect(reported(spending('2026-01-01', '2026-03-31', costOf))).toEqual(['2026-03-22']);
  });

  it('is not known of a day before which no figures were ever seen', () => {
    const days = Array.from({ length: 28 }, (_, index) => noUsage(addDays('2026-03-01', index)));
    expect(
      detectAnomaly(computeDailyCosts(days), '2026-03-28', { minimumCost: 10 }),
    ).toBeUndefined();
  });

  it('is not found on a day after those that are recorded, or without any', () => {
    const items = computeDailyCosts(spending('2026-01-01', '2026-03-31', () => 50));
    expect(detectAnomaly(items, '2026-04-01', { minimumCost: 10 })).toBeUndefined();
    expect(detectAnomaly([], '2026-04-01', { minimumCost: 10 })).toBeUndefined();
  });

  it('is not found before two weeks are known', () => {
    const items = computeDailyCosts(
      spending('2026-03-01', '2026-03-12', changed(20, 90, '2026-03-11')),
    );
    expect(detectAnomaly(items, '2026-03-12', { minimumCost: 10 })).toBeUndefined();
  });
});
