import { beforeAll, describe, expect, it } from 'vitest';
import type { Entity } from '../../src/storage/columns.ts';
import { type CalmNightOptions, nightlyStart, runCalmNight } from './calmNight.ts';
import { runFaultNight } from './faultNight.ts';
import type { Tamper } from './ledger.ts';
import type { TableName } from './weather.ts';
import { clientSecret, type World } from './world.ts';

const date = '2026-03-10';

/** The promises that a night with something done to it is found to break. */
async function brokenBy(options: CalmNightOptions): Promise<string[]> {
  const { violations } = await runCalmNight(options);
  return [...new Set(violations.map(({ invariant }) => invariant))].sort();
}

/** Changes the first row that fits: to others, or to none. */
function once(table: TableName, fits: (row: Entity) => boolean, change: (row: Entity) => Entity[]) {
  let isDone = false;
  const tamper: Tamper = (of, rows) =>
    rows.flatMap((row) => {
      if (isDone || of !== table || !fits(row)) return [row];
      isDone = true;
      return change(row);
    });
  return tamper;
}

const isOf = (resource: string) => (row: Entity) => row['resource'] === resource;
const hasUsage = (row: Entity) => row['outcome'] === 'usage';

/** The same in every calm night. */
let firstUsageId = '';
beforeAll(async () => {
  const beforeChecks = (world: World) => {
    firstUsageId = firstUsageRow(world).rowKey;
  };
  await runCalmNight({ beforeChecks });
});

function firstUsageRow({ ledger }: World): Entity {
  const row = [...ledger.partition('UsageByDay', date).values()].find(hasUsage);
  if (!row) throw new Error('expected a customer with usage');
  return row;
}

describe('fault nights', () => {
  it('lose no day, double no row and get no figure wrong over 50 seeds', async () => {
    for (let seed = 1; seed <= 50; seed++) {
      const { violations } = await runFaultNight(seed);
      expect(violations).toEqual([]);
    }
  }, 120_000);

  it('reproduce exactly from their seed', async () => {
    const [one, again] = [await runFaultNight(7), await runFaultNight(7)];
    expect(again).toEqual(one);
    const other = await runFaultNight(8);
    expect(other.digest).not.toBe(one.digest);
  });
});

