import { describe, expect, it } from 'vitest';
import { EarlierDays } from '../../../src/snapshot/earlierDays.ts';
import { findMassRefusals, type Refusal } from '../../../src/snapshot/refusals.ts';
import type { CustomerSnapshot, Failure } from '../../../src/usage/usageSnapshot.ts';
import { dayOf } from '../../support/recordedDays.ts';

const failure: Failure = { phase: 'summary', status: 403, code: '900308', message: 'forbidden' };
const dates = ['2026-03-07', '2026-03-08', '2026-03-09'].map((date) => ({
  date,
  isMajorityServed: true,
}));

/** The recorded days of customers by their id: on each date what the function says. */
function recorded(
  rowOf: (date: string, customerId: string) => Partial<CustomerSnapshot> | undefined,
  recordedDates = dates,
) {
  return new EarlierDays(recordedDates, {
    getDay: async (date, customerId) => {
      const change = rowOf(date, customerId);
      return change && dayOf(date, '0', change);
    },
  });
}

const isOld = (customerId: string) => customerId.startsWith('old');
const refusedDay = { outcome: 'refused', failure } as const;
const oldOnes = recorded((_date, id) => (isOld(id) ? refusedDay : { outcome: 'usage' }));

function refusalsOf(fresh: number, old = 0, count = 1): Refusal[] {
  const ids = [
    ...Array(fresh)
      .keys()
      .map((each) => `new ${each}`),
  ];
  ids.push(
    ...Array(old)
      .keys()
      .map((each) => `old ${each}`),
  );
  return ids.map((customerId) => ({ customerId, failure, count }));
}

async function massOf(refusals: Refusal[], asked: number, isMajorityServed = true) {
  const mass = await findMassRefusals(refusals, asked, isMajorityServed, oldOnes);
  return [...mass].map(({ customerId }) => customerId);
}

describe('refusals', () => {
  it.each([
    [5, 8, 0],
    [5, 12, 0],
    [6, 12, 6],
    [6, 60, 0],
    [7, 60, 7],
    [10, 100, 0],
    [11, 100, 11],
  ])(
    'are signs of an outage from more than 5 and a tenth on: %d of %d',
    async (fresh, asked, expected) => {
      expect(await massOf(refusalsOf(fresh), asked)).toHaveLength(expected);
    },
  );

  it('are counted by what was refused, not by customers', async () => {
    expect(await massOf(refusalsOf(2, 0, 3), 20)).toHaveLength(2);
    expect(await massOf(refusalsOf(2, 0, 2), 20)).toEqual([]);
  });

  it('are not signs where the same customers were refused on the two days before', async () => {
    expect(await massOf(refusalsOf(0, 20), 100)).toEqual([]);
    expect(await massOf(refusalsOf(11, 20), 100)).toHaveLength(11);
    expect(await massOf(refusalsOf(10, 20), 100)).toEqual([]);
  });

  it('are all signs where they are half of what was asked, or others are not served', async () => {
    expect(await massOf(refusalsOf(0, 50), 100)).toHaveLength(50);
    expect(await massOf(refusalsOf(0, 49), 100)).toEqual([]);
    expect(await massOf(refusalsOf(0, 20), 100, false)).toHaveLength(20);
  });
});

describe('a refusal lasts', () => {
  const lasts = (
    rowOf: Parameters<typeof recorded>[0],
    recordedDates = dates,
    own: Failure = failure,
  ) => recorded(rowOf, recordedDates).isLastingRefusal('old', own);

  it('where the two recorded days before had the same answer', async () => {
    expect(await lasts(() => refusedDay)).toBe(true);
    expect(await lasts((date) => (date >= '2026-03-08' ? refusedDay : {}))).toBe(true);
    expect(await lasts((date) => (date === '2026-03-08' ? {} : refusedDay))).toBe(false);
    expect(await lasts((date) => (date === '2026-03-09' ? undefined : refusedDay))).toBe(false);
  });

  it.each<[string, Partial<Failure>]>([
    ['step', { phase: 'subscriptions' }],
    ['status', { status: 404 }],
    ['code', { code: '3000' }],
  ])('not where the %s was another', async (_what, change) => {
    expect(await lasts(() => refusedDay, dates, { ...failure, ...change })).toBe(false);
  });

  it('whatever the message says', async () => {
    expect(await lasts(() => refusedDay, dates, { ...failure, message: 'other' })).toBe(true);
  });

  it('only while the majority of customers was served, and two days are recorded', async () => {
    const [first, second, third] = dates;
    if (!first || !second || !third) throw new Error('expected three dates');
    const unserved = { ...second, isMajorityServed: false };
    expect(await lasts(() => refusedDay, [first, unserved, third])).toBe(false);
    expect(
      await lasts(() => refusedDay, [{ ...first, isMajorityServed: false }, second, third]),
    ).toBe(true);
    expect(await lasts(() => refusedDay, [third])).toBe(false);
    expect(await lasts(() => refusedDay, [second, third])).toBe(true);
  });
});

describe('the days on which a customer has failed', () => {
  const failed = { outcome: 'failed' } as const;

  it('are counted back from today to the first on which it did not, or to a limit', async () => {
    const since = (first: string) => recorded((date) => (date >= first ? failed : {}));
    expect(await since('2026-03-10').countFailedDays('a', 35)).toBe(1);
    expect(await since('2026-03-09').countFailedDays('a', 35)).toBe(2);
    expect(await since('2026-03-01').countFailedDays('a', 35)).toBe(4);
    expect(await since('2026-03-01').countFailedDays('a', 3)).toBe(3);
  });

  it('end where a row cannot be read or is not there', async () => {
    const days = recorded((date) => {
      if (date === '2026-03-08') throw new Error('out of reach');
      return failed;
    });
    expect(await days.countFailedDays('a', 35)).toBe(2);
    expect(await recorded(() => undefined).countFailedDays('a', 35)).toBe(1);
  });
});

describe('the last recorded row of a customer', () => {
  it('is that of the latest recorded day', async () => {
    const days = recorded((date) => ({ customerName: date }));
    expect(await days.getLast('a')).toMatchObject({ customerName: '2026-03-09' });
  });

  it('is none before the first night, and where it cannot be read', async () => {
    expect(await recorded(() => ({}), []).getLast('a')).toBeUndefined();
    const unreadable = recorded(() => {
      throw new Error('out of reach');
    });
    expect(await unreadable.getLast('a')).toBeUndefined();
  });
});
