import { describe, expect, it } from 'vitest';
import { computePeriodEndMs } from '../../../src/usage/billingPeriod.ts';

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
  ])('%s: %s to %s is over at %s', (_kind, billingStartDate, billingEndDate, expected) => {
    const endMs = computePeriodEndMs({ billingStartDate, billingEndDate });
    expect(new Date(endMs).toISOString()).toBe(new Date(expected).toISOString());
  });
});
