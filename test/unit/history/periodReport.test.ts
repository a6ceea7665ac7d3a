import { describe, expect, it } from 'vitest';
import { readPeriodReport } from '../../../src/history/periodReport.ts';
import { parseAmount } from '../../../src/usage/amount.ts';
import { addDays } from '../../../src/usage/date.ts';
import type { CustomerSnapshot } from '../../../src/usage/usageSnapshot.ts';
import { subscription } from '../../contract/snapshots.ts';
import {
  type ApiRecord,
  type Night,
  prodId,
  record,
  recordNights,
  testId,
} from '../../support/detailedNights.ts';
import { createHistory, customerId, row, rowWithout } from '../../support/recorded.ts';
import { idOf, keepPeriod, type SteadyPeriod } from '../../support/reportedDays.ts';

const march = { start: '2026-03-01', end: '2026-04-01' };

async function keep(...periods: SteadyPeriod[]) {
  const history = createHistory('2026-06-01');
  for (const period of periods) await keepPeriod(history.stores, period);
  return history;
}

async function readMonth(
  { context }: Pick<Awaited<ReturnType<typeof keep>>, 'context'>,
  month: string,
) {
  const report = await readPeriodReport({ customerId, month }, context);
  if (report === undefined) throw new Error('expected a report');
  return report;
}

