import { setTimeout as delay } from 'node:timers/promises';

/**
 * Partner Center as called by a simple script: `fetch`, `JSON.parse`, and a retry after a 429.
 */

export interface UsageSummary {
  resourceName?: string;
  totalCost: number;
  usdTotalCost?: number;
  currencyCode?: string;
  currencyLocale?: string;
  billingStartDate: string;
  billingEndDate: string;
  lastModifiedDate: string;
  budget?: { amount?: number };
}

export interface SubscriptionUsageRecord {
  id: string;
  name: string;
  status: string;
  offerId: string;
  totalCost: number;
}

export interface Customer {
  id: string;
  companyProfile: { companyName: string };
}

interface NextLink {
  uri: string;
  headers?: { key: string; value: string }[];
}

interface Page<Item> {
  items: Item[];
  links?: { next?: NextLink };
}

const maxTries = 5;

export class PartnerCenter {
  readonly #baseUrl: string;
  readonly token: string;
  requests = 0;

  constructor(baseUrl: string, token: string) {
    this.#baseUrl = baseUrl;
    this.token = token;
  }

  /** `undefined` where there is no usage. */
  getCustomerSummary(customerId: string): Promise<UsageSummary | undefined> {
    return this.#get(`/v1/customers/${customerId}/usagesummary`);
  }

  async listSubscriptions(customerId: string): Promise<SubscriptionUsageRecord[]> {
    const path = `/v1/customers/${customerId}/subscriptions/usagerecords`;
    const page = await this.#get<Page<SubscriptionUsageRecord>>(path);
    return page?.items ?? [];
  }

  /** `undefined` where there is no usage. */
  getSubscriptionSummary(customerId: string, id: string): Promise<UsageSummary | undefined> {
    return this.#get(`/v1/customers/${customerId}/subscriptions/${id}/usagesummary`);
  }

  async *listCustomers(): AsyncGenerator<Customer> {
    let path: string | undefined = '/v1/customers?size=500';
    let headers: Record<string, string> = {};
    while (path) {
      const page: Page<Customer> | undefined = await this.#get(path, headers);
      yield* page?.items ?? [];
      const next: NextLink | undefined = page?.links?.next;
      path = next?.uri;
      headers = Object.fromEntries((next?.headers ?? []).map(({ key, value }) => [key, value]));
    }
  }

  async #get<Body>(path: string, headers: Record<string, string> = {}): Promise<Body | undefined> {
    for (let tries = 1; ; tries++) {
      this.requests++;
      const response = await fetch(this.#baseUrl + path, {
        headers: { ...headers, authorization: `Bearer ${this.token}`, accept: 'application/json' },
      });
      if (response.status === 429 && tries < maxTries) {
        await delay(Number(response.headers.get('retry-after') ?? 1) * 1000);
        continue;
      }
      const body = JSON.parse(await response.text());
      if (response.ok) return body as Body;
      if (Number(body.code) === 3000) return undefined;
      throw new Error(`GET ${path} answered ${response.status}`);
    }
  }
}

export async function signIn(settings: NodeJS.ProcessEnv): Promise<PartnerCenter> {
  const tenant = settings['PARTNER_CENTER_TENANT_ID'];
  const url = `${settings['PARTNER_CENTER_AUTHORITY_HOST']}/${tenant}/oauth2/v2.0/token`;
  const response = await fetch(url, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'refresh_token',
      client_id: settings['PARTNER_CENTER_CLIENT_ID'] ?? '',
      client_secret: settings['PARTNER_CENTER_CLIENT_SECRET'] ?? '',
      refresh_token: settings['PARTNER_CENTER_REFRESH_TOKEN'] ?? '',
      scope: 'https://api.partnercenter.microsoft.com/.default offline_access',
    }),
  });
  if (!response.ok) throw new Error(`sign-in answered ${response.status}`);
  const { access_token: token } = (await response.json()) as { access_token: string };
  return new PartnerCenter(settings['PARTNER_CENTER_BASE_URL'] ?? '', token);
}
