import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAmount } from '../../../src/usage/amount.ts';
import type { LedgerRow } from '../../../src/usage/ledgerRow.ts';
import { type Comparison, comparedDateOf, computeMovements } from '../../../src/usage/movement.ts';
import { row, rowWithout } from '../../support/recorded.ts';

/** A day whose cost is one that was recorded on its own. */
function day(date: string, total: string, daily: string, change: Parameters<typeof row>[2] = {}) {
  const cost = { dailyCost: parseAmount(daily), daysCovered: 1, isStale: false };
  return row(date, total, { cost, ...change });
}

function move(
  before: LedgerRow | undefined,
  after: LedgerRow | undefined,
  {
    against = 'day' as Comparison,
    date = after?.snapshotDate ?? '2026-03-20',
    isWhole = true,
    isBeforeWhole = true,
  } = {},
) {
  const beforeDate = before?.snapshotDate ?? comparedDateOf(date, against);
  return computeMovements(before, after, { against, date, beforeDate, isWhole, isBeforeWhole });
}

const noCost = { dailyCost: parseAmount('0'), daysCovered: 1, isStale: false };
const stale = { daysCovered: 0, isStale: true };
const idle = (date: string) => ({ ...rowWithout(date, 'noUsage'), cost: noCost });

describe('a cost that is compared', () => {
  it('moves by exactly the difference, and by percent of the cost before, to 2 digits', () => {
    const before = day('2026-03-19', '40', '0.30000000000000000003');
    const after = day('2026-03-20', '41', '1.00000000000000000004');
    expect(move(before, after)).toEqual([
      {
        currency: 'EUR',
        kind: 'changed',
        before: '0.30000000000000000003',
        after: '1.00000000000000000004',
        change: '0.70000000000000000001',
        percent: 233.33,
      },
    ]);
  });

  it('that is the same has not moved, however it is written', () => {
    expect(move(day('2026-03-19', '40', '2'), day('2026-03-20', '42', '2.00'))).toEqual([]);
  });

  it.each([
    ['0', '5', '5'],
    // A correction.
    ['-2', '5', '7'],
  ])('has no percent where it was %s before', (was, is, change) => {
    const moved = move(day('2026-03-19', '40', was), day('2026-03-20', '45', is));
    expect(moved).toMatchObject([{ kind: 'changed', change, percent: null }]);
  });

  it('falls to 0 where there is no usage any more, in the currency of before', () => {
    const gone = { ...rowWithout('2026-03-20', 'noUsage'), cost: noCost, expectedCurrency: 'EUR' };
    expect(move(day('2026-03-19', '40', '4'), gone)).toMatchObject([
      { currency: 'EUR', kind: 'changed', before: '4', after: '0', change: '-4', percent: -100 },
    ]);
  });

  it('rises from 0 where a known customer begins to spend, in the currency of now', () => {
    expect(move(idle('2026-03-19'), day('2026-03-20', '5', '5'))).toMatchObject([
      { currency: 'EUR', kind: 'changed', before: '0', after: '5', percent: null },
    ]);
  });
});

it('moves from one early day of a period to the next, once there is a cost', () => {
  expect(move(day('2026-03-04', '6', '2'), day('2026-03-05', '9', '3'))).toMatchObject([
    { kind: 'changed', before: '2', after: '3' },
  ]);
});

it('moves where the figures name no period, in which they could be late', () => {
  const figures = { plan: 'azurePlan', currency: 'EUR', totalCost: parseAmount('0') } as const;
  const nothing = { ...day('2026-03-19', '0', '0'), figures };
  expect(move(nothing, day('2026-03-20', '5', '5'))).toMatchObject([{ change: '5' }]);
});

it('of nobody who never spent anything moves', () => {
  expect(move(idle('2026-03-19'), idle('2026-03-20'))).toEqual([]);
});

