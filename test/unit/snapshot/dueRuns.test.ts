import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { runCatchUp } from '../../../src/snapshot/catchUp.ts';
import { newRun } from '../../../src/snapshot/runRecord.ts';
import { createStoresOver } from '../../../src/storage/createStores.ts';
import { MemoryTable } from '../../../src/storage/memoryTable.ts';
import type { LedgerRow } from '../../../src/usage/ledgerRow.ts';
import type { SnapshotRun } from '../../../src/usage/snapshotRun.ts';
import { createNight } from '../../support/night.ts';
import { dayOf } from '../../support/recordedDays.ts';

const date = '2026-03-10';
const dayMs = 86_400_000;

interface Due {
  /** When the catch-up comes, on 2026-03-10, UTC. */
  at?: string;
  /** When the nightly run is due each day. */
  nightly?: string;
  runs?: Partial<SnapshotRun>[];
  rows?: LedgerRow[];
}

/** A partner with a record for each run of the day, complete and settled unless changed. */
async function createDay({ at = '04:00', nightly = '02:30', runs = [{}], rows = [] }: Due = {}) {
  const tables = {
    usageByCustomer: new MemoryTable('UsageByCustomer'),
    usageByDay: new MemoryTable('UsageByDay'),
    usageByAzureSubscription: new MemoryTable('UsageByAzureSubscription'),
    snapshotRuns: new MemoryTable('SnapshotRuns'),
    budgetAlerts: new MemoryTable('BudgetAlerts'),
  };
  const stores = createStoresOver(tables);
  const start = `${date}T${at.length === 5 ? `${at}:00` : at}Z`;
  const night = createNight({ customers: 3, start, stores });
  const record = newRun({ trigger: 'timer' }, night.context);
  const complete = { status: 'complete', isSettled: true, isConcluded: true } as const;
  for (const [index, run] of runs.entries()) {
    await stores.snapshotRuns.upsert({ ...record, ...complete, ...run, runId: `run ${index}` });
  }
  await stores.usageByDay.upsertDay(rows);
  const nextNightlyMs = (afterMs: number) => {
    const dueMs = Date.parse(`${date}T${nightly}:00Z`);
    return dueMs + Math.floor((afterMs - dueMs) / dayMs + 1) * dayMs;
  };
  const catchUp = async (request: Partial<Parameters<typeof runCatchUp>[0]> = {}) => {
    const work = runCatchUp({ nextNightlyMs, ...request }, night.context);
    const results = await night.clock.run(work);
    return results.map((result) => ('run' in result ? result.run.trigger : 'busy'));
  };
  return { night, tables, catchUp };
}
const ranAt = async (due: Due) => (await createDay(due)).catchUp();

describe('a day is taken up', () => {
  it('from the instant on at which its nightly run is due, unless none is ever due', async () => {
    expect(await ranAt({ at: '02:29', runs: [] })).toEqual([]);
    expect(await ranAt({ at: '02:30', runs: [] })).toEqual(['catchUp']);
    expect(await ranAt({ at: '04:00', nightly: '00:00', runs: [] })).toEqual(['catchUp']);
    const { catchUp } = await createDay({ runs: [] });
    expect(await catchUp({ nextNightlyMs: () => undefined })).toEqual([]);
  });

  it('where its last run has not settled it', async () => {
    expect(await ranAt({})).toEqual([]);
    expect(await ranAt({ runs: [{ isSettled: false }] })).toEqual(['catchUp']);
    expect(await ranAt({ runs: [{}, { isSettled: false }] })).toEqual(['catchUp']);
    expect(await ranAt({ runs: [{ isSettled: false }, {}] })).toEqual([]);
  });

  it('once more where only customers are left that fail for good', async () => {
    const failing = { status: 'partial' } as const;
    expect(await ranAt({ runs: [failing] })).toEqual(['catchUp']);
    expect(await ranAt({ runs: [failing, { ...failing, trigger: 'catchUp' }] })).toEqual([]);
    expect(await ranAt({ runs: [{ ...failing, trigger: 'catchUp' }, failing] })).toEqual([]);
    expect(await ranAt({ runs: [failing, { ...failing, trigger: 'closing' }] })).toEqual([
      'catchUp',
    ]);
  });

  it('where the command line has left an anomaly to deliver', async () => {
    const runs = [{ trigger: 'cli' }] as const;
    const anomaly = { ...dayOf(date, '5'), isAnomalyDelivered: false };
    expect(await ranAt({ runs: [...runs], rows: [anomaly] })).toEqual(['catchUp']);
    expect(await ranAt({ runs: [...runs], rows: [dayOf(date, '5')] })).toEqual([]);
    expect(await ranAt({ rows: [anomaly] })).toEqual([]);
  });
});

