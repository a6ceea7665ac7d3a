import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { RefusedError, RetriableError } from '../../../src/errors.ts';
import { anniversaryDay } from '../../../src/simulator/customer.ts';
import { runCatchUp } from '../../../src/snapshot/catchUp.ts';
import type { DepthSettings } from '../../../src/snapshot/depthContext.ts';
import type { PartnerCenter } from '../../../src/snapshot/partnerCenter.ts';
import { StorageError } from '../../../src/storage/storageError.ts';
import { parseAmount } from '../../../src/usage/amount.ts';
import type { AzureSubscriptionSnapshot } from '../../../src/usage/azureSubscriptionSnapshot.ts';
import type { UsageDetails } from '../../../src/usage/usageDetails.ts';
import { createNight, type Night, runOf } from '../../support/night.ts';

const date = '2026-03-10';
const dayMs = 86_400_000;

/** What Partner Center says when it is asked for the records of a plan. */
type Answer = (plan: { customerId: string; subscriptionId: string }) => Promise<UsageDetails>;

interface DetailedNight extends Night {
  /** The plans that were asked for, `<customerId>|<planId>`. */
  asked: string[];
  answer: Answer;
  shown: Answer;
}

/** A night whose records are one Azure subscription with the total of the plan. */
function createDetailedNight(
  depth: Partial<DepthSettings> = {},
  options: Parameters<typeof createNight>[0] = {},
): DetailedNight {
  const night = createNight({
    customers: 40,
    ...options,
    settings: { depth: { level: 'resources', minimumCost: 1, ...depth }, ...options.settings },
  });
  const asked: string[] = [];
  const shown: Answer = async ({ customerId, subscriptionId }) => {
    const customer = night.simulator.expectedCustomer(customerId, night.clock.now());
    const own = customer.subscriptions.find(({ id }) => id === subscriptionId);
    if (!own) throw new Error(`expected a plan, got ${subscriptionId}`);
    return {
      totals: new Map([['a', { name: 'Prod', totalCost: parseAmount(own.totalCost) }]]),
      lastModifiedDate: own.lastModifiedDate,
      records: 1,
      unreadable: [],
      ndjsonGzip: gzipSync(`{"totalCost":${own.totalCost}}\n`),
    };
  };
  const detailed = Object.assign(night, { asked, answer: shown, shown });
  const { connect } = night.context;
  night.context.connect = (signal, waitUntilMs, correlationId) =>
    new Proxy<PartnerCenter>(connect(signal, waitUntilMs, correlationId), {
      get(client, name) {
        if (name !== 'getUsageDetails') {
          const value: unknown = Reflect.get(client, name);
          return typeof value === 'function' ? value.bind(client) : value;
        }
        return async (customerId: string, subscriptionId: string) => {
          asked.push(`${customerId}|${subscriptionId}`);
          await night.clock.sleep(100, signal);
          return detailed.answer({ customerId, subscriptionId });
        };
      },
    });
  return detailed;
}

async function turnTo(night: Night, instant: string): Promise<void> {
  await night.clock.advance(Date.parse(instant) - night.clock.now());
}

function catchUp(night: Night, nextNight = Date.parse(`${date}T02:30:00Z`) + dayMs) {
  const nextNightlyMs = (afterMs: number) =>
    afterMs < Date.parse(`${date}T02:30:00Z`) ? Date.parse(`${date}T02:30:00Z`) : nextNight;
  return night.clock.run(runCatchUp({ nextNightlyMs }, night.context));
}

/** The plans that have spent at least 1. */
function plansOf(night: Night, atMs = night.clock.now()) {
  return [...night.simulator.customers(atMs)].flatMap((customer) =>
    customer.subscriptions
      .filter(({ totalCost }) => Number(totalCost) >= 1)
      .map((plan) => ({ customer, plan, key: `${customer.id}|${plan.id}` })),
  );
}

