import Big from 'big.js';
import * as z from 'zod';
import type { Amount } from '../usage/amount.ts';
import { anyCase } from './anyCase.ts';
import { isNumberLiteral } from './tolerantReading.ts';

/**
 * The bodies of Partner Center's usage API, under the API's own names (Partner Center: customer
 * resources, subscription resources, customer usage resources, subscription usage resources).
 * Unknown fields and enum values pass; `null` counts as absent. Numbers come as their literal
 * texts. `params.kindOf` of a custom issue describes a text that cannot be read.
 */

/** No currency has amounts beyond this. */
const largestAmount = 1e15;
/** Partner Center sends some 25 digits; sums of these have to fit into a column. */
const maxDigits = 100;

/** The literal of a number, also where the body has it as a text. */
const amount = z.custom<Amount>(
  (value) => typeof value === 'string' && kindOfAmount(value) === undefined,
  {
    error: `expected a number within ±10^15, of up to ${maxDigits} digits`,
    params: { kindOf: kindOfAmount },
  },
);

/** Why an amount cannot be read; `undefined` where it can. */
function kindOfAmount(text: string): string | undefined {
  if (!isNumberLiteral(text)) return 'a text that is no number';
  if (Math.abs(Number(text)) > largestAmount) return 'an amount beyond ±10^15';
  return digitsOf(text) > maxDigits ? `a number of more than ${maxDigits} digits` : undefined;
}

/** Digits of a literal that is written out. */
function digitsOf(literal: string): number {
  const exponent = /e([+-]?\d+)$/i.exec(literal)?.[1];
  if (exponent === undefined) return literal.length;
  if (Math.abs(Number(exponent)) > maxDigits) return Number.POSITIVE_INFINITY;
  return new Big(literal).toFixed().length;
}

/** A text that passes a test; `kind` describes a text that does not. */
function textOf(test: RegExp, error: string, kind: string) {
  const kindOf = (text: string) => (isNumberLiteral(text) ? 'a number' : kind);
  return z.custom<string>((value) => typeof value === 'string' && test.test(value), {
    error,
    params: { kindOf },
  });
}

