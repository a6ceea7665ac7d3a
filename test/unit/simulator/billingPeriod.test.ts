import { describe, expect, it } from 'vitest';
import { billingPeriodAt } from '../../../src/simulator/billingPeriod.ts';

const plan = { startDay: 1, isPacific: false, isEndInclusive: false };
const legacy = (startDay: number, isPacific = true) => ({
  startDay,
  isPacific,
  isEndInclusive: true,
});
const datesAt = (rule: typeof plan, at: string) => {
  const { billingStartDate, billingEndDate } = billingPeriodAt(rule, Date.parse(at));
  return [billingStartDate, billingEndDate];
};

describe('billing periods', () => {
  it('of an Azure plan are months of UTC with an exclusive end', () => {
    expect(datesAt(plan, '2019-09-30T23:59:59.999Z')).toEqual([
      '2019-09-01T00:00:00+00:00',
      '2019-10-01T00:00:00+00:00',
    ]);
    expect(datesAt(plan, '2026-12-15T12:00:00Z')[1]).toBe('2027-01-01T00:00:00+00:00');
  });

  it('of legacy customers are those that the documentation shows', () => {
    expect(datesAt(legacy(28), '2019-09-01T23:04:41Z')).toEqual([
      '2019-08-28T00:00:00-07:00',
      '2019-09-27T00:00:00-07:00',
    ]);
    expect(datesAt(legacy(6), '2016-02-26T09:42:54Z')).toEqual([
      '2016-02-06T00:00:00-08:00',
      '2016-03-05T00:00:00-08:00',
    ]);
    expect(datesAt(legacy(14, false), '2019-02-13T12:00:00Z')).toEqual([
      '2019-01-14T00:00:00+00:00',
      '2019-02-13T00:00:00+00:00',
    ]);
  });

  it('roll at Pacific midnight where they are Pacific', () => {
    expect(datesAt(legacy(10), '2026-01-10T07:59:59Z')[0]).toBe('2025-12-10T00:00:00-08:00');
    expect(datesAt(legacy(10), '2026-01-10T08:00:00Z')[0]).toBe('2026-01-10T00:00:00-08:00');
    expect(datesAt(legacy(10), '2026-07-10T07:00:00Z')[0]).toBe('2026-07-10T00:00:00-07:00');
  });

  it('have the offset of each end across a change of the clocks', () => {
    // The clocks of 2026 turn on March 8 and November 1.
    expect(datesAt(legacy(8), '2026-03-09T12:00:00Z')).toEqual([
      '2026-03-08T00:00:00-08:00',
      '2026-04-07T00:00:00-07:00',
    ]);
    expect(datesAt(legacy(2), '2026-10-20T12:00:00Z')).toEqual([
      '2026-10-02T00:00:00-07:00',
      '2026-11-01T00:00:00-07:00',
    ]);
  });
});
