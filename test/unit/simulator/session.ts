import type { SimulatorAnswer } from '../../../src/simulator/exchange.ts';
import { defaultClientSecret } from '../../../src/simulator/signInOptions.ts';
import { createSimulator, type Simulator } from '../../../src/simulator/simulator.ts';
import type { SimulatorOptions } from '../../../src/simulator/simulatorOptions.ts';

export const apiScope = 'openid offline_access https://api.partnercenter.microsoft.com/.default';

/** A clock that stands still until it is turned. */
export class TestClock {
  epochMs: number;

  constructor(at = '2026-03-10T02:30:00Z') {
    this.epochMs = Date.parse(at);
  }

  now(): number {
    return this.epochMs;
  }

  turnTo(at: string): void {
    this.epochMs = Date.parse(at);
  }
}

export function form(simulator: Simulator, fields: Record<string, string> = {}): string {
  return new URLSearchParams({
    grant_type: 'refresh_token',
    client_id: 'app',
    client_secret: defaultClientSecret,
    scope: apiScope,
    refresh_token: simulator.refreshToken,
    ...fields,
  }).toString();
}

export function renew(
  simulator: Simulator,
  fields: Record<string, string> = {},
  tenant = simulator.partnerTenantId,
): SimulatorAnswer {
  return ask(simulator, `/${tenant}/oauth2/v2.0/token`, form(simulator, fields));
}

/** POSTs a form to the sign-in host. */
export function ask(simulator: Simulator, path: string, body: string): SimulatorAnswer {
  return simulator.handle({ method: 'POST', path, headers: { host: '127.0.0.1:1234' }, body });
}

interface NextLink {
  uri: string;
  headers: { key: string; value: string }[];
}

interface Item {
  id: string;
  billingType?: string;
  totalCost?: number;
  billingCycle?: string;
  links?: Record<string, { uri: string }>;
  offerId?: string;
  isUpgraded?: boolean;
}

/** What the bodies of the simulator hold together; each has some of it, as its test knows. */
export interface Body {
  items: Item[];
  totalCount: number;
  links?: { next?: NextLink; previous?: NextLink };
  continuationToken?: string;
  code: number | string;
  billingStartDate: string;
  resourceId: string;
  budget: { amount?: number; ammount?: number };
  currencyLocale: string;
  customersWithUsageBasedSubscription: number;
  access_token: string;
  refresh_token: string;
  token_endpoint: string;
  id_token: string;
  client_info: string;
  error_codes: number[];
  error_description: string;
}

export function bodyOf(answer: Pick<SimulatorAnswer, 'body'>): Body {
  return JSON.parse(answer.body.toString().replace(/^\uFEFF/, '')) as Body;
}

/** The claims of a token that can be read. */
export function claimsOf(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
}

/** The link of a page that has one. */
export function nextOf(page: Body | undefined): NextLink {
  if (!page?.links?.next) throw new Error('the page has no next link');
  return page.links.next;
}

/** The headers of a next link, to be sent as they are. */
export function headersOf(next: NextLink): Record<string, string> {
  return Object.fromEntries(next.headers.map(({ key, value }) => [key.toLowerCase(), value]));
}

/** A simulator with a clock that stands still, and a signed-in client of it. */
export function signIn(options: SimulatorOptions = {}) {
  const clock = new TestClock();
  const simulator = createSimulator({ clock, seed: 7, ...options });
  const token = bodyOf(renew(simulator)).access_token;
  const get = (path: string, headers: Record<string, string> = {}) =>
    simulator.handle({
      method: 'GET',
      path,
      headers: { authorization: `Bearer ${token}`, ...headers },
    });
  return { clock, simulator, token, get };
}

/** Follows `links.next`, or the body's token, to the end of a list. */
export function readPages(
  get: (path: string, headers?: Record<string, string>) => SimulatorAnswer,
  path: string,
  follow: 'link' | 'token' = 'link',
) {
  const pages: Body[] = [];
  let answer = get(path);
  for (let turn = 0; turn < 100; turn++) {
    if (answer.status !== 200) return { pages, end: answer };
    const page = bodyOf(answer);
    pages.push(page);
    const next = page.links?.next;
    if (follow === 'link' && next) {
      const uri = next.uri.startsWith('/v1') ? next.uri : `/v1${next.uri}`;
      answer = get(uri, headersOf(next));
    } else if (follow === 'token' && page.continuationToken) {
      const uri = `${path}${path.includes('?') ? '&' : '?'}seekOperation=Next`;
      answer = get(uri, { 'ms-continuationtoken': page.continuationToken });
    } else {
      return { pages, end: answer };
    }
  }
  throw new Error('the list has no end');
}
