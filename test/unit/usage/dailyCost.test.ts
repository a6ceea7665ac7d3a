import { describe, expect, it } from 'vitest';
import { parseAmount } from '../../../src/usage/amount.ts';
import type { CostSnapshot } from '../../../src/usage/dailyCost.ts';
import { computeDailyCosts } from '../../../src/usage/history.ts';
import { day, failed, noUsage, refused } from './days.ts';

/** Daily cost, days covered and staleness, as short texts. */
function costs(...days: CostSnapshot[]) {
  return computeDailyCosts(days).map(({ outcome, dailyCost, daysCovered, isStale }) => {
    if (isStale) return `stale ${dailyCost} ${daysCovered}`;
    return dailyCost === null ? outcome : `${dailyCost} / ${daysCovered}`;
  });
}

describe('daily cost', () => {
  it('is the difference to the day before, to the last digit', () => {
    const items = computeDailyCosts([
      day('2026-03-13', '28.82860766744404945074'),
      day('2026-03-14', '120.5682999999995904716'),
    ]);
    expect(items.at(-1)?.dailyCost).toBe('91.73969233255554102086');
  });

  it('is the total so far on the first day that is seen of a period', () => {
    expect(costs(day('2026-03-13', '240'))).toEqual(['240 / 12']);
  });

  it('covers at least one day on the day on which a period begins', () => {
    expect(costs(day('2026-03-01', '0'), day('2026-03-02', '9'))).toEqual(['0 / 1', '9 / 1']);
  });

  it('begins anew with the billing period', () => {
    expect(costs(day('2026-03-31', '300'), day('2026-04-02', '20'))).toEqual([
      '300 / 30',
      'missing',
      '20 / 1',
    ]);
  });

  it('takes the date of a period as written, not its instant in UTC', () => {
    const pacific = {
      start: '2026-03-08T00:00:00-08:00',
      end: '2026-04-07T00:00:00-07:00',
      plan: 'payAsYouGo' as const,
    };
    expect(costs(day('2026-03-10', '20', pacific))).toEqual(['20 / 2']);
    expect(computeDailyCosts([day('2026-03-10', '20', pacific)])[0]?.period).toEqual({
      start: '2026-03-08',
      end: '2026-04-08',
    });
  });

  it('is not told of figures that name no billing period, and goes on after them', () => {
    const unnamed = day('2026-03-13', '7');
    delete unnamed.figures?.billingStartDate;
    delete unnamed.figures?.billingEndDate;
    const items = computeDailyCosts([day('2026-03-12', '5'), unnamed, day('2026-03-14', '9')]);
    expect(items.map(({ totalCost, dailyCost }) => [totalCost, dailyCost])).toEqual([
      ['5', '5'],
      ['7', null],
      ['9', '4'],
    ]);
  });

  it('may be negative after a correction', () => {
    expect(costs(day('2026-03-13', '240'), day('2026-03-14', '225.5'))).toContain('-14.5 / 1');
  });

  it('shows a missed day, and covers it with the next one', () => {
    expect(costs(day('2026-03-13', '240'), day('2026-03-16', '300')).slice(1)).toEqual([
      'missing',
      'missing',
      '60 / 3',
    ]);
  });

  it('shows missed days up to the last one asked for', () => {
    const items = computeDailyCosts([day('2026-03-13', '240')], '2026-03-15');
    expect(items.map(({ date, outcome }) => `${date} ${outcome}`)).toEqual([
      '2026-03-13 usage',
      '2026-03-14 missing',
      '2026-03-15 missing',
    ]);
  });

  it('has none on a failed or refused day, unless the figures were read', () => {
    expect(
      costs(day('2026-03-13', '240'), failed('2026-03-14'), refused('2026-03-15'), {
        ...day('2026-03-16', '300'),
        outcome: 'failed',
      }).slice(1),
    ).toEqual(['failed', 'refused', '60 / 3']);
  });

  it('compares figures that change to and fro with their own currency', () => {
    const unnamed = { currency: 'XXX', plan: 'payAsYouGo' } as const;
    expect(
      costs(day('2026-03-13', '240'), day('2026-03-14', '250', unnamed), day('2026-03-15', '260')),
    ).toEqual(['240 / 12', '250 / 13', '20 / 2']);
  });

  it('compares a last look at the old period with the old period', () => {
    const march = { period: '2026-03' };
    expect(
      costs(
        day('2026-03-31', '900'),
        day('2026-04-01', '5'),
        day('2026-04-02', '903', march),
        day('2026-04-03', '20'),
      ).slice(1),
    ).toEqual(['5 / 1', '3 / 2', '15 / 2']);
  });

  it('takes figures of a period up to a week after its end', () => {
    const lookAt = (date: string) =>
      costs(
        day('2026-03-31', '900'),
        day('2026-04-07', '50'),
        day(date, '950', { period: '2026-03' }),
      );
    expect(lookAt('2026-04-08').at(-1)).toBe('50 / 8');
    expect(lookAt('2026-04-09').at(-1)).toBe('stale null 0');
  });

  it('takes nothing from a period that ended more than a week before', () => {
    const march = { period: '2026-03' };
    expect(costs(day('2026-04-20', '500'), day('2026-04-21', '950', march)).at(-1)).toBe(
      'stale null 0',
    );
  });

  it('refuses days that do not ascend', () => {
    const days = [day('2026-03-14', '1'), day('2026-03-14', '2')];
    expect(() => computeDailyCosts(days)).toThrow(RangeError);
  });
});

