import Big from 'big.js';
import * as z from 'zod';
import { type Amount, parseAmount } from '../usage/amount.ts';
import { anyCase } from './anyCase.ts';
import { isNumberLiteral } from './tolerantReading.ts';

/**
 * The bodies of Partner Center's usage API, under the API's own names (Partner Center: customer
 * resources, subscription resources, customer usage resources, subscription usage resources).
 * Unknown fields and enum values pass; `null` counts as absent. Numbers come as the texts that
 * stood in the body. A custom issue says in `params.kind` what stood there, never its text.
 */

/** No currency has amounts beyond this. */
const largestAmount = 1e15;
/** Partner Center sends some 25 digits; sums of these have to stay within what a column holds. */
const mostDigits = 100;
const expectedAmount = `expected a number within ±10^15, of up to ${mostDigits} digits`;

/** The literal of a number, also where the body has it as a text. */
const amount = z.string({ error: expectedAmount }).transform((text, context): Amount => {
  let kind = 'a text that is no number';
  if (isNumberLiteral(text)) {
    if (Math.abs(Number(text)) > largestAmount) kind = 'an amount beyond ±10^15';
    else if (digitsOf(text) > mostDigits) kind = `a number of more than ${mostDigits} digits`;
    else return parseAmount(text);
  }
  context.addIssue({ code: 'custom', message: expectedAmount, params: { kind } });
  return z.NEVER;
});

/** Digits of a literal that is written out. */
function digitsOf(literal: string): number {
  const exponent = /e([+-]?\d+)$/i.exec(literal)?.[1];
  if (exponent === undefined) return literal.length;
  if (Math.abs(Number(exponent)) > mostDigits) return Number.POSITIVE_INFINITY;
  return new Big(literal).toFixed().length;
}

/** A text that passes a test; `kind` says what one is that does not. */
function textOf(test: RegExp, expectation: string, kind: string) {
  return z.string().superRefine((text, context) => {
    if (test.test(text)) return;
    const params = { kind: isNumberLiteral(text) ? 'a number' : kind };
    context.addIssue({ code: 'custom', message: expectation, params });
  });
}

/** GUIDs in all that was seen. Ids become keys of tables, so what no key can hold is no id. */
const id = textOf(
  /^(?!partner$)[^/\\#?|\p{Cc}\p{Cs}]{1,255}$/iu,
  'expected an id',
  'a text that is no id',
);
/** Kept as sent, with fraction and offset. Some services put a space for the `T`. */
const date = textOf(
  /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?:[T ]|$)/,
  'expected an ISO 8601 date',
  'a text that is no ISO 8601 date',
);
/** A currency or a culture: a text that is no number, or an empty one. */
const currency = textOf(/^(?!-?\d)/, 'expected a text', 'a text');

const maybe = <T extends z.ZodType>(schema: T) => schema.nullish().transform((v) => v ?? undefined);
/** Blanks count as absent. */
const maybeText = (schema: z.ZodType<string> = z.string()) =>
  schema.nullish().transform((text) => (text?.trim() ? text : undefined));

/** `amount` is left out where there is no budget; one documented body spells it `ammount`. */
const budget = anyCase(z.object({ amount: maybe(amount), ammount: maybe(amount) }));

const costBeside = {
  usdTotalCost: maybe(amount),
  currencyCode: maybeText(currency),
  currencyLocale: maybeText(currency),
  lastModifiedDate: maybe(date),
};
const names = {
  resourceName: maybeText(),
  name: maybeText(),
};

/** Of a record one of the two is there; of a summary, whose path has the id, neither is needed. */
const ids = { resourceId: maybe(id), id: maybe(id) };
const hasId = (record: { id: string | undefined; resourceId: string | undefined }) =>
  record.id !== undefined || record.resourceId !== undefined;
const expectedId = 'expected an id or resourceId';

/** `PartnerUsageSummary`, `CustomerUsageSummary` and `SubscriptionUsageSummary`. */
export const usageSummarySchema = anyCase(
  z.object({
    ...names,
    totalCost: amount,
    ...costBeside,
    budget: maybe(budget),
    billingStartDate: maybe(date),
    billingEndDate: maybe(date),
  }),
);
export type WireUsageSummary = z.infer<typeof usageSummarySchema>;

/** `CustomerMonthlyUsageRecord`. */
export const customerUsageRecordSchema = anyCase(
  z.object({ ...names, ...ids, totalCost: maybe(amount), ...costBeside, budget: maybe(budget) }),
).refine(hasId, expectedId);
export type WireCustomerUsageRecord = z.infer<typeof customerUsageRecordSchema>;

/** `SubscriptionMonthlyUsageRecord`. */
export const subscriptionUsageRecordSchema = anyCase(
  z.object({
    ...names,
    ...ids,
    totalCost: maybe(amount),
    ...costBeside,
    status: maybeText(),
    partnerOnRecord: maybeText(),
    offerId: maybeText(),
  }),
).refine(hasId, expectedId);
export type WireSubscriptionUsageRecord = z.infer<typeof subscriptionUsageRecordSchema>;

/** `Customer`, as its list shows it. */
export const customerSchema = anyCase(
  z.object({
    id,
    companyProfile: maybe(anyCase(z.object({ companyName: maybeText(), domain: maybeText() }))),
  }),
);
export type WireCustomer = z.infer<typeof customerSchema>;

/** `Subscription`. */
export const subscriptionSchema = anyCase(
  z.object({
    id,
    offerId: maybeText(),
    offerName: maybeText(),
    friendlyName: maybeText(),
    status: maybeText(),
    unitType: maybeText(),
    billingType: maybeText(),
    partnerId: maybeText(),
  }),
);
export type WireSubscription = z.infer<typeof subscriptionSchema>;

/**
 * A page of any list. `totalCount` is left out on purpose: it counts the page, or lies. The items
 * are read one by one, each from its own text, so that a bad one costs only itself; so is what
 * leads to the next page, by {@link nextSchema}.
 */
export const pageSchema = anyCase(
  z.object({
    items: maybe(z.array(z.string())),
    // An error's body is no empty list.
    code: z.never().optional(),
    statusCode: z.never().optional(),
    continuationToken: z.unknown().optional(),
    links: z.unknown().optional(),
  }),
);
export type WirePage = z.infer<typeof pageSchema>;

const text = z.string().min(1);
const header = anyCase(z.object({ key: text, value: z.string() }));

/** How a page names the next one, in one or both of two ways. */
export const nextSchema = z.object({
  continuationToken: maybeText(),
  links: maybe(
    anyCase(
      z.object({
        next: maybe(
          anyCase(
            z.object({
              uri: text,
              method: maybe(z.string()),
              headers: maybe(z.array(header)),
            }),
          ),
        ),
      }),
    ),
  ),
});