async function rowsOf(night: Night, on = date): Promise<AzureSubscriptionSnapshot[]> {
  const rows = night.stores.usageByAzureSubscription.listDay(on);
  return Array.fromAsync(rows);
}

/** The rests: one for each plan whose rows are whole. */
async function wholePlans(night: Night, on = date): Promise<string[]> {
  return (await rowsOf(night, on))
    .filter(({ azureSubscriptionId }) => azureSubscriptionId === 'rest')
    .map(({ customerId, subscriptionId }) => `${customerId}|${subscriptionId}`);
}

const failure = new RetriableError('HTTP_503', 'GET … answered 503: try again later', {
  status: 503,
});
const eventsOf = (night: Night, name: string) =>
  night.events.filter(({ event }) => event === name).map(({ fields }) => fields);

describe('what lies below the plans', () => {
  it('is kept of each plan that has spent something: records, Azure subscriptions, rest', async () => {
    const night = createDetailedNight();
    const plans = plansOf(night);
    expect(plans.length).toBeGreaterThan(20);
    const run = await runOf(night.run());
    expect(run).toMatchObject({
      status: 'complete',
      isSettled: true,
      depthCaptured: plans.length,
      depthFailed: 0,
      isDepthDone: true,
    });
    expect(night.asked.toSorted()).toEqual(plans.map(({ key }) => key).toSorted());
    expect((await wholePlans(night)).toSorted()).toEqual(plans.map(({ key }) => key).toSorted());
    const [first] = plans;
    const ids = {
      customerId: first?.customer.id ?? '',
      subscriptionId: first?.plan.id ?? '',
      snapshotDate: date,
    };
    const gzip = await night.stores.usageDetails.read(ids);
    expect(gunzipSync(gzip ?? '').toString()).toBe(`{"totalCost":${first?.plan.totalCost}}\n`);
    const rows = (await rowsOf(night)).filter((row) => row.subscriptionId === first?.plan.id);
    expect(rows).toMatchObject([
      { azureSubscriptionId: 'a', figures: { totalCost: first?.plan.totalCost } },
      { azureSubscriptionId: 'rest', figures: { totalCost: '0' } },
    ]);
  });

  it('comes after all customers', async () => {
    const night = createDetailedNight();
    let doneWhenAsked: number | undefined;
    night.answer = async (plan) => {
      doneWhenAsked ??= (await night.day()).size;
      return night.shown(plan);
    };
    await night.run();
    expect(doneWhenAsked).toBe(40);
  });

  it('is nothing where it is off', async () => {
    const night = createDetailedNight({ level: 'off' });
    const run = await runOf(night.run());
    expect(night.asked).toEqual([]);
    expect(run.isDepthDone).toBeUndefined();
    expect(run.depthCaptured).toBeUndefined();
  });

  it('is without blobs and without meters where Azure subscriptions are enough', async () => {
    const night = createDetailedNight({ level: 'azureSubscriptions' });
    const plans = plansOf(night).filter(({ customer }) => customer.kind === 'azurePlan');
    await night.run();
    expect(night.asked.toSorted()).toEqual(plans.map(({ key }) => key).toSorted());
    const [first] = plans;
    const ids = {
      customerId: first?.customer.id ?? '',
      subscriptionId: first?.plan.id ?? '',
      snapshotDate: date,
    };
    expect(await night.stores.usageDetails.read(ids)).toBeUndefined();
  });

  it('leaves out plans below the minimum', async () => {
    const night = createDetailedNight({ minimumCost: 500 });
    const plans = plansOf(night).filter(({ plan }) => Number(plan.totalCost) >= 500);
    await night.run();
    expect(night.asked.toSorted()).toEqual(plans.map(({ key }) => key).toSorted());
  });

  it('of one customer is captured by a run of that customer alone', async () => {
    const night = createDetailedNight();
    const [first] = plansOf(night);
    await night.run({ trigger: 'cli', customerId: first?.customer.id ?? '' });
    const own = plansOf(night).filter(({ customer }) => customer.id === first?.customer.id);
    expect(night.asked.toSorted()).toEqual(own.map(({ key }) => key).toSorted());
  });
});

