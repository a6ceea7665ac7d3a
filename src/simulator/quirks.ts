/**
 * Peculiarities that Partner Center was seen or documented to have. All are off by default; none of
 * them is a failure, so that a client which knows them reads the same figures.
 */
export interface Quirks {
  /** A UTF-8 byte order mark before every JSON body. */
  byteOrderMark?: boolean;
  /** `application/json` without `; charset=utf-8`. */
  bareContentType?: boolean;
  /** How a page says that there is another: `links.next` (default), a token in the body, or both. */
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
}

/**
 * All quirks that leave the list readable to its end: all but `repeatedContinuation` and
 * `foreignNextLink`.
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

/** Where another host's next link leads: reserved for examples, RFC 2606. */
export const foreignHost = 'https://partner-center.example';
