import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  fromCurrencyTotalEntity,
  toCurrencyTotalEntity,
} from '../../src/storage/currencyTotalMapping.ts';
import {
  fromSnapshotRunEntity,
  toSnapshotRunEntity,
} from '../../src/storage/snapshotRunMapping.ts';
import {
  fromUsageEntity,
  toUsageByCustomerEntity,
  toUsageByDayEntity,
} from '../../src/storage/usageSnapshotMapping.ts';
import { type Amount, parseAmount } from '../../src/usage/amount.ts';
import type { CurrencyTotal } from '../../src/usage/currencyTotal.ts';
import { utcDateOf } from '../../src/usage/date.ts';
import type { SnapshotRun } from '../../src/usage/snapshotRun.ts';
import type {
  CustomerSnapshot,
  Failure,
  Outcome,
  PartnerSnapshot,
  SubscriptionSnapshot,
  UsageFigures,
  UsageSnapshot,
} from '../../src/usage/usageSnapshot.ts';

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.constantFrom('', "O'Brien", '"', '\\', '😀', '\u0000', '\u2028', '{"value":1}', '__proto__'),
);
const id = fc.oneof(
  fc.uuid(),
  fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
    .filter((part) => !/[/\\#?|\p{Cc}]/u.test(part) && part.toLowerCase() !== 'partner'),
);
const date = fc
  .date({ min: new Date('2000-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })
  .map((day) => utcDateOf(day.getTime()));
const count = fc.nat();

const digits = fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 1, maxLength: 20 });
const amount: fc.Arbitrary<Amount> = fc
  .oneof(
    fc.constantFrom('100', '0', '-0', '0.0', '1e-7', '-1', '1.50', '1E+2', '1e15', '-0.1'),
    fc.constant('28.82860766744404945074'),
    fc
      .tuple(fc.constantFrom('', '-'), fc.nat({ max: 10 ** 9 }), digits)
      .map(([sign, whole, fraction]) => `${sign}${whole}.${fraction}`),
    fc.integer().map(String),
  )
  .map(parseAmount);

/** Fields that may be absent, which in a row is no column and not an empty one. */
function withOptional<Required extends object, Optional extends object>(
  required: { [Name in keyof Required]: fc.Arbitrary<Required[Name]> },
  optional: { [Name in keyof Optional]: fc.Arbitrary<Optional[Name]> },
): fc.Arbitrary<Required & Partial<Optional>> {
  return fc
    .tuple(fc.record(required), fc.record(optional, { requiredKeys: [] }))
    .map(([always, sometimes]) => ({ ...always, ...sometimes }) as Required & Partial<Optional>);
}

const figures: fc.Arbitrary<UsageFigures> = withOptional(
  {
    plan: fc.constantFrom('azurePlan' as const, 'payAsYouGo' as const),
    totalCost: amount,
    currency: fc.constantFrom('EUR', 'XXX'),
    billingStartDate: text,
    billingEndDate: text,
  },
  {
    usdTotalCost: amount,
    currencyCode: text,
    currencyLocale: text,
    budgetAmount: amount,
    percentUsed: fc.integer({ min: -(10 ** 9), max: 10 ** 9 }).map((value) => value / 100),
    lastModifiedDate: text,
  },
);
const failure: fc.Arbitrary<Failure> = withOptional(
  {
    phase: fc.constantFrom(
      ...(['summary', 'subscriptions', 'subscriptionSummary', 'usageRecords', 'store'] as const),
    ),
    code: text,
    message: text,
  },
  { status: fc.integer({ min: 100, max: 599 }), correlationId: text, requestId: text },
);

const base = { snapshotDate: date, capturedAt: text, runId: text };
const outcomes = fc
  .tuple(
    fc.constantFrom<Outcome[]>('usage', 'noUsage', 'refused', 'failed'),
    figures,
    fc.option(failure, { nil: undefined }),
    fc.boolean(),
  )
  .map(([outcome, figure, cause, hasFigures]) => ({
    outcome,
    ...(outcome === 'usage' || hasFigures ? { figures: figure } : {}),
    ...(cause === undefined ? {} : { failure: cause }),
  }));

const partner: fc.Arbitrary<PartnerSnapshot> = fc
  .tuple(
    withOptional({ ...base, resource: fc.constant('partner' as const) }, { raw: text }),
    outcomes,
  )
  .map(([own, outcome]) => ({ ...own, ...outcome }));
const customer: fc.Arbitrary<CustomerSnapshot> = fc
  .tuple(
    withOptional(
      { ...base, resource: fc.constant('customer' as const), customerId: id, customerName: text },
      { raw: text, subscriptionIds: fc.array(text), expectedCurrency: fc.constant('NOK') },
    ),
    outcomes,
  )
  .map(([{ expectedCurrency, ...own }, outcome]) => ({
    ...own,
    ...outcome,
    // Only of a customer without figures.
    ...('figures' in outcome || expectedCurrency === undefined ? {} : { expectedCurrency }),
  }));
const subscription: fc.Arbitrary<SubscriptionSnapshot> = fc
  .tuple(
    withOptional(
      {
        ...base,
        resource: fc.constant('subscription' as const),
        customerId: id,
        customerName: text,
        subscriptionId: id,
        subscriptionName: text,
      },
      {
        raw: text,
        rawUsageRecord: text,
        subscriptionStatus: text,
        partnerOnRecord: text,
        offerId: text,
      },
    ),
    outcomes,
  )
  .map(([own, outcome]) => ({ ...own, ...outcome }));

test('every snapshot comes back from its row as it was', () => {
  const snapshots: fc.Arbitrary<UsageSnapshot> = fc.oneof(partner, customer, subscription);
  fc.assert(
    fc.property(snapshots, (snapshot) => {
      const entity = toUsageByCustomerEntity(snapshot);
      expect(fromUsageEntity('UsageByCustomer', entity)).toStrictEqual(snapshot);
    }),
    { numRuns: 500 },
  );
});

test('every customer comes back from the day’s row without what was received', () => {
  fc.assert(
    fc.property(customer, (snapshot) => {
      const { raw: _raw, subscriptionIds: _ids, ...kept } = snapshot;
      const entity = toUsageByDayEntity(snapshot);
      expect(fromUsageEntity('UsageByDay', entity)).toStrictEqual(kept);
    }),
  );
});

test('every total comes back from its row as it was', () => {
  const totals: fc.Arbitrary<CurrencyTotal> = fc.record(
    {
      ...base,
      currency: fc.constantFrom('EUR', 'XXX'),
      totalCost: amount,
      customers: count,
      customersMissing: count,
    },
    { noNullPrototype: true },
  );
  fc.assert(
    fc.property(totals, (total) => {
      const entity = toCurrencyTotalEntity(total);
      expect(fromCurrencyTotalEntity('UsageByCustomer', entity)).toStrictEqual(total);
    }),
  );
});

test('every run comes back from its row as it was', () => {
  const runs: fc.Arbitrary<SnapshotRun> = withOptional(
    {
      snapshotDate: date,
      runId: id,
      partnerTenantId: text,
      trigger: fc.constantFrom(...(['timer', 'catchUp', 'closing', 'cli'] as const)),
      scope: fc.constantFrom(...(['all', 'customer'] as const)),
      status: fc.constantFrom(...(['running', 'complete', 'partial', 'failed'] as const)),
      startedAt: text,
      customersListed: count,
      customersWithUsage: count,
      customersWithoutUsage: count,
      customersRefused: count,
      customersFailed: count,
      customersSkipped: count,
      subscriptionsCaptured: count,
      subscriptionsFailed: count,
      requests: count,
      retries: count,
      throttled: count,
      tokenRequests: count,
      customersOnlyInUsageRecords: count,
      costMismatches: count,
    },
    { finishedAt: text, durationMs: count, customersRemaining: count, error: text },
  );
  fc.assert(
    fc.property(runs, (run) => {
      const entity = toSnapshotRunEntity(run);
      expect(fromSnapshotRunEntity('SnapshotRuns', entity)).toStrictEqual(run);
    }),
  );
});
