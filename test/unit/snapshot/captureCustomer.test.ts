import { describe, expect, it } from 'vitest';
import { dayRowOf } from '../../../src/snapshot/captureCustomer.ts';
import type { Failure, SubscriptionSnapshot } from '../../../src/usage/usageSnapshot.ts';
import { dayOf, spender } from '../../support/recordedDays.ts';

const failureOf = (phase: Failure['phase']): Failure => ({
  phase,
  code: 'HTTP_500',
  message: 'no',
});
const customer = dayOf('2026-03-10', '5', { raw: '{}', subscriptionIds: ['a'] });

function subscription(change: Pick<SubscriptionSnapshot, 'outcome' | 'failure'>) {
  const { snapshotDate, capturedAt, runId, customerName } = customer;
  const names = { customerName, subscriptionId: 'a', subscriptionName: 'Azure' };
  return {
    resource: 'subscription' as const,
    ...{ snapshotDate, capturedAt, runId, customerId: spender, ...names, ...change },
  };
}

describe('the row of the day of a capture', () => {
  it('is the customer’s own one without its body and its list', () => {
    const { raw: _, subscriptionIds: _ids, ...row } = customer;
    const subscriptions = [subscription({ outcome: 'usage' })];
    expect(dayRowOf({ customer, subscriptions })).toEqual(row);
  });

  it('has failed, with its figures, where a subscription has or their list', () => {
    const failure = failureOf('subscriptionSummary');
    const subscriptions = [
      subscription({ outcome: 'refused', failure: failureOf('summary') }),
      subscription({ outcome: 'failed', failure }),
    ];
    expect(dayRowOf({ customer, subscriptions })).toMatchObject({
      outcome: 'failed',
      failure,
      figures: { totalCost: '5' },
    });
    const listFailure = failureOf('subscriptions');
    expect(dayRowOf({ customer, subscriptions, listFailure }).failure).toEqual(listFailure);
  });

  it('has usage where a subscription is refused, or their list: of that it has the refusal', () => {
    const listRefusal = failureOf('subscriptions');
    const refused = [subscription({ outcome: 'refused', failure: failureOf('summary') })];
    expect(dayRowOf({ customer, subscriptions: refused })).not.toHaveProperty('failure');
    expect(dayRowOf({ customer, subscriptions: [], listRefusal })).toMatchObject({
      outcome: 'usage',
      failure: listRefusal,
    });
  });

  it('without usage is what the summary says', () => {
    const { figures: _, ...bare } = dayOf('2026-03-10', '0', { outcome: 'noUsage' });
    const listFailure = failureOf('subscriptions');
    expect(dayRowOf({ customer: bare, subscriptions: [], listFailure })).toEqual(bare);
  });
});