describe('a failure below the plans', () => {
  it('fails no customer, is told once, and is taken up by the catch-up', async () => {
    const night = createDetailedNight();
    const plans = plansOf(night);
    const broken = new Set(plans.slice(0, 3).map(({ plan }) => plan.id));
    night.answer = async (plan) => {
      if (broken.has(plan.subscriptionId)) throw failure;
      return night.shown(plan);
    };
    const run = await runOf(night.run());
    expect(run).toMatchObject({
      status: 'complete',
      isSettled: true,
      depthCaptured: plans.length - 3,
      depthFailed: 3,
      isDepthDone: false,
    });
    expect(eventsOf(night, 'snapshot.depth.failed')).toEqual([
      { plans: 3, status: 503, code: 'HTTP_503', message: failure.message },
    ]);
    night.answer = night.shown;
    night.asked.length = 0;
    await turnTo(night, `${date}T04:00:00Z`);
    expect(await catchUp(night)).toMatchObject([
      { run: { trigger: 'catchUp', customersSkipped: 40, depthCaptured: 3, isDepthDone: true } },
    ]);
    expect(night.asked).toHaveLength(3);
    expect(await wholePlans(night)).toHaveLength(plans.length);
    await turnTo(night, `${date}T05:00:00Z`);
    expect(await catchUp(night)).toEqual([]);
  });

  it('of a few plans for good is tried by one more run of the day', async () => {
    const night = createDetailedNight();
    const [first] = plansOf(night);
    night.answer = async (plan) => {
      if (plan.subscriptionId === first?.plan.id) throw failure;
      return night.shown(plan);
    };
    await night.run();
    await turnTo(night, `${date}T04:00:00Z`);
    expect(await catchUp(night)).toMatchObject([{ run: { depthFailed: 1, isDepthDone: true } }]);
    await turnTo(night, `${date}T05:00:00Z`);
    expect(await catchUp(night)).toEqual([]);
  });

  it('of all plans ends the trying, and is tried again each time', async () => {
    const night = createDetailedNight({}, { settings: { concurrency: 1 } });
    night.answer = async () => {
      throw failure;
    };
    expect(await runOf(night.run())).toMatchObject({ status: 'complete', isDepthDone: false });
    expect(night.asked).toHaveLength(20);
    for (const hour of ['04', '05']) {
      await turnTo(night, `${date}T${hour}:00:00Z`);
      expect(await catchUp(night)).toMatchObject([{ run: { isDepthDone: false } }]);
    }
    expect(night.asked).toHaveLength(60);
  });

  const forbidden = async () => {
    const place = { container: 'usage-details' };
    throw new StorageError('AuthorizationFailure', place, 'refused', { status: 403 });
  };

  it('of the container asks for nothing, and says why and what to do', async () => {
    const night = createDetailedNight();
    night.stores.usageDetails.ensureContainer = forbidden;
    expect(await runOf(night.run())).toMatchObject({
      status: 'complete',
      depthFailed: 0,
      isDepthDone: false,
    });
    expect(night.asked).toEqual([]);
    expect(eventsOf(night, 'snapshot.depth.failed')).toEqual([
      {
        plans: 0,
        status: 403,
        code: 'AuthorizationFailure',
        message: 'container usage-details: refused; or set SNAPSHOT_DEPTH=off',
      },
    ]);
  });

  it('to keep the records names the cure once', async () => {
    const night = createDetailedNight({}, { settings: { concurrency: 1 } });
    night.stores.usageDetails.write = forbidden;
    await night.run();
    expect(eventsOf(night, 'snapshot.depth.failed')).toEqual([
      expect.objectContaining({
        plans: 20,
        message: expect.stringMatching(/; or set SNAPSHOT_DEPTH=off$/),
      }),
    ]);
  });

  it('of Partner Center for lack of a right does not blame the storage', async () => {
    const night = createDetailedNight();
    night.answer = async () => {
      throw new RefusedError('900150', 'GET /v1/x answered 403', { status: 403 });
    };
    await night.run();
    const [event] = eventsOf(night, 'snapshot.depth.failed');
    expect(event).toMatchObject({ status: 403, message: 'GET /v1/x answered 403' });
  });

  it('between blob and rows heals', async () => {
    const night = createDetailedNight();
    const { upsert } = night.stores.usageByAzureSubscription;
    let isBroken = true;
    night.stores.usageByAzureSubscription.upsert = async (rows, options) => {
      if (!isBroken) return upsert.call(night.stores.usageByAzureSubscription, rows, options);
      throw new StorageError('ETIMEDOUT', { table: 'UsageByAzureSubscription' }, 'no answer');
    };
    await night.run();
    expect(await wholePlans(night)).toEqual([]);
    isBroken = false;
    await turnTo(night, `${date}T04:00:00Z`);
    await catchUp(night);
    expect(await wholePlans(night)).toHaveLength(plansOf(night).length);
  });

  it('of the process leaves a proven day: its record is written before', async () => {
    const night = createDetailedNight();
    let records: unknown[] = [];
    night.answer = async (plan) => {
      const range = { from: date, to: date };
      records = await Array.fromAsync(night.stores.snapshotRuns.list(range));
      return night.shown(plan);
    };
    await night.run();
    expect(records).toMatchObject([{ status: 'complete', isSettled: true, isDepthDone: false }]);
  });

  it('is not made of a record that could not be written before', async () => {
    const night = createDetailedNight();
    const { upsert } = night.stores.snapshotRuns;
    let left = 1;
    night.stores.snapshotRuns.upsert = async (run, options) => {
      const isBefore = run.status === 'complete' && run.isDepthDone === false;
      if (!isBefore || left-- <= 0) return upsert.call(night.stores.snapshotRuns, run, options);
      throw new StorageError('HTTP_500', { table: 'SnapshotRuns' }, 'no answer');
    };
    expect(await runOf(night.run())).toMatchObject({ status: 'complete', isDepthDone: true });
    expect(left).toBe(0);
  });

  it('by the end of the process is none, and the next run takes it up', async () => {
    const night = createDetailedNight();
    const end = new AbortController();
    night.answer = async (plan) => {
      if (night.asked.length >= 10) end.abort();
      await night.clock.sleep(10_000);
      return night.shown(plan);
    };
    await night.run({ signal: end.signal });
    expect(eventsOf(night, 'snapshot.depth.failed')).toEqual([]);
    const plans = plansOf(night);
    expect((await wholePlans(night)).length).toBeLessThan(plans.length);
    night.answer = night.shown;
    await turnTo(night, `${date}T04:00:00Z`);
    expect(await catchUp(night)).toMatchObject([{ run: { isDepthDone: true } }]);
    expect(await wholePlans(night)).toHaveLength(plans.length);
  });
});

