import { describe, expect, it } from 'vitest';
import type { SimulatorAnswer } from '../../../src/simulator/exchange.ts';
import { type FaultName, faultNames, parseFaults } from '../../../src/simulator/faults.ts';
import { parseQuirks, quirkNames } from '../../../src/simulator/namedQuirks.ts';
import type { Quirks } from '../../../src/simulator/quirks.ts';
import { allAnswers, answersOf, maxPages, readBody, type Walk, walk } from './walk.ts';

type Sign = (walk: Walk) => boolean;

const has =
  (test: (answer: SimulatorAnswer) => boolean): Sign =>
  (walk) =>
    allAnswers(walk).some(test);
const says = (text: string | RegExp): Sign =>
  has(({ body }) =>
    typeof text === 'string' ? String(body).includes(text) : text.test(`${body}`),
  );
/** Everything of some customer is answered like this. */
const everythingOfSome =
  (test: (answer: SimulatorAnswer) => boolean): Sign =>
  ({ customers }) =>
    [...customers.values()].some((each) => answersOf(each).every(test));
const isTruncated = ({ status, body, disruption }: SimulatorAnswer) =>
  disruption === 'truncate' || (status === 200 && !String(body).endsWith('}'));
const idsOf = (answers: SimulatorAnswer[]) =>
  answers.flatMap((page) => readBody(page).items?.map(({ id }) => id) ?? []);
const nextLinks = ({ list }: Walk) => list.flatMap((page) => readBody(page).links?.next ?? []);

/** The walk is on that day. */
const walkDayMs = Date.parse('2026-03-10');
const seeds = [1, 2, 3];
const plainWalks = seeds.map((seed) => walk({ seed }));

function costOf(summary: SimulatorAnswer | undefined): number {
  const { totalCost } = (summary ? readBody(summary) : {}) as { totalCost?: number };
  return totalCost ?? 0;
}

/** What tells that a fault is on. */
const signsOfFaults: Record<FaultName, Sign> = {
  throttle: has(({ status }) => status === 429),
  serverError: has(({ status }) => status >= 500),
  reset: has(({ disruption }) => disruption === 'reset'),
  stall: has(({ disruption }) => disruption === 'stall'),
  truncate: has(isTruncated),
  slow: has(({ delayMs = 0 }) => delayMs >= 2000),
  expireToken: has(({ status }) => status === 401),
  customerFails: everythingOfSome(({ status }) => status === 500),
  customerRefused: everythingOfSome(({ status }) => status === 403 || status === 404),
  signInTrouble: ({ signIns }) => signIns.length > 1,
};

/** The records by resource or meter of all plans. */
const detailsOf = ({ customers }: Walk) =>
  [...customers.values()].flatMap(({ details }) =>
    details.map((answer) => (readBody(answer).items ?? []) as unknown as DetailItem[]),
  );
interface DetailItem {
  entitlementId?: string | null;
  resourceUri?: string;
  totalCost: number;
  lastModifiedDate?: string;
}
const someDetail =
  (test: (item: DetailItem) => boolean): Sign =>
  (walk) =>
    detailsOf(walk).flat().some(test);
const sumOf = (items: readonly DetailItem[]) =>
  items.reduce((sum, { totalCost }) => sum + totalCost, 0);

