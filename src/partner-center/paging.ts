import { type RequestFacts, UnreadableError } from '../errors.ts';
import type { Page } from './pageReader.ts';
import { describeIssue } from './tolerantReading.ts';
import { nextSchema } from './wire.ts';

/** Where a page is: a path with its query, below the API's base, and headers to send along. */
export interface PageLocation {
  path: string;
  headers: Record<string, string>;
  isContinuation: boolean;
}

/** What is read: a list's first page, and what errors say of it. */
export interface PagedList<Item> {
  path: string;
  baseUrl: URL;
  facts: RequestFacts;
  /** Reads one page; `undefined` where a continuation is answered that the list has ended. */
  getPage(location: PageLocation): Promise<Page<Item> | undefined>;
}

type ListAddress = Omit<PagedList<unknown>, 'getPage'>;

/** How a list came to its end. */
export interface ListEnd {
  /**
   * Whether a page named no next one, or the page before "the list has ended" was empty or shorter
   * than an earlier one. After a full page, and after a first one, that answer may be a failure, as
   * its code also means a bad input.
   */
  isCertain: boolean;
  /** Items on the last page. */
  lastPageSize: number;
}

/** Limit of pages of a list: 50 million customers. */
const maxPages = 100_000;

/**
 * The items of a list by its pages, one request a page; at last, how it ended.
 *
 * @throws UnreadableError when a page names a next one that was followed before, that must not be
 * followed, or that cannot be read; the items of that page come before
 */
export async function* listPages<Item>(list: PagedList<Item>): AsyncGenerator<Item[], ListEnd> {
  const seen = new Set<string>();
  let location: PageLocation = { path: list.path, headers: {}, isContinuation: false };
  let lastPageSize = 0;
  let longestPageSize = 0;
  for (;;) {
    const key = JSON.stringify([location.path, location.headers]);
    if (seen.has(key) || seen.size >= maxPages) {
      throw unreadable(list, 'PAGING_LOOP', 'a page leads back to an earlier one');
    }
    seen.add(key);
    const page = await list.getPage(location);
    if (!page) {
      return { isCertain: lastPageSize === 0 || lastPageSize < longestPageSize, lastPageSize };
    }
    const { items } = page;
    yield items ?? [];
    const next = nextLocation(page, list);
    lastPageSize = items?.length ?? 0;
    if (!next) return { isCertain: true, lastPageSize };
    if (!items) throw unreadable(list, 'SCHEMA', 'a page names a next one and has no items');
    longestPageSize = Math.max(longestPageSize, lastPageSize);
    location = next;
  }
}

/**
 * Where the next page is. Partner Center names it in two ways: `links.next`, whose headers must be
 * sent along, and a `continuationToken` in the body. `undefined` after the last page.
 */
function nextLocation(page: Page<unknown>, list: ListAddress): PageLocation | undefined {
  const parsed = nextSchema.safeParse(page);
  if (!parsed.success) {
    throw refused(list, `cannot be read: ${describeIssue(parsed.error)}`);
  }
  const { links, continuationToken } = parsed.data;
  const next = links?.next;
  if (next) {
    if ((next.method ?? 'GET').toUpperCase() !== 'GET') {
      throw refused(list, 'names another method, expected GET');
    }
    const headers = Object.fromEntries(
      (next.headers ?? []).map(({ key, value }) => [key.toLowerCase(), value]),
    );
    return { path: pathOfLink(next.uri, list), headers, isContinuation: true };
  }
  if (!continuationToken) return undefined;
  return {
    path: `${list.path}${list.path.includes('?') ? '&' : '?'}seekOperation=Next`,
    headers: { 'ms-continuationtoken': continuationToken },
    isContinuation: true,
  };
}

/**
 * The path and query of a link, from `/v1` on. Links come with and without `/v1`, with and without
 * a leading slash, whole or relative, and with `&` written as `&amp;`. One that leads to another
 * host is refused: the access token would go there.
 */
function pathOfLink(uri: string, list: ListAddress): string {
  const { baseUrl } = list;
  const link = uri.replaceAll('&amp;', '&');
  const url = URL.parse(link, `${baseUrl.origin}/`);
  if (url?.origin !== baseUrl.origin) throw refused(list, 'names another host');
  const basePath = baseUrl.pathname.replace(/\/+$/, '');
  const path = url.pathname.startsWith(`${basePath}/`)
    ? url.pathname.slice(basePath.length)
    : url.pathname;
  return `${/^\/v1(\/|$)/i.test(path) ? path : `/v1${path}`}${url.search}`;
}

function refused(list: ListAddress, what: string): UnreadableError {
  return unreadable(list, 'NEXT_LINK', `the link to the next page ${what}`);
}

function unreadable({ path, facts }: ListAddress, code: string, what: string): UnreadableError {
  return new UnreadableError(code, `GET ${path}: ${what}`, facts);
}
