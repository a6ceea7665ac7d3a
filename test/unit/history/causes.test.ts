import { describe, expect, it } from 'vitest';
import { describeCauses } from '../../../src/history/causes.ts';
import { type ApiRecord, prodId, record, recordNights } from '../../support/detailedNights.ts';
import { createHistory, customerId } from '../../support/recorded.ts';

const today = '2026-03-20';
const still = { id: prodId };

async function causesOf(...records: ApiRecord[]) {
  const { stores, context } = createHistory(today);
  const quiet = [{ records: [record('still', '1', still)] }];
  await recordNights(stores, [
    { date: '2026-03-18', plans: quiet },
    { date: '2026-03-19', plans: quiet },
    { date: today, plans: [{ records: [record('still', '1', still), ...records] }] },
  ]);
  return describeCauses(customerId, today, context);
}

describe('causes', () => {
  it('are the three largest changes, up or down, with what they are', async () => {
    const loose = { resourceUri: null, resourceGroupName: 'rg9' };
    const found = await causesOf(
      record('vm-web-01', '331.2049'),
      record('small', '1'),
      record('', '-20', loose),
      record('db1', '40', { type: 'Microsoft.Sql/servers' }),
    );
    expect(found).toBe(
      'vm-web-01 (Microsoft.Compute/virtualMachines, Prod) +331.20 EUR; ' +
        'db1 (Microsoft.Sql/servers, Prod) +40.00 EUR; ' +
        'rg9 (Prod) -20.00 EUR',
    );
  });

  it('are at most 1,000 characters, whatever the names', async () => {
    const long = (letter: string) =>
      record(letter.repeat(300), '123456789012345', {
        type: `Microsoft.${'x'.repeat(200)}/${'y'.repeat(200)}`,
        entitlementName: 'n'.repeat(500),
      });
    const found = (await causesOf(long('a'), long('b'), long('c'))) ?? '';
    expect(found.split('; ')).toHaveLength(3);
    expect(found.length).toBeGreaterThan(500);
    expect(found.length).toBeLessThanOrEqual(1_000);
  });

  it('are against the same weekday where the day before tells nothing', async () => {
    const { stores, context } = createHistory('2026-03-02');
    const plan = (cost: string) => [{ records: [record('vm1', cost)] }];
    await recordNights(stores, [
      { date: '2026-02-22', plans: plan('100') },
      { date: '2026-02-23', plans: plan('105') },
      { date: '2026-03-01', plans: plan('5') },
      { date: '2026-03-02', plans: plan('405') },
    ]);
    expect(await describeCauses(customerId, '2026-03-02', context)).toBe(
      'against 2026-02-23: vm1 (Microsoft.Compute/virtualMachines, Prod) +395.00 EUR',
    );
  });

  it('are not known where nothing moved, or nothing is recorded', async () => {
    expect(await causesOf()).toBeUndefined();
    expect(await describeCauses(customerId, today, createHistory(today).context)).toBeUndefined();
  });
});
