import { UnreadableError } from '../errors.ts';
import { quote } from '../text.ts';
import type { WirePage } from './wire.ts';

/** Where a page is: a path with its query, below the API's base, and headers to send along. */
export interface PageLocation {
  path: string;
  headers: Record<string, string>;
  isContinuation: boolean;
}

/** A list ends after so many pages at the latest: 50 million customers. */
const mostPages = 100_000;

/**
 * The pages of a list, one request each.
 *
 * @param getPage reads one page; `undefined` where a continuation finds the list at its end
 * @throws UnreadableError when a page names a continuation that was followed before, or one that
 * must not be followed
 */
export async function* listPages(
  firstPath: string,
  baseUrl: URL,
  getPage: (location: PageLocation) => Promise<WirePage | undefined>,
): AsyncGenerator<WirePage> {
  const seen = new Set<string>();
  let location: PageLocation | undefined = { path: firstPath, headers: {}, isContinuation: false };
  while (location) {
    const key = JSON.stringify([location.path, location.headers]);
    if (seen.has(key) || seen.size >= mostPages) {
      throw new UnreadableError(
        'PAGING_LOOP',
        `GET ${firstPath}: a page leads back to an earlier one`,
      );
    }
    seen.add(key);
    const page: WirePage | undefined = await getPage(location);
    if (!page) return;
    yield page;
    location = nextLocation(page, firstPath, baseUrl);
  }
}

/**
 * Where the next page is. Partner Center names it in two ways: `links.next`, whose headers must be
 * sent along, and a `continuationToken` in the body. `undefined` after the last page.
 */
function nextLocation(page: WirePage, firstPath: string, baseUrl: URL): PageLocation | undefined {
  const next = page.links?.next;
  if (next) {
    if ((next.method ?? 'GET').toUpperCase() !== 'GET') {
      throw refused(firstPath, `the method ${quote(String(next.method))}, expected GET`);
    }
    const headers = Object.fromEntries(
      (next.headers ?? []).map(({ key, value }) => [key.toLowerCase(), value]),
    );
    return { path: pathOfLink(next.uri, firstPath, baseUrl), headers, isContinuation: true };
  }
  if (!page.continuationToken) return undefined;
  return {
    path: `${firstPath}${firstPath.includes('?') ? '&' : '?'}seekOperation=Next`,
    headers: { 'ms-continuationtoken': page.continuationToken },
    isContinuation: true,
  };
}

/**
 * The path and query of a link, from `/v1` on. Links come with and without `/v1`, with and without
 * a leading slash, whole or relative, and with `&` written as `&amp;`. One that leads to another
 * host is refused: the access token would go there.
 */
function pathOfLink(uri: string, firstPath: string, baseUrl: URL): string {
  const link = uri.replaceAll('&amp;', '&');
  const url = URL.parse(link, `${baseUrl.origin}/`);
  if (url?.origin !== baseUrl.origin) throw refused(firstPath, 'another host');
  const basePath = baseUrl.pathname.replace(/\/+$/, '');
  const path = url.pathname.startsWith(`${basePath}/`)
    ? url.pathname.slice(basePath.length)
    : url.pathname;
  return `${/^\/v1(\/|$)/i.test(path) ? path : `/v1${path}`}${url.search}`;
}

function refused(firstPath: string, what: string): UnreadableError {
  return new UnreadableError(
    'NEXT_LINK',
    `GET ${firstPath}: the link to the next page names ${what}`,
  );
}