describe('the report of a month', () => {
  it('is of the period that starts in it, with each of its days', async () => {
    const before = { start: '2026-02-01', end: '2026-03-01' };
    const after = { start: '2026-04-01', end: '2026-05-01', from: '2026-04-02' };
    const history = await keep(before, march, after);
    const { periods, otherDays } = await readMonth(history, '2026-03');
    expect(periods).toHaveLength(1);
    expect(periods[0]).toMatchObject({
      period: march,
      currency: 'EUR',
      plan: 'azurePlan',
      totalCost: '620',
      lastSnapshotDate: '2026-04-01',
      isFinal: false,
    });
    expect(periods[0]?.days.map(({ date }) => date)).toEqual(
      Array.from({ length: 31 }, (_, index) => addDays('2026-03-02', index)),
    );
    expect(periods[0]?.days.every(({ dailyCost }) => dailyCost === '20')).toBe(true);
    expect(otherDays).toEqual([]);
  });

  it('goes beyond the month where the period begins in the middle of it', async () => {
    const figures = { plan: 'payAsYouGo', billingEndDate: '2026-04-14T00:00:00Z' } as const;
    const history = await keep(
      {
        start: '2026-02-15',
        end: '2026-03-15',
        figures: { ...figures, billingEndDate: '2026-03-14T00:00:00Z' },
      },
      { start: '2026-03-15', end: '2026-04-15', figures },
    );
    const { periods } = await readMonth(history, '2026-03');
    expect(periods.map(({ period }) => period)).toEqual([
      { start: '2026-03-15', end: '2026-04-15' },
    ]);
    expect(periods[0]?.days.map(({ date }) => date)).toEqual(
      Array.from({ length: 31 }, (_, index) => addDays('2026-03-16', index)),
    );
    expect((await readMonth(history, '2026-04')).periods).toEqual([]);
  });

  it('has each day once, with the days that were missed', async () => {
    const missing = ['2026-03-02', '2026-03-10', '2026-03-11'];
    const history = await keep({ start: '2026-02-01', end: '2026-03-01' }, { ...march, missing });
    await history.stores.usageByCustomer.upsertCustomer([rowWithout('2026-03-20', 'failed')]);
    const [period] = (await readMonth(history, '2026-03')).periods;
    expect(period?.days.map(({ date }) => date)).toEqual(
      Array.from({ length: 31 }, (_, index) => addDays('2026-03-02', index)),
    );
    const gaps = period?.days.filter(({ dailyCost }) => dailyCost === null);
    expect(gaps?.map(({ date, outcome }) => [date, outcome])).toEqual([
      ...missing.map((date) => [date, 'missing']),
      ['2026-03-20', 'failed'],
    ]);
    expect(period?.days.find(({ date }) => date === '2026-03-12')?.daysCovered).toBe(3);
  });

  it('has a part for each currency, and a missed day in that of the day before', async () => {
    const history = await keep(
      { ...march, to: '2026-03-14' },
      { ...march, from: '2026-03-16', figures: { currency: 'SEK' }, missing: ['2026-03-20'] },
    );
    const { periods } = await readMonth(history, '2026-03');
    expect(periods.map(({ currency, totalCost }) => [currency, totalCost])).toEqual([
      ['EUR', '260'],
      ['SEK', '620'],
    ]);
    expect(periods[0]?.days.at(-1)).toMatchObject({ date: '2026-03-15', outcome: 'missing' });
    expect(periods[1]?.days[0]).toMatchObject({ date: '2026-03-16', daysCovered: 15 });
    expect(periods[1]?.days[4]).toMatchObject({ date: '2026-03-20', outcome: 'missing' });
    expect(periods[0]?.days).toHaveLength(14);
  });

  it('ends with the last day of the period where nothing was recorded after it', async () => {
    const [period] = (await readMonth(await keep({ ...march, to: '2026-03-20' }), '2026-03'))
      .periods;
    expect(period?.days.at(-1)).toMatchObject({ date: '2026-03-31', outcome: 'missing' });
    expect(period?.lastSnapshotDate).toBe('2026-03-20');
  });

  it('begins before the month where the period does so by UTC', async () => {
    const history = await keep(march);
    const { figures } = row('2026-02-28', '1');
    const east = '2026-03-01T00:00:00+10:00';
    await history.stores.usageByCustomer.upsertCustomer([
      {
        ...row('2026-02-28', '1', { figures: { ...figures, billingStartDate: east } }),
        resource: 'customer',
      },
    ]);
    const [period] = (await readMonth(history, '2026-03')).periods;
    expect(period?.days[0]).toMatchObject({ date: '2026-02-28', dailyCost: '1' });
  });

  it('leaves out what is shown again after the end', async () => {
    const history = await keep(march);
    for (const date of ['2026-04-02', '2026-04-03']) {
      const last = row('2026-04-01', '620').figures;
      const figures = {
        ...last,
        billingStartDate: '2026-03-01T00:00:00Z',
        billingEndDate: '2026-04-01T00:00:00Z',
      };
      const again = row(date, '620', { figures });
      await history.stores.usageByCustomer.upsertCustomer([again as CustomerSnapshot]);
    }
    const [period] = (await readMonth(history, '2026-03')).periods;
    expect(period?.days.at(-1)?.date).toBe('2026-04-01');
  });

  it('of a month without a period has the days that were recorded, of nobody nothing', async () => {
    const history = await keep();
    const readNobody = () => readPeriodReport({ customerId, month: '2026-03' }, history.context);
    expect(await readNobody()).toBeUndefined();
    await history.stores.usageByCustomer.upsertCustomer([rowWithout('2026-03-05', 'noUsage')]);
    await history.stores.usageByCustomer.upsertCustomer([rowWithout('2026-03-07', 'failed')]);
    const { periods, otherDays } = await readMonth(history, '2026-03');
    expect(periods).toEqual([]);
    expect(otherDays.slice(0, 3).map(({ date, outcome }) => [date, outcome])).toEqual([
      ['2026-03-05', 'noUsage'],
      ['2026-03-06', 'missing'],
      ['2026-03-07', 'failed'],
    ]);
    expect(otherDays.at(-1)?.date).toBe('2026-03-31');
  });

  it('names the domain as it was recorded last', async () => {
    const customer = { customerDomain: 'maple.example' };
    const history = await keep(
      { ...march, to: '2026-03-10', customer },
      { ...march, from: '2026-03-11' },
    );
    expect(await readMonth(history, '2026-03')).toMatchObject({
      customerName: 'Maple Foods',
      customerDomain: 'maple.example',
    });
  });
});