describe('alerts and what explains them', () => {
  it('of customers with news the records come first, and alerts wait for no others', async () => {
    const night = createDetailedNight({}, { settings: { concurrency: 1 } });
    const order: string[] = [];
    night.answer = async (plan) => {
      order.push('asked');
      return night.shown(plan);
    };
    const { emit } = night.context.events;
    night.context.events.emit = (event, fields, level) => {
      order.push(event);
      emit(event, fields, level);
    };
    await night.run();
    const crossed = eventsOf(night, 'budget.threshold.crossed');
    const customers = new Set(crossed.map(({ customerId }) => customerId));
    expect(customers.size).toBeGreaterThan(0);
    const first = order.indexOf('budget.threshold.crossed');
    const plans = plansOf(night).filter(({ customer }) => customers.has(customer.id));
    expect(order.slice(0, first).filter((each) => each === 'asked')).toHaveLength(plans.length);
  });

  it('are delivered without it where it takes too long', async () => {
    const night = createDetailedNight();
    const crossedAtMs: number[] = [];
    const { emit } = night.context.events;
    night.context.events.emit = (event, fields, level) => {
      if (event === 'budget.threshold.crossed') crossedAtMs.push(night.clock.now());
      emit(event, fields, level);
    };
    night.answer = async (plan) => {
      await night.clock.sleep(20 * 60_000);
      return night.shown(plan);
    };
    const startedMs = night.clock.now();
    await night.run();
    expect(crossedAtMs.length).toBeGreaterThan(0);
    for (const atMs of crossedAtMs) expect(atMs - startedMs).toBeLessThan(11 * 60_000);
  });
});

