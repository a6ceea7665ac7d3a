import type { Capture } from '../app/knownNights.ts';
import type { Simulator } from '../simulator/simulator.ts';
import { type Amount, parseAmount } from '../usage/amount.ts';
import { planOfOffer } from '../usage/plan.ts';
import { present } from '../usage/present.ts';
import type { SnapshotRun } from '../usage/snapshotRun.ts';
import { figuresOf } from '../usage/usageFigures.ts';
import type { UsageSummary } from '../usage/usageSummary.ts';

type ExpectedCustomer = ReturnType<Simulator['expectedCustomer']>;
type ExpectedSubscription = ExpectedCustomer['subscriptions'][number];

/** What a run would capture of a simulated Partner Center, without the bodies as received. */
export function expectCaptures(
  simulator: Simulator,
  { runId, snapshotDate, startedAt: capturedAt }: SnapshotRun,
): Capture[] {
  const head = { snapshotDate, runId, capturedAt };
  return Array.from(simulator.customers(capturedAt), (expected) => {
    const ofCustomer = { customerId: expected.id, customerName: expected.name };
    const customer = { ...head, ...ofCustomer, customerDomain: expected.domain };
    if (expected.outcome !== 'usage') {
      const { outcome } = expected;
      return { customer: { resource: 'customer', ...customer, outcome }, subscriptions: [] };
    }
    const subscriptions = expected.subscriptions.toSorted((a, b) => (a.id < b.id ? -1 : 1));
    return {
      customer: {
        resource: 'customer',
        ...customer,
        outcome: 'usage',
        subscriptionIds: subscriptions.map(({ id }) => id),
        figures: figuresOf(summaryOf(expected, expected), snapshotDate),
      },
      subscriptions: subscriptions.map((own) => ({
        resource: 'subscription',
        ...head,
        ...ofCustomer,
        outcome: 'usage',
        ...toSubscription(own),
        figures: figuresOf(withoutBudget(expected, own), snapshotDate, planOfOffer(own.offerId)),
      })),
    };
  });
}

function toSubscription({ id, name, status, partnerOnRecord, offerId }: ExpectedSubscription) {
  return present({
    subscriptionId: id,
    subscriptionName: name,
    subscriptionStatus: status,
    partnerOnRecord,
    offerId,
  });
}

function withoutBudget(customer: ExpectedCustomer, own: ExpectedSubscription): UsageSummary {
  const { budgetAmount: _, ...summary } = summaryOf(customer, own);
  return summary;
}

/** @param own whose cost it is: the customer's own, or a subscription's */
function summaryOf(
  { billingStartDate, billingEndDate, ...customer }: ExpectedCustomer,
  { totalCost, usdTotalCost, lastModifiedDate }: ExpectedCustomer | ExpectedSubscription,
): UsageSummary {
  return present({
    billingStartDate,
    billingEndDate,
    totalCost: parseAmount(totalCost),
    usdTotalCost: toAmount(usdTotalCost),
    currencyCode: customer.currencyCode,
    currencyLocale: customer.currencyLocale,
    budgetAmount: toAmount(customer.budgetAmount),
    lastModifiedDate,
    raw: '',
  });
}

function toAmount(literal: string | undefined): Amount | undefined {
  return literal === undefined ? undefined : parseAmount(literal);
}
