import { expect, it } from 'vitest';
import { createSpendCase, shapes } from '../../../bench/forecast/shapes.ts';
import { snapshotsOf } from '../../../bench/forecast/snapshots.ts';
import { detectAnomaly } from '../../../src/usage/anomaly.ts';
import { forecastPeriod } from '../../../src/usage/forecast.ts';
import { computeDailyCosts } from '../../../src/usage/history.ts';
import { computeOutlooks } from '../../../src/usage/outlook.ts';
import { day, failed, noUsage } from './days.ts';

const options = { minimumCost: 10 };

it.each(shapes)('the outlook of a whole history is that of each of its days: %s', (shape) => {
  const replaced = [
    failed('2026-03-05'),
    noUsage('2026-03-11'),
    day('2026-03-15', '77', { currency: 'XXX' }),
  ];
  const items = computeDailyCosts(
    snapshotsOf(createSpendCase(shape, 7)).map((snapshot) => {
      const dayOfMonth = snapshot.snapshotDate.slice(8);
      const other = replaced.find(({ snapshotDate }) => snapshotDate.slice(8) === dayOfMonth);
      return other ? { ...other, snapshotDate: snapshot.snapshotDate } : snapshot;
    }),
  );
  const outlooks = computeOutlooks(items, options);
  expect(outlooks.some(({ forecast }) => forecast)).toBe(true);
  for (const [index, { date }] of items.entries()) {
    const { forecast, anomaly } = outlooks[index] ?? {};
    expect([date, forecast]).toEqual([date, forecastPeriod(items, date)]);
    expect([date, anomaly]).toEqual([date, detectAnomaly(items, date, options)]);
  }
});
