import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type EmbeddedAzurite, startAzurite } from '../../src/cli/embeddedAzurite.ts';
import { createMemoryStores, createStores, type Stores } from '../../src/storage/stores.ts';
import { createTables } from '../../src/storage/tables.ts';
import { parseAmount } from '../../src/usage/amount.ts';
import type { CurrencyTotal } from '../../src/usage/currencyTotal.ts';
import {
  collect,
  customer,
  customerId,
  date,
  partner,
  run,
  subscription,
  subscriptionId,
} from './snapshots.ts';

let azurite: EmbeddedAzurite;
let prefixes = 0;

beforeAll(async () => {
  azurite = await startAzurite();
});
afterAll(() => azurite?.stop());

const makers: Record<string, () => Promise<Stores>> = {
  'in memory': async () => createMemoryStores(),
  'in the storage emulator': async () => {
    const tables = createTables(azurite, { prefix: `t${++prefixes}` });
    await tables.ensureTables();
    return createStores(tables);
  },
};

const otherCustomerId = 'ffffffff-3c2f-4f0e-9d58-7a1c2b3d4e5f';
const nastyNames = [
  'O\'Brien & Sönner "GmbH" <b>{x}</b> 100%',
  '株式会社 😀👩‍👩‍👧 ‮rtl',
  "' or PartitionKey ne '",
  'line\r\nbreak\ttab \\ / # ? |',
  '',
];

function total(change: Partial<CurrencyTotal> = {}): CurrencyTotal {
  return {
    snapshotDate: date,
    capturedAt: '2026-03-14T03:00:00.000Z',
    runId: 'run',
    currency: 'EUR',
    totalCost: parseAmount('100'),
    customers: 10,
    customersMissing: 0,
    ...change,
  };
}

