import { describe, expect, it } from 'vitest';
import type { Entity } from '../../src/storage/columns.ts';
import { brokenBy, hasUsage, once } from './brokenNight.ts';
import { nightlyStart } from './calmNight.ts';
import { runFaultNight } from './faultNight.ts';
import type { Tamper } from './ledger.ts';
import { clientSecret, type World } from './world.ts';

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

  it('is found to break one when somebody writes without the lease', async () => {
    const beforeChecks = (world: World) =>
      void world.ledger.beginWrite({ process: 'test', runId: 'nobody' });
    expect(await brokenBy({ beforeChecks })).toEqual(['lease']);
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
      const openStores: typeof context.openStores = (fence) => {
        const { budgets: all, ...opened } = context.openStores(fence);
        const budgets: typeof all = {
          evaluate: (position, options) => all.evaluate(position, options),
          listUndelivered: (day) => all.listUndelivered(day),
          deliver: async () => {},
        };
        return { ...opened, budgets };
      };
      return nightlyStart.work({ ...context, openStores }, signal);
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
