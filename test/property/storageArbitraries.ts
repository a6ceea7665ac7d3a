import fc from 'fast-check';
import { type Amount, parseAmount } from '../../src/usage/amount.ts';
import { utcDateOf } from '../../src/usage/date.ts';
import type { LedgerRow } from '../../src/usage/ledgerRow.ts';
import type { RecordedCost } from '../../src/usage/recordedCost.ts';
import type {
  CustomerSnapshot,
  Failure,
  Outcome,
  PartnerSnapshot,
  SubscriptionSnapshot,
  UsageFigures,
} from '../../src/usage/usageSnapshot.ts';

export const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.constantFrom('', "O'Brien", '"', '\\', '😀', '\u0000', '\u2028', '{"value":1}', '__proto__'),
);
export const id = fc.oneof(
  fc.uuid(),
  fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
    .filter((part) => !/[/\\#?|\p{Cc}]/u.test(part) && part.toLowerCase() !== 'partner'),
);
export const date = fc
  .date({ min: new Date('2000-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })
  .map((day) => utcDateOf(day.getTime()));
export const count = fc.nat();

const digits = fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 1, maxLength: 20 });
export const amount: fc.Arbitrary<Amount> = fc
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
export function withOptional<Required extends object, Optional extends object>(
  required: { [Name in keyof Required]: fc.Arbitrary<Required[Name]> },
  optional: { [Name in keyof Optional]: fc.Arbitrary<Optional[Name]> },
): fc.Arbitrary<Required & Partial<Optional>> {
  return fc
    .tuple(fc.record(required), fc.record(optional, { requiredKeys: [] }))
    .map(([always, sometimes]) => ({ ...always, ...sometimes }) as Required & Partial<Optional>);
}

/** A date that any day's billing period may have, and whatever else the API says of it. */
const billingDate = text.map((rest) => `2010-01-01T${rest}`);
const ofOneDay = withOptional(
  {
    plan: fc.constantFrom('azurePlan' as const, 'payAsYouGo' as const),
    totalCost: amount,
    currency: fc.constantFrom('EUR', 'XXX'),
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
const period = fc.record({ billingStartDate: billingDate, billingEndDate: billingDate });
const figures: fc.Arbitrary<UsageFigures> = fc
  .tuple(ofOneDay, fc.option(period, { nil: {} }))
  .map(([rest, dates]) => ({ ...rest, ...dates }));
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

export const base = { snapshotDate: date, capturedAt: text, runId: text };
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

export const partner: fc.Arbitrary<PartnerSnapshot> = fc
  .tuple(
    withOptional({ ...base, resource: fc.constant('partner' as const) }, { raw: text }),
    outcomes,
  )
  .map(([own, outcome]) => ({ ...own, ...outcome }));
export const customer: fc.Arbitrary<CustomerSnapshot> = fc
  .tuple(
    withOptional(
      { ...base, resource: fc.constant('customer' as const), customerId: id, customerName: text },
      {
        customerDomain: text,
        raw: text,
        subscriptionIds: fc.array(text),
        expectedCurrency: fc.constant('NOK'),
      },
    ),
    outcomes,
  )
  .map(([{ expectedCurrency, ...own }, outcome]) => ({
    ...own,
    ...outcome,
    // Only of a customer without figures.
    ...('figures' in outcome || expectedCurrency === undefined ? {} : { expectedCurrency }),
  }));
export const subscription: fc.Arbitrary<SubscriptionSnapshot> = fc
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

const cost: fc.Arbitrary<RecordedCost> = withOptional(
  { daysCovered: fc.nat({ max: 3_650 }), isStale: fc.boolean() },
  { dailyCost: amount, forecastTotalCost: amount },
);
export const ledgerRow: fc.Arbitrary<LedgerRow> = fc
  .tuple(
    customer,
    withOptional(
      {},
      { cost, expectedCost: amount, isAnomalyDelivered: fc.boolean(), causes: text },
    ),
  )
  .map(([snapshot, extras]) => ({ ...snapshot, ...extras }));
