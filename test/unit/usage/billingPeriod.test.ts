import { describe, expect, it } from 'vitest';
import {
  billingPeriodOf,
  calendarMonthOf,
  computePeriodEndsMs,
  isBillingPeriod,
} from '../../../src/usage/billingPeriod.ts';
import { unknownCurrency } from '../../../src/usage/currency.ts';

describe('the end of a billing period', () => {
  it.each([
    [
      'Azure plan',
      '2019-09-01T00:00:00+00:00',
      '2019-10-01T00:00:00+00:00',
      '2019-10-01T00:00:00Z',
    ],
    [
      'Azure plan over a year',
      '2025-12-01T00:00:00Z',
      '2026-01-01T00:00:00Z',
      '2026-01-01T00:00:00Z',
    ],
    ['legacy', '2019-08-28T00:00:00-07:00', '2019-09-27T00:00:00-07:00', '2019-09-28T07:00:00Z'],
    [
      'legacy in winter',
      '2016-02-06T00:00:00-08:00',
      '2016-03-05T00:00:00-08:00',
      '2016-03-06T08:00:00Z',
    ],
    [
      'legacy with UTC',
      '2019-01-14T00:00:00+00:00',
      '2019-02-13T00:00:00+00:00',
      '2019-02-14T00:00:00Z',
    ],
    [
      'legacy from the first',
      '2026-01-01T00:00:00-08:00',
      '2026-01-31T00:00:00-08:00',
      '2026-02-01T08:00:00Z',
    ],
    [
      'legacy into a short month',
      '2026-01-31T00:00:00-08:00',
      '2026-02-27T00:00:00-08:00',
      '2026-02-28T08:00:00Z',
    ],
    [
      'exclusive into a short month',
      '2026-01-31T00:00:00Z',
      '2026-02-28T00:00:00Z',
      '2026-02-28T00:00:00Z',
    ],
    [
      'of a shape nobody knows',
      '2026-01-05T00:00:00Z',
      '2026-02-20T00:00:00Z',
      '2026-02-20T00:00:00Z',
    ],
    ['without offset', '2026-03-01', '2026-04-01', '2026-04-01T00:00:00Z'],
    [
      'with something after the offset',
      '2026-03-01T00:00:00-08:00 PST',
      '2026-04-01T00:00:00-07:00 PDT',
      '2026-04-01T00:00:00Z',
    ],
  ])('%s: %s to %s is over at %s', (_kind, billingStartDate, billingEndDate, expected) => {
    const ends = computePeriodEndsMs({ billingStartDate, billingEndDate });
    expect(ends.map((endMs) => new Date(endMs).toISOString())).toEqual([
      new Date(expected).toISOString(),
    ]);
  });

  it.each([
    ['a legacy one ends with its last day', 'payAsYouGo', '2027-02-28', '2027-03-30', '2027-03-31'],
    ['an Azure plan ends before its end', 'azurePlan', '2027-02-28', '2027-03-30', '2027-03-30'],
    ['a legacy one of another shape too', 'payAsYouGo', '2026-03-05', '2026-04-05', '2026-04-06'],
  ] as const)(
    '%s, whatever the shape says',
    (_what, plan, billingStartDate, billingEndDate, end) => {
      const dates = { billingStartDate, billingEndDate, plan, currency: 'EUR' };
      expect(billingPeriodOf(dates)).toEqual({ start: billingStartDate, end });
    },
  );

  it('is told by the shape where the plan is a guess', () => {
    const dates = { billingStartDate: '2027-02-28', billingEndDate: '2027-03-30' };
    const figures = { ...dates, plan: 'payAsYouGo' as const, currency: unknownCurrency };
    expect(billingPeriodOf(figures)).toEqual({ start: '2027-02-28', end: '2027-03-30' });
  });

  it('may be two instants where plan and shape differ', () => {
    const dates = {
      billingStartDate: '2027-02-28T00:00:00-08:00',
      billingEndDate: '2027-03-30T00:00:00-08:00',
      plan: 'payAsYouGo' as const,
    };
    const ends = computePeriodEndsMs(dates).map((endMs) => new Date(endMs).toISOString());
    expect(ends).toEqual(['2027-03-30T08:00:00.000Z', '2027-03-31T08:00:00.000Z']);
  });

  it('is unknown without dates', () => {
    expect(computePeriodEndsMs({ plan: 'azurePlan' })).toEqual([]);
    expect(billingPeriodOf({ plan: 'azurePlan' })).toBeUndefined();
  });
});

describe('dates of a billing period', () => {
  it.each([
    ['2026-03-01T00:00:00+00:00', '2026-04-01T00:00:00+00:00', true],
    ['2026-03-31 00:00:00Z', '2026-04-30 00:00:00Z', true],
    ['2010-01-01', '2010-02-01', true],
    ['2036-03-15', '2036-03-15', true],
    ['2036-03-15', '2036-03-16', false],
    ['2009-12-31', '2010-01-31', false],
    ['0001-01-01T00:00:00Z', '2026-04-01T00:00:00Z', false],
    ['2026-03-01T00:00:00Z', '9999-12-31T00:00:00Z', false],
    ['3/1/2026 12:00:00 AM +00:00', '3/31/2026 12:00:00 AM +00:00', false],
    ['2026-02-30', '2026-03-31', false],
    ['2026-04-01', '2026-03-01', false],
    ['2026-03-0', '2026-04-01', false],
    ['2026-03-01x', '2026-04-01', false],
    [undefined, '2026-04-01', false],
    ['2026-03-01', undefined, false],
  ])('%s to %s, shown on 2026-03-15: %s', (billingStartDate, billingEndDate, expected) => {
    expect(isBillingPeriod({ billingStartDate, billingEndDate }, '2026-03-15')).toBe(expected);
  });

  it.each([
    ['2026-03-15T08:00:00Z', '2026-03-15T00:00:00Z', true],
    ['2026-03-01T00:00:00Z', '2036-03-15T23:00:00Z', true],
    ['2026-03-01T00:00:00Z', '2036-03-16T00:00:00Z', false],
  ])(
    'is known by the dates of %s and %s alone: %s',
    (billingStartDate, billingEndDate, expected) => {
      expect(isBillingPeriod({ billingStartDate, billingEndDate }, '2026-03-15')).toBe(expected);
    },
  );

  it.each([
    [{ billingStartDate: '2026-03-01T00:00:00Z' }],
    [{ billingEndDate: '2026-04-01T00:00:00Z' }],
    [{}],
  ])('is none where one of its ends is missing: %j', (dates) => {
    expect(billingPeriodOf(dates)).toBeUndefined();
    expect(computePeriodEndsMs(dates)).toEqual([]);
  });

  it.each([
    ['2026-02-15', '2026-02-01', '2026-03-01'],
    ['2026-12-31', '2026-12-01', '2027-01-01'],
  ])('the calendar month of %s is %s to %s', (date, start, end) => {
    expect(calendarMonthOf(date)).toEqual({ start, end });
  });
});
