import type { z } from 'zod';
import { UnreadableError } from '../errors.ts';
import type { Customer } from '../usage/customer.ts';
import type { Subscription } from '../usage/subscription.ts';
import type { CustomerUsageRecord, SubscriptionUsageRecord } from '../usage/usageRecord.ts';
import type { UsageSummary } from '../usage/usageSummary.ts';
import { type Call, type Connection, describeIssue, type RequestCounts } from './connection.ts';
import {
  fromApiCustomer,
  fromApiCustomerUsageRecord,
  fromApiSubscription,
  fromApiSubscriptionUsageRecord,
  fromApiUsageSummary,
} from './convert.ts';
import { parseLiteralJson } from './literalJson.ts';
import { parsePage } from './pageBody.ts';
import { listPages, type PageLocation } from './paging.ts';
import { isEndOfList, isNoUsageData } from './responseError.ts';
import {
  customerSchema,
  customerUsageRecordSchema,
  pageSchema,
  subscriptionSchema,
  subscriptionUsageRecordSchema,
  usageSummarySchema,
} from './wire.ts';

/** The largest page of `customers`; larger sizes are cut down to it. */
const pageSize = 500;

/**
 * Partner Center's customers and their use of Azure in the current billing period.
 *
 * All methods throw the errors of `errors.ts`, after the tries that the retry policy allows.
 * A method that answers `undefined` says: no usage data (code 3000).
 */
export class PartnerCenterClient {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Requests sent so far. */
  get counts(): RequestCounts {
    return this.#connection.counts;
  }

  /** The partner's customers, a page at a time, in the API's order (Partner Center: get a list of customers). */
  listCustomers(): AsyncGenerator<Customer[]> {
    const call: Call = {
      path: `/v1/customers?size=${pageSize}`,
      level: 'partner',
      isLimited: true,
    };
    return this.#list(call, customerSchema, fromApiCustomer);
  }

  /** What every customer with usage has spent so far, Azure plan and legacy, in one list. */
  listCustomerUsageRecords(): AsyncGenerator<CustomerUsageRecord[]> {
    const call: Call = { path: '/v1/customers/usagerecords', level: 'partner' };
    return this.#list(call, customerUsageRecordSchema, fromApiCustomerUsageRecord);
  }

  /** All of a customer's subscriptions, licences and reservations among them. */
  listSubscriptions(customerId: string): AsyncGenerator<Subscription[]> {
    const path = `${customerPath(customerId)}/subscriptions`;
    return this.#list(
      { path, level: 'resource', isLimited: true },
      subscriptionSchema,
      fromApiSubscription,
    );
  }

  /** A customer's subscriptions billed by use and its Azure plans, with what each has spent so far. */
  listSubscriptionUsageRecords(customerId: string): AsyncGenerator<SubscriptionUsageRecord[]> {
    const path = `${customerPath(customerId)}/subscriptions/usagerecords`;
    return this.#list(
      { path, level: 'resource' },
      subscriptionUsageRecordSchema,
      fromApiSubscriptionUsageRecord,
    );
  }

  /** The partner's own summary; it leaves out all customers with an Azure plan. */
  getPartnerUsageSummary(): Promise<UsageSummary | undefined> {
    return this.#getSummary('/v1/usagesummary');
  }

  getCustomerUsageSummary(customerId: string): Promise<UsageSummary | undefined> {
    return this.#getSummary(`${customerPath(customerId)}/usagesummary`);
  }

  /** @param subscriptionId a legacy subscription's id, or that of the subscription that stands for an Azure plan */
  getSubscriptionUsageSummary(
    customerId: string,
    subscriptionId: string,
  ): Promise<UsageSummary | undefined> {
    const subscription = encodeURIComponent(subscriptionId);
    return this.#getSummary(
      `${customerPath(customerId)}/subscriptions/${subscription}/usagesummary`,
    );
  }

  /**
   * Whether Partner Center takes the sign-in for one with multi-factor authentication (Partner
   * Center: the request header `ValidateMfa`, answered by `isMfaCompliant`); `undefined` where it
   * does not say.
   */
  async getMfaCompliance(): Promise<boolean | undefined> {
    const call: Call = {
      path: '/v1/customers?size=1',
      level: 'partner',
      parse: parsePage,
      headers: { validatemfa: 'true' },
      isLimited: true,
    };
    const header = (await this.#connection.get(call, pageSchema))?.headers['ismfacompliant'];
    const answer = String(header).toLowerCase();
    return answer === 'true' || answer === 'false' ? answer === 'true' : undefined;
  }

  readonly unfamiliarNoUsage = 0;

  async hasCustomer(_id: string) {
    return true;
  }

  async #getSummary(path: string): Promise<UsageSummary | undefined> {
    const read = await this.#connection.get(
      { path, level: 'resource', accepts: isNoUsageData },
      usageSummarySchema,
    );
    return read && fromApiUsageSummary(read.value, read.body);
  }

  /**
   * The items of a list, page by page. An item that cannot be read does not hide the others: the
   * generator goes on to the end of the list, and throws then.
   */
  async *#list<T, D>(
    call: Call,
    schema: z.ZodType<T>,
    convert: (wire: T, raw: string) => D,
  ): AsyncGenerator<D[]> {
    const problems: string[] = [];
    const getPage = async ({ path, headers, isContinuation }: PageLocation) =>
      (
        await this.#connection.get(
          {
            ...call,
            path,
            headers,
            parse: parsePage,
            ...(isContinuation && { accepts: isEndOfList }),
          },
          pageSchema,
        )
      )?.value;
    for await (const page of listPages(call.path, this.#connection.baseUrl, getPage)) {
      const items: D[] = [];
      for (const item of page.items) {
        // A copy: as a part of the body it would keep all of that in memory.
        const raw = Buffer.from(item.trim()).toString();
        const parsed = schema.safeParse(parseItem(raw));
        if (parsed.success) items.push(convert(parsed.data, raw));
        else problems.push(describeIssue(parsed.error));
      }
      yield items;
    }
    if (problems.length > 0) {
      throw new UnreadableError(
        'SCHEMA',
        `GET ${call.path}: ${problems.length} items could not be read, the first: ${problems[0]}`,
        this.#connection.factsOf(call.path),
      );
    }
  }
}

/** `undefined`, which no schema takes, where an item is no JSON. */
function parseItem(text: string): unknown {
  try {
    return parseLiteralJson(text);
  } catch {
    return undefined;
  }
}

function customerPath(customerId: string): string {
  return `/v1/customers/${encodeURIComponent(customerId)}`;
}
