/** The kinds of routes. */
export type RouteKind =
  | 'customers'
  | 'usageRecords'
  | 'customer'
  | 'partnerSummary'
  | 'customerSummary'
  | 'subscriptions'
  | 'subscriptionUsageRecords'
  | 'subscriptionSummary'
  | 'resourceUsageRecords'
  | 'meterUsageRecords'
  | 'formerMeterUsageRecords'
  | 'discovery'
  | 'keys'
  | 'authorize'
  | 'token'
  | 'unknown';

export interface Route {
  kind: RouteKind;
  /** Without query. */
  path: string;
  query: URLSearchParams;
  /** As in the path: in any case, and perhaps unknown. */
  customerId: string;
  subscriptionId: string;
  /** Of the sign-in host's routes. */
  tenant: string;
  /** Whether the token endpoint is Entra's older one. */
  isVersion1: boolean;
}

interface Pattern {
  kind: RouteKind;
  method: 'GET' | 'POST';
  path: RegExp;
}

/**
 * In this order: `customers/usagerecords` would be a customer otherwise. Both paged lists answer
 * without `/v1` too, and after `/v1/`, to which Microsoft's Java client adds the path of a link.
 */
const patterns: readonly Pattern[] = [
  { kind: 'customers', method: 'GET', path: /^\/(v1\/{1,2})?customers$/i },
  { kind: 'usageRecords', method: 'GET', path: /^\/(v1\/{1,2})?customers\/usagerecords\/?$/i },
  { kind: 'customer', method: 'GET', path: /^\/(v1\/{1,2})?customers\/(?<customerId>[^/]+)$/i },
  { kind: 'partnerSummary', method: 'GET', path: /^\/v1\/usagesummary$/i },
  {
    kind: 'customerSummary',
    method: 'GET',
    path: /^\/v1\/customers\/(?<customerId>[^/]+)\/usagesummary$/i,
  },
  {
    kind: 'subscriptions',
    method: 'GET',
    path: /^\/v1\/customers\/(?<customerId>[^/]+)\/subscriptions$/i,
  },
  {
    kind: 'subscriptionUsageRecords',
    method: 'GET',
    path: /^\/v1\/customers\/(?<customerId>[^/]+)\/subscriptions\/usagerecords\/?$/i,
  },
  {
    kind: 'subscriptionSummary',
    method: 'GET',
    path: /^\/v1\/customers\/(?<customerId>[^/]+)\/subscriptions\/(?<subscriptionId>[^/]+)\/usagesummary$/i,
  },
  {
    kind: 'resourceUsageRecords',
    method: 'GET',
    path: /^\/v1\/customers\/(?<customerId>[^/]+)\/subscriptions\/(?<subscriptionId>[^/]+)\/resourceusagerecords$/i,
  },
  {
    kind: 'meterUsageRecords',
    method: 'GET',
    path: /^\/v1\/customers\/(?<customerId>[^/]+)\/subscriptions\/(?<subscriptionId>[^/]+)\/meterusagerecords$/i,
  },
  {
    kind: 'formerMeterUsageRecords',
    method: 'GET',
    path: /^\/v1\/customers\/(?<customerId>[^/]+)\/subscriptions\/(?<subscriptionId>[^/]+)\/usagerecords\/resources$/i,
  },
  {
    kind: 'discovery',
    method: 'GET',
    path: /^\/(?<tenant>[^/]+)\/v2\.0\/\.well-known\/openid-configuration$/i,
  },
  { kind: 'keys', method: 'GET', path: /^\/(?<tenant>[^/]+)\/discovery\/v2\.0\/keys$/i },
  {
    kind: 'authorize',
    method: 'GET',
    path: /^\/(?<tenant>[^/]+)\/oauth2\/v2\.0\/authorize$/i,
  },
  {
    kind: 'token',
    method: 'POST',
    path: /^\/(?<tenant>[^/]+)\/oauth2\/(?<version>v2\.0\/)?token$/i,
  },
];

export function routeOf(method: string, pathAndQuery: string): Route {
  const [path = '', query = ''] = splitOnce(pathAndQuery, '?');
  for (const pattern of patterns) {
    const groups = pattern.method === method ? pattern.path.exec(path) : null;
    if (groups) return createRoute(pattern.kind, path, query, groups.groups);
  }
  return createRoute('unknown', path, query);
}

function createRoute(
  kind: RouteKind,
  path: string,
  query: string,
  groups: Record<string, string> = {},
): Route {
  return {
    kind,
    path,
    query: new URLSearchParams(query),
    customerId: groups['customerId'] ?? '',
    subscriptionId: groups['subscriptionId'] ?? '',
    tenant: groups['tenant'] ?? '',
    isVersion1: kind === 'token' && groups['version'] === undefined,
  };
}

function splitOnce(text: string, separator: string): string[] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

const appOnlyKinds: readonly RouteKind[] = [
  'customers',
  'customer',
  'subscriptions',
  'formerMeterUsageRecords',
];

/** Calls that accept no app-only token: all about usage but the meters of legacy subscriptions. */
export function isUserOnly(kind: RouteKind): boolean {
  return !appOnlyKinds.includes(kind);
}

/** Whether a route is one of the sign-in host. */
export function isSignInRoute(kind: RouteKind): boolean {
  return kind === 'discovery' || kind === 'keys' || kind === 'authorize' || kind === 'token';
}