describe('a period that ends', () => {
  /** The UTC date on which legacy periods end, at 07:00. */
  const endDate = `2026-04-${String(anniversaryDay(1)).padStart(2, '0')}`;

  const last = '2026-03-31';
  const nightMs = Date.parse(`${last}T02:30:00Z`);
  const nextNightlyMs = (afterMs: number) => (afterMs < nightMs ? nightMs : nightMs + dayMs);
  const catchUpOnLast = (night: Night) =>
    night.clock.run(runCatchUp({ nextNightlyMs }, night.context));

  /** What lies below the plans is not known until 22:00, and takes an hour a plan from then on. */
  const leaveDetailsUntilEvening = async (night: DetailedNight) => {
    night.answer = async () => {
      throw failure;
    };
    await night.run();
    night.answer = async (plan) => {
      await night.clock.sleep(60 * 60_000);
      return night.shown(plan);
    };
    await turnTo(night, `${last}T22:00:00Z`);
  };

  it('is looked at once more from 22:00 on, and its last records are kept', async () => {
    const night = createDetailedNight({}, { start: `${last}T02:30:00Z` });
    await night.run();
    const firstRows = await rowsOf(night, last);
    await turnTo(night, `${last}T22:00:00Z`);
    night.asked.length = 0;
    await catchUpOnLast(night);
    const ending = plansOf(night).filter(({ customer }) => customer.kind === 'azurePlan');
    expect(night.asked.toSorted()).toEqual(ending.map(({ key }) => key).toSorted());
    const rows = await rowsOf(night, last);
    expect(rows).toHaveLength(firstRows.length);
    const [one] = ending;
    const again = rows.filter(({ subscriptionId }) => subscriptionId === one?.plan.id);
    expect(again.every(({ capturedAt }) => capturedAt > `${last}T22`)).toBe(true);
  });

  it('is looked at before what an earlier run left, which may take all the time', async () => {
    const night = createDetailedNight({}, { start: `${last}T02:30:00Z` });
    const ending = plansOf(night).filter(({ customer }) => customer.kind === 'azurePlan');
    await leaveDetailsUntilEvening(night);
    const results = await catchUpOnLast(night);
    expect(results).toMatchObject([{ run: { trigger: 'closing' } }]);
    const day = await night.day(last);
    const looked = ending.filter(
      ({ customer }) => `${day.get(customer.id)?.capturedAt}` > `${last}T22`,
    );
    expect(looked).toHaveLength(ending.length);
  });

  it('is looked at though customers fail, and what lies below the plans takes long', async () => {
    const night = createDetailedNight({}, { start: `${last}T02:30:00Z` });
    const [broken] = plansOf(night);
    night.simulator.faults = { customerFails: { ids: [broken?.customer.id ?? ''] } };
    await leaveDetailsUntilEvening(night);
    expect(await catchUpOnLast(night)).toMatchObject([
      { run: { trigger: 'catchUp' } },
      { run: { trigger: 'closing' } },
    ]);
  });

  it('whose summary says "no usage" before it can be over has failed, and is asked again', async () => {
    const night = createDetailedNight({}, { start: `${last}T02:30:00Z` });
    const [first] = plansOf(night).filter(({ customer }) => customer.kind === 'azurePlan');
    if (!first) throw new Error('expected a plan');
    const ids = { customerId: first.customer.id, subscriptionId: first.plan.id };
    const path = `/v1/customers/${ids.customerId}/subscriptions/${ids.subscriptionId}/usagesummary`;
    night.answer = async (plan) => {
      if (plan.subscriptionId === ids.subscriptionId) throw failure;
      return night.shown(plan);
    };
    await night.run();
    night.answer = night.shown;
    night.simulator.overrides[path] = { status: 404, body: '{"code":3000}' };
    await turnTo(night, `${last}T04:00:00Z`);
    expect(await catchUpOnLast(night)).toMatchObject([{ run: { depthFailed: 1 } }]);
    expect(eventsOf(night, 'snapshot.depth.failed').at(-1)).toMatchObject({ code: 'NO_USAGE' });
    expect(await wholePlans(night, last)).not.toContain(first.key);
    delete night.simulator.overrides[path];
    await turnTo(night, `${last}T22:00:00Z`);
    await catchUpOnLast(night);
    expect(await wholePlans(night, last)).toContain(first.key);
  });

  it('has the name of its plan that came with its last total', async () => {
    const night = createDetailedNight({}, { start: `${last}T02:30:00Z` });
    const [first] = plansOf(night).filter(({ customer }) => customer.kind === 'azurePlan');
    if (!first) throw new Error('expected a plan');
    const path = `/v1/customers/${first.customer.id}/subscriptions/${first.plan.id}/usagesummary`;
    const summary = {
      ...{ resourceName: 'Renamed', name: 'Renamed', totalCost: 987654.5, currencyCode: 'EUR' },
      ...{ billingStartDate: '2026-03-01T00:00:00Z', billingEndDate: '2026-04-01T00:00:00Z' },
    };
    night.answer = async (plan) => {
      // After the row was captured, and before it is asked for again.
      night.simulator.overrides[path] = { status: 200, body: JSON.stringify(summary) };
      if (plan.subscriptionId === first.plan.id) throw failure;
      return night.shown(plan);
    };
    await night.run();
    night.answer = night.shown;
    await turnTo(night, `${last}T04:00:00Z`);
    await catchUpOnLast(night);
    const { usageByCustomer } = night.stores;
    const ids = [first.plan.id];
    const [row] = await usageByCustomer.listSubscriptionSnapshots(first.customer.id, ids, last);
    expect(row).toMatchObject({ subscriptionName: 'Renamed', figures: { totalCost: '987654.5' } });
  });

  it('keeps none of the next one on its date', async () => {
    const night = createDetailedNight({}, { start: `${endDate}T02:30:00Z` });
    const legacy = plansOf(night).filter(
      ({ customer }) => customer.kind === 'legacy' && customer.billingEndDate.endsWith('-07:00'),
    );
    expect(legacy.length).toBeGreaterThan(1);
    const ids = new Set(legacy.map(({ key }) => key));
    // The records of these come when the next period has begun, at 07:00.
    const late = (plan: { customerId: string; subscriptionId: string }) =>
      ids.has(`${plan.customerId}|${plan.subscriptionId}`);
    night.answer = async (plan) => {
      if (late(plan) && night.clock.now() < Date.parse(`${endDate}T08:00:00Z`)) throw failure;
      return night.shown(plan);
    };
    await night.run();
    await turnTo(night, `${endDate}T08:00:00Z`);
    const run = await runOf(night.run({ trigger: 'catchUp' }));
    const whole = await wholePlans(night, endDate);
    expect(whole.filter((key) => ids.has(key))).toEqual([]);
    expect(run).toMatchObject({ depthFailed: 0, isDepthDone: true });
  });
});
