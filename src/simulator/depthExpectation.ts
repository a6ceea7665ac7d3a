import type { Population, SimulatedCustomer } from './customer.ts';
import { dayOf } from './day.ts';
import { fromParts, type Scaled, toLiteral } from './decimal.ts';
import { meterRowsOf } from './meterRows.ts';
import { metersOf } from './meters.ts';
import type { Quirks } from './quirks.ts';
import { type RecordFigures, recordFiguresAt } from './recordFigures.ts';
import { planResourcesOf, type ResourceRow, resourceRowsOf } from './resourceRows.ts';
import { placeBehindSurplus } from './shares.ts';
import { millionthsOfDay } from './spend.ts';

/** The records of a resource in one: their cost, and how the first of them names it. */
export interface ExpectedResource {
  /** Absent for records without a resource. */
  uri?: string;
  resourceGroup?: string;
  name?: string;
  /** Lower case; absent for records without one. */
  azureSubscriptionId?: string;
  /** How many records. */
  records: number;
  totalCost: string;
}

export interface ExpectedAzureSubscription {
  /** Lower case; absent for the records without one. */
  id?: string;
  /** Absent also where `entitlementName` is null. */
  name?: string;
  totalCost: string;
}

export interface ExpectedMeter {
  /** In the records of a plan. */
  meterId: string;
  /** In the records of a legacy subscription. */
  id: string;
  name: string;
  category: string;
  subcategory: string;
  unit: string;
  quantity: string;
  totalCost: string;
}

/** What the records of a subscription or plan show at an instant. All costs are literals. */
export interface ExpectedDepth {
  customerId: string;
  /** Lower case. */
  subscriptionId: string;
  kind: 'azurePlan' | 'legacy';
  /** Of the summary's period, as sent there: records have no such dates. */
  billingStartDate: string;
  billingEndDate: string;
  lastModifiedDate: string;
  /** Sum of the records. */
  totalCost: string;
  /** Azure plan only. */
  azureSubscriptions: ExpectedAzureSubscription[];
  resources: ExpectedResource[];
  meters: ExpectedMeter[];
}

interface DepthState {
  population: Population;
  quirks: Quirks;
}

/**
 * @param id of the subscription or plan, in any case
 * @throws RangeError for an unknown one
 */
export function expectDepth(
  state: DepthState,
  customer: SimulatedCustomer,
  id: string,
  epochMs: number,
): ExpectedDepth {
  const figures = figuresOf(state, customer, id, epochMs);
  const isLegacy = customer.kind === 'legacy';
  const rows = isLegacy ? [] : [...resourceRowsOf(figures)];
  const meters = meterRowsOf(figures);
  const { period, lastModifiedDate, quirks } = figures;
  return {
    customerId: customer.id,
    subscriptionId: figures.subscription.id,
    kind: isLegacy ? 'legacy' : 'azurePlan',
    billingStartDate: period.billingStartDate,
    billingEndDate: period.billingEndDate,
    lastModifiedDate,
    totalCost: sumOf(isLegacy ? meters : rows),
    azureSubscriptions: groupRows(rows, ({ azureSubscription }) => azureSubscription?.id).map(
      ([id, own]) => {
        const name = quirks.namelessRecords ? undefined : own[0]?.azureSubscription?.name;
        return { ...(id && { id }), ...(name && { name }), totalCost: sumOf(own) };
      },
    ),
    resources: groupRows(rows, identityOf).map(([, own]) => expectResource(own)),
    meters: meters.map(({ meter, quantity, cost }) => {
      const { spend: _spend, price: _price, firstDay: _first, lastDay: _last, ...facts } = meter;
      return { ...facts, quantity, totalCost: toLiteral(cost) };
    }),
  };
}

function figuresOf(
  state: DepthState,
  customer: SimulatedCustomer,
  id: string,
  epochMs: number,
): RecordFigures {
  const figures = recordFiguresAt(state, customer, id.toLowerCase(), epochMs);
  if (!figures) throw new RangeError(`expected a subscription of ${customer.id}, got ${id}`);
  return figures;
}

function sumOf(rows: readonly { cost: Scaled }[]): string {
  return toLiteral(rows.reduce((sum, { cost }) => sum + cost, 0n));
}

function groupRows<K>(rows: readonly ResourceRow[], by: (row: ResourceRow) => K) {
  return [...Map.groupBy(rows, by)];
}

function identityOf({ resource, azureSubscription }: ResourceRow): string {
  return resource?.uri.toLowerCase() ?? `without a resource in ${azureSubscription?.id}`;
}

function expectResource(rows: ResourceRow[]): ExpectedResource {
  const { resource, azureSubscription } = rows[0] ?? {};
  return {
    ...(resource && {
      uri: resource.uri,
      resourceGroup: resource.resourceGroup,
      name: resource.name,
    }),
    ...(azureSubscription && { azureSubscriptionId: azureSubscription.id }),
    records: rows.length,
    totalCost: sumOf(rows),
  };
}

/** What a burst or spike has added to the cost of a day, and what carries all of it. */
export interface ExpectedSurplus {
  amount: string;
  /** Azure plan only. */
  resourceUri?: string;
  /** In the records of a plan, and in those of a legacy subscription. */
  meterId: string;
  legacyMeterId: string;
}

/**
 * @param id of the subscription or plan, in any case
 * @returns `undefined` for a day without a burst or spike
 * @throws RangeError for an unknown subscription or plan
 */
export function expectSurplus(
  state: DepthState,
  customer: SimulatedCustomer,
  id: string,
  epochMs: number,
): ExpectedSurplus | undefined {
  const figures = figuresOf(state, customer, id, epochMs);
  const { spend } = figures.subscription;
  const day = dayOf(epochMs);
  const { surplus } = millionthsOfDay(spend, day);
  if (surplus === 0) return undefined;
  const meters = metersOf(spend.key);
  const meter = meters.at(placeBehindSurplus(spend, day, meters));
  const resources = planResourcesOf(figures);
  const resource = resources.at(placeBehindSurplus(spend, day, resources));
  return {
    amount: toLiteral(fromParts(surplus, 0)),
    ...(customer.kind === 'azurePlan' && { resourceUri: resource.uri }),
    meterId: meter.meterId,
    legacyMeterId: meter.id,
  };
}
