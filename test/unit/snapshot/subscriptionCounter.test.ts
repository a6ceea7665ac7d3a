import { describe, expect, it } from 'vitest';
import { SubscriptionCounter } from '../../../src/snapshot/subscriptionCounter.ts';
import type { Failure, Outcome, SubscriptionSnapshot } from '../../../src/usage/usageSnapshot.ts';
import { dayOf, spender } from '../../support/recordedDays.ts';

const failureOf = (status: number): Failure => ({
  phase: 'subscriptionSummary',
  status,
  code: `HTTP_${status}`,
  message: 'no',
});

function subscription(outcome: Outcome, status?: number, runId = 'run'): SubscriptionSnapshot {
  return {
    resource: 'subscription',
    snapshotDate: '2026-03-10',
    capturedAt: '2026-03-10T02:30:00.000Z',
    runId,
    outcome,
    customerId: spender,
    customerName: 'Maple Foods',
    subscriptionId: 'subscription',
    subscriptionName: 'Azure',
    ...(status !== undefined && { failure: failureOf(status) }),
  };
}

describe('the subscriptions of a run', () => {
  it('are counted by outcome, without those of another run of the day', () => {
    const counter = new SubscriptionCounter('run');
    const subscriptions = [
      subscription('usage'),
      subscription('noUsage'),
      subscription('failed', 500),
      subscription('refused', 404),
      subscription('usage', undefined, 'earlier'),
      subscription('refused', 403, 'earlier'),
    ];
    const forbidden = counter.count({ customer: dayOf('2026-03-10', '5'), subscriptions });
    expect(forbidden).toBeUndefined();
    expect(counter).toMatchObject({ captured: 2, failed: 1, asked: 4 });
    counter.count({ customer: dayOf('2026-03-10', '5'), subscriptions: [subscription('failed')] });
    expect(counter).toMatchObject({ captured: 2, failed: 2, asked: 5 });
  });

  it('that are forbidden are named with their number and the first answer, the list included', () => {
    const counter = new SubscriptionCounter('run');
    const subscriptions = [subscription('refused', 403), subscription('refused', 410)];
    const listRefusal = { ...failureOf(403), phase: 'subscriptions' } as const;
    const customer = dayOf('2026-03-10', '5');
    expect(counter.count({ customer, subscriptions, listRefusal })).toEqual({
      customerId: spender,
      failure: listRefusal,
      count: 2,
    });
    expect(counter.asked).toBe(3);
    expect(counter.count({ customer, subscriptions })).toMatchObject({ count: 1 });
  });
});
