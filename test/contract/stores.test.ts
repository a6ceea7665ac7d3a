import { beforeEach, describe, expect, test } from 'vitest';
import { createStoresOver, type Stores } from '../../src/storage/createStores.ts';
import {
  collect,
  customer,
  customerId,
  date,
  partner,
  run,
  subscription,
  subscriptionId,
  total,
} from './snapshots.ts';
import { tableMakers } from './tableMakers.ts';

const otherCustomerId = 'ffffffff-3c2f-4f0e-9d58-7a1c2b3d4e5f';
const nastyNames = [
  'O\'Brien & Sönner "GmbH" <b>{x}</b> 100%',
  '株式会社 😀👩‍👩‍👧 ‮rtl',
  "' or PartitionKey ne '",
  'line\r\nbreak\ttab \\ / # ? |',
  '',
];

describe.each(tableMakers())('stores %s', (_kind, makeTables) => {
  let stores: Stores;
  beforeEach(async () => {
    stores = createStoresOver(await makeTables());
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

  test('a customer without figures keeps the currency it is expected in', async () => {
    const { figures: _figures, ...rest } = customer();
    const snapshot = { ...rest, outcome: 'failed' as const, expectedCurrency: 'NOK' };
    await stores.usageByCustomer.upsertCustomer([snapshot]);
    expect(await stores.usageByCustomer.getCustomerSnapshot(customerId, date)).toStrictEqual(
      snapshot,
    );
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
      expect(await usageByCustomer.findSnapshot({ customerId: id })).toBeUndefined();
      const ofNone = { customerId, subscriptionId: id };
      expect(await usageByCustomer.findSnapshot(ofNone)).toBeUndefined();
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
      usageByCustomer.findSnapshot({ customerId }, options),
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
});
