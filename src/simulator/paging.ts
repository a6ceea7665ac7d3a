import type { Population, SimulatedCustomer } from './customer.ts';
import {
  errorAnswer,
  jsonAnswer,
  type SimulatorAnswer,
  type SimulatorRequest,
} from './exchange.ts';
import { takePage } from './listing.ts';
import { foreignHost, type Quirks } from './quirks.ts';
import { hash, topics } from './random.ts';
import type { Route } from './route.ts';
import { selfLink } from './usageBody.ts';

const extraHeader = 'MS-PageSession';

/** A list of customers that comes in pages. */
export interface PagedList {
  population: Population;
  quirks: Quirks;
  nowMs: number;
  /** Continuations that have answered 204 once. */
  notReady: Set<string>;
  /** Below `/v1`: `/customers`. */
  path: string;
  size: number;
  belongs(customer: SimulatedCustomer): boolean;
  toItem(customer: SimulatedCustomer): unknown;
}

/** Where a page begins; the pages count from 1. */
interface Position {
  page: number;
  /** Index of its first customer; past the last one for the page after the end. */
  fromIndex: number;
  /** Index of the last customer of the page before. */
  previousIndex: number;
}

/** One page: the first, or that of the continuation in the header `MS-ContinuationToken`. */
export function answerPage(
  list: PagedList,
  route: Route,
  request: SimulatorRequest,
): SimulatorAnswer {
  if (route.query.get('seekOperation')?.toLowerCase() !== 'next') {
    return pageAnswer(list, { page: 1, fromIndex: 0, previousIndex: -1 }, undefined);
  }
  const token = request.headers['ms-continuationtoken'] ?? '';
  const position = readToken(list, token);
  if (!position || position.fromIndex >= list.population.count) {
    return errorAnswer(400, 2000, 'The continuation token is missing or not valid.');
  }
  const { nextLinkExtraHeader, continuation } = list.quirks;
  const needsExtra = nextLinkExtraHeader && continuation !== 'token';
  if (needsExtra && request.headers[extraHeader.toLowerCase()] !== sessionOf(list)) {
    return errorAnswer(400, 800002, `The header ${extraHeader} is missing.`);
  }
  return notReadyAnswer(list, position, token) ?? pageAnswer(list, position, token);
}

function notReadyAnswer(
  { quirks, notReady, nowMs }: PagedList,
  position: Position,
  token: string,
): SimulatorAnswer | undefined {
  if (!quirks.pageNotReady || position.page !== 2 || notReady.delete(token)) return undefined;
  notReady.add(token);
  // A date has whole seconds: rounded up, so that it never asks for less than a second.
  const date = new Date(Math.ceil(nowMs / 1000 + 1) * 1000).toUTCString();
  const retryAfter = quirks.pageNotReady === 'date' ? date : '1';
  return { status: 204, headers: { 'retry-after': retryAfter }, body: '' };
}

function pageAnswer(
  list: PagedList,
  position: Position,
  token: string | undefined,
): SimulatorAnswer {
  const { population, quirks, size, path } = list;
  const repeated = quirks.repeatedCustomers && size > 1 && position.previousIndex >= 0;
  const from = repeated ? position.previousIndex : position.fromIndex;
  const { customers, nextIndex } = takePage(population, from, size, list.belongs);
  const isLast = nextIndex === undefined;
  const next =
    isLast && !quirks.continuationAfterLastPage
      ? undefined
      : quirks.repeatedContinuation && !isLast && position.page > 1
        ? token
        : writeToken(list, {
            page: position.page + 1,
            fromIndex: nextIndex ?? population.count,
            previousIndex: customers.at(-1)?.index ?? -1,
          });
  const isLinkGiven = next !== undefined && quirks.continuation !== 'token';
  const isTokenGiven = next !== undefined && quirks.continuation && quirks.continuation !== 'link';
  const links = {
    ...selfLink(`${path}?size=${size}`),
    ...(isLinkGiven && { next: nextLink(list, next) }),
  };
  return jsonAnswer(200, {
    totalCount: customers.length + (quirks.wrongTotalCount ? 7 : 0),
    items: customers.map((customer) => list.toItem(customer)),
    ...(!(isLast && quirks.lastPageWithoutLinks) && { links }),
    ...(isTokenGiven && { continuationToken: next }),
    attributes: { objectType: 'Collection' },
  });
}

function nextLink(list: PagedList, token: string) {
  const { quirks, path, size } = list;
  const version = quirks.nextLinkWithoutVersion ? '' : '/v1';
  const host = quirks.foreignNextLink ? `${foreignHost}/v1` : version;
  const headers = [{ key: 'MS-ContinuationToken', value: token }];
  if (quirks.nextLinkExtraHeader) headers.push({ key: extraHeader, value: sessionOf(list) });
  return { uri: `${host}${path}?size=${size}&seekOperation=Next`, method: 'GET', headers };
}

function sessionOf({ population }: PagedList): string {
  return `session-${hash(population.seed, topics.serverId).toString(16)}`;
}

/** Positions are written into the token, with a check that the simulator wrote it for this list. */
function writeToken(list: PagedList, { page, fromIndex, previousIndex }: Position): string {
  const position = [page, fromIndex, previousIndex].join('.');
  return Buffer.from(`${position}.${list.path}.${checkOf(list, position)}`).toString('base64');
}

function readToken(list: PagedList, token: string): Position | undefined {
  const text = Buffer.from(token, 'base64').toString();
  const match = /^((\d+)\.(\d+)\.(-?\d+))\.([^.]*)\.([0-9a-f]+)$/.exec(text);
  const [, position = '', page, fromIndex, previousIndex, path, check] = match ?? [];
  if (!match || path !== list.path || check !== checkOf(list, position)) return undefined;
  return {
    page: Number(page),
    fromIndex: Number(fromIndex),
    previousIndex: Number(previousIndex),
  };
}

function checkOf({ population }: PagedList, position: string): string {
  const [a = 0, b = 0, c = 0] = position.split('.').map(Number);
  return hash(population.seed ^ a, topics.serverId, b, c).toString(16);
}

/** The `size` of a request: 500 where it names none or more; `undefined` for what is no number. */
export function pageSizeOf(query: URLSearchParams): number | undefined {
  const size = query.get('size') ?? '0';
  if (!/^\d{1,9}$/.test(size)) return undefined;
  const wanted = Number(size);
  return wanted === 0 ? 500 : Math.min(wanted, 500);
}
