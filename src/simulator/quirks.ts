/**
 * Peculiarities that Partner Center was seen or documented to have. All are off by default. None of
 * them is a failure: a client that handles them reads the same figures.
 */
export interface Quirks {
  /** A UTF-8 byte order mark before every JSON body. */
  byteOrderMark?: boolean;
  /** `application/json` without `; charset=utf-8`. */
  bareContentType?: boolean;
  /** How a page says that there is another: `links.next`, a token in the body, or both (default). */
  continuation?: 'link' | 'token' | 'both';
  /** The next link's uri begins with `/customers` instead of `/v1/customers`. */
  nextLinkWithoutVersion?: boolean;
  /** The next link names a second header, without which its page is refused (400, code 800002). */
  nextLinkExtraHeader?: boolean;
  /** The last page names a continuation too, which answers 400 with code 2000. */
  continuationAfterLastPage?: boolean;
  /** The last page has no `links` at all. */
  lastPageWithoutLinks?: boolean;
  /**
   * The second page answers 204 with `Retry-After` when it is first asked for: a second from then,
   * in seconds or as an HTTP date.
   */
  pageNotReady?: 'seconds' | 'date';
  /** `totalCount` is neither the number of items nor that of all. */
  wrongTotalCount?: boolean;
  /** Each page begins with the last customer of the page before. */
  repeatedCustomers?: boolean;
  /** Every sixth customer with usage is missing from the list; the usage records name it. */
  unlistedCustomers?: boolean;
  /** Maximum of customers on a page, also where a larger size is asked for; 500 by default. */
  customersPageSize?: number;
  /** Items on a page of `customers/usagerecords`; one page by default. */
  usageRecordsPageSize?: number;
  /** Ids in upper case in usage records and usage summaries. */
  upperCaseIds?: boolean;
  /** Error codes as strings. */
  stringCodes?: boolean;
  /** `ammount` in the budget of a legacy customer's summary, as the documentation prints it. */
  misspeltAmount?: boolean;
  /** From the third page on, a page's continuation is the one it was asked for with: a loop. */
  repeatedContinuation?: boolean;
  /** The next link leads to another host, which must not get the token. */
  foreignNextLink?: boolean;

  // The following apply to one customer in three, by the seed; the figures themselves do not
  // change.

  /** `TotalCost` in place of `totalCost`, in all answers about the customer and in the lists. */
  pascalCase?: boolean;
  /** Billing dates 0001-01-01 and 9999-12-31, .NET's values for "none" and "never". */
  defaultDates?: boolean;
  /** Every date of a summary or record is null. */
  nullDates?: boolean;
  /** Dates as .NET prints them in the US: `3/31/2026 12:00:00 AM +00:00`. */
  usDates?: boolean;
  /** A space in place of the T: `2026-03-31 00:00:00Z`. */
  spacedDates?: boolean;
  /** `usdTotalCost` is `""` or `"NaN"`. */
  emptyUsd?: boolean;
  /** The budget is a bare number, has an empty text for its amount, or 21 digits. */
  oddBudget?: boolean;
  /** Names of customers, subscriptions and plans are null. */
  nullNames?: boolean;
  /** `currencyCode: ""` beside the `currencyLocale` of a legacy customer. */
  emptyCurrencyCode?: boolean;
  /** 204 in place of code 3000 on the summary of a customer without usage. */
  noContentSummary?: boolean;
  /** Two records of a customer in `customers/usagerecords`, one of them with cost 0, either first. */
  doubledRecords?: boolean;

  // The following are those of records of resources and meters.

  /** The Azure subscriptions of a plan, 1 or more; by default 1 to 4. */
  azureSubscriptions?: number;
  /** The wrong kind of subscription answers 404 instead of 400. */
  wrongKindNotFound?: boolean;
  /** `meterusagerecords` refuses legacy subscriptions: they have the former route alone. */
  formerMetersOnly?: boolean;
  /** All of these routes answer 404. */
  recordsNotFound?: boolean;
  /** Time that an answer takes longer. */
  slowRecordsMs?: number;

  // The following apply to the records of one customer in three, by the seed; expectations follow.

  /** 20,000 resources of a plan. */
  manyResources?: boolean;
  /** An Azure subscription is cancelled in each period: its cost stays to the end of it. */
  cancelledAzureSubscriptions?: boolean;
  /** `entitlementName` and `resourceGroupName` are null. */
  namelessRecords?: boolean;
  /**
   * Three records without a resource: `resourceUri` is empty, null, and absent together with the
   * Azure subscription.
   */
  unassignedRecords?: boolean;
  /** Two records of one resource, its resource group in upper case in one, in lower in the other. */
  doubleSpelling?: boolean;
  /** A record of negative cost. */
  negativeRecords?: boolean;
  /** Refreshed later than the summary: the figures are a day ahead of it. */
  recordsAhead?: boolean;
  /** The records add up to some cents less than the summary. */
  missingCents?: boolean;

  // The following change what the API has of some customers, by the seed; expectations follow.

  /** Names from right to left, and of some 200 characters: one customer in seven. */
  foreignNames?: boolean;
  /** Figures stand still for two days in fourteen: one customer in three. */
  lateFigures?: boolean;
  /** Another currency every two months, of the calendar: one Azure plan customer in seven. */
  currencyChanges?: boolean;
  /** A day in each 25 that costs six times as much: one customer in three. */
  costSpikes?: boolean;
}

/**
 * The quirks of lists and of how bodies are sent, except `repeatedContinuation` and
 * `foreignNextLink`, with which a list cannot be read to its end.
 */
export const allQuirks: Readonly<Quirks> = {
  byteOrderMark: true,
  bareContentType: true,
  continuation: 'both',
  nextLinkWithoutVersion: true,
  nextLinkExtraHeader: true,
  continuationAfterLastPage: true,
  pageNotReady: 'seconds',
  wrongTotalCount: true,
  repeatedCustomers: true,
  unlistedCustomers: true,
  usageRecordsPageSize: 500,
  upperCaseIds: true,
  stringCodes: true,
  misspeltAmount: true,
};

/** The quirks of values and property names, which apply to some customers only. */
export const valueQuirks = {
  pascalCase: true,
  defaultDates: true,
  nullDates: true,
  usDates: true,
  spacedDates: true,
  emptyUsd: true,
  oddBudget: true,
  nullNames: true,
  emptyCurrencyCode: true,
  noContentSummary: true,
  doubledRecords: true,
} as const satisfies Quirks;

/** The quirks of records of resources and meters that apply to some customers only. */
export const recordQuirks = {
  manyResources: true,
  cancelledAzureSubscriptions: true,
  namelessRecords: true,
  unassignedRecords: true,
  doubleSpelling: true,
  negativeRecords: true,
  recordsAhead: true,
  missingCents: true,
} as const satisfies Quirks;

/** Host of `foreignNextLink`: reserved for examples, RFC 2606. */
export const foreignHost = 'https://partner-center.example';