describe('nothing is shown as growth', () => {
  const yesterday = day('2026-03-19', '40', '4');
  const today = day('2026-03-20', '90', '50');

  it.each<[string, LedgerRow | undefined, LedgerRow | undefined]>([
    ['a cost of several days', yesterday, { ...today, cost: { ...noCost, daysCovered: 2 } }],
    [
      'what follows a cost of several days',
      { ...yesterday, cost: { ...noCost, daysCovered: 9 } },
      today,
    ],
    ['a stale day', yesterday, { ...today, cost: stale }],
    ['what follows a stale day', { ...yesterday, cost: stale }, today],
    ['a day that failed', yesterday, rowWithout('2026-03-20', 'failed')],
    ['what follows a day that failed', rowWithout('2026-03-19', 'failed'), today],
    ['a cost that is not computed yet', yesterday, row('2026-03-20', '90')],
    ['what is of no day', undefined, undefined],
    [
      'a total of 0 in the first days of a period, when figures may come late',
      day('2026-03-04', '0', '0'),
      day('2026-03-05', '90', '90'),
    ],
    ['the first day of a period', day('2026-03-31', '90', '3'), day('2026-04-01', '1', '1')],
    [
      'what follows the first day of a period',
      day('2026-04-01', '1', '1'),
      day('2026-04-02', '5', '4'),
    ],
    [
      'what follows "no usage" on the first day of a period',
      { ...rowWithout('2026-04-01', 'noUsage'), cost: noCost },
      day('2026-04-02', '5', '5'),
    ],
  ])('of %s', (_what, before, after) => {
    expect(move(before, after)).toEqual([]);
  });

  it('of a customer that has no row on the first day of a period', () => {
    expect(move(undefined, day('2026-04-02', '5', '5'))).toEqual([]);
    expect(move(day('2026-03-31', '90', '3'), undefined, { date: '2026-04-01' })).toEqual([]);
  });

  it('of a first night: a day without rows that nobody recorded proves nothing', () => {
    expect(move(undefined, today, { isBeforeWhole: false })).toEqual([]);
    expect(move(yesterday, undefined, { isWhole: false })).toEqual([]);
  });
});

describe('a customer without a row on a day that was recorded whole', () => {
  it('is new, with its cost where that is of a day', () => {
    const fresh = day('2026-03-20', '5', '5');
    const moved = { currency: 'EUR', kind: 'new', before: null, percent: null };
    expect(move(undefined, fresh)).toEqual([{ ...moved, after: '5', change: '5' }]);
    const ofDays = { ...fresh, cost: { ...noCost, daysCovered: 19 } };
    expect(move(undefined, ofDays)).toEqual([{ ...moved, after: null, change: null }]);
  });

  it('has vanished, with what it cost where that is known', () => {
    const moved = { currency: 'EUR', kind: 'vanished', after: null };
    expect(move(day('2026-03-19', '40', '4'), undefined)).toEqual([
      { ...moved, before: '4', change: '-4', percent: -100 },
    ]);
    expect(move(row('2026-03-19', '40', { cost: stale }), undefined)).toEqual([
      { ...moved, before: null, change: null, percent: null },
    ]);
  });

  it('is not told of where it cost nothing on the day before', () => {
    expect(move(day('2026-03-19', '40', '0'), undefined)).toEqual([]);
    const unused = { ...idle('2026-03-19'), expectedCurrency: 'EUR' };
    expect(move(unused, undefined)).toEqual([]);
    expect(move({ ...unused, cost: stale }, undefined)).toEqual([]);
  });

  it('has vanished without an amount where the day before failed, if its currency is known', () => {
    const failed = rowWithout('2026-03-19', 'failed');
    expect(move(failed, undefined)).toEqual([]);
    expect(move({ ...failed, expectedCurrency: 'EUR' }, undefined)).toMatchObject([
      { currency: 'EUR', kind: 'vanished', before: null, change: null },
    ]);
  });

  it('is neither where it never spent anything', () => {
    expect(move(undefined, idle('2026-03-20'))).toEqual([]);
    expect(move(idle('2026-03-19'), undefined)).toEqual([]);
    expect(move(undefined, day('2026-03-20', '0', '0'))).toEqual([]);
  });
});

it('currencies are never mixed: who changed it vanished in one and is new in the other', () => {
  const before = day('2026-03-19', '40', '4');
  const after = day('2026-03-20', '9', '9', {
    figures: { currency: 'USD' },
  });
  expect(move(before, after)).toEqual([
    { currency: 'EUR', kind: 'vanished', before: '4', after: null, change: '-4', percent: -100 },
    { currency: 'USD', kind: 'new', before: null, after: '9', change: '9', percent: null },
  ]);
});

describe('the day that a day is compared with', () => {
  it.each<[string, Comparison, string]>([
    ['2026-03-01', 'day', '2026-02-28'],
    ['2026-03-05', 'week', '2026-02-26'],
    ['2026-03-15', 'period', '2026-02-15'],
    ['2026-01-01', 'period', '2025-12-01'],
    // February has no such day: it is one of the same period, with which nothing is compared.
    ['2026-03-31', 'period', '2026-03-03'],
  ])('of %s by %s is %s', (date, against, expected) => {
    expect(comparedDateOf(date, against)).toBe(expected);
  });
});