describe.each(Object.keys(makers))('stores %s', (maker) => {
  let stores: Stores;
  beforeEach(async () => {
    stores = await (makers[maker] as () => Promise<Stores>)();
  });

  test('a customer comes back with every digit and every field', async () => {
    await stores.usageByCustomer.upsertCustomer([customer(), subscription(1)]);
    expect(await stores.usageByCustomer.getCustomerSnapshot(customerId, date)).toEqual(customer());
    expect(
      await stores.usageByCustomer.listSubscriptionSnapshots(customerId, [subscriptionId(1)], date),
    ).toEqual([subscription(1)]);
  });

  test.each(nastyNames)('the name %j comes back as it was', async (name) => {
    const snapshot = customer({ customerName: name, raw: name });
    await stores.usageByCustomer.upsertCustomer([
      snapshot,
      subscription(1, { subscriptionName: name }),
    ]);
    await stores.usageByDay.upsertDay([snapshot]);
    const stored = await stores.usageByCustomer.getCustomerSnapshot(customerId, date);
    expect(stored).toEqual(snapshot);
    expect((await stores.usageByDay.getDay(date, customerId))?.customerName).toBe(name);
  });

  test('a customer is found by its id in upper case too', async () => {
    await stores.usageByCustomer.upsertCustomer([customer()]);
    expect(
      await stores.usageByCustomer.getCustomerSnapshot(customerId.toUpperCase(), date),
    ).toEqual(customer());
  });

  test('a customer with 250 subscriptions is kept whole, in several transactions', async () => {
    const numbers = Array.from({ length: 250 }, (_, index) => index);
    const ids = numbers.map(subscriptionId);
    const snapshots = numbers.map((number) => subscription(number));
    const whole = customer({ subscriptionIds: ids });
    await stores.usageByCustomer.upsertCustomer([whole, ...snapshots]);
    expect(await stores.usageByCustomer.getCustomerSnapshot(customerId, date)).toEqual(whole);
    expect(await stores.usageByCustomer.listSubscriptionSnapshots(customerId, ids, date)).toEqual(
      snapshots,
    );
  });

  test('a customer whose bodies fill several transactions of 4 MiB is kept whole', async () => {
    const numbers = Array.from({ length: 80 }, (_, index) => index);
    const body = '\u0001"é'.repeat(10_000);
    const snapshots = numbers.map((number) =>
      subscription(number, { raw: body, rawUsageRecord: body }),
    );
    await stores.usageByCustomer.upsertCustomer(snapshots);
    const ids = numbers.map(subscriptionId);
    expect(await stores.usageByCustomer.listSubscriptionSnapshots(customerId, ids, date)).toEqual(
      snapshots,
    );
  });

  test('a customer with 2,000 subscriptions keeps the list of them', async () => {
    const ids = Array.from({ length: 2_000 }, (_, index) => subscriptionId(index));
    await stores.usageByCustomer.upsertCustomer([customer({ subscriptionIds: ids })]);
    const stored = await stores.usageByCustomer.getCustomerSnapshot(customerId, date);
    expect(stored?.subscriptionIds).toEqual(ids);
  });

  test.each([
    ['alone', []],
    ['in a transaction', [subscription(1)]],
  ])('storing a day again, %s, replaces it: a field that is gone is gone', async (_how, others) => {
    await stores.usageByCustomer.upsertCustomer([customer(), ...others]);
    await stores.usageByCustomer.upsertCustomer([customer(), ...others]);
    const { figures: _figures, raw: _raw, subscriptionIds: _ids, ...rest } = customer();
    const failed = {
      ...rest,
      outcome: 'failed' as const,
      failure: { phase: 'summary' as const, status: 503, code: 'HTTP_503', message: 'down' },
    };
    await stores.usageByCustomer.upsertCustomer([failed, ...others]);
    const stored = await stores.usageByCustomer.getCustomerSnapshot(customerId, date);
    expect(stored).toStrictEqual(failed);
  });

  test('of one row given twice the later one counts', async () => {
    await stores.usageByDay.upsertDay([
      customer({ customerName: 'old' }),
      customer({ customerId: otherCustomerId }),
      customer({ customerName: 'new' }),
    ]);
    expect((await stores.usageByDay.getDay(date, customerId))?.customerName).toBe('new');
  });

  test('what was never stored is undefined, and subscriptions without a row are left out', async () => {
    await stores.usageByCustomer.upsertCustomer([subscription(2)]);
    expect(await stores.usageByCustomer.getCustomerSnapshot(customerId, date)).toBeUndefined();
    expect(await stores.usageByDay.getDay(date, customerId)).toBeUndefined();
    expect(await stores.snapshotRuns.get(date, 'run')).toBeUndefined();
    const ids = [1, 2, 3].map(subscriptionId);
    expect(await stores.usageByCustomer.listSubscriptionSnapshots(customerId, ids, date)).toEqual([
      subscription(2),
    ]);
  });

  test('a history has the days asked for, in order, of this customer or subscription alone', async () => {
    const days = ['2025-12-31', '2026-01-01', '2026-01-09', '2026-01-10', '2026-02-01'];
    for (const snapshotDate of days.toReversed()) {
      await stores.usageByCustomer.upsertCustomer([
        customer({ snapshotDate }),
        subscription(1, { snapshotDate }),
        subscription(2, { snapshotDate }),
      ]);
    }
    await stores.usageByCustomer.upsertCustomer([
      customer({ customerId: otherCustomerId, snapshotDate: '2026-01-05' }),
    ]);
    const between = { from: '2026-01-01', to: '2026-01-10' };
    const own = await collect(stores.usageByCustomer.listHistory(customerId, between));
    expect(own).toEqual(days.slice(1, 4).map((snapshotDate) => customer({ snapshotDate })));
    const ofOne = await collect(
      stores.usageByCustomer.listHistory(customerId, {
        ...between,
        subscriptionId: subscriptionId(2),
      }),
    );
    expect(ofOne).toEqual(
      days.slice(1, 4).map((snapshotDate) => subscription(2, { snapshotDate })),
    );
  });

  test('totals come back per currency between two dates, apart from the partner itself', async () => {
    const totals = ['2026-03-13', date, '2026-03-15'].flatMap((snapshotDate) =>
      ['EUR', 'USD', 'XXX'].map((currency) => total({ snapshotDate, currency })),
    );
    await stores.usageByCustomer.upsertPartner(partner());
    await stores.usageByCustomer.upsertTotals(totals);
    const stored = await collect(
      stores.usageByCustomer.listTotals({ from: date, to: '2026-03-15' }),
    );
    expect(stored).toEqual(
      ['EUR', 'USD', 'XXX'].flatMap((currency) => [
        total({ currency }),
        total({ currency, snapshotDate: '2026-03-15' }),
      ]),
    );
  });

  test('the ledger of a day lists all of 1,100 customers, in order, without bodies', async () => {
    const ids = Array.from({ length: 1_100 }, (_, index) => subscriptionId(index));
    await stores.usageByDay.upsertDay(ids.toReversed().map((id) => customer({ customerId: id })));
    await stores.usageByDay.upsertDay([customer({ snapshotDate: '2026-03-15' })]);
    const day = await collect(stores.usageByDay.listDay(date));
    expect(day.map((snapshot) => snapshot.customerId)).toEqual(ids);
    const {
      raw: _raw,
      subscriptionIds: _ids,
      ...kept
    } = customer({ customerId: subscriptionId(0) });
    expect(day[0]).toStrictEqual(kept);
  });

  test('a customer without figures keeps the currency it is expected in', async () => {
    const { figures: _figures, ...rest } = customer();
    const snapshot = { ...rest, outcome: 'failed' as const, expectedCurrency: 'NOK' };
    await stores.usageByCustomer.upsertCustomer([snapshot]);
    expect(await stores.usageByCustomer.getCustomerSnapshot(customerId, date)).toStrictEqual(
      snapshot,
    );
  });

  test('a run is stored when it starts and again when it ends', async () => {
    await stores.snapshotRuns.upsert(run());
    const ended = run({
      status: 'complete',
      finishedAt: '2026-03-14T03:01:00.000Z',
      durationMs: 1_860_000,
      customersRemaining: 0,
      error: "one of three failed: 'x' 😀",
    });
    await stores.snapshotRuns.upsert(ended);
    expect(await stores.snapshotRuns.get(ended.snapshotDate, ended.runId)).toStrictEqual(ended);
  });

  test('runs are listed by date and start time', async () => {
    const runs = [
      run({ snapshotDate: '2026-03-13', runId: '20260313T023000Z-1' }),
      run({ runId: '20260314T023000Z-1' }),
      run({ runId: '20260314T040000Z-2' }),
      run({ snapshotDate: '2026-03-15', runId: '20260315T023000Z-1' }),
    ];
    for (const each of runs.toReversed()) await stores.snapshotRuns.upsert(each);
    const listed = await collect(
      stores.snapshotRuns.list({ from: '2026-03-13', to: '2026-03-14' }),
    );
    expect(listed).toEqual(runs.slice(0, 3));
  });

  test('a customer id that no key can hold is refused, and the message shows it', async () => {
    await expect(
      stores.usageByCustomer.upsertCustomer([customer({ customerId: 'a/b' })]),
    ).rejects.toThrow('expected customerId without / \\ # ? | and control characters, got "a/b"');
    await expect(stores.usageByDay.getDay('2026-02-30', customerId)).rejects.toThrow(
      'expected a date yyyy-MM-dd, got "2026-02-30"',
    );
  });

  test.each(["x' or 'a' lt 'b", "x' or true or 'a' eq '"])(
    'the id %j cannot widen what is read',
    async (id) => {
      await stores.usageByCustomer.upsertCustomer([customer(), subscription(1)]);
      const between = { from: '2000-01-01', to: '2099-12-31' };
      const { usageByCustomer } = stores;
      expect(await collect(usageByCustomer.listHistory(id, between))).toEqual([]);
      expect(
        await collect(usageByCustomer.listHistory(customerId, { ...between, subscriptionId: id })),
      ).toEqual([]);
      expect(await usageByCustomer.getCustomerSnapshot(id, date)).toBeUndefined();
    },
  );

  test('every call ends with the reason of a signal that is aborted', async () => {
    const reason = new Error('the run has to end');
    const options = { abortSignal: AbortSignal.abort(reason) };
    const { usageByCustomer, usageByDay, snapshotRuns } = stores;
    const between = { from: date, to: date };
    const calls = [
      usageByCustomer.upsertCustomer([customer(), subscription(1)], options),
      usageByCustomer.upsertPartner(partner(), options),
      usageByCustomer.upsertTotals([total()], options),
      usageByCustomer.getCustomerSnapshot(customerId, date, options),
      usageByCustomer.listSubscriptionSnapshots(customerId, [subscriptionId(1)], date, options),
      usageByCustomer.listHistory(customerId, between, options).next(),
      usageByCustomer.listTotals(between, options).next(),
      usageByDay.upsertDay([customer()], options),
      usageByDay.getDay(date, customerId, options),
      usageByDay.listDay(date, options).next(),
      snapshotRuns.upsert(run(), options),
      snapshotRuns.get(date, 'run', options),
      snapshotRuns.list(between, options).next(),
    ];
    for (const result of await Promise.allSettled(calls)) {
      expect(result).toEqual({ status: 'rejected', reason });
    }
  });

  describe('the lease', () => {
    const nowMs = Date.parse('2026-03-14T02:30:00Z');
    const minuteMs = 60_000;

    test('goes to the first who asks, and the others are told who has it', async () => {
      expect(await stores.lease.acquire('run-1', nowMs, nowMs + minuteMs)).toBe('run-1');
      expect(await stores.lease.acquire('run-2', nowMs + 1, nowMs + minuteMs)).toBe('run-1');
    });

    test('goes to one alone of many who ask at once', async () => {
      const asking = Array.from({ length: 8 }, (_, index) => `run-${index}`);
      const owners = await Promise.all(
        asking.map((runId) => stores.lease.acquire(runId, nowMs, nowMs + minuteMs)),
      );
      expect(new Set(owners).size).toBe(1);
      expect(asking).toContain(owners[0]);
    });

    test('is taken again by its owner, as after an answer that was lost', async () => {
      await stores.lease.acquire('run-1', nowMs, nowMs + minuteMs);
      expect(await stores.lease.acquire('run-1', nowMs, nowMs + minuteMs)).toBe('run-1');
    });

    test('is free once a dead owner has let it run out, and the dead cannot renew it', async () => {
      await stores.lease.acquire('run-1', nowMs, nowMs + minuteMs);
      const laterMs = nowMs + minuteMs;
      expect(await stores.lease.acquire('run-2', laterMs, laterMs + minuteMs)).toBe('run-2');
      expect(await stores.lease.renew('run-1', laterMs + minuteMs)).toBe(false);
    });

    test('stays with an owner who renews it', async () => {
      await stores.lease.acquire('run-1', nowMs, nowMs + minuteMs);
      expect(await stores.lease.renew('run-1', nowMs + 2 * minuteMs)).toBe(true);
      const laterMs = nowMs + minuteMs;
      expect(await stores.lease.acquire('run-2', laterMs, laterMs + minuteMs)).toBe('run-1');
    });

    test('is free at once when it is given back, by its owner alone', async () => {
      await stores.lease.acquire('run-1', nowMs, nowMs + minuteMs);
      await stores.lease.release('run-2');
      expect(await stores.lease.acquire('run-2', nowMs, nowMs + minuteMs)).toBe('run-1');
      await stores.lease.release('run-1');
      expect(await stores.lease.acquire('run-2', nowMs, nowMs + minuteMs)).toBe('run-2');
    });

    test('is no run', async () => {
      await stores.lease.acquire('run-1', nowMs, nowMs + minuteMs);
      expect(
        await collect(stores.snapshotRuns.list({ from: '0001-01-01', to: '9999-12-31' })),
      ).toEqual([]);
    });
  });
});
