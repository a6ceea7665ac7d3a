import type { CustomerKind, Population, SimulatedCustomer } from './customer.ts';
import { customerFaultOf } from './customerFault.ts';
import { dayOf } from './day.ts';
import { toLiteral } from './decimal.ts';
import type { Faults } from './faults.ts';
import { figuresAt } from './figures.ts';
import { hasUsageRecord, isListed } from './listing.ts';
import { partnerFiguresAt } from './partnerSummary.ts';
import type { Quirks } from './quirks.ts';
import { costOfDay } from './spend.ts';
import { percentUsedOf } from './usageBody.ts';

/** The expected figures of a subscription or plan, with all digits. */
export interface ExpectedSubscription {
  /** Lower case. */
  id: string;
  name: string;
  status: string;
  offerId: string;
  partnerOnRecord?: string;
  /** JSON number literals. */
  totalCost: string;
  usdTotalCost?: string;
  lastModifiedDate: string;
}

/**
 * The expected figures of a customer, with all digits. Quirks of values (`valueQuirks`) are left
 * out: they change how names, dates, budgets and US dollars are written, never their values.
 */
export interface ExpectedCustomer {
  index: number;
  /** Lower case. */
  id: string;
  name: string;
  domain: string;
  kind: CustomerKind;
  /** The best outcome that is possible with the active faults. */
  outcome: 'usage' | 'noUsage' | 'refused' | 'failed';
  /** Whether the customer list names it. */
  isListed: boolean;
  /** Whether `customers/usagerecords` names it. */
  hasUsageRecord: boolean;
  /** The currency fields of its figures. */
  currencyCode?: string;
  currencyLocale?: string;
  /** JSON number literals. */
  budgetAmount?: string;
  totalCost: string;
  usdTotalCost?: string;
  /** As in its usage record: 2 digits, `0` without a budget. */
  percentUsed: string;
  /** As sent. */
  billingStartDate: string;
  billingEndDate: string;
  lastModifiedDate: string;
  subscriptions: ExpectedSubscription[];
}

export interface ExpectationState {
  population: Population;
  quirks: Quirks;
  faults: Faults;
}

/** The API's figures of a customer at an instant. */
export function expectCustomer(
  state: ExpectationState,
  customer: SimulatedCustomer,
  epochMs: number,
): ExpectedCustomer {
  const { population, quirks, faults } = state;
  const figures = figuresAt(customer, epochMs);
  const { usdRate: _, ...currency } = customer.currency;
  const { budgetAmount } = customer;
  const fault = customerFaultOf(customer, faults, population.seed);
  return {
    index: customer.index,
    id: customer.id,
    name: customer.name,
    domain: customer.domain,
    kind: customer.kind,
    outcome: fault ?? (customer.kind === 'licensesOnly' ? 'noUsage' : 'usage'),
    isListed: isListed(customer, population.seed, quirks),
    hasUsageRecord: hasUsageRecord(customer),
    ...currency,
    ...(budgetAmount !== undefined && { budgetAmount }),
    totalCost: toLiteral(figures.totalCost),
    ...usdOf(figures),
    percentUsed: percentUsedOf(figures, budgetAmount),
    billingStartDate: figures.period.billingStartDate,
    billingEndDate: figures.period.billingEndDate,
    lastModifiedDate: figures.lastModifiedDate,
    subscriptions: figures.subscriptions.map((own) => {
      const { spend: _spend, ...facts } = own.subscription;
      return {
        ...facts,
        totalCost: toLiteral(own.totalCost),
        ...usdOf(own),
        lastModifiedDate: own.lastModifiedDate,
      };
    }),
  };
}

function usdOf({ usdTotalCost }: { usdTotalCost?: bigint }) {
  return usdTotalCost === undefined ? {} : { usdTotalCost: toLiteral(usdTotalCost) };
}

/** A customer's cost of one day as a literal; its figures include it a day later. */
export function expectDailyCost(customer: SimulatedCustomer, date: string): string {
  const day = dayOf(instantOf(date));
  return toLiteral(
    customer.subscriptions.reduce((sum, { spend }) => sum + costOfDay(spend, day), 0n),
  );
}

/** The expected figures of the partner's own summary. */
export interface ExpectedPartner {
  tenantId: string;
  totalCost: string;
  currencyLocale: string;
  billingStartDate: string;
  billingEndDate: string;
  customersWithUsageBasedSubscription: number;
}

export function expectPartner(population: Population, epochMs: number): ExpectedPartner {
  const figures = partnerFiguresAt(population, epochMs);
  return {
    tenantId: population.partnerTenantId,
    totalCost: toLiteral(figures.totalCost),
    currencyLocale: figures.currencyLocale,
    billingStartDate: figures.period.billingStartDate,
    billingEndDate: figures.period.billingEndDate,
    customersWithUsageBasedSubscription: figures.customersWithUsageBasedSubscription,
  };
}

/** An instant as milliseconds, or as ISO 8601; a bare date is its first moment, UTC. */
export function instantOf(at: number | string): number {
  const epochMs = typeof at === 'number' ? at : Date.parse(at);
  if (Number.isNaN(epochMs)) throw new RangeError(`expected an instant, got ${at}`);
  return epochMs;
}
