import Big from 'big.js';
import type { ExpectedCustomer } from '../../src/simulator/expectation.ts';
import type { Entity } from '../../src/storage/columns.ts';
import type { Deliveries } from './deliveries.ts';
import { numberOf } from './rows.ts';
import type { FieldName, Resource, Showing } from './showing.ts';

/** ISO 4217, by what the figures say of their currency, from 2026 on. */
const currencies: Record<string, string> = {
  'fr-FR': 'EUR',
  'en-US': 'USD',
  'sv-SE': 'SEK',
  'hr-HR': 'EUR',
  'sr-Latn-RS': 'RSD',
  'en-GB': 'GBP',
  'de-CH': 'CHF',
};

/** Each column beside the field of the API that it keeps as sent. */
const columns: Partial<Record<FieldName, string>> = {
  totalCost: 'totalCostExact',
  usdTotalCost: 'usdTotalCostExact',
  currencyCode: 'currencyCode',
  currencyLocale: 'currencyLocale',
  billingStartDate: 'billingStartDate',
  billingEndDate: 'billingEndDate',
  lastModifiedDate: 'lastModifiedDate',
};

/** Holds the figures of rows against what was shown of their resource on their date. */
export class RowFigures {
  readonly #deliveries: Deliveries;
  readonly #customers: ReadonlyMap<string, ExpectedCustomer>;

  constructor(customers: readonly ExpectedCustomer[], deliveries: Deliveries) {
    this.#customers = new Map(customers.map((customer) => [customer.id, customer]));
    this.#deliveries = deliveries;
  }

  /** @throws RangeError for an id that is nobody's */
  customer(customerId: string): ExpectedCustomer {
    const customer = this.#customers.get(customerId);
    if (!customer) throw new RangeError(`expected a customer's id, got ${customerId}`);
    return customer;
  }

  /** What is wrong with a row that has figures; `undefined` where they were shown so. */
  problemOf(row: Entity): string | undefined {
    const resource = resourceOfRow(row);
    const date = String(row['snapshotDate']);
    const showings = this.#deliveries.showings(resource, date);
    let problem: string | undefined;
    for (const showing of showings.toReversed()) {
      const difference = this.#differenceOf(row, showing);
      if (!difference) return this.#problemOfIdentity(row);
      problem ??= difference;
    }
    return problem ?? `${resource.key}: nothing was shown on ${date}`;
  }

  #differenceOf(row: Entity, { resource, date, fields, spoiled }: Showing): string | undefined {
    for (const [field, column] of Object.entries(columns) as [FieldName, string][]) {
      const isLeftOut = row[column] === undefined && spoiled.includes(field);
      if (isLeftOut || row[column] === fields[field]) continue;
      return `${column}: shown as ${fields[field]}, got ${String(row[column])}`;
    }
    const { totalCost = '', currencyCode, currencyLocale = '', budgetAmount } = fields;
    const isLegacy =
      resource.key === 'partner' || this.customer(resource.partitionKey).kind === 'legacy';
    const budget = resource.rowPrefix === 'customer|' ? budgetAmount : undefined;
    const expected: Record<string, string | number | undefined> = {
      totalCost: Number(totalCost),
      currency: currencyCode || currencyOfLocale(currencyLocale, date),
      plan: isLegacy ? 'payAsYouGo' : 'azurePlan',
      ...(!spoiled.includes('budgetAmount') && {
        budgetAmount: budget === undefined ? undefined : Number(budget),
        percentUsed: percentOf(totalCost, budget),
      }),
    };
    for (const [column, value] of Object.entries(expected)) {
      const got = typeof value === 'number' ? numberOf(row, column) : row[column];
      if (got !== value) return `${column}: expected ${value}, got ${String(got)}`;
    }
    return undefined;
  }

  #problemOfIdentity(row: Entity): string | undefined {
    if (row['resource'] === 'partner') return undefined;
    const customer = this.customer(String(row['customerId']));
    const isNameless = this.#deliveries.isNameless(String(row['runId']));
    const isNameOf = (got: unknown, { id, name }: { id: string; name: string }) =>
      // Where a list gives no name, the id stands for it.
      got === name || (isNameless && got === id);
    if (!isNameOf(row['customerName'], customer)) return `customerName: ${row['customerName']}`;
    if (row['resource'] === 'customer') {
      const domain = row['customerDomain'];
      // Absent where the list was not read, or gave none.
      if (domain === undefined || domain === customer.domain) return undefined;
      return `customerDomain: ${domain}`;
    }
    const own = customer.subscriptions.find(({ id }) => id === row['subscriptionId']);
    if (!own) return `${customer.id} has no subscription ${String(row['subscriptionId'])}`;
    if (!isNameOf(row['subscriptionName'], own)) {
      return `subscriptionName: ${row['subscriptionName']}`;
    }
    const { status: subscriptionStatus, offerId, partnerOnRecord } = own;
    for (const [column, value] of Object.entries({
      subscriptionStatus,
      offerId,
      partnerOnRecord,
    })) {
      if (row[column] !== value) return `${column}: expected ${value}, got ${String(row[column])}`;
    }
    return undefined;
  }
}

export function resourceOfRow(row: Entity): Resource {
  const { resource, customerId, subscriptionId } = row;
  if (resource === 'partner') {
    return { key: 'partner', partitionKey: 'partner', rowPrefix: 'partner|' };
  }
  const id = String(customerId);
  if (resource === 'customer') return { key: id, partitionKey: id, rowPrefix: 'customer|' };
  const own = String(subscriptionId);
  return { key: `${id}|${own}`, partitionKey: id, rowPrefix: `subscription|${own}|` };
}

function currencyOfLocale(locale: string, date: string): string | undefined {
  // Bulgaria took the euro with the year 2026.
  if (locale === 'bg-BG') return date < '2026-01-01' ? 'BGN' : 'EUR';
  return currencies[locale];
}

/** Two digits; without a budget there is none. */
function percentOf(totalCost: string, budget: string | undefined): number | undefined {
  if (budget === undefined || Number(budget) <= 0) return undefined;
  return Number(new Big(totalCost).times(100).div(budget).toFixed(2));
}
