import {
  type Continuation,
  type Position,
  readContinuation,
  writeContinuation,
} from './continuation.ts';
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
import { linkTo, selfLink } from './usageBody.ts';

const extraHeader = 'MS-PageSession';
const firstPage: Position = { page: 1, fromIndex: 0, previousIndex: -1 };

/** A list of customers that comes in pages. */
export interface PagedList {
  population: Population;
  quirks: Quirks;
  nowMs: number;
  /** Continuations that have answered 204 once. */
  notReady: Set<string>;
  /** Below `/v1`: `/customers`. */
  path: string;
  /** Customers on a page. */
  size: number;
  /** The parameter of that name, decoded; empty for none. */
  filter: string;
  belongs(customer: SimulatedCustomer): boolean;
  toItems(customer: SimulatedCustomer): unknown[];
}

/** The page that a request asks for. */
export interface PageRequest {
  /** `first` where the request names none. */
  seek: string;
  token: string;
  /** The content of the token, if this simulator wrote it for the list. */
  continuation: Continuation | undefined;
  session: string | undefined;
}

export function readPageRequest(
  { seed }: Population,
  path: string,
  route: Route,
  { headers }: SimulatorRequest,
): PageRequest {
  const token = headers['ms-continuationtoken'] ?? '';
  return {
    seek: (route.query.get('seekOperation') || 'first').toLowerCase(),
    token,
    continuation: readContinuation(seed, path, token),
    session: headers[extraHeader.toLowerCase()],
  };
}

/**
 * One page. A seek goes from the page that named the token: `next` to the one after it, `previous`
 * to the one before, `first` and `last` to the ends of the list.
 */
export function answerPage(list: PagedList, request: PageRequest): SimulatorAnswer {
  const { seek, token, continuation } = request;
  if (seek === 'first') return pageAnswer(list, firstPage, undefined);
  if (seek === 'last') return pageAnswer(list, findPage(list, Number.POSITIVE_INFINITY), undefined);
  if (seek !== 'next' && seek !== 'previous') {
    return errorAnswer(
      400,
      800002,
      'The seek operation is none of Next, Previous, First and Last.',
    );
  }
  const isNext = seek === 'next';
  const isThere = isNext
    ? continuation && continuation.fromIndex < list.population.count
    : continuation && continuation.page > 2;
  if (!continuation || !isThere) {
    return errorAnswer(400, 2000, 'The continuation token is missing or not valid.');
  }
  const { nextLinkExtraHeader, continuation: way } = list.quirks;
  if (nextLinkExtraHeader && way !== 'token' && request.session !== sessionOf(list)) {
    return errorAnswer(400, 800002, `The header ${extraHeader} is missing.`);
  }
  if (!isNext) return pageAnswer(list, findPage(list, continuation.page - 2), undefined);
  return notReadyAnswer(list, continuation, token) ?? pageAnswer(list, continuation, token);
}

/** The page of this number, or the last one where the list ends before it. */
function findPage(list: PagedList, page: number): Position {
  let position = firstPage;
  for (;;) {
    const { after, isLast } = takeCustomers(list, position);
    if (isLast || position.page === page) return position;
    position = after;
  }
}

/** The customers of a page, and where the one after it begins. */
function takeCustomers(list: PagedList, { page, fromIndex, previousIndex }: Position) {
  const { population, quirks, size, belongs } = list;
  const isRepeating = quirks.repeatedCustomers && size > 1 && previousIndex >= 0;
  const from = isRepeating ? previousIndex : fromIndex;
  const { customers, nextIndex } = takePage(population, from, size, belongs);
  const after: Position = {
    page: page + 1,
    fromIndex: nextIndex ?? population.count,
    previousIndex: customers.at(-1)?.index ?? -1,
  };
  return { customers, after, isLast: nextIndex === undefined };
}

function notReadyAnswer(
  { quirks, notReady, nowMs }: PagedList,
  position: Position,
  token: string,
): SimulatorAnswer | undefined {
  if (!quirks.pageNotReady || position.page !== 2 || notReady.delete(token)) return undefined;
  notReady.add(token);
  // A date has whole seconds, so it is rounded up to ask for at least a second.
  const date = new Date(Math.ceil(nowMs / 1000 + 1) * 1000).toUTCString();
  const retryAfter = quirks.pageNotReady === 'date' ? date : '1';
  return { status: 204, headers: { 'retry-after': retryAfter }, body: '' };
}

/** @param token of the request for the page, if any */
function pageAnswer(
  list: PagedList,
  position: Position,
  token: string | undefined,
): SimulatorAnswer {
  const { population, quirks, path, size, filter } = list;
  const { customers, after, isLast } = takeCustomers(list, position);
  const own = writeContinuation(population.seed, { ...after, path, size, filter });
  const isLooping = quirks.repeatedContinuation && !isLast && position.page > 1;
  const next = isLooping ? (token ?? own) : own;
  const hasNext = !isLast || quirks.continuationAfterLastPage;
  const hasLinks = quirks.continuation !== 'token';
  const links = {
    ...selfLink(path + queryOf(list)),
    ...(hasLinks && hasNext && { next: seekLink(list, 'Next', next) }),
    ...(hasLinks && position.page > 1 && { previous: seekLink(list, 'Previous', own) }),
  };
  const items = customers.flatMap((customer) => list.toItems(customer));
  return jsonAnswer(200, {
    totalCount: items.length + (quirks.wrongTotalCount ? 7 : 0),
    items,
    ...(!(isLast && quirks.lastPageWithoutLinks) && { links }),
    ...(hasNext && quirks.continuation !== 'link' && { continuationToken: next }),
    attributes: { objectType: 'Collection' },
  });
}

function seekLink(list: PagedList, seek: 'Next' | 'Previous', token: string) {
  const { quirks, path } = list;
  const version = quirks.nextLinkWithoutVersion ? '' : '/v1';
  const host = quirks.foreignNextLink ? `${foreignHost}/v1` : version;
  const headers = [{ key: 'MS-ContinuationToken', value: token }];
  if (quirks.nextLinkExtraHeader) headers.push({ key: extraHeader, value: sessionOf(list) });
  return { ...linkTo(`${host}${path}${queryOf(list)}&seekOperation=${seek}`), headers };
}

function queryOf({ size, filter }: PagedList): string {
  return `?size=${size}${filter && `&filter=${encodeURIComponent(filter)}`}`;
}

function sessionOf({ population }: PagedList): string {
  return `session-${hash(population.seed, topics.serverId).toString(16)}`;
}

/** Partner Center's default page size, which is also the largest. */
export const largestPage = 500;

/** The `size` of a request; 0 where it has none, `undefined` where it is not a number. */
export function sizeOf(query: URLSearchParams): number | undefined {
  const size = query.get('size') ?? '0';
  return /^\d{1,9}$/.test(size) ? Number(size) : undefined;
}