/** So far always GUIDs. Ids become keys of tables, so a text that no key can hold is rejected. */
const id = textOf(
  /^(?!partner$)[^/\\#?|\p{Cc}\p{Cs}]{1,255}$/iu,
  'expected an id',
  'a text that is no id',
);
/** An empty text where there is none. */
const idOrNone = textOf(
  /^[^/\\#?|\p{Cc}\p{Cs}]{0,255}$/u,
  'expected an id',
  'a text that is no id',
);
/** Kept as sent, with fraction and offset. Some services write a space instead of the `T`. */
const date = textOf(
  /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?:[T ]|$)/,
  'expected an ISO 8601 date',
  'a text that is no ISO 8601 date',
);
/** A currency or a culture: a text that is no number. */
const currency = textOf(/^(?!-?\d)/, 'expected a text', 'a text');
const text = z.string();

/** `amount` is left out where there is no budget; one documented body spells it `ammount`. */
const budget = anyCase(z.object({ amount: amount.nullish(), ammount: amount.nullish() }));

const costBeside = {
  usdTotalCost: amount.nullish(),
  currencyCode: currency.nullish(),
  currencyLocale: currency.nullish(),
  lastModifiedDate: date.nullish(),
};
const names = {
  resourceName: text.nullish(),
  name: text.nullish(),
};

/** A record has one of the two; a summary needs neither, as its path has the id. */
const ids = { resourceId: id.nullish(), id: id.nullish() };
const hasId = (record: z.infer<z.ZodObject<typeof ids>>) =>
  typeof (record.id ?? record.resourceId) === 'string';
const expectedId = 'expected an id or resourceId';

/** `PartnerUsageSummary`, `CustomerUsageSummary` and `SubscriptionUsageSummary`. */
export const usageSummarySchema = anyCase(
  z.object({
    ...names,
    totalCost: amount,
    ...costBeside,
    budget: budget.nullish(),
    billingStartDate: date.nullish(),
    billingEndDate: date.nullish(),
  }),
);
export type WireUsageSummary = z.infer<typeof usageSummarySchema>;

/** `CustomerMonthlyUsageRecord`. */
export const customerUsageRecordSchema = anyCase(
  z.object({
    ...names,
    ...ids,
    totalCost: amount.nullish(),
    ...costBeside,
    budget: budget.nullish(),
  }),
).refine(hasId, expectedId);
export type WireCustomerUsageRecord = z.infer<typeof customerUsageRecordSchema>;

/** `SubscriptionMonthlyUsageRecord`. */
export const subscriptionUsageRecordSchema = anyCase(
  z.object({
    ...names,
    ...ids,
    totalCost: amount.nullish(),
    ...costBeside,
    status: text.nullish(),
    partnerOnRecord: text.nullish(),
    offerId: text.nullish(),
  }),
).refine(hasId, expectedId);
export type WireSubscriptionUsageRecord = z.infer<typeof subscriptionUsageRecordSchema>;

/**
 * `ResourceUsageRecord`, `MeterUsageRecord` and `AzureResourceMonthlyUsageRecord`: what their sums
 * are made of. The whole record is kept as received.
 */
export const usageDetailSchema = anyCase(
  z.object({
    entitlementId: idOrNone.nullish(),
    entitlementName: text.nullish(),
    totalCost: amount.nullish(),
    usdTotalCost: amount.nullish(),
    currencyCode: currency.nullish(),
    lastModifiedDate: date.nullish(),
  }),
);
export type WireUsageDetail = z.infer<typeof usageDetailSchema>;

/** `Customer`, as its list shows it. */
export const customerSchema = anyCase(
  z.object({
    id,
    companyProfile: anyCase(
      z.object({ companyName: text.nullish(), domain: text.nullish() }),
    ).nullish(),
  }),
);
export type WireCustomer = z.infer<typeof customerSchema>;

/** `Subscription`. */
export const subscriptionSchema = anyCase(
  z.object({
    id,
    offerId: text.nullish(),
    offerName: text.nullish(),
    friendlyName: text.nullish(),
    status: text.nullish(),
    unitType: text.nullish(),
    billingType: text.nullish(),
    partnerId: text.nullish(),
  }),
);
export type WireSubscription = z.infer<typeof subscriptionSchema>;

/** Other fields of a page of a list (Partner Center: a resource collection). */
const besideItems = ['totalCount', 'continuationToken', 'links', 'attributes'];

/**
 * A page of any list. `totalCount` is ignored: it may count the page only, or be wrong. The items
 * are read one by one from their own texts, so that a bad one does not hide the others, and the
 * link to the next page by {@link nextSchema}. An object without any of these fields is not an
 * empty list.
 */
export const pageSchema = anyCase(
  z.looseObject({
    items: z.array(z.unknown()).nullish(),
    totalCount: z.unknown().optional(),
    continuationToken: z.unknown().optional(),
    links: z.unknown().optional(),
    attributes: z.unknown().optional(),
  }),
).refine((page) => {
  const names = Object.keys(page);
  return names.length === 0 || ['items', ...besideItems].some((name) => names.includes(name));
}, 'expected a list');
export type WirePage = z.infer<typeof pageSchema>;

const filled = z.string().min(1);
const header = anyCase(z.object({ key: filled, value: z.string() }));
const nextLink = anyCase(
  z.object({
    uri: filled,
    method: text.nullish(),
    headers: z.array(header).nullish(),
  }),
);

/** How a page names the next one, in one or both of two ways. */
export const nextSchema = z.object({
  continuationToken: text.nullish(),
  links: anyCase(z.object({ next: nextLink.nullish() })).nullish(),
});
