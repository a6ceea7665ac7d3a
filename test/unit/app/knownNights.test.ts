import { expect, test } from 'vitest';
import { recordKnownNights } from '../../../src/app/knownNights.ts';
import { expectCaptures } from '../../../src/cli/expectedCaptures.ts';
import { loadConfig } from '../../../src/config/loadConfig.ts';
import { createMemoryStores, type Stores } from '../../../src/storage/createStores.ts';
import type { LedgerRow } from '../../../src/usage/ledgerRow.ts';
import { collect, createNight } from '../../support/night.ts';

const customers = 30;
const quirks = {
  foreignNames: true,
  lateFigures: true,
  currencyChanges: true,
  costSpikes: true,
};
/** Over the end of a month, of which two nights are missed. */
const starts = [...Array(45).keys()]
  .filter((night) => night !== 30 && night !== 31)
  .map((night) => Date.parse('2026-02-01T02:30:00Z') + night * 86_400_000);
const dates = starts.map((startMs) => new Date(startMs).toISOString().slice(0, 10));
const range = { from: dates[0] ?? '', to: dates.at(-1) ?? '' };

const config = loadConfig({
  PARTNER_CENTER_TENANT_ID: 'ffffffff-0000-4000-8000-00000000000f',
  PARTNER_CENTER_CLIENT_ID: 'ffffffff-0000-4000-8000-00000000000e',
  PARTNER_CENTER_CLIENT_SECRET: 'secret',
  PARTNER_CENTER_REFRESH_TOKEN: 'token',
  SNAPSHOT_STORAGE: 'UseDevelopmentStorage=true',
});

/** Rows without what only a run has: its id, when it was answered, and the bodies as received. */
function plain(rows: readonly object[]): object[] {
  const ofRuns = ['runId', 'capturedAt', 'raw', 'rawUsageRecord', 'raisedAt'];
  return rows.map((row) =>
    Object.fromEntries(Object.entries(row).filter(([name]) => !ofRuns.includes(name))),
  );
}

async function rowsOf({ usageByCustomer, usageByDay, budgetAlerts }: Stores) {
  const days: LedgerRow[] = [];
  const own: object[] = [];
  for (const date of dates) {
    for (const row of await collect(usageByDay.listDay(date))) {
      days.push(row);
      const { customerId } = row;
      const customer = await usageByCustomer.getCustomerSnapshot(customerId, date);
      const ids = customer?.subscriptionIds ?? [];
      own.push(customer ?? {});
      own.push(...(await usageByCustomer.listSubscriptionSnapshots(customerId, ids, date)));
    }
  }
  return {
    days: plain(days),
    own: plain(own),
    totals: plain(await collect(usageByCustomer.listTotals(range))),
    alerts: plain(await collect(budgetAlerts.listUndelivered(range.from))),
    raised: plain(await collect(budgetAlerts.listRaised(range))),
  };
}

test('nights that are known are recorded as runs record them, to the digit', async () => {
  const night = createNight({ customers, quirks, start: '2026-02-01T02:30:00Z' });
  for (const startMs of starts) {
    await night.clock.run(night.clock.sleep(startMs - night.clock.now()));
    await night.run();
  }
  const stores = createMemoryStores();
  const recordSubscriptions = await recordKnownNights(
    {
      startsMs: starts,
      captureAll: (run) => expectCaptures(night.simulator, run),
    },
    { ...stores, ensureTables: async () => {} },
    config,
  );
  await recordSubscriptions();
  const [ofRuns, known] = [await rowsOf(night.stores), await rowsOf(stores)];
  expect(known).toEqual(ofRuns);
  expect(known.days).toHaveLength(starts.length * customers);
  expect(known.raised.length).toBeGreaterThan(5);
  const anomalies = known.days.filter((row) => 'expectedCost' in row);
  expect(anomalies.length).toBeGreaterThan(0);

  const runs = await collect(stores.snapshotRuns.list(range));
  const ran = await collect(night.stores.snapshotRuns.list(range));
  const counts = Object.keys(ran[0] ?? {}).filter((name) =>
    /^customers|^subscriptions|^is/.test(name),
  );
  const countsOf = (list: typeof runs) =>
    list.map((run) => Object.fromEntries(counts.map((name) => [name, run[name as 'requests']])));
  expect(countsOf(runs)).toEqual(countsOf(ran));
  expect(runs[0]).toMatchObject({ trigger: 'cli', status: 'complete', requests: 0 });
});
