import { beforeAll, describe, expect, it } from 'vitest';
import type { Entity } from '../../src/storage/columns.ts';
import {
  brokenBy,
  changeLastDigit,
  date,
  firstUsageRow,
  hasUsage,
  isOf,
  once,
} from './brokenNight.ts';
import { runCalmNight } from './calmNight.ts';
import type { Tamper } from './ledger.ts';
import type { World } from './world.ts';

/** The same in every calm night. */
let firstUsageId = '';
beforeAll(async () => {
  const beforeChecks = (world: World) => {
    firstUsageId = firstUsageRow(world).rowKey;
  };
  await runCalmNight({ beforeChecks });
});

describe('the rows of a calm night', () => {
  it('is found to break one when a row of the day is lost', async () => {
    // On its way to the table: the run reads the day back, and does not call it complete.
    const tamper = once('UsageByDay', hasUsage, () => []);
    expect(await brokenBy({ tamper })).toEqual(['noDayIsLost']);
    // After the run has called it complete.
    const beforeChecks = (world: World) => {
      world.ledger.partition('UsageByDay', date).delete(firstUsageRow(world).rowKey);
    };
    expect(await brokenBy({ beforeChecks })).toEqual(['complete', 'costs', 'doubled', 'totals']);
  });

  it('is found to break one when a customer is lost from the histories', async () => {
    const tamper = once(
      'UsageByCustomer',
      (row) => isOf('customer')(row) && hasUsage(row),
      () => [],
    );
    expect(await brokenBy({ tamper })).toEqual(['complete', 'costs', 'lastTotals', 'ledger']);
  });

  it('is found to break one when a subscription is lost', async () => {
    const tamper = once('UsageByCustomer', isOf('subscription'), () => []);
    expect(await brokenBy({ tamper })).toEqual(['complete', 'lastTotals', 'ledger']);
  });

  it('is found to break one when a list of subscriptions is short', async () => {
    const tamper = once(
      'UsageByCustomer',
      (row) => row['subscriptionIds'] !== undefined,
      (row) => [{ ...row, subscriptionIds: '[]' }],
    );
    expect(await brokenBy({ tamper })).toEqual(['complete', 'ledger']);
  });

  it.each(['customer', 'subscription'])(
    'is found to break one when one digit of a %s is wrong',
    async (resource) => {
      const tamper = once(
        'UsageByCustomer',
        (row) => row['resource'] === resource && Number(row['totalCostExact']) > 0,
        (row) => [{ ...row, totalCostExact: changeLastDigit(String(row['totalCostExact'])) }],
      );
      expect(await brokenBy({ tamper })).toContain('figures');
    },
  );

  it('is found to break one when a row below a plan is lost, or a digit of it wrong', async () => {
    const isOne = (row: Entity) =>
      row['azureSubscriptionId'] !== 'rest' && Number(row['totalCostExact']) > 0;
    const lost = once('UsageByAzureSubscription', isOne, () => []);
    expect(await brokenBy({ tamper: lost })).toEqual(['details']);
    const changed = once('UsageByAzureSubscription', isOne, (row) => [
      { ...row, totalCostExact: changeLastDigit(String(row['totalCostExact'])) },
    ]);
    expect(await brokenBy({ tamper: changed })).toEqual(['details']);
  });

  it('is found to break one when the last row below a plan is lost', async () => {
    const isRest = (row: Entity) => row['azureSubscriptionId'] === 'rest';
    const tamper = once('UsageByAzureSubscription', isRest, () => []);
    expect(await brokenBy({ tamper })).toEqual(['details']);
  });

  it('is found to break one when figures are those of another currency', async () => {
    const tamper = once('UsageByDay', hasUsage, (row) => [{ ...row, currency: 'JPY' }]);
    expect(await brokenBy({ tamper })).toContain('figures');
  });

  it('is found to break one when a customer is there twice', async () => {
    const tamper = once('UsageByDay', hasUsage, (row) => [
      row,
      { ...row, rowKey: row.rowKey.toUpperCase() },
    ]);
    expect(await brokenBy({ tamper })).toContain('doubled');
  });

  it('is found to break one when a row has another date', async () => {
    const tamper = once('UsageByCustomer', isOf('customer'), (row) => [
      { ...row, snapshotDate: '2026-03-09' },
    ]);
    expect(await brokenBy({ tamper })).toContain('dates');
  });

  it('is found to break one when a failure is written over a usage', async () => {
    const beforeChecks = (world: World) => {
      const call = world.ledger.conditionalWrite({ process: 'test' });
      const { totalCostExact: _, ...row } = firstUsageRow(world);
      world.ledger.written('UsageByDay', [{ ...row, outcome: 'failed' }], call);
    };
    expect(await brokenBy({ beforeChecks })).toContain('outcomes');
  });

  it('is found to break one when a daily cost is not what the history says', async () => {
    const tamper = once(
      'UsageByDay',
      (row) => row['dailyCostExact'] !== undefined,
      (row) => [{ ...row, dailyCostExact: changeLastDigit(String(row['dailyCostExact'])) }],
    );
    expect(await brokenBy({ tamper })).toEqual(['costs']);
  });

  it('is found to break one when a total is not the sum', async () => {
    const tamper = once(
      'UsageByCustomer',
      (row) => row.rowKey.startsWith('total|'),
      (row) => [{ ...row, totalCostExact: changeLastDigit(String(row['totalCostExact'])) }],
    );
    expect(await brokenBy({ tamper })).toEqual(['totals']);
  });

  it('is found to break one when a customer is refused or without usage by nobody’s word', async () => {
    for (const outcome of ['refused', 'noUsage']) {
      const tamper = (row: Entity) => {
        const { totalCost: _, totalCostExact: _exact, ...rest } = row;
        return [{ ...rest, outcome } as Entity];
      };
      const isOne = (row: Entity) => row['customerId'] === firstUsageId;
      const ofDay = once('UsageByDay', isOne, tamper);
      const ofCustomer = once(
        'UsageByCustomer',
        (row) => isOne(row) && isOf('customer')(row),
        tamper,
      );
      const both: Tamper = (table, rows) => ofCustomer(table, ofDay(table, rows));
      expect(await brokenBy({ tamper: both })).toContain('complete');
    }
  });

  it('is found to break one when a row names a billing period that nobody was shown', async () => {
    const tamper = once(
      'UsageByCustomer',
      (row) => isOf('customer')(row) && hasUsage(row),
      (row) => [{ ...row, billingStartDate: '2026-02-01T00:00:00+00:00' }],
    );
    expect(await brokenBy({ tamper })).toContain('figures');
  });

  it('is found to break one when the first total of a period replaces the last of another', async () => {
    const beforeChecks = (world: World) => {
      const { rowKey: id } = firstUsageRow(world);
      const rows = world.ledger.partition('UsageByCustomer', id);
      const row = rows.get(`customer|${date}`);
      if (!row) throw new Error('expected a row');
      const next = { totalCostExact: '0', billingStartDate: '2026-04-01T00:00:00+00:00' };
      rows.set(row.rowKey, { ...row, ...next });
    };
    expect(await brokenBy({ beforeChecks })).toContain('lastTotals');
  });

  it('is found to break one when a history does not tell the last total', async () => {
    const beforeChecks = (world: World) => {
      const { rowKey: id } = firstUsageRow(world);
      const rows = world.ledger.partition('UsageByCustomer', id);
      const row = rows.get(`customer|${date}`);
      if (!row) throw new Error('expected a row');
      // Of the same billing period, and later: figures that nobody was shown.
      const later = { rowKey: 'customer|2026-03-11', snapshotDate: '2026-03-11' };
      rows.set(later.rowKey, { ...row, ...later, totalCostExact: '1.5' });
    };
    expect(await brokenBy({ beforeChecks })).toContain('history');
  });
});
