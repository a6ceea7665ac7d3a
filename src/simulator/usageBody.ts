import { makeAwkward } from './awkwardValues.ts';
import type { SimulatedCustomer, SimulatedSubscription } from './customer.ts';
import { turnOf } from './customerQuirks.ts';
import { fromLiteral, percentLiteral, rawNumber, toLiteral } from './decimal.ts';
import type { CustomerFigures, SubscriptionFigures } from './figures.ts';
import type { Quirks } from './quirks.ts';

const budgetAttributes = { objectType: 'SpendingBudget' };

export function linkTo(uri: string) {
  return { uri, method: 'GET', headers: [] };
}

export function selfLink(uri: string) {
  return { self: linkTo(uri) };
}

export function currencyOf(customer: SimulatedCustomer) {
  return 'currencyCode' in customer.currency
    ? { currencyCode: customer.currency.currencyCode }
    : { currencyLocale: customer.currency.currencyLocale };
}

function budgetOf(customer: SimulatedCustomer, name = 'amount') {
  const { budgetAmount } = customer;
  // Without a budget the amount is absent, not null.
  if (budgetAmount === undefined) return { attributes: budgetAttributes };
  return { [name]: rawNumber(budgetAmount), attributes: budgetAttributes };
}

function customerIdOf(customer: SimulatedCustomer, quirks: Quirks): string {
  return quirks.upperCaseIds ? customer.id.toUpperCase() : customer.id;
}

/** Legacy subscription ids are in upper case on the wire. */
export function subscriptionIdOf(
  customer: SimulatedCustomer,
  subscription: SimulatedSubscription,
  quirks: Quirks = {},
): string {
  return customer.kind === 'legacy' || quirks.upperCaseIds
    ? subscription.id.toUpperCase()
    : subscription.id;
}

/**
 * `customers/{id}/usagesummary`. The documented sample of a legacy one has no `resourceId` and
 * `resourceName`; Microsoft's SDKs and its swagger have them as well as `id` and `name`.
 */
export function customerSummaryBody(
  customer: SimulatedCustomer,
  figures: CustomerFigures,
  quirks: Quirks,
) {
  const { billingStartDate, billingEndDate } = figures.period;
  const attributes = { objectType: 'CustomerUsageSummary' };
  const totalCost = rawNumber(toLiteral(figures.totalCost));
  const { lastModifiedDate } = figures;
  const common = { billingStartDate, billingEndDate, totalCost, ...currencyOf(customer) };
  if (customer.kind === 'legacy') {
    const id = customer.id.toUpperCase();
    const body = {
      budget: budgetOf(customer, quirks.misspeltAmount ? 'ammount' : 'amount'),
      resourceId: id,
      id,
      resourceName: customer.name,
      name: customer.name,
      ...common,
      lastModifiedDate,
      links: selfLink(`/customers/${customer.id}/usagesummary`),
      attributes,
    };
    return makeAwkward(body, quirks, turnOf(customer));
  }
  const body = {
    budget: budgetOf(customer),
    resourceId: customerIdOf(customer, quirks),
    resourceName: customer.name,
    ...common,
    ...usdOf(figures),
    lastModifiedDate,
    attributes,
  };
  return makeAwkward(body, quirks, turnOf(customer));
}

/** `customers/{id}/subscriptions/{id}/usagesummary`. */
export function subscriptionSummaryBody(
  customer: SimulatedCustomer,
  figures: CustomerFigures,
  own: SubscriptionFigures,
  quirks: Quirks,
) {
  const id = subscriptionIdOf(customer, own.subscription, quirks);
  const { name } = own.subscription;
  const isLegacy = customer.kind === 'legacy';
  const body = {
    resourceId: id,
    ...(isLegacy && { id }),
    resourceName: name,
    ...(isLegacy && { name }),
    billingStartDate: figures.period.billingStartDate,
    billingEndDate: figures.period.billingEndDate,
    totalCost: rawNumber(toLiteral(own.totalCost)),
    ...currencyOf(customer),
    ...usdOf(own),
    lastModifiedDate: own.lastModifiedDate,
    links: selfLink(`/customers/${customer.id}/subscriptions/${id}/usagesummary`),
    attributes: { objectType: 'SubscriptionUsageSummary' },
  };
  return makeAwkward(body, quirks, turnOf(customer));
}

/** The items of `customers/usagerecords` for a customer: one, or two by a quirk. */
export function customerRecordBodies(
  customer: SimulatedCustomer,
  figures: CustomerFigures,
  quirks: Quirks,
) {
  const id = customerIdOf(customer, quirks);
  const isLegacy = customer.kind === 'legacy';
  const budget = customer.budgetAmount;
  const body = {
    budget: budgetOf(customer),
    ...(isLegacy && { customerSpendingBudget: budgetOf(customer) }),
    percentUsed: rawNumber(percentUsedOf(figures, budget)),
    isUpgraded: !isLegacy,
    resourceId: id,
    id,
    resourceName: customer.name,
    name: customer.name,
    totalCost: rawNumber(toLiteral(figures.totalCost)),
    ...currencyOf(customer),
    ...recordUsdOf(figures),
    lastModifiedDate: figures.lastModifiedDate,
    attributes: { objectType: 'CustomerMonthlyUsageRecord' },
  };
  const record = makeAwkward(body, quirks, turnOf(customer));
  if (!quirks.doubledRecords || figures.totalCost === 0n) return [record];
  const idle = { ...record, percentUsed: 0, totalCost: 0, usdTotalCost: 0 };
  return turnOf(customer) % 2 === 0 ? [record, idle] : [idle, record];
}

/** Percent of the budget as a literal with up to 2 digits. */
export function percentUsedOf(figures: CustomerFigures, budget: string | undefined): string {
  return percentLiteral(figures.totalCost, budget === undefined ? undefined : fromLiteral(budget));
}

/** `customers/{id}/subscriptions/usagerecords`. */
export function subscriptionRecordsBody(
  customer: SimulatedCustomer,
  figures: CustomerFigures,
  quirks: Quirks,
) {
  const items = figures.subscriptions.map((own) => {
    const { status, partnerOnRecord, offerId, name } = own.subscription;
    const id = subscriptionIdOf(customer, own.subscription, quirks);
    const body = {
      status,
      partnerOnRecord,
      offerId,
      resourceId: id,
      id,
      resourceName: name,
      name,
      totalCost: rawNumber(toLiteral(own.totalCost)),
      ...currencyOf(customer),
      ...recordUsdOf(own),
      lastModifiedDate: own.lastModifiedDate,
      attributes: { objectType: 'SubscriptionMonthlyUsageRecord' },
    };
    return makeAwkward(body, quirks, turnOf(customer));
  });
  return {
    totalCount: items.length + (quirks.wrongTotalCount ? 7 : 0),
    items,
    links: selfLink(`/customers/${customer.id}/subscriptions/usagerecords`),
    attributes: { objectType: 'Collection' },
  };
}

function usdOf({ usdTotalCost }: { usdTotalCost?: bigint }) {
  return usdTotalCost === undefined ? {} : { usdTotalCost: rawNumber(toLiteral(usdTotalCost)) };
}

/** Legacy records have a meaningless 0. */
function recordUsdOf(figures: { usdTotalCost?: bigint }) {
  return { usdTotalCost: 0, ...usdOf(figures) };
}
