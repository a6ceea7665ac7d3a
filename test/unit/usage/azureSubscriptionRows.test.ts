import { describe, expect, it } from 'vitest';
import { parseAmount } from '../../../src/usage/amount.ts';
import { computeAzureSubscriptionRows } from '../../../src/usage/azureSubscriptionRows.ts';
import type { AzureSubscriptionSnapshot } from '../../../src/usage/azureSubscriptionSnapshot.ts';
import type { UsageDetails } from '../../../src/usage/usageDetails.ts';
import { day } from './days.ts';

const ids = { customerId: 'customer', subscriptionId: 'plan' };

function planOn(date: string, total: string, change: Parameters<typeof day>[2] = {}) {
  const { figures } = day(date, total, change);
  if (!figures) throw new Error('expected figures');
  return {
    resource: 'subscription' as const,
    snapshotDate: date,
    capturedAt: `${date}T02:31:00Z`,
    runId: 'run',
    outcome: 'usage' as const,
    ...ids,
    customerName: 'Customer',
    subscriptionName: 'Azure plan',
    figures,
  };
}

type Totals = Record<string, string>;

function detailsOf(totals: Totals, lastModifiedDate?: string): UsageDetails {
  return {
    totals: new Map(
      Object.entries(totals).map(([id, cost]) => [id, { totalCost: parseAmount(cost) }]),
    ),
    ...(lastModifiedDate !== undefined && { lastModifiedDate }),
    records: 1,
    unreadable: [],
    ndjsonGzip: new Uint8Array(),
  };
}

/** The rows of days one after the other; of each the plan's total and its records. */
function record(...days: [date: string, total: string, totals: Totals | undefined, at?: string][]) {
  const before: AzureSubscriptionSnapshot[] = [];
  let rows: AzureSubscriptionSnapshot[] = [];
  for (const [date, total, totals, at] of days) {
    rows = computeAzureSubscriptionRows({
      plan: planOn(date, total),
      details: totals && detailsOf(totals, at),
      before,
      runId: 'run',
      capturedAt: `${date}T02:40:00Z`,
    });
    before.push(...rows);
  }
  return rows;
}

function show(rows: readonly AzureSubscriptionSnapshot[]) {
  return rows.map(({ azureSubscriptionId, outcome, figures, cost }) =>
    [
      azureSubscriptionId,
      figures?.totalCost ?? outcome,
      cost && (cost.isStale ? 'stale' : `${cost.dailyCost} / ${cost.daysCovered}`),
    ]
      .filter(Boolean)
      .join(' '),
  );
}

describe('the rows of Azure subscriptions', () => {
  it('add up to the total of the plan with the rest, to the last digit', () => {
    const rows = record(['2026-03-05', '28.82860766744404945074', { a: '20.5', b: '8.32' }]);
    expect(show(rows)).toEqual([
      'a 20.5 20.5 / 4',
      'b 8.32 8.32 / 4',
      'rest 0.00860766744404945074 0.00860766744404945074 / 4',
    ]);
  });

  it('have the daily cost of each, and add up to that of the plan', () => {
    const rows = record(
      ['2026-03-05', '100', { a: '60', b: '40' }],
      ['2026-03-06', '130', { a: '65', b: '61' }],
    );
    expect(show(rows)).toEqual(['a 65 5 / 1', 'b 61 21 / 1', 'rest 4 4 / 1']);
  });

  it('cover the days since the records were last known, for one that is new as well', () => {
    const rows = record(
      ['2026-03-05', '100', { a: '100' }],
      ['2026-03-08', '130', { a: '110', b: '20' }],
    );
    expect(show(rows)).toEqual(['a 110 10 / 3', 'b 20 20 / 3', 'rest 0 0 / 3']);
  });

  it('say so on the day on which an Azure subscription is not named any more, and then no more', () => {
    const days: Parameters<typeof record> = [
      ['2026-03-05', '100', { a: '60', b: '40' }],
      ['2026-03-06', '70', { a: '70' }],
    ];
    expect(show(record(...days))).toEqual(['a 70 10 / 1', 'b noUsage -40 / 1', 'rest 0 0 / 1']);
    expect(show(record(...days, ['2026-03-07', '75', { a: '75' }]))).toEqual([
      'a 75 5 / 1',
      'rest 0 0 / 1',
    ]);
  });

  it('begin anew with the billing period', () => {
    const rows = record(
      ['2026-03-31', '300', { a: '200', b: '100' }],
      ['2026-04-02', '20', { a: '20' }],
    );
    expect(show(rows)).toEqual(['a 20 20 / 1', 'rest 0 0 / 1']);
  });

  it('compare nothing where records and total are of different refreshes', () => {
    const rows = record(['2026-03-05', '100', { a: '130' }, '2026-03-05T01:00:00Z']);
    expect(show(rows)).toEqual(['a 130 130 / 4', 'rest failed']);
    const same = '2026-03-04T11:03:41.7272436-08:00';
    expect(show(record(['2026-03-05', '100', { a: '99' }, same]))).toContain('rest 1 1 / 4');
  });

  it('know nothing of a day without records', () => {
    const rows = record(
      ['2026-03-05', '100', { a: '100' }],
      ['2026-03-06', '110', undefined],
      ['2026-03-07', '120', { a: '120' }],
    );
    expect(show(record(['2026-03-06', '110', undefined]))).toEqual(['rest refused']);
    expect(show(rows)).toEqual(['a 120 20 / 2', 'rest 0 0 / 2']);
  });

  it('replace those of an earlier run of the day, one that is not named any more as well', () => {
    const [gone] = record(['2026-03-05', '100', { b: '100' }]);
    const rows = computeAzureSubscriptionRows({
      plan: planOn('2026-03-05', '100'),
      details: detailsOf({ a: '100' }),
      before: [],
      ...(gone && { sameDay: [gone] }),
      runId: 'run 2',
      capturedAt: '2026-03-05T22:40:00Z',
    });
    expect(show(rows)).toEqual(['a 100 100 / 4', 'b noUsage 0 / 1', 'rest 0 0 / 4']);
  });

  it('keep the name that an Azure subscription had', () => {
    const named = detailsOf({ a: '60' });
    const before = computeAzureSubscriptionRows({
      plan: planOn('2026-03-05', '60'),
      details: {
        ...named,
        totals: new Map([['a', { name: 'Prod', totalCost: parseAmount('60') }]]),
      },
      before: [],
      runId: 'run',
      capturedAt: '2026-03-05T02:40:00Z',
    });
    const [row] = computeAzureSubscriptionRows({
      plan: planOn('2026-03-06', '70'),
      details: detailsOf({ a: '70' }),
      before,
      runId: 'run',
      capturedAt: '2026-03-06T02:40:00Z',
    });
    expect(row?.azureSubscriptionName).toBe('Prod');
  });
});
