import * as z from 'zod';
import { RefusedError } from '../errors.ts';
import type { HttpResponse } from '../network/transport.ts';
import type { Customer } from '../usage/customer.ts';
import { utcDateOf } from '../usage/date.ts';
import { parseLiteralJson } from '../usage/literalJson.ts';
import type { Plan } from '../usage/plan.ts';
import type { Subscription } from '../usage/subscription.ts';
import type { UsageDetails } from '../usage/usageDetails.ts';
import type { CustomerUsageRecord, SubscriptionUsageRecord } from '../usage/usageRecord.ts';
import type { UsageSummary } from '../usage/usageSummary.ts';
import { type BodyReader, readWhole } from './bodyReader.ts';
import type { Answer, Call, Connection, RequestCounts } from './connection.ts';
import {
  fromApiCustomer,
  fromApiCustomerUsageRecord,
  fromApiSubscription,
  fromApiSubscriptionUsageRecord,
  fromApiUsageSummary,
} from './convert.ts';
import { listItems } from './list.ts';
import { readNoUsage } from './noUsage.ts';
import { readTolerantly } from './tolerantReading.ts';
import { readUsageDetails } from './usageDetails.ts';
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

const readSummary = readWhole((body) => readTolerantly(usageSummarySchema, parseLiteralJson(body)));

/** What a usage summary is about: the partner, where it names no customer. */
export interface UsageResource {
  customerId?: string | undefined;
  /** A legacy subscription's id, or that of the subscription that stands for an Azure plan. */
  subscriptionId?: string | undefined;
}

/**
 * Partner Center's customers and their use of Azure in the current billing period.
 *
 * All methods throw the errors of `errors.ts`, after the tries that the retry policy allows.
 * A summary is `undefined` where there is no usage data (code 3000, or 204).
 */
