import { expect, it } from 'vitest';
import { createSpendCase, type Shape, shapes } from '../../../bench/forecast/shapes.ts';
import { snapshotsOf } from '../../../bench/forecast/snapshots.ts';
import { detectAnomaly } from '../../../src/usage/anomaly.ts';
import { forecastPeriod } from '../../../src/usage/forecast.ts';
import { computeDailyCosts } from '../../../src/usage/history.ts';
import { computeOutlooks } from '../../../src/usage/outlook.ts';
import { day, failed, noUsage, spending } from './days.ts';

const options = { minimumCost: 10 };
const replaced = [
  failed('2026-03-05'),
  noUsage('2026-03-11'),
  day('2026-03-15', '77', { currency: 'XXX' }),
];

/** A made-up customer's days, of which some have no figures, or some of another currency. */
function itemsOf(shape: Shape) {
  return computeDailyCosts(
    snapshotsOf(createSpendCase(shape, 7)).map((snapshot) => {
      const dayOfMonth = snapshot.snapshotDate.slice(8);
      const other = replaced.find(({ snapshotDate }) => snapshotDate.slice(8) === dayOfMonth);
      return other ? { ...other, snapshotDate: snapshot.snapshotDate } : snapshot;
    }),
  );
}

/** A change that is meant is recorded by `npx vitest run test/unit/usage/outlook.test.ts -u`. */
it.each(shapes)('the outlook of a history is the same in every version: %s', async (shape) => {
  const items = itemsOf(shape);
  const lines = computeOutlooks(items, options).map(({ forecast, anomaly }, index) => {
    const { total, low, high } = forecast ?? {};
    const expected = anomaly && `${anomaly.expectedCost}${anomaly.isAnomaly ? ' anomaly' : ''}`;
    return `${[items[index]?.date, total, low, high, expected].map((each) => each ?? '-').join(' ')}\n`;
  });
  const recorded = `../../fixtures/outlooks/${shape.replaceAll(' ', '-')}.txt`;
  await expect(lines.join('')).toMatchFileSnapshot(recorded);
});

it.each(shapes)('the outlook of a whole history is that of each of its days: %s', (shape) => {
  const items = itemsOf(shape);
  const outlooks = computeOutlooks(items, options);
  expect(outlooks.some(({ forecast }) => forecast)).toBe(true);
  for (const [index, { date }] of items.entries()) {
    const { forecast, anomaly } = outlooks[index] ?? {};
    expect([date, forecast]).toEqual([date, forecastPeriod(items, date)]);
    expect([date, anomaly]).toEqual([date, detectAnomaly(items, date, options)]);
  }
});

it('the outlook of days before the first that is asked for is empty', () => {
  const items = itemsOf('steady');
  const [from = ''] = items.slice(-2).map(({ date }) => date);
  const outlooks = computeOutlooks(items, { ...options, from });
  expect(outlooks.slice(0, -2)).toEqual(items.slice(0, -2).map(() => ({})));
  expect(outlooks.slice(-2)).toEqual(computeOutlooks(items, options).slice(-2));
});

it('the outlook of a day after its period has no forecast', () => {
  const failures = [failed('2026-04-01'), failed('2026-04-02')];
  const items = computeDailyCosts([...spending('2026-01-01', '2026-03-31', () => 10), ...failures]);
  const forecasts = computeOutlooks(items, options).map(({ forecast }) => forecast?.total);
  expect(forecasts.slice(-2)).toEqual(['310.0000', undefined]);
});