describe('a billing period that ends is looked at once more', () => {
  const ending = (billingEndDate: string, capturedAt = `${date}T02:30:00.000Z`) => {
    const row = dayOf(date, '5', { capturedAt });
    return row.figures ? { ...row, figures: { ...row.figures, billingEndDate } } : row;
  };
  const isLookedAt = async (row: LedgerRow, at = '22:00', runs: Partial<SnapshotRun>[] = [{}]) =>
    (await ranAt({ at, rows: [row], runs })).includes('closing');

  it('where it ends after now and before the next nightly run', async () => {
    expect(await isLookedAt(ending('2026-03-11T00:00:00+02:00'))).toBe(false);
    expect(await isLookedAt(ending('2026-03-11T00:00:00Z'))).toBe(true);
    expect(await isLookedAt(ending('2026-03-11T00:00:00-02:30'))).toBe(true);
    expect(await isLookedAt(ending('2026-03-12T00:00:00Z'))).toBe(false);
  });

  it('from 22:00 on, and where the customer was not captured since', async () => {
    const end = '2026-03-11T00:00:00Z';
    expect(await isLookedAt(ending(end), '21:59')).toBe(false);
    expect(await isLookedAt(ending(end, `${date}T21:59:59.999Z`), '22:30')).toBe(true);
    expect(await isLookedAt(ending(end, `${date}T22:00:00.000Z`), '22:30')).toBe(false);
  });

  it('where one of the two ends that it may have lies there', async () => {
    const row = ending('2026-03-11T00:00:00Z');
    if (!row.figures) throw new Error('expected figures');
    // Its last day by the plan, the day after it by the shape.
    const billingStartDate = '2026-02-11T00:00:00Z';
    const figures = { ...row.figures, plan: 'payAsYouGo', billingStartDate } as const;
    expect(await isLookedAt({ ...row, figures })).toBe(true);
  });

  it('and not again, nor is any row read, once such a run was complete', async () => {
    const runs = [{ trigger: 'closing' } as const, {}];
    const { night, catchUp } = await createDay({ at: '22:00', runs });
    night.stores.usageByDay.listDay = () => {
      throw new Error('read');
    };
    expect(await catchUp()).toEqual([]);
    const failed = [{ trigger: 'closing', status: 'partial' } as const, {}];
    expect(await isLookedAt(ending('2026-03-11T00:00:00Z'), '22:00', failed)).toBe(true);
  });
});

it('rows that cannot be read are reported and passed over', async () => {
  const { night, tables, catchUp } = await createDay({ at: '22:00', runs: [{ trigger: 'cli' }] });
  await tables.snapshotRuns.upsert([{ partitionKey: date, rowKey: 'odd', status: 'odd' }]);
  const row = { outcome: 'odd', anomalyDelivered: false };
  await tables.usageByDay.upsert([{ partitionKey: date, rowKey: 'odd', ...row }]);
  expect(await catchUp()).toEqual([]);
  expect(night.events.map(({ event }) => event)).toEqual(Array(3).fill('snapshot.row.unreadable'));
});

it('a catch-up ends with its process, and leaves no timer and no listener behind', async () => {
  const end = new AbortController();
  const { night, catchUp } = await createDay({ runs: [] });
  end.abort();
  await catchUp({ signal: end.signal });
  const last = (await Array.fromAsync(night.stores.snapshotRuns.list({ from: date, to: date }))).at(
    -1,
  );
  expect(last?.error).toBe('stopped: the process was to end');
  const other = new AbortController();
  const quiet = await createDay();
  await quiet.catchUp({ signal: other.signal });
  expect(getEventListeners(other.signal, 'abort')).toEqual([]);
  await quiet.night.clock.advance(0);
  expect(quiet.night.clock.sleeping).toBe(0);
});