export class PartnerCenterClient {
  readonly #connection: Connection;
  /** To recognise dates years ahead, for which a day more or less makes no difference. */
  readonly #today: string;
  #unfamiliarNoUsage = 0;

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#today = utcDateOf(connection.nowMs());
  }

  /** `MS-CorrelationId` of all requests. */
  get correlationId(): string {
    return this.#connection.correlationId;
  }

  /** Requests sent so far. */
  get counts(): RequestCounts {
    return this.#connection.counts;
  }

  /** Age of the stored refresh token, where it is known. */
  get refreshTokenAgeDays(): number | undefined {
    return this.#connection.refreshTokenAgeDays;
  }

  /** Answers taken for "no usage data" by their code although their text is not known. */
  get unfamiliarNoUsage(): number {
    return this.#unfamiliarNoUsage;
  }

  /** The partner's customers, a page at a time, in the API's order (Partner Center: get a list of customers). */
  listCustomers(): AsyncGenerator<Customer[]> {
    return listItems(this.#connection, {
      path: `/v1/customers?size=${pageSize}`,
      level: 'partner',
      isLimited: true,
      schema: customerSchema,
      convert: fromApiCustomer,
      idOf: ({ id }) => id,
    });
  }

  /** Whether Partner Center shows this customer to the partner (Partner Center: get a customer by ID). */
  async hasCustomer(customerId: string): Promise<boolean> {
    const call: Call = { path: customerPath(customerId), level: 'resource', isLimited: true };
    try {
      const read = readWhole((body) => z.unknown().safeParse(parseLiteralJson(body)));
      await this.#connection.get(call, read);
      return true;
    } catch (error) {
      if (error instanceof RefusedError) return false;
      throw error;
    }
  }

  /** The cost so far of every customer with usage, Azure plan and legacy, in one list. */
  listCustomerUsageRecords(): AsyncGenerator<CustomerUsageRecord[]> {
    return listItems(this.#connection, {
      path: '/v1/customers/usagerecords',
      level: 'partner',
      schema: customerUsageRecordSchema,
      convert: fromApiCustomerUsageRecord,
      idOf: (record) => record.customerId,
    });
  }

  /** All of a customer's subscriptions, including licences and reservations. */
  listSubscriptions(customerId: string): AsyncGenerator<Subscription[]> {
    return listItems(this.#connection, {
      path: `${customerPath(customerId)}/subscriptions`,
      level: 'resource',
      isLimited: true,
      schema: subscriptionSchema,
      convert: fromApiSubscription,
      idOf: ({ id }) => id,
    });
  }

  /** A customer's subscriptions billed by use and its Azure plans, with their cost so far. */
  listSubscriptionUsageRecords(customerId: string): AsyncGenerator<SubscriptionUsageRecord[]> {
    return listItems(this.#connection, {
      path: `${customerPath(customerId)}/subscriptions/usagerecords`,
      level: 'resource',
      schema: subscriptionUsageRecordSchema,
      convert: fromApiSubscriptionUsageRecord,
      idOf: ({ subscription }) => subscription.id,
    });
  }

  /** The partner's own summary; it leaves out all customers with an Azure plan. */
  getPartnerUsageSummary(): Promise<UsageSummary | undefined> {
    return this.#getSummary({});
  }

  getCustomerUsageSummary(customerId: string): Promise<UsageSummary | undefined> {
    return this.#getSummary({ customerId });
  }

  /** @param subscriptionId a legacy subscription's id, or that of the subscription that stands for an Azure plan */
  getSubscriptionUsageSummary(
    customerId: string,
    subscriptionId: string,
  ): Promise<UsageSummary | undefined> {
    return this.#getSummary({ customerId, subscriptionId });
  }

  /**
   * What the cost of a plan, or of a legacy subscription, consists of in the period so far.
   *
   * @param total of that plan
   * @returns `undefined` where Partner Center has no such records of it
   */
  getUsageDetails(
    customerId: string,
    subscriptionId: string,
    { plan, currencyCode }: { plan: Plan; currencyCode?: string | undefined },
  ): Promise<UsageDetails | undefined> {
    const path = pathOf({ customerId, subscriptionId });
    return readUsageDetails(this.#connection, { path, plan, currencyCode });
  }

  /** The unchecked body of a summary as received with a 200; `undefined` without usage data. */
  async getUsageSummaryBody(resource: UsageResource): Promise<string | undefined> {
    const read = readWhole((body) => z.string().safeParse(body));
    return (await this.#askForSummary(resource, read))?.body;
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
      headers: { validatemfa: 'true' },
      isLimited: true,
    };
    const read = readWhole((body) => pageSchema.safeParse(parseLiteralJson(body)));
    const header = (await this.#connection.get(call, read))?.headers['ismfacompliant'];
    const answer = String(header).toLowerCase();
    return answer === 'true' || answer === 'false' ? answer === 'true' : undefined;
  }

  async #getSummary(resource: UsageResource): Promise<UsageSummary | undefined> {
    const answer = await this.#askForSummary(resource, readSummary);
    return answer && fromApiUsageSummary(answer.value, answer.body, this.#today);
  }

  #askForSummary<T>(
    resource: UsageResource,
    createReader: () => BodyReader<T>,
  ): Promise<Answer<T> | undefined> {
    const call: Call = {
      path: `${pathOf(resource)}/usagesummary`,
      level: resource.customerId === undefined ? 'partner' : 'resource',
      accepts: (response) => this.#isNoUsage(response),
    };
    return this.#connection.get(call, createReader);
  }

  #isNoUsage(response: HttpResponse): boolean {
    const noUsage = readNoUsage(response);
    if (noUsage?.isFamiliar === false) this.#unfamiliarNoUsage++;
    return noUsage !== undefined;
  }
}

function customerPath(customerId: string): string {
  return `/v1/customers/${encodeURIComponent(customerId)}`;
}

function pathOf({ customerId, subscriptionId }: UsageResource): string {
  if (customerId === undefined) return '/v1';
  const customer = customerPath(customerId);
  if (subscriptionId === undefined) return customer;
  return `${customer}/subscriptions/${encodeURIComponent(subscriptionId)}`;
}
