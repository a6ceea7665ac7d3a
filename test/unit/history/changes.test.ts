import { describe, expect, it } from 'vitest';
import { type ChangesQuery, readChanges } from '../../../src/history/changes.ts';
import { listMovers } from '../../../src/history/movers.ts';
import type { Change } from '../../../src/usage/changes.ts';
import { type Comparison, comparisons } from '../../../src/usage/movement.ts';
import {
  type Night,
  type PlanNight,
  planId,
  prodId,
  record,
  recordNights,
  testId,
} from '../../support/detailedNights.ts';
import { createHistory, customerId } from '../../support/recorded.ts';

const dates = ['2026-03-18', '2026-03-19', '2026-03-20'];
const today = '2026-03-20';
const otherPlan = 'bbbbbbbb-0000-4000-8000-000000000002';

/** The plans of three nights, by the days of {@link dates}. */
function nights(...plans: (PlanNight | PlanNight[])[]): Night[] {
  return plans.map((plan, index) => ({
    date: dates[index] ?? '',
    plans: Array.isArray(plan) ? plan : [plan],
  }));
}

async function changesOf(all: readonly Night[], query: Partial<ChangesQuery> = {}) {
  const { stores, context } = createHistory(today);
  await recordNights(stores, all);
  const found = await readChanges({ customerId, date: today, against: 'day', ...query }, context);
  if (!found) throw new Error('expected changes');
  return found;
}

/** `vm1: 10 → 30`. */
function show(items: readonly Change[]): string[] {
  return items.map(({ resource, type, resourceGroup, azureSubscriptionName, ...rest }) => {
    const name = resource ?? resourceGroup ?? azureSubscriptionName ?? type;
    return `${name ?? rest.azureSubscriptionId ?? '-'}: ${rest.before} → ${rest.after}`;
  });
}

/** One grew, one fell, one came, one went, one stayed; one is of another Azure subscription. */
const usual = nights(
  {
    records: [
      ...[record('grew', '10'), record('fell', '50'), record('went', '3')],
      ...[record('stayed', '7'), record('tested', '1', { id: testId })],
    ],
  },
  {
    records: [
      ...[record('grew', '12'), record('fell', '90'), record('went', '8')],
      ...[record('stayed', '8'), record('tested', '2', { id: testId, group: 'rg2' })],
      record('tested', '0', { id: testId }),
    ],
  },
  {
    records: [
      ...[record('grew', '45.5'), record('fell', '95'), record('went', '8')],
      ...[record('stayed', '9'), record('tested', '2', { id: testId, group: 'rg2' })],
      record('came', '20.25', { id: testId, type: 'Microsoft.Storage/storageAccounts' }),
    ],
  },
);

