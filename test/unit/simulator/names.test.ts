import { describe, expect, it } from 'vitest';
import type { SimulatorAnswer } from '../../../src/simulator/exchange.ts';
import { type FaultName, faultNames, parseFaults } from '../../../src/simulator/faults.ts';
import { parseQuirks, quirkNames } from '../../../src/simulator/namedQuirks.ts';
import type { Quirks } from '../../../src/simulator/quirks.ts';
import { allAnswers, answersOf, maxPages, readBody, recordNames, type Walk, walk } from './walk.ts';

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

/** Some records of a subscription's or plan's resources or meters are like this. */
const someDepth =
  (test: (text: string, summary: string) => boolean): Sign =>
  ({ customers }) =>
    [...customers.values()].some(({ askDepth, subscriptionSummaries }) =>
      askDepth().some(({ body }, at) => {
        const summary = subscriptionSummaries[Math.floor(at / recordNames.length)];
        return test(String(body), String(summary?.body));
      }),
    );
const azureSubscriptionsOf = (text: string) =>
  new Set(text.matchAll(/"entitlementId":"([^"]+)"/g).map(([, id]) => id)).size;
const modifiedMs = (text: string) =>
  Date.parse(/"lastModifiedDate":"([^"]+)/.exec(text)?.[1] ?? '');
/** The exact sum of the costs that a body names, in units of 10^-20. */
const sumOf = (text: string) =>
  text.matchAll(/"totalCost":(-?)(\d+)\.?(\d*)/g).reduce((sum, [, sign, whole, part = '']) => {
    return sum + BigInt(`${sign}${whole}${part.padEnd(20, '0')}`);
  }, 0n);

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
  wrongKindNotFound: someDepth((text) => text.includes('"code":20003')),
  slowRecordsMs: ({ customers }) =>
    [...customers.values()].some(({ askDepth }) =>
      askDepth().some(({ delayMs }) => delayMs === 2000),
    ),
  azureSubscriptions: someDepth((text) => azureSubscriptionsOf(text) === 51),
  formerMetersOnly: ({ customers }) =>
    [...customers.values()].some(({ askDepth }) =>
      askDepth().some(({ status }, at) => status === 400 && at % recordNames.length === 1),
    ),
  recordsNotFound: ({ customers }) =>
    [...customers.values()].some(
      ({ askDepth, subscriptionSummaries }) =>
        askDepth().every(({ status }) => status === 404) && subscriptionSummaries.length > 0,
    ),
  manyResources: someDepth((text) => (text.match(/"resourceUri"/g)?.length ?? 0) > 15_000),
  // Its cost is among other resources; the sum is the same.
  cancelledAzureSubscriptions: ({ customers }) => {
    const plain = plainWalks.find((each) => customers.keys().every((id) => each.customers.has(id)));
    return [...customers].some(([id, { askDepth }]) => {
      const before =
        plain?.customers
          .get(id)
          ?.askDepth()
          .map(({ body }) => String(body)) ?? [];
      return askDepth().some(({ body }, at) => {
        const text = String(body);
        return text !== before[at] && sumOf(text) === sumOf(before[at] ?? '');
      });
    });
  },
  namelessRecords: someDepth((text) => text.includes('"entitlementName":null')),
  unassignedRecords: someDepth(
    (text) =>
      text.includes('"resourceUri":""') &&
      text.includes('"resourceUri":null') &&
      /"subscriptionId":"[^"]+","totalCost"/.test(text),
  ),
  doubleSpelling: someDepth((text) => {
    const uris = [...text.matchAll(/"resourceUri":"([^"]+)"/g).map(([, uri]) => `${uri}`)];
    return new Set(uris.map((uri) => uri.toLowerCase())).size < new Set(uris).size;
  }),
  negativeRecords: someDepth((text) => text.includes('"totalCost":-')),
  recordsAhead: someDepth((text, summary) => modifiedMs(text) > modifiedMs(summary)),
  missingCents: someDepth((text, summary) => {
    const missing = sumOf(summary) - sumOf(text);
    return text.startsWith('{"totalCount"') && missing > 0n && missing <= 36n * 10n ** 18n;
  }),
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
