import Big from 'big.js';
import * as z from 'zod';
import { type Amount, parseAmount } from '../usage/amount.ts';
import { isDate } from '../usage/date.ts';

/**
 * The bodies of Partner Center's usage API, under the API's own names (Partner Center: customer
 * resources, subscription resources, customer usage resources, subscription usage resources).
 * Unknown fields and enum values pass; `null` counts as absent.
 */

/** No currency has amounts beyond this. */
const largestAmount = 1e15;
/** Partner Center sends some 25 digits; sums of these have to stay within what a column holds. */
const mostDigits = 100;

/** The literal of a number (see `parseLiteralJson`). */
const amount = z.unknown().transform((value, context): Amount => {
  try {
    const amount = parseAmount(String(value));
    // Only with an exponent are there more digits than characters.
    const digits = /e/i.test(amount) ? new Big(amount).toFixed().length : amount.length;
    if (Math.abs(Number(amount)) <= largestAmount && digits <= mostDigits) return amount;
  } catch {
    // Told below.
  }
  const message = `expected a number within ±10^15, of up to ${mostDigits} digits`;
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
});
const text = z.string().min(1);
/** GUIDs in all that was seen. Ids become keys of tables, so what no key can hold is no id. */
const id = z.string().regex(/^(?!partner$)[^/\\#?|\p{Cc}\p{Cs}]{1,255}$/iu, 'expected an id');
const maybe = <T extends z.ZodType>(schema: T) => schema.nullish().transform((v) => v ?? undefined);

/** A date whose local part tells the billing period; fractions and offset are kept as sent. */
const billingDate = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}(T|$)/, 'expected an ISO 8601 date')
  .refine((text) => isDate(text.slice(0, 10)), 'expected a date that exists');

/** `amount` is left out where there is no budget; one documented body spells it `ammount`. */
const budget = z.object({ amount: amount.nullish(), ammount: amount.nullish() });

const cost = {
  totalCost: amount,
  usdTotalCost: maybe(amount),
  currencyCode: maybe(z.string()),
  currencyLocale: maybe(z.string()),
  lastModifiedDate: maybe(z.string()),
};
const names = {
  resourceName: maybe(z.string()),
  name: maybe(z.string()),
};

/** Of a record one of the two is there; of a summary, whose path has the id, neither is needed. */
const ids = { resourceId: maybe(id), id: maybe(id) };

/** `PartnerUsageSummary`, `CustomerUsageSummary` and `SubscriptionUsageSummary`. */
export const usageSummarySchema = z.object({
  ...names,
  ...cost,
  budget: maybe(budget),
  billingStartDate: billingDate,
  billingEndDate: billingDate,
});
export type WireUsageSummary = z.infer<typeof usageSummarySchema>;

/** `CustomerMonthlyUsageRecord`. */
export const customerUsageRecordSchema = z
  .object({ ...names, ...ids, ...cost, budget: maybe(budget) })
  .refine((record) => record.id || record.resourceId, 'expected an id or resourceId');
export type WireCustomerUsageRecord = z.infer<typeof customerUsageRecordSchema>;

/** `SubscriptionMonthlyUsageRecord`. */
export const subscriptionUsageRecordSchema = z
  .object({
    ...names,
    ...ids,
    ...cost,
    status: maybe(z.string()),
    partnerOnRecord: maybe(z.string()),
    offerId: maybe(z.string()),
  })
  .refine((record) => record.id || record.resourceId, 'expected an id or resourceId');
export type WireSubscriptionUsageRecord = z.infer<typeof subscriptionUsageRecordSchema>;

/** `Customer`, as its list shows it. */
export const customerSchema = z.object({
  id,
  companyProfile: maybe(z.object({ companyName: maybe(z.string()), domain: maybe(z.string()) })),
});
export type WireCustomer = z.infer<typeof customerSchema>;

/** `Subscription`. */
export const subscriptionSchema = z.object({
  id,
  offerId: maybe(z.string()),
  offerName: maybe(z.string()),
  friendlyName: maybe(z.string()),
  status: maybe(z.string()),
  unitType: maybe(z.string()),
  billingType: maybe(z.string()),
  partnerId: maybe(z.string()),
});
export type WireSubscription = z.infer<typeof subscriptionSchema>;

/**
 * A page of any list. `totalCount` is left out on purpose: it counts the page, or lies. The items
 * are read one by one, each from its own text, so that a bad one costs only itself.
 */
export const pageSchema = z.object({
  items: z.array(z.string()),
  continuationToken: maybe(z.string()),
  links: maybe(
    z.object({
      next: maybe(
        z.object({
          uri: text,
          method: maybe(z.string()),
          headers: maybe(z.array(z.object({ key: text, value: z.string() }))),
        }),
      ),
    }),
  ),
});
export type WirePage = z.infer<typeof pageSchema>;
