import Big from 'big.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseAmount } from '../../src/usage/amount.ts';
import { assessDay } from '../../src/usage/assessment.ts';
import type { CostSnapshot } from '../../src/usage/dailyCost.ts';
import { addDays } from '../../src/usage/date.ts';
import {
  computeDailyCosts,
  computePeriods,
  type DailyItem,
  groupSeries,
} from '../../src/usage/history.ts';
import type { Plan } from '../../src/usage/plan.ts';

/** Few values, so that equal figures, returns to an earlier series and old periods do come up. */
const totalCost = fc.oneof(
  fc.constantFrom('0', '10', '10.00', '1e1', '25.5', '-3'),
  fc
    .tuple(fc.nat(10_000), fc.bigInt({ min: 1n, max: 10n ** 20n - 1n }))
    .map(([whole, digits]) => `${whole}.${String(digits).padStart(20, '0')}`),
);
const kind = fc.record({
  outcome: fc.constantFrom(
    'usage',
    'usage',
    'usage',
    'usage',
    'failedWithFigures',
    'noUsage',
    'failed',
    'refused',
  ),
  /** Days since the one before: more than 1 leaves a gap. */
  step: fc.constantFrom(1, 1, 1, 1, 1, 2, 5, 12),
  totalCost,
  modified: fc.constantFrom(undefined, '2026-03-12T01:00:00Z', '2026-03-13T01:00:00Z'),
  /** Months that the period shown is behind the day's. */
  behind: fc.constantFrom(0, 0, 0, 0, 0, 0, 1, 2),
  currency: fc.constantFrom('EUR', 'EUR', 'EUR', 'XXX'),
  plan: fc.constantFrom<Plan>('azurePlan', 'azurePlan', 'payAsYouGo'),
});

const days = fc.array(kind, { maxLength: 70 }).map((kinds) => {
  let date = '2026-01-20';
  return kinds.map(({ outcome, step, modified, behind, ...rest }): CostSnapshot => {
    date = addDays(date, step);
    if (outcome === 'noUsage' || outcome === 'failed' || outcome === 'refused') {
      return { snapshotDate: date, outcome };
    }
    // Legacy periods begin on the 12th.
    const startDay = rest.plan === 'azurePlan' ? '01' : '12';
    const monthAt = (months: number) => addDays(`${date.slice(0, 7)}-15`, months * 30).slice(0, 7);
    const isBeforeStart = date.slice(8) < startDay;
    const first = -behind - (isBeforeStart ? 1 : 0);
    return {
      snapshotDate: date,
      outcome: outcome === 'usage' ? 'usage' : 'failed',
      figures: {
        plan: rest.plan,
        currency: rest.currency,
        totalCost: parseAmount(rest.totalCost),
        billingStartDate: `${monthAt(first)}-${startDay}T00:00:00-08:00`,
        billingEndDate: `${monthAt(first + 1)}-${startDay}T00:00:00-07:00`,
        ...(modified !== undefined && { lastModifiedDate: modified }),
      },
    };
  });
});

const runs = { numRuns: 1_500 };

/** Sums of daily costs by period, which an item without figures shares with the one before it. */
function sumsByPeriod(items: DailyItem[]): Map<string, { sum: Big; last: string }> {
  const sums = new Map<string, { sum: Big; last: string }>();
  let series = '';
  for (const { figures, period, dailyCost, totalCost, isStale } of items) {
    if (dailyCost === null || totalCost === null) continue;
    expect(isStale).toBe(false);
    if (figures) series = `${figures.currency} ${figures.plan}`;
    const key = `${series} ${period?.start}`;
    const { sum } = sums.get(key) ?? { sum: new Big(0) };
    sums.set(key, { sum: sum.plus(dailyCost), last: totalCost });
  }
  return sums;
}

test('the daily costs of a billing period add up to its last fresh total, to the last digit', () => {
  fc.assert(
    fc.property(days, (snapshots) => {
      const items = computeDailyCosts(snapshots);
      for (const { sum, last } of sumsByPeriod(items).values()) {
        expect(sum.toFixed()).toBe(new Big(last).toFixed());
      }
      const periods = computePeriods(items);
      const total = items.reduce((sum, each) => sum.plus(each.dailyCost ?? 0), new Big(0));
      const ofPeriods = periods.reduce((sum, each) => sum.plus(each.totalCost), new Big(0));
      expect(ofPeriods.toFixed()).toBe(total.toFixed());
    }),
    runs,
  );
});

test('a day has a cost exactly when it covers days, and none when its figures are stale', () => {
  fc.assert(
    fc.property(days, (snapshots) => {
      for (const item of computeDailyCosts(snapshots)) {
        expect(item.dailyCost !== null).toBe(item.daysCovered > 0);
        if (item.isStale) expect(item.dailyCost).toBeNull();
        if (item.dailyCost !== null) expect(item.outcome).not.toBe('missing');
        const isKnown = item.figures !== undefined || item.outcome === 'noUsage';
        expect(item.dailyCost !== null || item.isStale).toBe(isKnown);
      }
    }),
    runs,
  );
});

test('a day is assessed from the days before it as from the whole history', () => {
  fc.assert(
    fc.property(days, (snapshots) => {
      const items = computeDailyCosts(snapshots);
      for (const [index, snapshot] of snapshots.entries()) {
        const { cost } = assessDay(snapshots.slice(0, index), snapshot, { minimumCost: 10 });
        expect(items.find(({ date }) => date === snapshot.snapshotDate)).toMatchObject({
          dailyCost: cost.dailyCost ?? null,
          daysCovered: cost.daysCovered,
          isStale: cost.isStale,
        });
      }
    }),
    runs,
  );
});

test('series keep every day, in order', () => {
  fc.assert(
    fc.property(days, (snapshots) => {
      const items = computeDailyCosts(snapshots);
      expect(groupSeries(items).flatMap((series) => series.items)).toEqual(items);
    }),
  );
});