describe('a calm night', () => {
  it('breaks no promise', async () => {
    expect(await brokenBy({})).toEqual([]);
  });

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

  it('is found to break one when somebody writes without the lease', async () => {
    const beforeChecks = (world: World) =>
      void world.ledger.beginWrite({ process: 'test', runId: 'nobody' });
    expect(await brokenBy({ beforeChecks })).toEqual(['lease']);
  });

  it('is found to break one when a daily cost is not what the history says', async () => {
    const tamper = once(
      'UsageByDay',
      (row) => row['dailyCostExact'] !== undefined,
      (row) => [{ ...row, dailyCostExact: changeLastDigit(String(row['dailyCostExact'])) }],
    );
    expect(await brokenBy({ tamper })).toEqual(['costs']);
  });

  it('is found to break one when an alert is lost', async () => {
    const beforeChecks = ({ ledger }: World) => {
      const alert = [...ledger.rows('BudgetAlerts')].find((row) => row['kind'] === 'actual');
      if (!alert) throw new Error('expected an alert');
      ledger.partition('BudgetAlerts', alert.partitionKey).delete(alert.rowKey);
    };
    expect(await brokenBy({ beforeChecks })).toEqual(['alerts']);
  });

  it('is found to break one when an alert is told to nobody', async () => {
    const work: typeof nightlyStart.work = async (context, signal) => {
      const { budgets: all } = context;
      const budgets: typeof all = {
        evaluate: (position, options) => all.evaluate(position, options),
        hasUndelivered: (day) => all.hasUndelivered(day),
        deliver: async () => {},
      };
      return nightlyStart.work({ ...context, budgets }, signal);
    };
    expect(await brokenBy({ starts: [{ at: '02:30:00', work }] })).toEqual(['alerts']);
  });

  it('is found to break one when an alert changes, or is armed again', async () => {
    const change = (row: Entity) => [{ ...row, threshold: { type: 'Double', value: '1.0' } }];
    const isAlert = (row: Entity) => row['delivered'] === true;
    const changed = once('BudgetAlerts', isAlert, change as (row: Entity) => Entity[]);
    expect(await brokenBy({ tamper: changed })).toEqual(['alerts']);
    const beforeChecks = ({ ledger }: World) => {
      const alert = [...ledger.rows('BudgetAlerts')].find(isAlert);
      const call = ledger.conditionalWrite({ process: 'test' });
      ledger.written('BudgetAlerts', [{ ...alert, delivered: false } as Entity], call);
    };
    expect(await brokenBy({ beforeChecks })).toEqual(['alerts']);
  });

  it('is found to break one when a total is not the sum', async () => {
    const tamper = once(
      'UsageByCustomer',
      (row) => row.rowKey.startsWith('total|'),
      (row) => [{ ...row, totalCostExact: changeLastDigit(String(row['totalCostExact'])) }],
    );
    expect(await brokenBy({ tamper })).toEqual(['totals']);
  });

  it('is found to break one when the counts of a run do not add up', async () => {
    const tamper = once(
      'SnapshotRuns',
      (row) => row['status'] === 'complete',
      (row) => [{ ...row, customersWithUsage: { type: 'Int32', value: 1 } }],
    );
    expect(await brokenBy({ tamper })).toEqual(['counts']);
  });

  it('is found to break one when a run lists fewer than there are', async () => {
    const tamper = once(
      'SnapshotRuns',
      (row) => row['status'] === 'complete',
      (row) => [{ ...row, customersListed: { type: 'Int32', value: 0 } }],
    );
    expect(await brokenBy({ tamper })).toContain('complete');
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

  it('is found to break one when a dead run is left running', async () => {
    const tamper: Tamper = (table, rows) =>
      rows.filter((row) => table !== 'SnapshotRuns' || row['status'] !== 'failed');
    const killed = { ...nightlyStart, mishap: { kind: 'kill', atCall: 40 } as const };
    const later = { ...nightlyStart, at: '04:00:00' };
    expect(await brokenBy({ tamper, starts: [killed, later] })).toEqual(['running']);
  });

  it('is found to break one when the day is lost', async () => {
    expect(await brokenBy({ starts: [] })).toEqual(['noDayIsLost']);
  });

  it('is found to break one when nobody looks once more at a period that ends', async () => {
    expect(await brokenBy({ date: '2026-03-31' })).toEqual(['closing']);
  });

  it('is found to break one when the stored refresh token is worth nothing', async () => {
    const beforeChecks = (world: World) => {
      world.refreshToken = { token: 'lost', storedAt: 0 };
    };
    expect(await brokenBy({ beforeChecks })).toEqual(['refreshToken']);
  });

  it('is found to break one when a secret is in a row or an event', async () => {
    const tamper = once('UsageByDay', hasUsage, (row) => [{ ...row, errorMessage: clientSecret }]);
    expect(await brokenBy({ tamper })).toEqual(['secrets']);
    const work: typeof nightlyStart.work = async ({ events }) => {
      const claims = Buffer.from('{"kind":"refresh","aud":"x"}').toString('base64url');
      events.emit('credential.refreshToken.notStored', { error: `was 1_${claims}~signature` });
      return [];
    };
    const starts = [nightlyStart, { at: '03:00:00', work }];
    expect(await brokenBy({ starts })).toEqual(['secrets']);
  });

  it('is found to break one when a process leaves a timer behind', async () => {
    const work: typeof nightlyStart.work = async ({ clock }) => {
      void clock.sleep(60_000);
      return [];
    };
    expect(await brokenBy({ starts: [nightlyStart, { at: '03:00:00', work }] })).toEqual([
      'timers',
    ]);
  });

  it('is found to break one when a process never ends', async () => {
    const work = () => new Promise<never>(() => {});
    expect(await brokenBy({ starts: [nightlyStart, { at: '03:00:00', work }] })).toEqual(['ends']);
  });

  it('is found to break one when a process fails by a defect', async () => {
    const work = () => Promise.reject(new TypeError('undefined is not a function'));
    expect(await brokenBy({ starts: [nightlyStart, { at: '03:00:00', work }] })).toEqual([
      'errors',
    ]);
  });

  it('is found to break one when a run ends without its event', async () => {
    const work: typeof nightlyStart.work = async (context, signal) =>
      nightlyStart.work({ ...context, events: { emit: () => {} } }, signal);
    expect(await brokenBy({ starts: [{ at: '02:30:00', work }] })).toEqual(['events']);
  });

  it('is found to break one when a rejection is nobody’s', async () => {
    const beforeChecks = () => {
      const listen = process.listeners('unhandledRejection').at(-1);
      listen?.(new Error('nobody’s'), Promise.resolve());
    };
    expect(await brokenBy({ beforeChecks })).toEqual(['unhandledRejections']);
  });
});

function changeLastDigit(literal: string): string {
  return literal.slice(0, -1) + ((Number(literal.at(-1)) + 1) % 10);
}
