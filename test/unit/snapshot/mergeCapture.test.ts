import { describe, expect, it } from 'vitest';
import type { Capture } from '../../../src/snapshot/captureCustomer.ts';
import { mergeCapture } from '../../../src/snapshot/mergeCapture.ts';
import { createMemoryStores } from '../../../src/storage/createStores.ts';
import { parseAmount } from '../../../src/usage/amount.ts';
import type {
  CustomerSnapshot,
  Failure,
  SubscriptionSnapshot,
} from '../../../src/usage/usageSnapshot.ts';
import { dayOf, spender } from '../../support/recordedDays.ts';

const date = '2026-03-10';
const failure: Failure = { phase: 'summary', status: 500, code: 'HTTP_500', message: 'no' };

function customer(totalCost: string, change: Partial<CustomerSnapshot> = {}): CustomerSnapshot {
  return dayOf(date, totalCost, { runId: 'now', subscriptionIds: ['a', 'b'], ...change });
}

/** A customer's row without figures. */
function bare(outcome: CustomerSnapshot['outcome'], change: Partial<CustomerSnapshot> = {}) {
  const { figures: _, subscriptionIds: _ids, ...row } = customer('0', { outcome });
  return { ...row, ...change };
}

function subscription(
  subscriptionId: string,
  totalCost: string | undefined,
  runId = 'now',
): SubscriptionSnapshot {
  const { figures, snapshotDate, capturedAt, customerName } = dayOf(date, totalCost ?? '0');
  const own = { resource: 'subscription', customerId: spender, customerName, runId } as const;
  const names = { subscriptionId, subscriptionName: subscriptionId };
  const row = { ...own, ...names, snapshotDate, capturedAt };
  if (totalCost === undefined || !figures) return { ...row, outcome: 'failed', failure };
  return { ...row, outcome: 'usage', figures };
}

/** What is merged of a capture with what an earlier run of the date has stored. */
async function mergedWith(
  stored: (CustomerSnapshot | SubscriptionSnapshot)[],
  capture: Partial<Capture> & Pick<Capture, 'customer'>,
) {
  const { usageByCustomer } = createMemoryStores();
  if (stored.length > 0) await usageByCustomer.upsertCustomer(stored);
  return mergeCapture({ subscriptions: [], ...capture }, usageByCustomer);
}

const earlier = (totalCost: string, change: Partial<CustomerSnapshot> = {}) =>
  customer(totalCost, { runId: 'earlier', ...change });
const namesOf = (rows: (CustomerSnapshot | SubscriptionSnapshot)[]) =>
  rows.map((row) => ('subscriptionId' in row ? row.subscriptionId : row.resource));

/** Figures of February, which is over. */
const february = {
  ...earlier('90').figures,
  plan: 'azurePlan',
  currency: 'EUR',
  totalCost: parseAmount('90'),
  billingStartDate: '2026-02-01T00:00:00Z',
  billingEndDate: '2026-03-01T00:00:00Z',
} as const;

describe('a capture beside what an earlier run of the date has stored', () => {
  it('is written whole where nothing is stored', async () => {
    const fresh = { customer: customer('5'), subscriptions: [subscription('a', '5')] };
    const merged = await mergedWith([], fresh);
    expect(merged).toEqual({
      capture: fresh,
      rows: [fresh.customer, ...fresh.subscriptions],
      isPeriodOver: false,
    });
  });

  it('replaces rows of the same outcome, and keeps each better one', async () => {
    const stored = [
      earlier('4'),
      subscription('a', '3', 'earlier'),
      subscription('b', '1', 'earlier'),
    ];
    const subscriptions = [subscription('a', '4'), subscription('b', undefined)];
    const { capture, rows, isPeriodOver } = await mergedWith(stored, {
      customer: customer('5'),
      subscriptions,
    });
    expect(namesOf(rows)).toEqual(['customer', 'a']);
    expect(capture.customer).toMatchObject({ runId: 'now', figures: { totalCost: '5' } });
    expect(capture.subscriptions.map(({ runId }) => runId).toSorted()).toEqual(['earlier', 'now']);
    expect(isPeriodOver).toBe(false);
    expect(capture).not.toHaveProperty('listFailure');
  });

  it('keeps the domain that it does not know itself: not every run reads the list', async () => {
    const domainAfter = async (was: { customerDomain?: string }, is: { customerDomain?: string }) =>
      (await mergedWith([earlier('4', was)], { customer: customer('5', is) })).capture.customer;
    const [was, is] = [{ customerDomain: 'was.example' }, { customerDomain: 'is.example' }];
    expect(await domainAfter(was, {})).toMatchObject(was);
    expect(await domainAfter(was, is)).toMatchObject(is);
    expect(await domainAfter({}, is)).toMatchObject(is);
    expect(await domainAfter({}, {})).not.toHaveProperty('customerDomain');
  });

  it('keeps the customer’s row beside new rows of its subscriptions', async () => {
    const stored = [earlier('90', { figures: february }), subscription('a', undefined, 'earlier')];
    const fresh = { customer: customer('5'), subscriptions: [subscription('a', '4')] };
    const { capture, rows, isPeriodOver } = await mergedWith(stored, fresh);
    expect(namesOf(rows)).toEqual(['a']);
    expect(capture.customer).toMatchObject({ runId: 'earlier', figures: { totalCost: '90' } });
    expect(isPeriodOver).toBe(true);
  });

  it('names the subscriptions of both, sorted, and writes the row that gets more of them', async () => {
    const stored = [earlier('90', { figures: february, subscriptionIds: ['c', 'a'] })];
    const subscriptions = [subscription('b', '1'), subscription('a', '4')];
    const { capture, rows } = await mergedWith(stored, { customer: customer('5'), subscriptions });
    expect(capture.customer.subscriptionIds).toEqual(['a', 'b', 'c']);
    expect(namesOf(rows)).toEqual(['customer', 'b', 'a']);
  });

  it('names those that it lists itself where the earlier one has listed none', async () => {
    const { subscriptionIds: _, ...unlisted } = earlier('4');
    const subscriptions = [subscription('b', '1'), subscription('a', '4')];
    const { capture } = await mergedWith([unlisted], { customer: customer('5'), subscriptions });
    expect(capture.customer.subscriptionIds).toEqual(['a', 'b']);
  });

  it('names no subscriptions where neither has read their list', async () => {
    const { subscriptionIds: _, ...unlisted } = earlier('4');
    const { subscriptionIds: _ids, ...fresh } = customer('5');
    const { capture } = await mergedWith([unlisted], { customer: fresh });
    expect(capture.customer).not.toHaveProperty('subscriptionIds');
  });

  it('names those that the earlier one listed where its own list broke off', async () => {
    const { subscriptionIds: _, ...fresh } = customer('5');
    const { capture } = await mergedWith([earlier('4')], { customer: fresh });
    expect(capture.customer.subscriptionIds).toEqual(['a', 'b']);
  });
});

