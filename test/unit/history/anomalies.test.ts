import { describe, expect, it } from 'vitest';
import { type AnomaliesQuery, readAnomalies } from '../../../src/history/anomalies.ts';
import { parseAmount } from '../../../src/usage/amount.ts';
import { addDays } from '../../../src/usage/date.ts';
import type { LedgerRow } from '../../../src/usage/ledgerRow.ts';
import { createHistory, row } from '../../support/recorded.ts';

const today = '2026-03-20';

function anomaly(date: string, id: string, change: Parameters<typeof row>[2] = {}): LedgerRow {
  return row(date, '500', {
    customerId: id,
    customerName: `Customer ${id.toUpperCase()}`,
    customerDomain: `${id}.example`,
    cost: { dailyCost: parseAmount('540'), daysCovered: 1, isStale: false },
    expectedCost: parseAmount('20.0000'),
    isAnomalyDelivered: true,
    ...change,
  });
}

const ordinary = { ...row('2026-03-19', '500'), customerId: 'z' };
const rows = [
  anomaly('2026-02-18', 'a'),
  anomaly('2026-02-19', 'b'),
  anomaly('2026-03-01', 'a', { figures: { currency: 'USD' } }),
  anomaly('2026-03-19', 'c'),
  ordinary,
  anomaly('2026-03-20', 'b', { isAnomalyDelivered: false }),
  anomaly('2026-03-20', 'a'),
];

async function read(query: AnomaliesQuery = {}) {
  const { stores, context } = createHistory(today);
  await stores.usageByDay.upsertDay(rows);
  const asked: string[] = [];
  const { listAnomalies } = stores.usageByDay;
  stores.usageByDay.listAnomalies = (day, options) => {
    asked.push(day.date);
    return listAnomalies.call(stores.usageByDay, day, options);
  };
  const { rows: found, next } = await readAnomalies(query, context);
  return { found: found.map((each) => `${each.snapshotDate} ${each.customerId}`), next, asked };
}

describe('anomalies', () => {
  it('are those of the last 30 days, the newest first', async () => {
    expect((await read()).found).toEqual([
      '2026-03-20 a',
      '2026-03-20 b',
      '2026-03-19 c',
      '2026-03-01 a',
      '2026-02-19 b',
    ]);
  });

  it.each<[AnomaliesQuery, string[]]>([
    [{ to: '2026-03-19' }, ['2026-03-19 c', '2026-03-01 a', '2026-02-19 b', '2026-02-18 a']],
    [{ from: '2026-03-20' }, ['2026-03-20 a', '2026-03-20 b']],
    [{ customerId: 'a' }, ['2026-03-20 a', '2026-03-01 a']],
    [{ currency: 'USD' }, ['2026-03-01 a']],
    [{ search: 'CUSTOMER C' }, ['2026-03-19 c']],
    [{ search: 'b.exam' }, ['2026-03-20 b', '2026-02-19 b']],
  ])('can be narrowed by %j', async (query, expected) => {
    expect((await read(query)).found).toEqual(expected);
  });

  it('come once each over pages of any length', async () => {
    const whole = (await read()).found;
    for (const top of [1, 2, 4, 5]) {
      const found: string[] = [];
      let after: AnomaliesQuery['after'];
      do {
        // A page that does not go on would never end.
        expect(found.length).toBeLessThan(whole.length);
        const page = await read({ top, after });
        found.push(...page.found);
        after = page.next;
      } while (after);
      expect(found).toEqual(whole);
    }
  });

  it('of a page are read from the newest days alone, and never twice', async () => {
    const { asked, next } = await read({ top: 2 });
    expect(next).toEqual({ date: today, customerId: 'b' });
    expect(asked.toSorted()).toEqual(
      Array.from({ length: 8 }, (_, days) => addDays(today, days - 7)),
    );
    expect(new Set((await read()).asked).size).toBe(30);
  });
});
