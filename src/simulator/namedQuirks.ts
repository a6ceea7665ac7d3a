import { parseNames } from './nameList.ts';
import type { Quirks } from './quirks.ts';

/** Small enough that 40 customers make three pages with any size that a client asks for. */
const smallPages = { customersPageSize: 15 };

/** The quirks by name, each set so that it occurs in a night of 40 customers. */
export const namedQuirks = {
  byteOrderMark: {
    preset: { byteOrderMark: true },
    words: 'a UTF-8 byte order mark before every JSON body',
  },
  bareContentType: {
    preset: { bareContentType: true },
    words: 'application/json without a charset',
  },
  continuation: {
    preset: { continuation: 'token', ...smallPages },
    words: 'pages continue by a token in the body alone, without links.next',
  },
  nextLinkWithoutVersion: {
    preset: { nextLinkWithoutVersion: true, ...smallPages },
    words: 'the next link begins with /customers instead of /v1/customers',
  },
  nextLinkExtraHeader: {
    preset: { nextLinkExtraHeader: true, ...smallPages },
    words: 'the next link names a second header, which has to be sent',
  },
  continuationAfterLastPage: {
    preset: { continuationAfterLastPage: true },
    words: 'the last page names a continuation too, answered by 400 with code 2000',
  },
  lastPageWithoutLinks: {
    preset: { lastPageWithoutLinks: true },
    words: 'the last page has no links at all',
  },
  pageNotReady: {
    preset: { pageNotReady: 'seconds', ...smallPages },
    words: 'the second page answers 204 with Retry-After at first',
  },
  wrongTotalCount: {
    preset: { wrongTotalCount: true },
    words: 'totalCount is 7 too high',
  },
  repeatedCustomers: {
    preset: { repeatedCustomers: true, ...smallPages },
    words: 'each page begins with the last customer of the page before',
  },
  unlistedCustomers: {
    preset: { unlistedCustomers: true },
    words: 'every sixth customer with usage is missing from the list',
  },
  customersPageSize: {
    preset: smallPages,
    words: 'at most 15 customers on a page, whatever size is asked for',
  },
  usageRecordsPageSize: {
    preset: { usageRecordsPageSize: 15 },
    words: 'the usage records come in pages of 15',
  },
  upperCaseIds: {
    preset: { upperCaseIds: true },
    words: 'ids in upper case in usage records and summaries',
  },
  stringCodes: {
    preset: { stringCodes: true },
    words: 'error codes as strings',
  },
  misspeltAmount: {
    preset: { misspeltAmount: true },
    words: 'ammount in the budget of legacy customers',
  },
  repeatedContinuation: {
    preset: { repeatedContinuation: true, ...smallPages },
    words: 'the second page leads back to itself: the list has no end',
  },
  foreignNextLink: {
    preset: { foreignNextLink: true, ...smallPages },
    words: 'the next link leads to another host: the list cannot be read',
  },
  pascalCase: {
    preset: { pascalCase: true },
    words: 'TotalCost, Items, … for a third of the customers, and in the lists',
  },
  defaultDates: {
    preset: { defaultDates: true },
    words: 'billing dates 0001-01-01 and 9999-12-31 for a third of the customers',
  },
  nullDates: {
    preset: { nullDates: true },
    words: 'null for the dates of a third of the customers',
  },
  usDates: {
    preset: { usDates: true },
    words: '3/31/2026 12:00:00 AM +00:00 for a third of the customers',
  },
  spacedDates: {
    preset: { spacedDates: true },
    words: '2026-03-31 00:00:00Z for a third of the customers',
  },
  emptyUsd: {
    preset: { emptyUsd: true },
    words: 'usdTotalCost "" or "NaN" for a third of the customers',
  },
  oddBudget: {
    preset: { oddBudget: true },
    words: 'budgets such as 500 or {"amount":""} for a third of the customers',
  },
  nullNames: {
    preset: { nullNames: true },
    words: 'null for the names of a third of the customers',
  },
  emptyCurrencyCode: {
    preset: { emptyCurrencyCode: true },
    words: 'currencyCode "" beside a locale, for a third of the legacy customers',
  },
  noContentSummary: {
    preset: { noContentSummary: true },
    words: '204 on the summary of a third of the customers without usage',
  },
  doubledRecords: {
    preset: { doubledRecords: true },
    words: 'a second usage record, of cost 0, for a third of the customers',
  },
  wrongKindNotFound: {
    preset: { wrongKindNotFound: true },
    words: '404 on resources of legacy subscriptions and on legacy meters of plans',
  },
  slowRecordsMs: {
    preset: { slowRecordsMs: 2000 },
    words: 'records of resources and meters take 2 seconds longer',
  },
  azureSubscriptions: {
    preset: { azureSubscriptions: 51 },
    words: '51 Azure subscriptions below each plan',
  },
  formerMetersOnly: {
    preset: { formerMetersOnly: true },
    words: 'meterusagerecords of legacy subscriptions answers 400',
  },
  recordsNotFound: {
    preset: { recordsNotFound: true },
    words: '404 on all records of resources and meters',
  },
  manyResources: {
    preset: { manyResources: true },
    words: '20,000 resources in the plans of a third of the customers',
  },
  cancelledAzureSubscriptions: {
    preset: { cancelledAzureSubscriptions: true },
    words: 'an Azure subscription of a third of the customers ends each period',
  },
  namelessRecords: {
    preset: { namelessRecords: true },
    words: 'null for the names of Azure subscriptions and groups of a third of the customers',
  },
  unassignedRecords: {
    preset: { unassignedRecords: true },
    words: 'records without a resourceUri for a third of the customers',
  },
  doubleSpelling: {
    preset: { doubleSpelling: true },
    words: 'two records of a resource, spelt RG-WEB and rg-web, for a third of the customers',
  },
  negativeRecords: {
    preset: { negativeRecords: true },
    words: 'a record of negative cost for a third of the customers',
  },
  recordsAhead: {
    preset: { recordsAhead: true },
    words: 'records of a third of the customers are a day ahead of the summary',
  },
  missingCents: {
    preset: { missingCents: true },
    words: 'records of a third of the customers add up to some cents less than the summary',
  },
  foreignNames: {
    preset: { foreignNames: true },
    words: 'names from right to left and of 200 characters for a seventh of the customers',
  },
  lateFigures: {
    preset: { lateFigures: true },
    words: 'figures of a third of the customers stand still for two days in fourteen',
  },
  currencyChanges: {
    preset: { currencyChanges: true },
    words: 'another currency every two months for a seventh of the Azure plan customers',
  },
  costSpikes: {
    preset: { costSpikes: true },
    words: 'a day in each 25 that costs six times as much for a third of the customers',
  },
} as const satisfies { [Name in keyof Quirks]-?: { preset: Quirks; words: string } };

/** The names that {@link parseQuirks} knows. */
export const quirkNames: readonly string[] = Object.keys(namedQuirks);

/**
 * Turns a list of names (`byteOrderMark,usDates`) into quirks; blanks and an empty list are
 * accepted.
 *
 * @throws RangeError naming the unknown word and the known quirks
 */
export function parseQuirks(list: string): Quirks {
  return parseNames<Quirks>('quirk', namedQuirks, list);
}