describe('a capture that brings less than what is stored', () => {
  it('keeps the row, with its own failure', async () => {
    const { capture, rows } = await mergedWith([earlier('4')], {
      customer: bare('failed', { failure }),
    });
    expect(rows).toEqual([]);
    expect(capture.customer.runId).toBe('earlier');
    expect(capture.listFailure).toEqual(failure);
  });

  it('is a contradiction where it says "no usage" of the same period', async () => {
    const { capture, isPeriodOver } = await mergedWith([earlier('4')], {
      customer: bare('noUsage'),
    });
    expect(capture.listFailure).toMatchObject({ phase: 'summary', code: '3000' });
    expect(isPeriodOver).toBe(false);
    expect(capture.subscriptions).toEqual([]);
  });

  it('is none where that period is over: its subscriptions count as they are stored', async () => {
    const stored = [earlier('90', { figures: february }), subscription('a', '90', 'earlier')];
    const { capture, rows, isPeriodOver } = await mergedWith(stored, {
      customer: bare('noUsage'),
    });
    expect(isPeriodOver).toBe(true);
    expect(rows).toEqual([]);
    expect(capture).not.toHaveProperty('listFailure');
    expect(namesOf(capture.subscriptions)).toEqual(['a']);
  });

  it('leaves a period open whose subscriptions could not be listed before it was over', async () => {
    const { subscriptionIds: _, ...unlisted } = earlier('90', { figures: february });
    const { capture } = await mergedWith([unlisted], { customer: bare('noUsage') });
    expect(capture.listFailure).toMatchObject({ phase: 'subscriptions', code: 'PERIOD_OVER' });
  });

  it('has failed also where the period is over', async () => {
    const { capture, isPeriodOver } = await mergedWith([earlier('90', { figures: february })], {
      customer: bare('failed', { failure }),
    });
    expect(capture.listFailure).toEqual(failure);
    expect(isPeriodOver).toBe(false);
  });

  it('is of a period that may be over where its end can be read in two ways', async () => {
    const until = { ...february, billingStartDate: '2026-02-11T00:00:00Z' };
    const twoEnds = {
      ...until,
      plan: 'payAsYouGo',
      billingEndDate: '2026-03-10T00:00:00Z',
    } as const;
    const isOver = async (figures: typeof twoEnds | typeof until) => {
      const capturedAt = '2026-03-10T12:00:00.000Z';
      const fresh = { customer: bare('noUsage', { capturedAt }) };
      return (await mergedWith([earlier('90', { figures })], fresh)).isPeriodOver;
    };
    expect(await isOver({ ...twoEnds, billingStartDate: '2026-02-10T00:00:00Z' })).toBe(true);
    expect(await isOver(twoEnds)).toBe(false);
  });

  it('has no failure where it shows a later period while the earlier one is open', async () => {
    const open = {
      billingStartDate: '2026-02-15T00:00:00Z',
      billingEndDate: '2026-03-15T00:00:00Z',
    };
    const stored = [earlier('90', { figures: { ...february, ...open } })];
    const { capture, isPeriodOver } = await mergedWith(stored, { customer: customer('5') });
    expect(capture.customer.runId).toBe('earlier');
    expect(isPeriodOver).toBe(false);
    expect(capture).not.toHaveProperty('listFailure');
  });

  it('comes after a period from the instant at which that was over', async () => {
    const until = { ...february, billingEndDate: '2026-03-10T00:00:00Z' };
    const isOverAt = async (capturedAt: string) => {
      const stored = [earlier('90', { figures: until })];
      return (await mergedWith(stored, { customer: bare('noUsage', { capturedAt }) })).isPeriodOver;
    };
    expect(await isOverAt('2026-03-10T00:00:00.000Z')).toBe(true);
    expect(await isOverAt('2026-03-09T23:59:59.999Z')).toBe(false);
  });
});