describe('the subscriptions of a report', () => {
  it('are those of every day, the largest first, with their last totals', async () => {
    const subscriptions = ['Azure plan', 'Ended'];
    const history = await keep(
      { ...march, to: '2026-03-11', subscriptions },
      { ...march, from: '2026-03-12', subscriptions: ['Renamed'] },
    );
    const [period] = (await readMonth(history, '2026-03')).periods;
    expect(period?.subscriptions).toEqual([
      {
        subscriptionId: idOf(0),
        subscriptionName: 'Renamed',
        totalCost: '620',
        lastSnapshotDate: '2026-04-01',
        azureSubscriptions: [],
      },
      {
        subscriptionId: idOf(1),
        subscriptionName: 'Ended',
        totalCost: '100',
        lastSnapshotDate: '2026-03-11',
        azureSubscriptions: [],
      },
    ]);
  });

  it('belong to the part of their plan where that changed', async () => {
    const subscriptions = ['Both'];
    const figures = { plan: 'payAsYouGo', billingEndDate: '2026-03-31T00:00:00Z' } as const;
    const history = await keep(
      { ...march, to: '2026-03-11', subscriptions },
      { ...march, from: '2026-03-12', figures, subscriptions },
    );
    const { periods } = await readMonth(history, '2026-03');
    const costs = periods.map(({ plan, subscriptions: lines }) => [
      plan,
      lines.map(({ totalCost }) => totalCost),
    ]);
    expect(costs).toEqual([
      ['azurePlan', ['200']],
      ['payAsYouGo', ['620']],
    ]);
  });

  it('are those that can be read, where a row that names them cannot', async () => {
    const history = await keep({ ...march, to: '2026-03-03', subscriptions: ['Azure plan'] });
    const { usageByCustomer } = history.context.stores;
    const get = usageByCustomer.getCustomerSnapshot.bind(usageByCustomer);
    const unreadable = Object.assign(new Error('no number'), { code: 'UNREADABLE_ROW' });
    usageByCustomer.getCustomerSnapshot = async (id, date) => {
      if (date === '2026-03-02') throw unreadable;
      return get(id, date);
    };
    const errors: Error[] = [];
    const context = { ...history.context, onUnreadable: (error: Error) => errors.push(error) };
    const { periods } = await readMonth({ context }, '2026-03');
    expect(periods[0]?.subscriptions).toHaveLength(1);
    expect(errors).toEqual([unreadable]);
    usageByCustomer.getCustomerSnapshot = () => Promise.reject(new Error('out of reach'));
    await expect(readMonth({ context }, '2026-03')).rejects.toThrow('out of reach');
  });

  it('that name a period of their own have a part of their own, which adds them up', async () => {
    const history = await keep({ ...march, subscriptions: ['Azure plan'] });
    const legacy = { start: '2026-03-15', end: '2026-04-15' };
    const figures = {
      plan: 'payAsYouGo',
      billingStartDate: '2026-03-15T00:00:00Z',
      billingEndDate: '2026-04-14T00:00:00Z',
      budgetAmount: parseAmount('5'),
    } as const;
    for (const [index, totalCost] of ['0.1', '0.2'].entries()) {
      const { figures: own } = row('2026-03-20', totalCost, { figures });
      if (!own) throw new Error('expected figures');
      const ids = [idOf(0), idOf(7), idOf(8)];
      const customer = { ...row('2026-03-20', '380'), subscriptionIds: ids } as CustomerSnapshot;
      await history.stores.usageByCustomer.upsertCustomer([
        {
          ...customer,
          figures: { ...own, ...row('2026-03-20', '380').figures, plan: 'azurePlan' },
        },
        subscription(0, {
          snapshotDate: '2026-03-20',
          customerId,
          subscriptionId: idOf(7 + index),
          subscriptionName: 'Legacy',
          figures: own,
        }),
      ]);
    }
    const { periods } = await readMonth(history, '2026-03');
    expect(periods.map(({ period, plan }) => [period, plan])).toEqual([
      [march, 'azurePlan'],
      [legacy, 'payAsYouGo'],
    ]);
    expect(periods[1]).toMatchObject({ totalCost: '0.3', days: [] });
    expect(periods[1]?.subscriptions).toHaveLength(2);
    expect(periods[1]).not.toHaveProperty('budgetAmount');
  });

  it('are named where none of their figures could be read, and not where there was none', async () => {
    const history = await keep(march);
    const failure = { phase: 'subscriptionSummary', code: 'HTTP_500', message: 'down' } as const;
    const { figures: _, ...failed } = subscription(0, { subscriptionId: idOf(3), customerId });
    for (const date of ['2026-03-14', '2026-03-15']) {
      await history.stores.usageByCustomer.upsertCustomer([
        { ...(row(date, '280') as CustomerSnapshot), subscriptionIds: [idOf(3), idOf(4)] },
        { ...failed, snapshotDate: date, outcome: 'noUsage', subscriptionId: idOf(4) },
        { ...failed, snapshotDate: date, outcome: 'failed', failure },
      ]);
    }
    const report = await readMonth(history, '2026-03');
    expect(report.subscriptionsWithoutFigures).toBe(1);
    expect(report.periods[0]?.subscriptions).toEqual([]);
  });
});