describe('stale figures', () => {
  const modified = '2026-03-12T01:00:00Z';

  it('are told for three days and then taken for no cost', () => {
    expect(
      costs(
        day('2026-03-12', '220'),
        ...['13', '14', '15', '16', '17'].map((each) =>
          day(`2026-03-${each}`, '220.00', {
            modified: day('2026-03-12', '0').figures?.lastModifiedDate,
          }),
        ),
      ).slice(1),
    ).toEqual(['stale null 0', 'stale null 0', 'stale null 0', '0 / 4', '0 / 1']);
  });

  it('are those of 0 without a date only where the day without usage had a cost', () => {
    const undated = day('2026-03-15', '0');
    delete undated.figures?.lastModifiedDate;
    const costsAfter = (...before: CostSnapshot[]) =>
      costs(...before, noUsage('2026-03-14'), undated).slice(-2);
    expect(costsAfter(day('2026-03-13', '240'))).toEqual(['-240 / 1', '0 / 1']);
    expect(costsAfter(day('2026-03-13', '0'))).toEqual(['0 / 1', '0 / 1']);
    expect(costsAfter(day('2026-03-13', '-5'))).toEqual(['5 / 1', 'stale null 0']);
  });

  it('are not those of a period that begins with 0 after the cost of a closed one', () => {
    const other = day('2026-04-08', '5', { currency: 'USD' });
    const april = ['09', '10'].map((each) => day(`2026-04-${each}`, '0', { modified }));
    expect(costs(day('2026-03-31', '900'), other, ...april).slice(-2)).toEqual(['0 / 8', '0 / 1']);
    const earlier = day('2026-04-07', '5', { currency: 'USD' });
    expect(costs(day('2026-03-31', '900'), earlier, ...april).slice(-2)).toEqual([
      '0 / 8',
      'stale null 0',
    ]);
  });

  it('are caught up with by the next fresh day', () => {
    expect(
      costs(
        day('2026-03-12', '220', { modified }),
        day('2026-03-13', '220', { modified }),
        day('2026-03-14', '260'),
      ).slice(1),
    ).toEqual(['stale null 0', '40 / 2']);
  });

  it('are not those that were rated again', () => {
    expect(costs(day('2026-03-12', '220'), day('2026-03-13', '220', { modified })).at(-1)).toBe(
      '0 / 1',
    );
  });

  it('are not those of a period that begins with a credit', () => {
    const credit = ['12', '13'].map((each) => day(`2026-03-${each}`, '-5', { modified }));
    expect(costs(...credit)).toEqual(['-5 / 11', '0 / 1']);
  });

  it('are not those of somebody who did not spend', () => {
    const idle = ['12', '13', '14'].map((each) => day(`2026-03-${each}`, '0', { modified }));
    expect(costs(...idle)).toEqual(['0 / 11', '0 / 1', '0 / 1']);
  });

  it('are told without limit in the first eight days of a period', () => {
    const days = Array.from({ length: 9 }, (_, index) =>
      day(`2026-03-0${index + 1}`, index === 0 ? '4' : '5', { modified }),
    );
    expect(costs(...days)).toEqual(['4 / 1', '1 / 1', ...Array(6).fill('stale null 0'), '0 / 7']);
  });

  it('are told in the first days of a period that begins with 0, where there was cost before', () => {
    expect(
      costs(
        day('2026-03-31', '900'),
        ...[1, 2, 3, 4, 5].map((each) => day(`2026-04-0${each}`, '0', { modified })),
        day('2026-04-06', '150'),
      ).slice(1),
    ).toEqual(['0 / 1', ...Array(4).fill('stale null 0'), '150 / 5']);
  });
});

describe('a day without usage', () => {
  it('is a total of 0 in the current period', () => {
    expect(
      costs(day('2026-03-13', '240'), noUsage('2026-03-14'), day('2026-03-16', '250')),
    ).toEqual(['240 / 12', '-240 / 1', 'missing', '250 / 2']);
  });

  it('costs nothing on the day after the period', () => {
    expect(costs(day('2026-03-31', '300'), noUsage('2026-04-01')).at(-1)).toBe('0 / 1');
  });

  it('is for the days since the last one without usage', () => {
    expect(costs(noUsage('2026-03-01'), noUsage('2026-03-04')).at(-1)).toBe('0 / 3');
  });

  it('costs nothing after the period, and the next figures count from it', () => {
    expect(
      costs(day('2026-03-31', '900'), noUsage('2026-04-10'), day('2026-04-12', '30')).filter(
        (each) => each !== 'missing',
      ),
    ).toEqual(['900 / 30', '0 / 1', '30 / 2']);
  });

  it('has a total of 0', () => {
    expect(computeDailyCosts([noUsage('2026-03-14')])[0]).toMatchObject({
      totalCost: parseAmount('0'),
      dailyCost: parseAmount('0'),
    });
  });
});
