import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { ingestionTime } from './kustoExpression.ts';
import { compileQuery } from './kustoQuery.ts';

const arrivedMs = Date.parse('2026-03-20T03:05:00Z');
const nowMs = Date.parse('2026-03-20T04:30:00Z');
const queries = new URL('../../../infra/queries/', import.meta.url);

/** The text of a digest of one event, with and without its causes. */
function digestsOf(file: string, column: string, fields: Record<string, unknown>): unknown[] {
  const query = compileQuery(readFileSync(new URL(file, queries), 'utf8'));
  const causes = 'vm-web-01 (Microsoft.Compute/virtualMachines, Prod) +331.20 EUR; db1 +2.00 EUR';
  return [{ ...fields, causes }, fields].map((event) => {
    const Message = JSON.stringify(event);
    const AppTraces = [{ TimeGenerated: arrivedMs, [ingestionTime]: arrivedMs, Message }];
    return query({ AppTraces }, nowMs)[0]?.[column];
  });
}

const cause = 'vm-web-01 (Microsoft.Compute/virtualMachines, Prod) +331.20 EUR';

it('the digest of unusual days names the largest cause of each, where it is known', () => {
  const fields = { customerId: 'c', customerName: 'Maple', snapshotDate: '2026-03-20' };
  const costs = { dailyCost: 361.2, expectedCost: 20, currency: 'EUR' };
  const event = { event: 'usage.anomaly.detected', ...fields, ...costs };
  const text = '1 found: Maple: 361.2 instead of 20 EUR on 2026-03-20';
  expect(digestsOf('anomalyDigest.kql', 'anomalies', event)).toEqual([
    `${text}, most of all ${cause}`,
    text,
  ]);
});

it('the digest of budgets names the largest cause of each, where it is known', () => {
  const fields = { alertId: 'a', customerId: 'c', customerName: 'Maple', kind: 'actual' };
  const costs = { threshold: 100, totalCost: 1040, budgetAmount: 1000, currency: 'EUR' };
  const event = { event: 'budget.threshold.crossed', ...fields, ...costs };
  const text = '1 crossed: Maple: actual 1040 of 1000 EUR (100 %)';
  expect(digestsOf('budgetDigest.kql', 'crossings', event)).toEqual([
    `${text}, that day most of all ${cause}`,
    text,
  ]);
});
