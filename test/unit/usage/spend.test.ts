import { describe, expect, it } from 'vitest';
import type { CostSnapshot } from '../../../src/usage/dailyCost.ts';
import { utcDateOf } from '../../../src/usage/date.ts';
import { computeDailyCosts } from '../../../src/usage/history.ts';
import { createSpendView } from '../../../src/usage/knownSpend.ts';
import { day, noUsage, spending } from './days.ts';

/** Days of use from a date on, as `MM-dd cost`. */
function use(snapshots: CostSnapshot[], from: string): string[] {
  const items = computeDailyCosts(snapshots);
  const days = createSpendView(items).knownAt(items.length - 1)?.days ?? [];
  return days
    .map(({ day: epochDay, cost }) => `${utcDateOf(epochDay * 86_400_000)} ${cost}`)
    .filter((each) => each >= from)
    .map((each) => each.slice(5));
}

describe('the days of use behind a history', () => {
  const march = spending('2026-03-20', '2026-03-31', () => 10);

  it('are a day before those of recording', () => {
    expect(use(march, '2026-03-29')).toEqual(['03-29 10', '03-30 10']);
  });

  it('share evenly what was recorded of several of them', () => {
    expect(use([...march, day('2026-04-04', '60')], '2026-03-30')).toEqual([
      '03-30 10',
      '04-01 20',
      '04-02 20',
      '04-03 20',
    ]);
  });

  it('keep what a period shows on its first day already', () => {
    expect(use([day('2026-04-01', '5'), day('2026-04-02', '12')], '2026-04-01')).toEqual([
      '04-01 12',
    ]);
  });

  it('share what comes after a gap of zeros, whatever date of change these have', () => {
    const gap = [1, 2, 3, 4].map((each) => day(`2026-04-0${each}`, '0'));
    expect(use([...march, ...gap, day('2026-04-05', '40')], '2026-04-01')).toEqual([
      '04-01 10',
      '04-02 10',
      '04-03 10',
      '04-04 10',
    ]);
  });

  it('do not see a day falsely told to be without usage', () => {
    const snapshots = [
      ...spending('2026-03-01', '2026-03-10', () => 10),
      noUsage('2026-03-11'),
      day('2026-03-12', '110'),
    ];
    expect(use(snapshots, '2026-03-08')).toEqual(['03-08 10', '03-09 10', '03-10 10', '03-11 10']);
  });

  it('do not take a 0 of the old period for a part of the new one', () => {
    const snapshots = [...march.slice(0, -1), noUsage('2026-03-31'), day('2026-04-02', '12')];
    expect(use(snapshots, '2026-03-28')).toEqual([
      '03-28 10',
      '03-29 10',
      '03-30 0',
      '03-31 0',
      '04-01 12',
    ]);
  });

  it('cost 0 once that has lasted longer than a gap can', () => {
    const idle = Array.from({ length: 12 }, (_, index) =>
      day(`2026-04-${String(index + 1).padStart(2, '0')}`, '0'),
    );
    expect(use([...march, ...idle], '2026-04-01')).toHaveLength(11);
  });

  it('leave out a day in another currency', () => {
    const snapshots = [
      ...march.slice(0, 9),
      day('2026-03-29', '55', { currency: 'XXX' }),
      ...march.slice(10),
    ];
    expect(use(snapshots, '2026-03-26')).toEqual(use(march, '2026-03-26'));
  });
});