describe('a billing period so far', () => {
  const against = { against: 'period' } as const;
  const total = (date: string, cost: string, change: Parameters<typeof row>[2] = {}) =>
    row(date, cost, { cost: { ...noCost, daysCovered: 3 }, ...change });

  const withoutPeriod = (date: string, cost: string): LedgerRow => {
    const figures = { plan: 'azurePlan', currency: 'EUR', totalCost: parseAmount(cost) } as const;
    return { ...total(date, cost), figures };
  };

  it('is compared with the last one on the same day, whatever days were missed in between', () => {
    expect(move(total('2026-02-15', '200'), total('2026-03-15', '250'), against)).toMatchObject([
      { kind: 'changed', before: '200', after: '250', change: '50', percent: 25 },
    ]);
  });

  const starts = (start: string, end: string) => ({
    figures: { billingStartDate: `${start}T00:00:00Z`, billingEndDate: `${end}T00:00:00Z` },
  });

  it.each<[string, LedgerRow | undefined, LedgerRow]>([
    ['stale figures', total('2026-02-15', '200', { cost: stale }), total('2026-03-15', '250')],
    ['one that did not have that day', total('2026-03-03', '20'), total('2026-03-31', '300')],
    ['its own day, for a new customer', undefined, total('2026-03-31', '300')],
    [
      'one in which not as many days had passed',
      total('2026-03-12', '200', starts('2026-02-15', '2026-03-15')),
      total('2026-04-12', '250', starts('2026-03-15', '2026-04-15')),
    ],
    [
      'one that is not the last',
      total('2026-02-15', '200', starts('2026-02-01', '2026-02-20')),
      total('2026-03-15', '250'),
    ],
    ['its first day', total('2026-02-01', '1'), total('2026-03-01', '5')],
    ['its first day without usage', idle('2026-02-01'), total('2026-03-01', '5')],
    [
      'its first day, where there is no usage any more',
      total('2026-02-01', '1'),
      idle('2026-03-01'),
    ],
    [
      'a day without usage on which it had begun',
      idle('2026-02-15'),
      total('2026-03-15', '250', starts('2026-02-15', '2026-03-16')),
    ],
    [
      'a day without usage before which it had begun',
      idle('2026-02-15'),
      total('2026-03-15', '250', starts('2026-02-10', '2026-03-20')),
    ],
    [
      'a day without usage before its end',
      total('2026-02-15', '200', starts('2026-02-10', '2026-03-20')),
      idle('2026-03-15'),
    ],
    ['a cost that is not computed yet', row('2026-02-15', '200'), total('2026-03-15', '250')],
    ['figures without a period', withoutPeriod('2026-02-15', '200'), total('2026-03-15', '250')],
    ['a total of 0 that may come late', total('2026-02-05', '0'), total('2026-03-05', '50')],
  ])('is not compared with %s', (_what, before, after) => {
    expect(move(before, after, against)).toEqual([]);
  });

  it('of a customer without usage is 0', () => {
    expect(move(idle('2026-02-15'), total('2026-03-15', '250'), against)).toMatchObject([
      { kind: 'changed', before: '0', after: '250', percent: null },
    ]);
    expect(move(total('2026-02-15', '250'), idle('2026-03-15'), against)).toMatchObject([
      { kind: 'changed', before: '250', after: '0', percent: -100 },
    ]);
    expect(move(idle('2026-02-15'), idle('2026-03-15'), against)).toEqual([]);
  });
});

it('whatever is compared, a change is the cost after less that before, and is never of two currencies', () => {
  const amount = fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }).map((digits) => `${digits}e-6`);
  fc.assert(
    fc.property(amount, amount, fc.constantFrom('EUR', 'USD'), (was, is, currency) => {
      const before = day('2026-03-19', '40', was);
      const after = day('2026-03-20', '41', is, {
        figures: { currency },
      });
      const moved = move(before, after);
      const sum = moved.reduce((all, { change }) => all + Number(change), 0);
      expect(sum).toBeCloseTo(Number(is) - Number(was), 5);
      for (const each of moved) {
        expect(each.kind === 'changed').toBe(currency === 'EUR');
      }
    }),
  );
});
