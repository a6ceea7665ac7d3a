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

  // The following change what the API has of some customers, by the seed; expectations follow.

  /** Names from right to left, and of some 200 characters: one customer in seven. */
  foreignNames?: boolean;
  /** Figures stand still for two days in fourteen: one customer in three. */
  lateFigures?: boolean;
  /** Another currency every two months, of the calendar: one Azure plan customer in seven. */
  currencyChanges?: boolean;
  /** A day in each 25 that costs six times as much: one customer in three. */
  costSpikes?: boolean;
  /** The Azure subscriptions of a plan; by default 1 to 4. */
  azureSubscriptions?: number;
  /** Records of a plan that name no Azure subscription and no resource: one in eight. */
  unassignedRecords?: boolean;
  /** A resource comes as two records, its group in two spellings: one in six. */
  doubleSpelling?: boolean;
  /** Records with a negative cost, which another one makes up for: one in nine. */
  negativeRecords?: boolean;
  /** `null` for the names of Azure subscriptions and groups. */
  namelessRecords?: boolean;
  /** Records are of a later refresh than the summary, and a day ahead of it. */
  recordsAhead?: boolean;
  /** Records leave out some cents of the total. */
  missingCents?: boolean;
  /** The former route of meters is the only one. */
  formerMetersOnly?: boolean;
  /** Records by resource or meter are not to be had. */
  recordsNotFound?: boolean;
  /** Answers with records by resource or meter take so long, in milliseconds. */
  slowRecordsMs?: number;
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

/** Host of `foreignNextLink`: reserved for examples, RFC 2606. */
export const foreignHost = 'https://partner-center.example';