describe('the Azure subscriptions of a plan', () => {
  const night = (date: string, prod: string, ...others: ApiRecord[]) => ({
    date,
    plans: [{ records: [record('vm1', prod), ...others] }],
  });
  const test = (cost: string) => record('vm2', cost, { id: testId });

  async function partsOf(...nights: Night[]) {
    const history = createHistory('2026-06-01');
    await recordNights(history.stores, nights);
    const { periods } = await readMonth(history, '2026-03');
    return periods[0]?.subscriptions[0]?.azureSubscriptions;
  }

  it('are those of the last day, the largest first, not of a day of another period', async () => {
    const parts = await partsOf(
      night('2026-02-28', '500', test('600')),
      night('2026-03-05', '4', test('9')),
      night('2026-03-06', '5.25', test('10'), record('', '1', { id: '', entitlementId: null })),
      night('2026-04-02', '70'),
    );
    const lastSnapshotDate = '2026-03-06';
    expect(parts).toEqual([
      {
        azureSubscriptionId: testId,
        azureSubscriptionName: 'Test',
        totalCost: '10',
        lastSnapshotDate,
      },
      {
        azureSubscriptionId: prodId,
        azureSubscriptionName: 'Prod',
        totalCost: '5.25',
        lastSnapshotDate,
      },
      {
        azureSubscriptionId: 'unassigned',
        azureSubscriptionName: 'Test',
        totalCost: '1',
        lastSnapshotDate,
      },
    ]);
  });

  it('are those of the last day on which all were recorded', async () => {
    const parts = await partsOf(
      night('2026-03-05', '4', test('9')),
      // The money of one has gone to the other.
      night('2026-03-06', '15'),
      { date: '2026-03-07', plans: [{ total: '16' }] },
    );
    expect(parts).toEqual([
      {
        azureSubscriptionId: prodId,
        azureSubscriptionName: 'Prod',
        totalCost: '15',
        lastSnapshotDate: '2026-03-06',
      },
    ]);
  });

  it('are none of a day whose rows are not all there, nor of a legacy subscription', async () => {
    const history = createHistory('2026-06-01');
    const nights = [night('2026-03-05', '4'), night('2026-03-06', '5')];
    await recordNights(history.stores, nights);
    const { usageByAzureSubscription } = history.stores;
    const list = usageByAzureSubscription.list.bind(usageByAzureSubscription);
    usageByAzureSubscription.list = async function* (query) {
      for await (const each of list(query)) {
        const isLast = each.azureSubscriptionId === 'rest' && each.snapshotDate === '2026-03-06';
        if (!isLast) yield each;
      }
    };
    const { periods } = await readMonth(history, '2026-03');
    expect(periods[0]?.subscriptions[0]?.azureSubscriptions).toMatchObject([
      { totalCost: '4', lastSnapshotDate: '2026-03-05' },
    ]);
    const plan = 'payAsYouGo' as const;
    const legacy = { records: [record('vm1', '5')], figures: { plan } };
    const ofLegacy = { date: '2026-03-06', plans: [legacy], figures: { plan } };
    expect(await partsOf(ofLegacy)).toEqual([]);
  });
});