describe('changes of a customer', () => {
  it('name the resources that grew, fell, came and went, the largest first', async () => {
    const { items, ...head } = await changesOf(usual);
    expect(show(items)).toEqual([
      'fell: 40 → 5',
      'grew: 2 → 33.5',
      'came: 0 → 20.25',
      'went: 5 → 0',
      'tested: 2 → 0',
      'tested: -1 → 0',
    ]);
    expect(items[2]).toEqual({
      azureSubscriptionId: testId,
      azureSubscriptionName: 'Test',
      resourceGroup: 'rg1',
      resource: 'came',
      type: 'Microsoft.Storage/storageAccounts',
      before: '0',
      after: '20.25',
      change: '20.25',
    });
    expect(head).toEqual({
      ...{ customerId, date: today, against: 'day', currency: 'EUR' },
      ...{ before: '49', after: '59.75', change: '10.75', unexplained: '0' },
    });
  });

  it.each([
    ['azureSubscription', ['Test: 1 → 20.25', 'Prod: 48 → 39.5']],
    ['resourceGroup', ['rg1: -1 → 20.25', 'rg1: 48 → 39.5', 'rg2: 2 → 0']],
    [
      'type',
      [
        'Microsoft.Storage/storageAccounts: 0 → 20.25',
        'Microsoft.Compute/virtualMachines: 49 → 39.5',
      ],
    ],
  ] as const)('can be told by %s', async (by, expected) => {
    const { items, unexplained } = await changesOf(usual, { by });
    expect(show(items)).toEqual(expected);
    expect(unexplained).toBe('0');
  });

  it('have the fields of their level alone', async () => {
    const namesOf = async (by: ChangesQuery['by']) => {
      const { items } = await changesOf(usual, { by });
      return Object.keys(items[0] ?? {}).slice(0, -3);
    };
    expect(await namesOf('azureSubscription')).toEqual([
      'azureSubscriptionId',
      'azureSubscriptionName',
    ]);
    expect(await namesOf('resourceGroup')).toEqual([
      ...['azureSubscriptionId', 'resourceGroup', 'azureSubscriptionName'],
    ]);
    expect(await namesOf('type')).toEqual(['type']);
  });

  it('are those of one resource under all its spellings, the latest shown', async () => {
    const { items } = await changesOf(
      nights(
        { records: [record('vm1', '10')] },
        { records: [record('vm1', '11'), record('VM1', '1', { group: 'RG1' })] },
        { records: [record('Vm1', '12'), record('vm1', '30', { id: prodId.toUpperCase() })] },
      ),
    );
    expect(show(items)).toEqual(['Vm1: 2 → 30']);
  });

  it('of records that are tied to no resource are of their Azure subscription', async () => {
    const loose = (cost: string) => record('', cost, { resourceUri: null, resourceGroupName: '' });
    const { items } = await changesOf(
      nights(
        { records: [loose('1')] },
        { records: [loose('2')] },
        { records: [loose('8'), loose('-0.5')] },
      ),
    );
    expect(items).toEqual([
      {
        azureSubscriptionId: prodId,
        azureSubscriptionName: 'Prod',
        ...{ before: '1', after: '5.5', change: '4.5' },
      },
    ]);
  });

  it('leave unexplained what the records do not name, to the last digit', async () => {
    const { items, change, unexplained } = await changesOf(
      nights(
        { records: [record('vm1', '10')], total: '10' },
        { records: [record('vm1', '20')], total: '20.00000000000000000001' },
        { records: [record('vm1', '33')], total: '34' },
      ),
    );
    expect(show(items)).toEqual(['vm1: 10 → 13']);
    expect(change).toBe('3.99999999999999999998');
    expect(unexplained).toBe('0.99999999999999999998');
  });

  it('of two plans are added up, also of an Azure subscription that moved', async () => {
    const plan = (cost: string, id?: string) => ({
      records: [record('vm1', cost)],
      ...(id !== undefined && { planId: id }),
    });
    const { items, unexplained } = await changesOf(
      nights(
        [plan('10'), plan('1', otherPlan)],
        [plan('20'), plan('2', otherPlan)],
        [plan('20'), plan('17', otherPlan)],
      ),
      { by: 'azureSubscription' },
    );
    expect(show(items)).toEqual(['Prod: 11 → 15']);
    expect(unexplained).toBe('0');
  });

  it('of a plan in another currency are unexplained', async () => {
    const foreign = (cost: string) => ({
      planId: otherPlan,
      records: [record('vm9', cost, { currencyCode: 'USD' })],
      figures: { currency: 'USD', currencyCode: 'USD' },
    });
    const { items, unexplained } = await changesOf(
      nights(
        [{ records: [record('vm1', '10')] }, foreign('5')],
        [{ records: [record('vm1', '20')] }, foreign('7')],
        [{ records: [record('vm1', '45')] }, foreign('20')],
      ),
    );
    expect(show(items)).toEqual(['vm1: 10 → 25']);
    expect(unexplained).toBe('11');
  });

  it('are by Azure subscription where records of a plan are not kept', async () => {
    const [first, second, third] = usual;
    if (!first || !second || !third) throw new Error('expected three nights');
    const without = (night: Night) => ({
      ...night,
      plans: night.plans.map((plan) => ({ ...plan, isWithoutBlob: true })),
    });
    const all = [without(first), second, third];
    expect(show((await changesOf(all)).items)).toEqual(['Test: 1 → 20.25', 'Prod: 48 → 39.5']);
    const asked = await changesOf(all, { by: 'resource' });
    expect(asked).toMatchObject({ items: [], change: '10.75', unexplained: '10.75' });
  });

  it('of a plan whose records were not read for a day are unexplained', async () => {
    const { items, change, unexplained } = await changesOf(
      nights(
        { records: [record('vm1', '10')] },
        { total: '20' },
        { records: [record('vm1', '45')] },
      ),
    );
    expect(items).toEqual([]);
    expect([change, unexplained]).toEqual(['15', '15']);
  });

  it('of a plan that is new, or was too small for having records, are of its resources', async () => {
    const old = (cost: string) => ({ records: [record('vm1', cost)] });
    const started = { planId: otherPlan, records: [record('new', '80')] };
    const fresh = await changesOf(nights(old('10'), old('20'), [old('30'), started]));
    expect(show(fresh.items)).toEqual(['new: 0 → 80']);
    const small = { planId: otherPlan, total: '0.5' };
    const grown = await changesOf(nights(old('10'), [old('20'), small], [old('30'), started]));
    expect(show(grown.items)).toEqual(['new: 0 → 80']);
    expect(grown.unexplained).toBe('-1');
    const large = { planId: otherPlan, total: '70' };
    const unread = await changesOf(nights(old('10'), [old('20'), large], [old('30'), started]));
    expect(unread.items).toEqual([]);
  });

  it('begin anew with a billing period', async () => {
    const all: Night[] = [
      ['2026-04-01', '2'],
      ['2026-04-02', '5'],
      ['2026-04-03', '11'],
    ].map(([date = '', cost = '']) => ({ date, plans: [{ records: [record('vm1', cost)] }] }));
    const march = { date: '2026-03-31', plans: [{ records: [record('vm1', '300')] }] };
    const query = { date: '2026-04-03' };
    expect(show((await changesOf([march, ...all], query)).items)).toEqual(['vm1: 3 → 6']);
    const withoutFirst = [march, ...all.slice(1)];
    expect(show((await changesOf(withoutFirst, query)).items)).toEqual(['vm1: 5 → 6']);
    const figures = {
      billingStartDate: '2026-03-01T00:00:00Z',
      billingEndDate: '2026-04-01T00:00:00Z',
    };
    const last = [{ records: [record('vm1', '310')], figures }];
    const shownLonger = [march, { date: '2026-04-01', plans: last, figures }, ...all.slice(1)];
    expect(show((await changesOf(shownLonger, query)).items)).toEqual(['vm1: 5 → 6']);
  });

  it('against the last period are of the totals so far', async () => {
    const all: Night[] = [
      { date: '2026-02-20', plans: [{ records: [record('vm1', '100'), record('gone', '40')] }] },
      { date: today, plans: [{ records: [record('vm1', '160'), record('new', '5')] }] },
    ];
    const { items, ...head } = await changesOf(all, { against: 'period' });
    expect(show(items)).toEqual(['vm1: 100 → 160', 'gone: 40 → 0', 'new: 0 → 5']);
    expect(head).toMatchObject({ before: '140', after: '165', unexplained: '0' });
  });

  it('against the last period are unexplained where no records were kept then', async () => {
    const all: Night[] = [
      { date: '2026-02-20', plans: [{ total: '100' }] },
      { date: today, plans: [{ records: [record('vm1', '160')] }] },
    ];
    const found = await changesOf(all, { against: 'period' });
    expect(found).toMatchObject({ items: [], change: '60', unexplained: '60' });
  });

  it('against the last period are unexplained of a plan with a period of its own', async () => {
    const figures = {
      billingStartDate: '2026-02-15T00:00:00Z',
      billingEndDate: '2026-03-25T00:00:00Z',
    };
    const own = (cost: string) => [{ records: [record('vm1', cost)], figures }];
    const all: Night[] = [
      { date: '2026-02-20', plans: own('100') },
      { date: today, plans: own('160') },
    ];
    const found = await changesOf(all, { against: 'period' });
    expect(found).toMatchObject({ items: [], change: '60', unexplained: '60' });
  });

  it('against last week are of the daily costs of both days', async () => {
    const days = [
      ['2026-03-12', '10'],
      ['2026-03-13', '14'],
      ['2026-03-19', '90'],
      ['2026-03-20', '110'],
    ];
    const all = days.map(([date = '', cost = '']) => ({
      date,
      plans: [{ records: [record('vm1', cost)] }],
    }));
    const { items } = await changesOf(all, { against: 'week' });
    expect(show(items)).toEqual(['vm1: 4 → 20']);
  });

  it('name what moved where the customer as a whole did not', async () => {
    const pair = (one: string, other: string) => ({
      records: [record('vm1', one), record('vm2', other)],
    });
    const found = await changesOf(nights(pair('1', '1'), pair('2', '2'), pair('7', '-1')));
    expect(found).toMatchObject({ change: '0', unexplained: '0' });
    expect(show(found.items)).toEqual(['vm1: 1 → 5', 'vm2: 1 → -3']);
  });

  it('are none where the costs cannot be compared', async () => {
    const [, second, third] = usual;
    if (!second || !third) throw new Error('expected nights');
    const { items, ...head } = await changesOf([second, third]);
    expect(items).toEqual([]);
    expect(head).toEqual({
      ...{ customerId, date: today, against: 'day', currency: 'EUR' },
      ...{ before: null, after: null, change: null, unexplained: null },
    });
  });

  it('fail where the records that are kept cannot be unpacked', async () => {
    const { stores, context } = createHistory(today);
    await recordNights(stores, usual);
    const day = { customerId, subscriptionId: planId, snapshotDate: today };
    await stores.usageDetails.write(day, Buffer.from('no gzip'));
    const reading = readChanges({ customerId, date: today, against: 'day' }, context);
    await expect(reading).rejects.toThrow('incorrect header check');
  });

  it('are unknown of a customer that never had a row', async () => {
    const { context } = createHistory(today);
    const found = await readChanges({ customerId, date: today, against: 'day' }, context);
    expect(found).toBeUndefined();
  });

  it.each<Comparison>(comparisons)(
    'are as those of the movers, against the %s',
    async (against) => {
      const { stores, context } = createHistory(today);
      await recordNights(stores, [
        { date: '2026-02-20', plans: [{ records: [record('vm1', '7')] }] },
        ...usual.map((night) => ({ ...night, total: `1${night.date.slice(-1)}0.123` })),
      ]);
      const movers = await listMovers({ date: today, against, orderBy: 'change' }, context);
      const found = await readChanges({ customerId, date: today, against }, context);
      const { before = null, after = null, change = null } = movers.items[0] ?? {};
      expect(found).toMatchObject({ before, after, change });
    },
  );
});