/** What tells that a quirk is on. */
const signsOfQuirks: Record<keyof Quirks, Sign> = {
  byteOrderMark: says(/^\uFEFF/),
  bareContentType: has(({ headers }) => headers['content-type'] === 'application/json'),
  continuation: (walk) => walk.list.length > 1 && nextLinks(walk).length === 0,
  nextLinkWithoutVersion: (walk) => nextLinks(walk)[0]?.uri.startsWith('/customers') === true,
  nextLinkExtraHeader: (walk) => nextLinks(walk)[0]?.headers.length === 2,
  continuationAfterLastPage: ({ list }) => list.at(-1)?.status === 400,
  lastPageWithoutLinks: ({ list }) => list.some((page) => !readBody(page).links),
  pageNotReady: ({ list }) => list[1]?.status === 204,
  wrongTotalCount: has((answer) => {
    const { items, totalCount } = readBody(answer);
    return items !== undefined && items.length !== totalCount;
  }),
  repeatedCustomers: ({ list }) => new Set(idsOf(list)).size < idsOf(list).length,
  unlistedCustomers: ({ list, records }) =>
    !new Set(idsOf(list)).isSupersetOf(new Set(idsOf(records))),
  customersPageSize: ({ list }) => list.length > 1,
  usageRecordsPageSize: ({ records }) => records.length > 1,
  upperCaseIds: ({ records }) => idsOf(records).every((id) => id === id.toUpperCase()),
  stringCodes: says(/"code":"/),
  misspeltAmount: says('"ammount"'),
  repeatedContinuation: ({ list }) => list.length === maxPages,
  foreignNextLink: (walk) => nextLinks(walk)[0]?.uri.startsWith('https://') === true,
  pascalCase: (walk) => says('"TotalCost"')(walk) && says('"Items"')(walk),
  defaultDates: (walk) =>
    says('"billingStartDate":"0001-01-01T00:00:00Z"')(walk) &&
    says('"billingEndDate":"9999-12-31T')(walk),
  nullDates: says('"billingStartDate":null'),
  usDates: says(/"billingStartDate":"\d{1,2}\/\d{1,2}\/\d{4} 12:00:00 AM [+-]\d\d:00"/),
  spacedDates: says(/"billingEndDate":"\d{4}-\d\d-\d\d 00:00:00Z"/),
  emptyUsd: (walk) => says('"usdTotalCost":""')(walk) && says('"usdTotalCost":"NaN"')(walk),
  oddBudget: (walk) =>
    ['"budget":500', '"budget":{"amount":""}', '"budget":{"amount":999999999999999999999}'].every(
      (text) => says(text)(walk),
    ),
  nullNames: (walk) => says('"resourceName":null')(walk) && says('"companyName":null')(walk),
  emptyCurrencyCode: says(/"currencyLocale":"[\w-]+".*"currencyCode":""/),
  noContentSummary: ({ customers }) =>
    [...customers.values()].some(({ summary }) => summary.status === 204),
  doubledRecords: ({ records }) => new Set(idsOf(records)).size < idsOf(records).length,
  foreignNames: (walk) =>
    says(/"companyName":"\p{Script=Hebrew}/u)(walk) && says(/"companyName":"[^"]{180,}"/)(walk),
  // The walk is on 10 March.
  lateFigures: ({ customers }) =>
    [...customers.values()].some(({ summary }) => {
      const { lastModifiedDate } = readBody(summary) as { lastModifiedDate?: string };
      return Date.parse(lastModifiedDate ?? '') < Date.parse('2026-03-09');
    }),
  currencyChanges: says('"currencyCode":"NOK"'),
  costSpikes: ({ customers }) => {
    const plain = plainWalks.find((each) => customers.keys().every((id) => each.customers.has(id)));
    return [...customers].some(
      ([id, { summary }]) => costOf(summary) > costOf(plain?.customers.get(id)?.summary),
    );
  },
  azureSubscriptions: (walk) =>
    detailsOf(walk).some((items) => new Set(items.map((one) => one.entitlementId)).size > 4),
  unassignedRecords: someDetail((one) => one.entitlementId === null && one.resourceUri === ''),
  doubleSpelling: (walk) =>
    detailsOf(walk).some((items) => {
      const uris = items.flatMap(({ resourceUri = '' }) => (resourceUri === '' ? [] : resourceUri));
      return new Set(uris.map((uri) => uri.toLowerCase())).size < new Set(uris).size;
    }),
  negativeRecords: someDetail(({ totalCost }) => totalCost < 0),
  namelessRecords: says('"entitlementName":null,"resourceGroupName":null'),
  recordsAhead: someDetail((one) => Date.parse(one.lastModifiedDate ?? '') >= walkDayMs),
  missingCents: ({ customers }) =>
    [...customers.values()].some(({ details, subscriptionSummaries }) =>
      details.some((answer, place) => {
        const items = (readBody(answer).items ?? []) as unknown as DetailItem[];
        const missing = costOf(subscriptionSummaries[place]) - sumOf(items);
        return Math.abs(missing - 0.07) < 0.001;
      }),
    ),
  formerMetersOnly: ({ customers }) =>
    [...customers.values()].some(({ details }) => details.some(({ status }) => status === 400)),
  recordsNotFound: ({ customers }) =>
    [...customers.values()].some(({ details }) => details.some(({ status }) => status === 404)),
  slowRecordsMs: ({ customers }) =>
    [...customers.values()].some(({ details }) =>
      details.some(({ delayMs = 0 }) => delayMs >= 2_000),
    ),
};

describe('every fault that can be named', () => {
  it.each(Object.entries(signsOfFaults))('%s shows in a night of 40 customers', (name, sign) => {
    for (const seed of seeds) {
      expect(sign(walk({ seed, faults: parseFaults(name) }))).toBe(true);
      expect(sign(walk({ seed }))).toBe(false);
    }
  });
});

describe('every quirk that can be named', () => {
  it.each(Object.entries(signsOfQuirks))('%s shows in a night of 40 customers', (name, sign) => {
    // Several pages are a quirk as well, of which the sign of another must not come.
    const plain = name === 'customersPageSize' ? {} : { customersPageSize: 15 };
    for (const seed of seeds) {
      expect(sign(walk({ seed, quirks: parseQuirks(name) }))).toBe(true);
      expect(sign(walk({ seed, quirks: plain }))).toBe(false);
    }
  });
});

describe('a list of names', () => {
  it('stands for faults or quirks, and none for none', () => {
    expect(Object.keys(parseFaults(' throttle, serverError,'))).toEqual([
      'throttle',
      'serverError',
    ]);
    expect(parseQuirks('byteOrderMark, pageNotReady')).toEqual({
      byteOrderMark: true,
      pageNotReady: 'seconds',
      customersPageSize: 15,
    });
    expect(parseFaults('')).toEqual({});
    expect(parseQuirks(' ,')).toEqual({});
  });

  it('may hold all of them', () => {
    expect(Object.keys(parseFaults(faultNames.join(',')))).toEqual(faultNames);
    expect(Object.keys(parseQuirks(quirkNames.join(','))).sort()).toEqual([...quirkNames].sort());
  });

  it.each([
    [parseFaults, 'throttle,thunder', /fault "thunder".*throttle, serverError/],
    [parseFaults, 'toString', /fault "toString"/],
    [parseQuirks, 'thunder', /quirk "thunder".*byteOrderMark, bareContentType/],
  ])('names the word that is not known, and those that are', (parse, names, message) => {
    expect(() => parse(names)).toThrow(RangeError);
    expect(() => parse(names)).toThrow(message);
  });
});
